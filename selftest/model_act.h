/* SPDX-License-Identifier: BSD-2-Clause */

/* For the tests of the model: operations in a world, of which nothing is done. */

#ifndef SHMCHECK_MODEL_ACT_H
#define SHMCHECK_MODEL_ACT_H

#include "model/model.h"
#include "model_setting.h"
#include "test.h"

static struct outcomes allowed;

/* Do this in the world: the operation, then its arguments in the order in which a script has them. */
static void
act(struct world *w, unsigned process, enum operation_kind kind, const uint8_t numbers[8])
{
	struct operation o = { .kind = (uint8_t)kind, .process = (uint8_t)process };

	for (const enum argument *a = operation_form(kind)->takes; *a != ARGUMENTS; a++)
		o.arguments[*a] = *numbers++;
	model_ask(&setting, w, &o, &allowed);
	if (allowed.count > 0)
		*w = allowed.list[0].after;
}

#define ACT(w, process, kind, ...) act(w, process, kind, (const uint8_t[8]){ __VA_ARGS__ })

/* There is one outcome, and it is this. */
#define CHECK_ALLOWED(only) \
	do { \
		ATF_CHECK_EQ(1, allowed.count); \
		ATF_CHECK(answer_matches(&allowed.list[0].answer, &(only))); \
	} while (0)

#endif
