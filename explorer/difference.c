/* SPDX-License-Identifier: BSD-2-Clause */

#include "answer.h"
#include "difference.h"

void
difference_write(FILE *to, const struct round *r)
{
	const struct operation *last = &r->script.operations[r->script.count - 1];
	char text[LINE_SIZE];

	script_write(to, &r->script);
	for (unsigned i = 0; i < r->allowed.count; i++) {
		const struct outcome *o = &r->allowed.list[i];

		answer_print(last, &o->answer, text, sizeof(text));
		fprintf(
		    to, "#   allowed  %s: %s (%s; rule %s)\n", text, o->rule->sentence, o->rule->source, o->rule->name);
	}
	answer_print(last, &r->seen, text, sizeof(text));
	fprintf(to, "#   seen     %s\n", text);
}
