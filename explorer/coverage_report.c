/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "class.h"
#include "coverage.h"
#include "model/setting.h"
#include "outcome.h"
#include "walk.h"

/* So many classes are named. So many rounds of the model alone tell what can be reached: with the setting as it is; with another value in it. */
enum { NAMED = 5, ROUNDS = 4000, ROUNDS_OF_OTHER = 400, LENGTH = 40, SEED = 1, REASON_SIZE = 300 };

/* Why a rule was never reached. */
typedef char reason[REASON_SIZE];

static unsigned long
times_of(const struct coverage *c, unsigned kind, const struct rule *r, unsigned *classes)
{
	unsigned long sum = 0;

	*classes = 0;
	for (unsigned i = 0; i < CLASSES; i++) {
		const unsigned count = *coverage_counter(c, kind, r, i);

		sum += count;
		*classes += count > 0;
	}
	return sum;
}

static bool
is_reached(const struct coverage *c, const struct rule *r)
{
	unsigned classes;

	for (unsigned kind = 0; kind < OPERATIONS; kind++)
		if (times_of(c, kind, r, &classes) > 0)
			return true;
	return false;
}

/* How often the rule allowed what did not come back. */
static unsigned
times_passed_over(const struct coverage *c, const struct rule *r)
{
	unsigned sum = 0;

	for (unsigned kind = 0; kind < OPERATIONS; kind++)
		sum += coverage_choice(c, kind, r)->allowed;
	return sum;
}

static struct walk
walk_in(const struct setting *s, unsigned rounds)
{
	struct walk w = walk_begin(SEED, s);

	for (unsigned i = 0; i < rounds; i++)
		walk_model(&w, LENGTH);
	return w;
}

/* The rules that are left and can be reached with another value in the setting. */
static void
explain_by(const struct coverage *c, reason *reasons, const struct setting_form *f, uint32_t value)
{
	struct setting other = c->setting;
	struct walk w;

	setting_set(&other, f, value);
	w = walk_in(&other, ROUNDS_OF_OTHER);
	for (const struct rule *r = first_rule; r != NULL; r = r->next) {
		char *text = reasons[r->number];

		if (text[0] != '\0' || !is_reached(&w.coverage, r))
			continue;
		if (f->kind == FLAG)
			snprintf(text, REASON_SIZE, "%s is %s here: %s (%s)", f->name, value == 0 ? "on" : "off",
			    f->sentence, f->source);
		else
			snprintf(text, REASON_SIZE, "%s is %u here, which rules it out: %s", f->name,
			    setting_value(&c->setting, f), f->sentence);
	}
	coverage_end(&w.coverage);
}

static bool
all_are_explained(reason *reasons)
{
	for (const struct rule *r = first_rule; r != NULL; r = r->next)
		if (reasons[r->number][0] == '\0')
			return false;
	return true;
}

static void
explain_by_setting(const struct coverage *c, reason *reasons)
{
	const struct setting_form *f;

	for (unsigned i = 0; (f = setting_form(i)) != NULL && !all_are_explained(reasons); i++)
		if (f->kind == FLAG)
			explain_by(c, reasons, f, !setting_value(&c->setting, f));
		else if (f->offset == offsetof(struct setting, unit))
			explain_by(
			    c, reasons, f, c->setting.unit == c->setting.page ? 3 * c->setting.page : c->setting.page);
		else if (f->kind == NUMBER && f->offset != offsetof(struct setting, page))
			explain_by(c, reasons, f, c->setting.unit);
		else if (f->kind == ERROR && setting_value(&c->setting, f) == 0)
			explain_by(c, reasons, f, 1);
}

