/* SPDX-License-Identifier: BSD-2-Clause */

#include "answer.h"
#include "difference.h"
#include "finding.h"
#include "shrink.h"

void
finding_write(FILE *to, struct round *r)
{
	if (!shrink(r))
		fprintf(to, "# It does not differ again when the script is done once more.\n");
	difference_write(to, r);
}

const char *
finding_in_a_line(const struct round *r)
{
	static char line[2 * LINE_SIZE + 80];
	const struct operation *last = &r->script.operations[r->script.count - 1];
	char operation[LINE_SIZE];
	char seen[LINE_SIZE];

	operation_print(last, operation, sizeof(operation));
	answer_print(last, &r->seen, seen, sizeof(seen));
	snprintf(line, sizeof(line), "'%s' as the last of %u operations %s, which no document allows", operation,
	    r->script.count, seen);
	return line;
}
