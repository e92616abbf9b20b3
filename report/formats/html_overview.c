/* SPDX-License-Identifier: BSD-2-Clause */

/* How many requirements hold: as a table, and as a picture of the same numbers. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "html.h"
#include "summary.h"
#include "times.h"

/* Of the picture, in its own units. */
enum { LABEL = 180, WIDTH = 300, BAR = 12, STEP = 19 };

/* Names of more bytes are not written larger on a phone, and those of still more are squeezed. */
enum { SHORT_NAME = 22, LONG_NAME = 34 };

/* In the order of the bars and the columns. */
static const enum outcome shown[] = { HOLDS, DEVIATES, KNOWN_DEFECT, FAILED, SKIPPED };
enum { SHOWN = sizeof(shown) / sizeof(shown[0]) };

/* One row: an area of the only run, or a run. */
struct row {
	const char *name;
	size_t counts[SHOWN];
};

static size_t
row_total(const struct row *row)
{
	size_t total = 0;

	for (size_t i = 0; i < SHOWN; i++)
		total += row->counts[i];
	return total;
}

static void
row_add(struct row *row, const struct requirement *requirement, size_t run)
{
	const char *standing = html_standing(requirement, run);

	for (size_t i = 0; i < SHOWN; i++)
		if (strcmp(standing, outcome_word(shown[i])) == 0)
			row->counts[i]++;
}

static struct row *
rows_of_areas(const struct report *report, size_t *count)
{
	const struct matrix *matrix = report->matrix;
	struct row *rows = allocated(calloc(matrix->requirement_count + 1, sizeof(*rows)));

	*count = 0;
	for (size_t i = 0; i < matrix->requirement_count; i++) {
		if (html_starts_area(matrix, i))
			rows[(*count)++].name = area_title(matrix->requirements[i].area);
		row_add(&rows[*count - 1], &matrix->requirements[i], 0);
	}
	return rows;
}

static struct row *
rows_of_runs(const struct report *report, size_t *count)
{
	struct row *rows = allocated(calloc(report->runs->count, sizeof(*rows)));

	*count = report->runs->count;
	for (size_t i = 0; i < *count; i++) {
		rows[i].name = report->runs->all[i].name;
		for (size_t j = 0; j < report->matrix->requirement_count; j++)
			row_add(&rows[i], &report->matrix->requirements[j], i);
	}
	return rows;
}

static void
write_bar(FILE *out, const struct row *row, size_t place)
{
	size_t total = row_total(row);
	size_t y = place * STEP + 4;
	size_t before = 0;

	(void)fprintf(out, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\"%s", LABEL - 8, y + 9,
	    strlen(row->name) > SHORT_NAME ? " class=\"long\"" : "");
	if (strlen(row->name) > LONG_NAME)
		(void)fprintf(out, " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"", LABEL - 12);
	html_print(out, ">%s</text>\n", row->name);
	for (size_t i = 0; i < SHOWN; i++) {
		if (row->counts[i] == 0)
			continue;
		double left = LABEL + (double)before * WIDTH / (double)total;
		double width = (double)row->counts[i] * WIDTH / (double)total;
		(void)fprintf(out,
		    "<rect class=\"%s\" x=\"%.1f\" y=\"%zu\" width=\"%.1f\" height=\"%d\"><title>%zu "
		    "%s</title></rect>\n",
		    outcome_word(shown[i]), left, y, width < 1.5 ? 1.5 : width, BAR, row->counts[i],
		    outcome_word(shown[i]));
		before += row->counts[i];
	}
}

static void
write_picture(FILE *out, const struct row *rows, size_t count)
{
	(void)fprintf(out,
	    "<figure><svg viewBox=\"0 0 %d %zu\" role=\"img\" aria-labelledby=\"chart-title\" "
	    "aria-describedby=\"totals\">\n"
	    "<title id=\"chart-title\">How many requirements hold. The table has the same numbers.</title>\n",
	    LABEL + WIDTH + 4, count * STEP + 8);
	for (size_t i = 0; i < count; i++)
		write_bar(out, &rows[i], i);
	(void)fputs("</svg>\n<figcaption>", out);
	for (size_t i = 0; i < SHOWN; i++)
		(void)fprintf(out, "<span class=\"key %s\"></span>%s ", outcome_word(shown[i]), outcome_word(shown[i]));
	(void)fputs("</figcaption></figure>\n", out);
}

static void
write_table(FILE *out, const struct row *rows, size_t count, bool has_runs)
{
	(void)fprintf(out,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Totals\"><table id=\"totals\">"
	    "<caption>Requirements by outcome</caption>\n<thead><tr><th scope=\"col\">%s</th>",
	    has_runs ? "Platform" : "Area");
	for (size_t i = 0; i < SHOWN; i++)
		(void)fprintf(out, "<th scope=\"col\">%s</th>", outcome_word(shown[i]));
	(void)fputs("<th scope=\"col\">all</th></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < count; i++) {
		html_print(out, "<tr><th scope=\"row\">%s</th>", rows[i].name);
		if (row_total(&rows[i]) == 0) {
			(void)fprintf(out, "<td colspan=\"%d\">never run here</td></tr>\n", SHOWN + 1);
			continue;
		}
		for (size_t j = 0; j < SHOWN; j++)
			(void)fprintf(out, "<td class=\"n %s\">%zu</td>",
			    rows[i].counts[j] == 0 ? "zero" : outcome_word(shown[j]), rows[i].counts[j]);
		(void)fprintf(out, "<td class=\"n\">%zu</td></tr>\n", row_total(&rows[i]));
	}
	(void)fputs("</tbody></table></div>\n", out);
}

/* How many requirements hold in an area, of those that a run looked at. */
struct share {
	size_t holds;
	size_t looked_at;
};

static struct share
share_of(const struct matrix *matrix, const char *area, size_t run)
{
	struct share share = { 0, 0 };
	enum outcome outcome;

	for (size_t i = 0; i < matrix->requirement_count; i++) {
		const struct requirement *requirement = &matrix->requirements[i];
		if (strcmp(requirement->area, area) != 0 || !requirement_outcome(requirement, run, &outcome) ||
		    outcome == SKIPPED)
			continue;
		share.looked_at++;
		share.holds += outcome == HOLDS;
	}
	return share;
}

/* The numbers are the alternative to the bar. */
static void
write_share(FILE *out, struct share share)
{
	if (share.looked_at == 0) {
		(void)fputs("<td class=\"n absent\">not looked at</td>", out);
		return;
	}
	double held = (double)share.holds * 100 / (double)share.looked_at;
	(void)fprintf(out,
	    "<td class=\"n\">%zu of %zu<svg class=\"bar\" viewBox=\"0 0 100 5\" preserveAspectRatio=\"none\" "
	    "aria-hidden=\"true\">"
	    "<rect class=\"fails\" width=\"100\" height=\"5\"/><rect class=\"holds\" width=\"%.1f\" "
	    "height=\"5\"/></svg></td>",
	    share.holds, share.looked_at, held);
}

static void
write_areas(FILE *out, const struct report *report)
{
	const struct matrix *matrix = report->matrix;

	(void)fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Areas\"><table id=\"by-area\">"
		    "<caption>How many requirements hold, of those looked at, by area</caption>\n"
		    "<thead><tr><th scope=\"col\">Platform</th>",
	    out);
	for (size_t i = 0; i < matrix->requirement_count; i++)
		if (html_starts_area(matrix, i))
			html_print(out, "<th scope=\"col\">%s</th>", area_title(matrix->requirements[i].area));
	(void)fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t run = 0; run < report->runs->count; run++) {
		html_print(out, "<tr><th scope=\"row\">%s</th>", report->runs->all[run].name);
		for (size_t i = 0; i < matrix->requirement_count; i++)
			if (html_starts_area(matrix, i))
				write_share(out, share_of(matrix, matrix->requirements[i].area, run));
		(void)fputs("</tr>\n", out);
	}
	(void)fputs("</tbody></table></div>\n", out);
}

