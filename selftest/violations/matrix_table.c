/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "matrix.h"

/* The length of the longest, up to a limit that leaves room for the rest of a line. */
static int
width(const struct matrix *m, bool of_requirement)
{
	size_t longest = 0;

	for (const struct matrix_violation *v = m->violations; v < m->violations + m->violation_count; v++) {
		size_t length = strlen(of_requirement ? v->requirement : v->name);

		if (v->is_chosen && length > longest)
			longest = length;
	}
	return longest > 50 ? 50 : (int)longest;
}

/* Why the violation can't be judged: the first case of its requirement does not hold here. */
static void
print_obstacle(const struct matrix *m, const char *requirement, FILE *f)
{
	const struct matrix_case *c = m->cases;

	while (!has_requirement(c, requirement))
		c++;
	fprintf(f, "not judged: %s %s", strrchr(c->id, '/') + 1, result_name(c->neutral.result));
}

static void
print_violation(const struct matrix *m, size_t v, FILE *f)
{
	const char *requirement = m->violations[v].requirement;
	const struct matrix_case *first = NULL; /* of the requirement, else of the interface, else of all */
	size_t of_requirement = 0;
	size_t of_interface = 0;
	size_t all = 0;

	for (size_t i = 0; i < m->case_count; i++) {
		const struct matrix_case *c = &m->cases[i];
		bool has_it = has_requirement(c, requirement);
		bool is_near = has_interface_of(c, requirement);

		if (!fails(m, v, i))
			continue;
		if (all == 0 || (has_it && of_requirement == 0) || (is_near && of_interface == 0))
			first = c;
		all++;
		of_interface += is_near;
		of_requirement += has_it;
	}
	fprintf(f, "%5zu %5zu %5zu  ", of_requirement, of_interface - of_requirement, all - of_interface);
	if (of_interface == 0 && !can_be_judged(m, &m->violations[v]))
		print_obstacle(m, requirement, f);
	else if (all == 0)
		fputc('-', f);
	else {
		fprintf(f, "%s%s", of_interface == 0 ? "nothing, but it fails " : "", strrchr(first->id, '/') + 1);
		if (all > 1)
			fprintf(f, " and %zu more", all - 1);
	}
	fputc('\n', f);
}

void
print_table(const struct matrix *m, FILE *f)
{
	int name_width = width(m, false);
	int requirement_width = width(m, true);

	fprintf(f, "%-*s  %-*s  %17s\n", name_width, "", requirement_width, "", "cases that fail");
	fprintf(f, "%-*s  %-*s  %5s %5s %5s  %s\n", name_width, "violation", requirement_width, "requirement", "of it",
	    "near", "else", "caught by");
	for (size_t v = 0; v < m->violation_count; v++) {
		const struct matrix_violation *violation = &m->violations[v];

		if (!violation->is_chosen)
			continue;
		fprintf(f, "%-*s  %-*s  ", name_width, violation->name, requirement_width, violation->requirement);
		print_violation(m, v, f);
	}
	if (!m->is_partial) {
		fputs("\nChecks that no violation fails:\n", f);
		print_unfailed(m, f);
	}
}

static bool
fails_any(const struct matrix *m, size_t test_case)
{
	for (size_t v = 0; v < m->violation_count; v++)
		if (fails(m, v, test_case))
			return true;
	return false;
}

/* Whether an earlier violation is of the same interface. */
static bool
is_continued(const struct matrix *m, size_t v)
{
	for (size_t i = 0; i < v; i++)
		if (has_same_interface(m->violations[i].requirement, m->violations[v].requirement))
			return true;
	return false;
}

void
print_interfaces(const struct matrix *m, FILE *f)
{
	fprintf(f, "%-20s %10s %12s %8s\n", "interface", "violations", "cases failed", "of");
	for (size_t v = 0; v < m->violation_count; v++) {
		const char *requirement = m->violations[v].requirement;
		size_t violations = 0;
		size_t failed = 0;
		size_t cases = 0;

		if (is_continued(m, v))
			continue;
		for (size_t i = v; i < m->violation_count; i++)
			violations += has_same_interface(m->violations[i].requirement, requirement);
		for (size_t i = 0; i < m->case_count; i++) {
			if (m->cases[i].neutral.result != RESULT_PASSED || !has_interface_of(&m->cases[i], requirement))
				continue;
			cases++;
			failed += fails_any(m, i);
		}
		fprintf(f, "%-20.*s %10zu %12zu %8zu\n", (int)strcspn(requirement, "."), requirement, violations,
		    failed, cases);
	}
}

void
print_data(const struct matrix *m, FILE *f)
{
	for (size_t v = 0; v < m->violation_count; v++) {
		const struct matrix_violation *violation = &m->violations[v];
		const char *separator = "\t";

		if (!violation->is_chosen)
			continue;
		fprintf(f, "%s\t%s\t%s\t%s\t%s", violation->name, violation->requirement, violation->interface,
		    violation->kind, violation->origin);
		for (size_t i = 0; i < m->case_count; i++)
			if (fails(m, v, i)) {
				fprintf(f, "%s%s", separator, m->cases[i].id);
				separator = " ";
			}
		if (separator[0] == '\t')
			fputc('\t', f);
		separator = "\t";
		for (size_t i = 0; i < m->check_line_count; i++)
			if (fails_line(m, v, i)) {
				fprintf(f, "%s%s.c:%lu", separator, m->check_lines[i].program, m->check_lines[i].line);
				separator = " ";
			}
		fputs(separator[0] == '\t' ? "\t\n" : "\n", f);
	}
}

void
print_summary(const struct matrix *m, FILE *f)
{
	size_t violations = 0;
	size_t unjudged = 0;
	size_t skipped = 0;
	size_t failed = 0;
	size_t excepted = 0;
	size_t unfailed = 0;
	size_t checks_excepted = 0;

	for (const struct matrix_violation *v = m->violations; v < m->violations + m->violation_count; v++)
		if (v->is_chosen) {
			violations++;
			unjudged += !can_be_judged(m, v);
		}
	for (const struct matrix_case *c = m->cases; c < m->cases + m->case_count; c++) {
		skipped += c->neutral.result == RESULT_SKIPPED;
		failed += c->neutral.result == RESULT_FAILED || c->neutral.result == RESULT_EXPECTED_FAILURE;
		excepted += c->exception != NULL;
	}
	fprintf(
	    f, "\n%zu violations, %zu cases, %zu runs, %.1f s\n", violations, m->case_count, m->run_count, m->seconds);
	if (unjudged > 0)
		fprintf(f, "violations not judged, as no case of their requirement holds here: %zu\n", unjudged);
	if (m->is_partial)
		return;
	for (size_t i = 0; i < m->check_line_count; i++) {
		checks_excepted += m->check_lines[i].exception != NULL;
		unfailed += m->check_lines[i].exception == NULL && is_unfailed(m, i);
	}
	fprintf(f,
	    "checks: %zu; failed by no violation: %zu, and %zu for a reason (see selftest/violations/exceptions)\n",
	    m->check_line_count, unfailed, checks_excepted);
	fprintf(f, "cases skipped here: %zu; failed already, by the platform itself: %zu\n", skipped, failed);
	fprintf(f, "cases that no violation can fail, each for a reason (see selftest/violations/exceptions): %zu\n",
	    excepted);
}
