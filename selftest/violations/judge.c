/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "block.h"
#include "matrix.h"

enum fact { HOLDS, DOES_NOT_HOLD, CANNOT_BE_JUDGED };

static void
count(struct judgement *t, enum fact fact)
{
	t->passed += fact == HOLDS;
	t->failed += fact == DOES_NOT_HOLD;
	t->skipped += fact == CANNOT_BE_JUDGED;
}

/* Words with digits are addresses, numbers and names that differ from run to run. */
static bool
is_same_reason(const char *one, const char *other)
{
	while (*one != '\0' && *other != '\0') {
		size_t one_length = strcspn(one, " ");
		size_t other_length = strcspn(other, " ");
		bool has_digit = strcspn(one, "0123456789") < one_length && strcspn(other, "0123456789") < other_length;

		if (!has_digit && (one_length != other_length || strncmp(one, other, one_length) != 0))
			return false;
		one += one_length;
		other += other_length;
		one += *one == ' ';
		other += *other == ' ';
	}
	return *one == *other;
}

static void
judge_neutral(const struct matrix *m, struct judgement *t, FILE *f)
{
	struct block changed = block_begin(
	    "Not neutral: these cases give another result with the engine loaded, which should change nothing. "
	    "Mend the engine.");
	struct block broken =
	    block_begin("Broken: these cases have no verdict even without a violation. Mend the case.");

	for (const struct matrix_case *c = m->cases; c < m->cases + m->case_count; c++) {
		const struct ending *without = &c->without_engine;
		const struct ending *with = &c->neutral;

		if (without->result != with->result || !is_same_reason(without->reason, with->reason)) {
			block_line(&changed, "%s\n        without: %s: %s\n        with:    %s: %s", c->id,
			    result_name(without->result), without->reason, result_name(with->result), with->reason);
			count(t, DOES_NOT_HOLD);
		} else if (with->result == RESULT_BROKEN) {
			block_line(&broken, "%s: %s", c->id, with->reason);
			count(t, DOES_NOT_HOLD);
		} else
			count(t, HOLDS);
	}
	block_end(&changed, f);
	block_end(&broken, f);
}

/* What does not show to an ordinary user may show to root, as some calls and some checks are for root alone. */
static enum fact
not_shown(const struct matrix *m)
{
	return m->is_unprivileged ? CANNOT_BE_JUDGED : DOES_NOT_HOLD;
}

/* Its check cannot show it: what is needed is missing, or the system does of itself what the violation is. */
static bool
is_beyond_reach(const struct matrix *m, const struct matrix_violation *v)
{
	bool is_shown = v->seen.result == RESULT_PASSED || v->without_engine.result == RESULT_PASSED;

	return is_shown ? m->is_unprivileged && !can_be_judged(m, v) : m->is_unprivileged || !can_be_judged(m, v);
}

static void
judge_real(const struct matrix *m, struct judgement *t, FILE *f)
{
	struct block b = block_begin(
	    "Not real: the direct checks of these violations must see them with the engine and not without. Mend "
	    "the row or its check.");

	for (const struct matrix_violation *v = m->violations; v < m->violations + m->violation_count; v++) {
		enum result with = v->seen.result;
		enum result without = v->without_engine.result;

		if (!v->is_chosen)
			continue;
		if (is_beyond_reach(m, v)) {
			count(t, CANNOT_BE_JUDGED);
			continue;
		}
		count(t, with == RESULT_PASSED && without == RESULT_FAILED ? HOLDS : DOES_NOT_HOLD);
		if (with == RESULT_FAILED)
			block_line(&b, "%s: its check does not see it: %s", v->name, v->seen.reason);
		if (with == RESULT_BROKEN)
			block_line(&b, "%s: its check breaks: %s", v->name, v->seen.reason);
		if (without == RESULT_PASSED)
			block_line(&b, "%s: its check sees it without the engine too", v->name);
		if (without == RESULT_BROKEN)
			block_line(
			    &b, "%s: its check breaks without the engine: %s", v->name, v->without_engine.reason);
	}
	block_end(&b, f);
}

/* What a violation does, counted. */
struct effect {
	size_t affected;       /* cases that hold and meet its condition */
	size_t of_requirement; /* cases of the requirement */
	size_t holding;        /* of these, those that hold without the violation */
	size_t failed_of_requirement;
	size_t failed_of_interface;
};

