/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The report as one page: it opens from a disk, needs nothing else, and can be read without its script, which only filters,
 * sorts and moves between failures.
 *
 * It is printed as text: the writer of libxml2, which makes JUnit's XML, would write each end tag and attribute in full, and
 * empty elements in a way that HTML reads otherwise. All text of a run goes through html_print().
 */

#include <stdlib.h>

#include "html.h"
#include "summary.h"
#include "version.h"

static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

static void
write_head(FILE *out, const char *title)
{
	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", out);
	html_print(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy);
	(void)fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n",
	    out);
	html_print(out, "<meta name=\"generator\" content=\"shmcheck-report %s\">\n<title>%s</title>\n",
	    shmcheck_version, title);
	(void)fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n", html_style);
	(void)fputs("<a class=\"skip\" href=\"#main\">To the content</a>\n", out);
}

static void
write_link(FILE *out, const char *to, const char *text)
{
	html_print(out, "<li><a href=\"#%s\">%s</a></li>\n", to, text);
}

static void
write_navigation(FILE *out, const struct report *report)
{
	(void)fputs("<nav aria-label=\"Sections\"><ul>\n", out);
	write_link(out, "overview", "Overview");
	if (report->runs->count == 1) {
		write_link(out, "failures", "Failures");
		write_link(out, "requirements", "Requirements");
	} else {
		write_link(out, "differences", "Differences");
		write_link(out, "requirements", "All requirements");
	}
	write_link(out, "choices", "Observed choices");
	write_link(out, "index", "Index of sources");
	(void)fputs("</ul></nav>\n", out);
}

/* Without a script it would do nothing, so the script shows it. */
static void
write_filter(FILE *out, bool has_failures)
{
	static const enum outcome outcomes[] = { FAILED, KNOWN_DEFECT, DEVIATES, HOLDS, SKIPPED };

	(void)fputs(
	    "<form id=\"filter\" hidden role=\"search\" aria-label=\"Requirements\">\n"
	    "<label>Find <input type=\"search\" id=\"find\" placeholder=\"shmget, EINVAL, POSIX.1-2024 ...\"></label>\n"
	    "<fieldset><legend>Outcomes</legend>\n",
	    out);
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		const char *word = outcome_word(outcomes[i]);
		html_print(out, "<label><input type=\"checkbox\" value=\"%s\" checked> %s</label>\n", word, word);
	}
	(void)fputs("</fieldset>\n<label>Order <select id=\"order\"><option value=\"\">as in the suite</option>"
		    "<option value=\"outcome\">worst first</option><option value=\"time\">slowest first</option>"
		    "</select></label>\n"
		    "<button type=\"button\" id=\"unfold\">Unfold all</button>\n"
		    "<output id=\"shown\" aria-live=\"polite\"></output>\n"
		    "<p class=\"keys\">Keys: <kbd>/</kbd> find",
	    out);
	if (has_failures)
		(void)fputs(", <kbd>n</kbd> next failure, <kbd>p</kbd> previous failure", out);
	(void)fputs(".</p>\n</form>\n", out);
}

static void
write_one(FILE *out, const struct report *report)
{
	html_findings(out, report);
	(void)fputs("<section id=\"requirements\" aria-labelledby=\"requirements-title\">\n"
		    "<h2 id=\"requirements-title\">Requirements</h2>\n",
	    out);
	write_filter(out, results_count(&report->runs->all[0].results).fails > 0);
	html_requirements(out, report);
	(void)fputs("</section>\n", out);
}

static void
write_several(FILE *out, const struct report *report)
{
	html_differences(out, report);
	(void)fputs("<section id=\"requirements\" aria-labelledby=\"requirements-title\">\n"
		    "<h2 id=\"requirements-title\">All requirements</h2>\n",
	    out);
	write_filter(out, false);
	html_matrix(out, report);
	(void)fputs("</section>\n", out);
}

void
html_write(FILE *out, const struct report *report)
{
	bool is_one = report->runs->count == 1;
	char *title = is_one ? text_format("Shared memory of %s", report->runs->all[0].name)
			     : text_format("Shared memory of %zu platforms", runs_with_results(report->runs));

	write_head(out, title);
	(void)fputs("<header>\n<p class=\"suite\">shmcheck conformance report</p>\n", out);
	html_print_once(out, "<h1>%s</h1>\n", title);
	if (is_one) {
		const struct results *results = &report->runs->all[0].results;
		html_print_once(out, "<p>%s</p>\n", summary_platform(results));
		html_print_once(out, "<p class=\"verdict\">%s</p>\n", summary_words(results));
		html_print_once(out, "<p class=\"cut\">%s</p>\n", summary_cut_short(results));
	}
	write_navigation(out, report);
	(void)fputs("</header>\n<main id=\"main\">\n", out);
	html_overview(out, report);
	if (is_one)
		write_one(out, report);
	else
		write_several(out, report);
	html_choices(out, report);
	html_index(out, report);
	html_print(out,
	    "</main>\n<footer><p>Made by shmcheck-report %s. A requirement is a sentence of a standard or a manual, "
	    "in the suite's own words.</p></footer>\n",
	    shmcheck_version);
	(void)fprintf(out, "<script>\n%s</script>\n</body>\n</html>\n", html_script);
}
