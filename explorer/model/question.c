/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "question.h"

struct rule *first_rule;
static struct rule **last_rule = &first_rule;
static unsigned rules;
static const struct rule *turned_round;

void
rule_register(struct rule *r)
{
	r->number = rules++;
	*last_rule = r;
	last_rule = &r->next;
}

const struct rule *
rule_find(const char *name)
{
	for (const struct rule *r = first_rule; r != NULL; r = r->next)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

unsigned
rule_count(void)
{
	return rules;
}

void
rule_turn_round(const char *name)
{
	turned_round = name == NULL ? NULL : rule_find(name);
}

/* A success for a failure, and a failure for a success. */
static struct answer
contrary(struct answer a)
{
	return a.error != 0 || a.signal != 0 ? SUCCEEDS : FAILS(EDOM);
}

struct world *
allow(struct question *q, const struct rule *rule, struct answer answer)
{
	struct outcome *o = &q->allowed->list[q->allowed->count++];

	o->rule = rule;
	o->answer = rule == turned_round ? contrary(answer) : answer;
	o->after = *q->before;
	return &o->after;
}

unsigned
argument(const struct question *q, enum argument a)
{
	return q->operation->arguments[a];
}

const struct process *
process_before(const struct question *q)
{
	return &q->before->processes[q->operation->process];
}

struct process *
process_after(const struct question *q, struct world *after)
{
	return &after->processes[q->operation->process];
}

bool
answer_matches(const struct answer *expected, const struct answer *seen)
{
	return expected->error == seen->error && expected->signal == seen->signal &&
	    (expected->code == ANY_CODE || expected->code == seen->code) && expected->value[0] == seen->value[0] &&
	    expected->value[1] == seen->value[1];
}