/* "alone" is what the model reached by itself. */
static reason *
find_reasons(const struct coverage *c, const struct coverage *alone)
{
	reason *reasons = calloc(rule_count(), sizeof(*reasons));

	if (reasons == NULL)
		end_failed("no memory for the coverage");
	for (const struct rule *r = first_rule; r != NULL; r = r->next) {
		const unsigned passed_over = times_passed_over(c, r);
		char *text = reasons[r->number];

		if (is_reached(c, r))
			snprintf(text, REASON_SIZE, "reached");
		else if (passed_over > 0)
			snprintf(text, REASON_SIZE,
			    "an alternative that this platform never chooses: something else came back each of %u "
			    "times",
			    passed_over);
		else if (is_reached(alone, r))
			snprintf(text, REASON_SIZE, "not reached yet: more operations");
	}
	explain_by_setting(c, reasons);
	return reasons;
}

static void
report_rules(FILE *to, const struct coverage *c, reason *reasons)
{
	static const char many[] =
	    "not reached yet, nor by the model alone in a hundred thousand operations: many more operations";

	for (const struct rule *r = first_rule; r != NULL; r = r->next) {
		unsigned classes;

		for (unsigned kind = 0; kind < OPERATIONS; kind++) {
			const unsigned long times = times_of(c, kind, r, &classes);

			if (times > 0)
				fprintf(to, "# %-12s %-24s %9lu times in %2u classes\n", operation_form(kind)->name,
				    r->name, times, classes);
		}
	}
	for (const struct rule *r = first_rule; r != NULL; r = r->next)
		if (!is_reached(c, r))
			fprintf(to, "# never reached: %s: %s\n#   why: %s\n", r->name, r->sentence,
			    reasons[r->number][0] == '\0' ? many : reasons[r->number]);
}

static bool
class_is_reached(const struct coverage *c, unsigned kind, unsigned class)
{
	for (const struct rule *r = first_rule; r != NULL; r = r->next)
		if (*coverage_counter(c, kind, r, class) > 0)
			return true;
	return false;
}

/* The classes of worlds in which an operation was done, of those in which the model has done it. */
static void
report_classes(FILE *to, const struct coverage *c, const struct coverage *alone)
{
	char text[200];

	for (unsigned kind = 0; kind < OPERATIONS; kind++) {
		unsigned reached = 0;
		unsigned missing = 0;

		for (unsigned i = 0; i < CLASSES; i++) {
			reached += class_is_reached(c, kind, i);
			missing += !class_is_reached(c, kind, i) && class_is_reached(alone, kind, i);
		}
		fprintf(to, "# %-12s in %2u of %2u classes of worlds", operation_form(kind)->name, reached,
		    reached + missing);
		if (missing > 0)
			fprintf(to, "; not yet:");
		for (unsigned i = 0, named = 0; i < CLASSES && named < missing && named <= NAMED; i++) {
			if (class_is_reached(c, kind, i) || !class_is_reached(alone, kind, i))
				continue;
			if (named++ == NAMED) {
				fprintf(to, " and %u more", missing - NAMED);
				break;
			}
			class_print(kind, i, text, sizeof(text));
			fprintf(to, " %s%s", text, named == missing ? "" : ";");
		}
		fputc('\n', to);
	}
}

void
coverage_report(FILE *to, const struct coverage *c)
{
	struct walk alone = walk_in(&c->setting, ROUNDS);
	reason *reasons = find_reasons(c, &alone.coverage);

	report_rules(to, c, reasons);
	report_classes(to, c, &alone.coverage);
	free(reasons);
	coverage_end(&alone.coverage);
}

bool
coverage_print_choice(const struct coverage *c, enum operation_kind kind, char *text, size_t size)
{
	size_t length = 0;

	for (const struct rule *r = first_rule; r != NULL; r = r->next) {
		const struct choice *choice = coverage_choice(c, kind, r);

		if (choice->allowed > 0 && length < size)
			length += (size_t)snprintf(text + length, size - length, "%s%s %u of %u",
			    length == 0 ? "" : ", ", r->name, choice->chosen, choice->allowed);
	}
	return length > 0;
}

void
coverage_report_choices(FILE *to, const struct coverage *c)
{
	char text[CHOICE_SIZE];

	for (unsigned kind = 0; kind < OPERATIONS; kind++)
		if (coverage_print_choice(c, kind, text, sizeof(text)))
			fprintf(to, "# observed: %s: %s\n", operation_form(kind)->name, text);
}
