/* SPDX-License-Identifier: BSD-2-Clause */

/* What platforms do where a standard leaves the choice: the choices side by side, those that differ first. */

#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "items.h"

/* What one run chose. */
struct choice {
	char *key;
	char *value;
	size_t run;
	size_t place; /* in the order of the cases */
};

struct choices {
	struct choice *all;
	size_t count;
};

static int
by_key(const void *a, const void *b)
{
	const struct choice *x = a;
	const struct choice *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0)
		order = (x->run > y->run) - (x->run < y->run);
	return order == 0 ? (x->place > y->place) - (x->place < y->place) : order;
}

static void
add_choices(struct choices *choices, const struct result *result, size_t run)
{
	struct slice rest = result->output;
	struct observed observed;

	while (observed_next(&rest, &observed)) {
		if (choices->count % 256 == 0)
			choices->all = allocated(realloc(choices->all, (choices->count + 256) * sizeof(*choices->all)));
		choices->all[choices->count] = (struct choice){ .key = text_copy(observed.key),
			.value = text_copy(observed.value),
			.run = run,
			.place = choices->count };
		choices->count++;
	}
}

static struct choices
all_choices(const struct matrix *matrix)
{
	struct choices choices = { .count = 0 };

	for (size_t i = 0; i < matrix->case_count; i++)
		for (size_t j = 0; j < matrix->runs->count; j++)
			if (matrix->cases[i].results[j] != NULL)
				add_choices(&choices, matrix->cases[i].results[j], j);
	if (choices.count > 0)
		qsort(choices.all, choices.count, sizeof(*choices.all), by_key);
	return choices;
}

/* Return how many choices from this one on have its key, and whether two of them differ. */
static size_t
same_key(const struct choices *choices, size_t first, bool *differ)
{
	size_t count = 1;

	*differ = false;
	while (
	    first + count < choices->count && strcmp(choices->all[first + count].key, choices->all[first].key) == 0) {
		*differ |= strcmp(choices->all[first + count].value, choices->all[first].value) != 0;
		count++;
	}
	return count;
}

static void
write_row(FILE *out, const struct choice *choices, size_t count, size_t runs)
{
	size_t next = 0;

	html_print(out, "<tr><th scope=\"row\"><code>%s</code>", choices[0].key);
	for (size_t run = 0; run < runs; run++) {
		const char *separator = "";
		const char *last = "";
		(void)fputs("<td>", out);
		for (; next < count && choices[next].run == run; next++) {
			if (strcmp(last, choices[next].value) != 0)
				html_print(out, "%s%s", separator, choices[next].value);
			last = choices[next].value;
			separator = "; ";
		}
	}
	(void)fputc('\n', out);
}

static void
write_rows(FILE *out, const struct choices *choices, size_t runs, bool that_differ)
{
	for (size_t first = 0; first < choices->count;) {
		bool differ;
		size_t count = same_key(choices, first, &differ);
		if (differ == that_differ)
			write_row(out, &choices->all[first], count, runs);
		first += count;
	}
}

void
html_choices(FILE *out, const struct report *report)
{
	struct choices choices = all_choices(report->matrix);

	(void)fputs("<section id=\"choices\" aria-labelledby=\"choices-title\">\n<h2 id=\"choices-title\">Observed "
		    "choices</h2>\n"
		    "<p>Where a standard leaves the choice, or says nothing, this is what was seen.",
	    out);
	(void)fputs(report->runs->count > 1 ? " Choices that differ come first.</p>\n" : "</p>\n", out);
	(void)fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of choices\">"
		    "<table class=\"c\"><caption>Choices by platform</caption><thead><tr><th scope=\"col\">Choice</th>",
	    out);
	for (size_t i = 0; i < report->runs->count; i++)
		html_print(out, "<th scope=\"col\">%s%s</th>", report->runs->all[i].name,
		    report->runs->all[i].never_ran ? ", never run here" : "");
	(void)fputs("</tr></thead><tbody>\n", out);
	write_rows(out, &choices, report->runs->count, true);
	write_rows(out, &choices, report->runs->count, false);
	(void)fputs("</tbody></table></div>\n</section>\n", out);
	for (size_t i = 0; i < choices.count; i++) {
		free(choices.all[i].key);
		free(choices.all[i].value);
	}
	free(choices.all);
}
