/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "class.h"
#include "coverage.h"
#include "outcome.h"

struct coverage
coverage_begin(const struct setting *setting)
{
	const size_t pairs = (size_t)OPERATIONS * rule_count();
	struct coverage c = { .setting = *setting,
		.counts = calloc(pairs * CLASSES, sizeof(*c.counts)),
		.choices = calloc(pairs, sizeof(*c.choices)) };

	if (c.counts == NULL || c.choices == NULL)
		end_failed("no memory for the coverage");
	return c;
}

void
coverage_end(struct coverage *c)
{
	free(c->counts);
	free(c->choices);
	c->counts = NULL;
	c->choices = NULL;
}

unsigned *
coverage_counter(const struct coverage *c, unsigned kind, const struct rule *rule, unsigned class)
{
	return &c->counts[(kind * rule_count() + rule->number) * CLASSES + class];
}

struct choice *
coverage_choice(const struct coverage *c, unsigned kind, const struct rule *rule)
{
	return &c->choices[kind * rule_count() + rule->number];
}

unsigned
coverage_count(const struct coverage *c, const struct world *w, const struct operation *o, const struct rule *rule)
{
	return *coverage_counter(c, o->kind, rule, class_of(w, o));
}

/* A rule that allows several outcomes is one choice. */
static bool
is_first_of_rule(const struct outcomes *allowed, unsigned number)
{
	for (unsigned i = 0; i < number; i++)
		if (allowed->list[i].rule == allowed->list[number].rule)
			return false;
	return true;
}

static bool
is_open(const struct outcomes *allowed)
{
	for (unsigned i = 1; i < allowed->count; i++)
		if (allowed->list[i].rule != allowed->list[0].rule)
			return true;
	return false;
}

void
coverage_add(struct coverage *c, const struct world *w, const struct operation *o, const struct outcomes *allowed,
    const struct rule *rule)
{
	++*coverage_counter(c, o->kind, rule, class_of(w, o));
	for (unsigned i = 0; is_open(allowed) && i < allowed->count; i++) {
		struct choice *choice = coverage_choice(c, o->kind, allowed->list[i].rule);

		if (!is_first_of_rule(allowed, i))
			continue;
		choice->allowed++;
		choice->chosen += allowed->list[i].rule == rule;
	}
}

void
coverage_join(struct coverage *c, const struct coverage *other)
{
	const size_t pairs = (size_t)OPERATIONS * rule_count();

	for (size_t i = 0; i < pairs * CLASSES; i++)
		c->counts[i] += other->counts[i];
	for (size_t i = 0; i < pairs; i++) {
		c->choices[i].allowed += other->choices[i].allowed;
		c->choices[i].chosen += other->choices[i].chosen;
	}
}