static struct effect
effect_of(const struct matrix *m, size_t v)
{
	const char *requirement = m->violations[v].requirement;
	struct effect e = { 0 };

	for (size_t i = 0; i < m->case_count; i++) {
		const struct matrix_case *c = &m->cases[i];
		bool holds = c->neutral.result == RESULT_PASSED;

		e.affected += holds && cell_of(m, v, i)->can_affect;
		if (has_interface_of(c, requirement))
			e.failed_of_interface += fails(m, v, i);
		if (has_requirement(c, requirement)) {
			e.of_requirement++;
			e.holding += holds;
			e.failed_of_requirement += fails(m, v, i);
		}
	}
	return e;
}

/* The first cases that it can affect, as a hint where to look. */
static void
name_survivors(const struct matrix *m, struct block *b, size_t v, size_t affected)
{
	const struct matrix_violation *violation = &m->violations[v];
	size_t shown = 0;

	block_line(b, "%s (%s); cases that meet its condition: %zu", violation->name, violation->requirement, affected);
	for (size_t i = 0; i < m->case_count && shown < 4; i++)
		if (m->cases[i].neutral.result == RESULT_PASSED && cell_of(m, v, i)->can_affect) {
			block_line(b, "    %s", m->cases[i].id);
			shown++;
		}
	if (affected > shown)
		block_line(b, "    and %zu more", affected - shown);
}

static void
judge_caught(const struct matrix *m, struct judgement *t, FILE *f)
{
	struct block b = block_begin(
	    "Not caught: no case of the interface fails by a check. Sharpen the case of the requirement, or "
	    "write one.");

	for (size_t v = 0; v < m->violation_count; v++) {
		struct effect e;

		if (!m->violations[v].is_chosen)
			continue;
		e = effect_of(m, v);
		if (e.failed_of_interface > 0)
			count(t, HOLDS);
		else if (!can_be_judged(m, &m->violations[v]) || not_shown(m) == CANNOT_BE_JUDGED)
			count(t, CANNOT_BE_JUDGED);
		else {
			count(t, DOES_NOT_HOLD);
			name_survivors(m, &b, v, e.affected);
		}
	}
	block_end(&b, f);
}

struct precision {
	struct block unknown;
	struct block elsewhere;
	struct block unrelated;
	struct block broken;
	struct block untraced;
};

static bool
runs_as_it_should(const struct matrix *m, struct precision *p, size_t v)
{
	const struct matrix_violation *violation = &m->violations[v];
	bool all = true;

	for (size_t i = 0; i < m->case_count; i++) {
		const struct matrix_case *c = &m->cases[i];
		const struct cell *cell = cell_of(m, v, i);

		if (cell->ending.result == RESULT_BROKEN && c->neutral.result != RESULT_BROKEN) {
			block_line(&p->broken, "%s: %s: %s", violation->name, c->id, cell->ending.reason);
			all = false;
		}
		if (!fails(m, v, i))
			continue;
		if (!cell->can_affect) {
			block_line(&p->untraced, "%s: %s: %s", violation->name, c->id, cell->ending.reason);
			all = false;
		}
		if (!is_related(m, v, c)) {
			block_line(&p->unrelated, "%s (%s): %s: %s", violation->name, violation->requirement, c->id,
			    cell->ending.reason);
			all = false;
		}
	}
	return all;
}

static void
judge_precise(const struct matrix *m, struct judgement *t, FILE *f)
{
	struct precision p = {
		block_begin("Unknown requirement: no case has it. Name the requirement of a case, or write the case."),
		block_begin("Not precise: these fail no case of their requirement. Sharpen it, or correct the row."),
		block_begin(
		    "Not precise: these fail cases of unrelated areas. Narrow the row's condition, or free the case of "
		    "what it is not about."),
		block_begin(
		    "Broken: these cases crash, hang or say nothing instead of failing by a check. Make the check come "
		    "first, or in a child."),
		block_begin(
		    "Not traced: these cases fail although the trace says that they can't. Mend the engine's trace."),
	};

	for (size_t v = 0; v < m->violation_count; v++) {
		const struct matrix_violation *violation = &m->violations[v];
		struct effect e;
		bool is_judged;
		bool holds;

		if (!violation->is_chosen)
			continue;
		e = effect_of(m, v);
		is_judged =
		    can_be_judged(m, violation) && (e.failed_of_requirement > 0 || not_shown(m) == DOES_NOT_HOLD);
		holds = runs_as_it_should(m, &p, v);
		if (e.of_requirement == 0) {
			block_line(&p.unknown, "%s: %s", violation->name, violation->requirement);
			holds = false;
		} else if (is_judged && e.failed_of_requirement == 0) {
			block_line(&p.elsewhere, "%s: %s, of whose cases %zu hold", violation->name,
			    violation->requirement, e.holding);
			holds = false;
		}
		if (!holds)
			count(t, DOES_NOT_HOLD);
		else
			count(t, is_judged ? HOLDS : CANNOT_BE_JUDGED);
	}
	block_end(&p.unknown, f);
	block_end(&p.elsewhere, f);
	block_end(&p.unrelated, f);
	block_end(&p.broken, f);
	block_end(&p.untraced, f);
}

