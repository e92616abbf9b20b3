/* SPDX-License-Identifier: BSD-2-Clause */

/* All rules of the explorer's model, and all operations: by random ones, of which nothing is done. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "model/model.h"
#include "model/setting.h"
#include "model_setting.h"
#include "test.h"

static struct outcomes allowed;

static uint64_t chance = 1;

static void
check_refusals(const struct world *w)
{
	for (unsigned i = 0; i < allowed.count; i++) {
		const struct outcome *o = &allowed.list[i];

		if ((o->answer.error != 0 || o->answer.signal != 0))
			ATF_CHECK_MSG(worlds_are_equal(&o->after, w), "the rule %s changes the world", o->rule->name);
	}
}

/* What became of a rule. */
struct fate {
	bool is_reached; /* it allows something */
	bool is_found;   /* if it says the contrary, what it allowed is no outcome any more */
};

/* The platform does what the rule allows, and the model says the contrary. */
static bool
is_found_turned_round(
    const struct setting *of, const struct world *w, const struct operation *o, const struct outcome *seen)
{
	static struct outcomes contrary;
	bool is_found;

	rule_turn_round(seen->rule->name);
	model_ask(of, w, o, &contrary);
	is_found = model_judge(&contrary, &seen->answer) == NULL;
	rule_turn_round(NULL);
	return is_found;
}

/* Random operations with outcomes of all kinds, mostly such that change something. */
static void
wander(const struct setting *of, unsigned rounds, struct fate *fates)
{
	for (unsigned round = 0; round < rounds; round++) {
		struct world w = world_at_start();

		for (unsigned step = 0; step < 600; step++) {
			const struct operation o = chance_operation(&chance);
			const struct outcome *next;

			model_ask(of, &w, &o, &allowed);
			ATF_REQUIRE(allowed.count <= OUTCOMES);
			if (!of->locks.stay_at_failure)
				check_refusals(&w);
			for (unsigned i = 0; i < allowed.count; i++)
				fates[allowed.list[i].rule->number].is_reached = true;
			if (allowed.count == 0)
				continue;
			next = &allowed.list[chance_below(&chance, allowed.count)];
			if (!fates[next->rule->number].is_found)
				fates[next->rule->number].is_found = is_found_turned_round(of, &w, &o, next);
			if ((o.kind != EXEC && o.kind != EXIT && o.kind != KILL && o.kind != BECOME_OTHER) ||
			    chance_below(&chance, 16) == 0)
				w = next->after;
		}
	}
}

static bool
all_are_found(const struct fate *fates)
{
	for (unsigned i = 0; i < rule_count(); i++)
		if (!fates[i].is_found)
			return false;
	return true;
}

/* With each setting other than it is, in turn. */
static void
wander_elsewhere(struct fate *fates)
{
	const struct setting_form *f;

	for (unsigned i = 0; (f = setting_form(i)) != NULL; i++) {
		struct setting other = setting;

		setting_set(&other, f, f->kind == FLAG ? !setting_value(&other, f) : EFAULT);
		wander(&other, 500, fates);
	}
}

TEST(refusals,
    "What is refused leaves the world as it was, and no operation has more outcomes than there is room for, whatever "
    "the system is like; on some system each rule allows something, and is missed when it says the contrary")
{
	struct fate *fates = calloc(rule_count(), sizeof(*fates));
	struct setting small_limit = setting;

	small_limit.locks.limit = setting.unit;
	ATF_REQUIRE(fates != NULL);
	wander(&setting, 3000, fates);
	wander(&small_limit, 500, fates);
	wander_elsewhere(fates);
	for (unsigned again = 0; again < 20 && !all_are_found(fates); again++)
		wander_elsewhere(fates);
	for (const struct rule *r = first_rule; r != NULL; r = r->next) {
		ATF_CHECK_MSG(fates[r->number].is_reached, "%s allows nothing", r->name);
		ATF_CHECK_MSG(fates[r->number].is_found, "%s can be turned round", r->name);
	}
	free(fates);
}

TEST(every_operation, "operation_next() counts each operation once")
{
	for (unsigned kind = 0; kind < OPERATIONS; kind++) {
		struct operation o = { .kind = (uint8_t)kind };
		const struct operation first = o;
		unsigned long expected = PROCESSES;
		unsigned long count = 1;

		for (const enum argument *a = operation_form(kind)->takes; *a != ARGUMENTS; a++)
			expected *= argument_form(*a)->count;
		while (operation_next(&o))
			count++;
		ATF_CHECK_EQ_MSG(expected, count, "%s", operation_form(kind)->name);
		ATF_CHECK(memcmp(&first, &o, sizeof(o)) == 0);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, refusals);
	ATF_TP_ADD_TC(tp, every_operation);
	return atf_no_error();
}
