/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "matrix.h"

/* The length of the longest, but no more than would leave no room for the rest of a line. */
static int
width(const struct matrix *m, bool of_requirement)
{
	size_t longest = 0;

	for (const struct violation *v = m->violations; v < m->violations + m->violation_count; v++) {
		size_t length = strlen(of_requirement ? v->requirement : v->name);

		if (v->is_chosen && length > longest)
			longest = length;
	}
	return longest > 50 ? 50 : (int)longest;
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
		const struct violation *violation = &m->violations[v];
		const char *requirement = violation->requirement;
		const struct test_case *by = NULL; /* of the requirement, or else the first */
		size_t of_requirement = 0;
		size_t of_interface = 0;
		size_t all = 0;

		if (!violation->is_chosen)
			continue;
		for (size_t i = 0; i < m->case_count; i++) {
			const struct test_case *c = &m->cases[i];

			if (!fails(m, v, i))
				continue;
			all++;
			of_interface += has_interface_of(c, requirement);
			if (by == NULL || (has_requirement(c, requirement) && of_requirement == 0))
				by = c;
			of_requirement += has_requirement(c, requirement);
		}
		fprintf(f, "%-*s  %-*s  %5zu %5zu %5zu  %s", name_width, violation->name, requirement_width,
		    requirement, of_requirement, of_interface - of_requirement, all - of_interface,
		    by == NULL ? "-" : strrchr(by->id, '/') + 1);
		if (all > 1)
			fprintf(f, " and %zu more", all - 1);
		fputc('\n', f);
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
		const struct violation *violation = &m->violations[v];
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
		fputs(separator[0] == '\t' ? "\t\n" : "\n", f);
	}
}

void
print_summary(const struct matrix *m, FILE *f)
{
	size_t violations = 0;
	size_t skipped = 0;
	size_t failed = 0;
	size_t excepted = 0;

	for (const struct violation *v = m->violations; v < m->violations + m->violation_count; v++)
		violations += v->is_chosen;
	for (const struct test_case *c = m->cases; c < m->cases + m->case_count; c++) {
		skipped += c->neutral.result == RESULT_SKIPPED;
		failed += c->neutral.result == RESULT_FAILED || c->neutral.result == RESULT_EXPECTED_FAILURE;
		excepted += c->exception != NULL;
	}
	fprintf(
	    f, "\n%zu violations, %zu cases, %zu runs, %.1f s\n", violations, m->case_count, m->run_count, m->seconds);
	if (m->is_partial)
		return;
	fprintf(f, "%zu cases are skipped here; %zu have failed already, by the platform itself\n", skipped, failed);
	fprintf(f, "%zu cases can be failed by no violation, each for a reason (see selftest/violations/exceptions)\n",
	    excepted);
}