/* The first violation that fails the case; the number of violations when none does. */
static size_t
failed_by(const struct matrix *m, size_t test_case)
{
	size_t v = 0;

	while (v < m->violation_count && !fails(m, v, test_case))
		v++;
	return v;
}

static void
judge_able(const struct matrix *m, struct judgement *t, FILE *f)
{
	struct block unable = block_begin(
	    "Not shown able to fail: no violation fails these cases. Write a row that breaks what they say, or "
	    "say in selftest/violations/exceptions why there can be none.");
	struct block able = block_begin("Needless exceptions: a violation fails these cases. Take them off the list.");
	struct block stray =
	    block_begin("Stray exceptions: there is no SHALL or DOCUMENTED case and no check of this name.");

	for (size_t i = 0; i < m->case_count; i++) {
		const struct matrix_case *c = &m->cases[i];
		size_t v = failed_by(m, i);
		bool is_failed = v < m->violation_count;
		bool is_missed = !is_failed && c->neutral.result == RESULT_PASSED && c->exception == NULL;

		if (!c->is_binding)
			continue;
		if (c->neutral.result == RESULT_SKIPPED || c->neutral.result == RESULT_BROKEN ||
		    (is_missed && not_shown(m) == CANNOT_BE_JUDGED))
			count(t, CANNOT_BE_JUDGED);
		else if (c->neutral.result != RESULT_PASSED || is_failed == (c->exception == NULL))
			count(t, HOLDS); /* or it has failed already, by the platform itself */
		else {
			count(t, DOES_NOT_HOLD);
			if (is_failed)
				block_line(&able, "%s: %s", c->id, m->violations[v].name);
			else
				block_case(&unable, c);
		}
	}
	for (size_t i = 0; i < m->stray_exception_count; i++) {
		block_line(&stray, "%s", m->stray_exceptions[i]);
		count(t, DOES_NOT_HOLD);
	}
	block_end(&unable, f);
	block_end(&able, f);
	block_end(&stray, f);
}

/* Whether an argument names an interface of the case. */
static bool
is_asked_for(const struct matrix *m, const struct matrix_case *c)
{
	for (size_t i = 0; i < m->argument_count; i++)
		if (has_interface_of(c, m->arguments[i]))
			return true;
	return false;
}

/* For people who write the rows of an interface: what is still to do. */
static void
list_survivors(const struct matrix *m, FILE *f)
{
	struct block b = block_begin("These cases are failed by none of the violations chosen (not counted):");

	for (size_t i = 0; i < m->case_count; i++) {
		const struct matrix_case *c = &m->cases[i];

		if (c->is_binding && c->exception == NULL && c->neutral.result == RESULT_PASSED &&
		    failed_by(m, i) == m->violation_count && is_asked_for(m, c))
			block_case(&b, c);
	}
	block_end(&b, f);
}

static const char gap_file[] = "selftest/violations/unfailed";

struct judgement
judge(const struct matrix *m, FILE *f)
{
	struct judgement t = { 0 };

	if (!m->is_partial)
		judge_neutral(m, &t, f);
	judge_real(m, &t, f);
	judge_caught(m, &t, f);
	judge_precise(m, &t, f);
	if (m->is_partial) {
		list_survivors(m, f);
		list_unfailed_lines(m, is_asked_for, f);
	} else {
		judge_able(m, &t, f);
		judge_check_lines(m, gap_file, &t, f);
	}
	return t;
}