/* What each platform is, and when it was looked at. */
static void
write_platforms(FILE *out, const struct report *report)
{
	(void)fputs("<details><summary>The platforms and their runs</summary>\n<dl>\n", out);
	for (size_t i = 0; i < report->runs->count; i++) {
		const struct run *run = &report->runs->all[i];
		if (run->never_ran) {
			html_print(out, "<dt>%s</dt><dd>The suite has never run here.</dd>\n", run->name);
			continue;
		}
		char *start = time_text(results_start(&run->results));
		html_print(out, "<dt>%s</dt>", run->name);
		html_print_once(out, "<dd>%s<br>", summary_platform(&run->results));
		html_print_once(out, "%s", summary_words(&run->results));
		if (start != NULL)
			html_print(out, "<br>%s", start);
		html_print_once(out, " %s</dd>\n", summary_cut_short(&run->results));
		free(start);
	}
	(void)fputs("</dl></details>\n", out);
}

static void
write_words(FILE *out)
{
	(void)fputs(
	    "<details><summary>What the words mean</summary><dl>\n"
	    "<dt>holds</dt><dd>The platform did what is promised in every case of the requirement.</dd>\n"
	    "<dt>deviates</dt><dd>It did otherwise, as its own manual says.</dd>\n"
	    "<dt>defect</dt><dd>It did otherwise, which is known, and which no manual says.</dd>\n"
	    "<dt>fails</dt><dd>It did otherwise.</dd>\n"
	    "<dt>skipped</dt><dd>It was not looked at: the platform lacks it, or the run lacked a right or room.</dd>\n"
	    "<dt>SHALL</dt><dd>POSIX requires it.</dd>\n"
	    "<dt>DOCUMENTED</dt><dd>A manual of the platform promises it.</dd>\n"
	    "<dt>MAY</dt><dd>POSIX leaves a choice between named outcomes, and one of them was seen.</dd>\n"
	    "<dt>OBSERVED</dt><dd>Nobody promises it; what was seen is recorded.</dd>\n</dl></details>\n",
	    out);
}

void
html_overview(FILE *out, const struct report *report)
{
	bool has_runs = report->runs->count > 1;
	size_t count;
	struct row *rows = has_runs ? rows_of_runs(report, &count) : rows_of_areas(report, &count);

	(void)fputs(
	    "<section id=\"overview\" aria-labelledby=\"overview-title\">\n<h2 id=\"overview-title\">Overview</h2>\n",
	    out);
	write_picture(out, rows, count);
	write_table(out, rows, count, has_runs);
	if (has_runs) {
		write_areas(out, report);
		write_platforms(out, report);
	}
	write_words(out);
	(void)fputs("</section>\n", out);
	free(rows);
}
