/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The question that the model answers: a process is about to do this in that world; what may come back, and what is the
 * world then? A rule is a sentence of a document. It allows outcomes:
 *
 *	RULE(exclusive, "With IPC_CREAT and IPC_EXCL a key that has a segment is refused", "POSIX.1-2017 shmget() ERRORS");
 *
 *	allow(q, &exclusive, FAILS(EEXIST));
 *
 * What comes back must be one of the outcomes. If there is none, the documents say nothing, or the operation makes no
 * sense in that world, and it is not done.
 */

#ifndef SHMCHECK_QUESTION_H
#define SHMCHECK_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "operation.h"
#include "world.h"

struct rule {
	const char *name;
	const char *sentence;
	const char *source;
	unsigned number; /* from 0, in the order of registration */
	struct rule *next;
};

/* All rules of the program. */
extern struct rule *first_rule;

void rule_register(struct rule *);
const struct rule *rule_find(const char *name);
unsigned rule_count(void);

#define RULE(name, sentence, source) \
	static struct rule name = { #name, sentence, source, 0, 0 }; \
	__attribute__((constructor)) static void name##_register(void) \
	{ \
		rule_register(&name); \
	} \
	struct rule /* so that a semicolon follows */

/* What comes back from an operation. */
struct answer {
	int32_t error;  /* errno, or 0 */
	int32_t signal; /* of a fault, or 0 */
	int32_t code;   /* its si_code; in an outcome ANY_CODE is any */
	uint32_t value[2];
};

enum { ANY_CODE = -1 };

#define SUCCEEDS            ((struct answer){ .error = 0 })
#define GIVES(number)       ((struct answer){ .value = { (uint32_t)(number), 0 } })
#define GIVES_TWO(one, two) ((struct answer){ .value = { (uint32_t)(one), (uint32_t)(two) } })
#define FAILS(which)        ((struct answer){ .error = (which) })
#define FAULTS(which, why)  ((struct answer){ .signal = (which), .code = (why) })

struct outcome {
	const struct rule *rule;
	struct answer answer;
	struct world after;
};

enum { OUTCOMES = 2 * VALUES + 2 };

struct outcomes {
	unsigned count;
	struct outcome list[OUTCOMES];
};

struct question {
	const struct setting *setting;
	const struct world *before;
	const struct operation *operation;
	struct outcomes *allowed;
};

/* Allow this outcome. Returns the world after it, which is as before: for the caller to change it. */
struct world *allow(struct question *, const struct rule *, struct answer);

/* An argument of the operation; the process that does it, before it. */
unsigned argument(const struct question *, enum argument);
const struct process *process_before(const struct question *);

/* The same process in a world after the operation. */
struct process *process_after(const struct question *, struct world *);

/* Whether this answer is what the outcome says. */
bool answer_matches(const struct answer *expected, const struct answer *seen);

/* From now on the rule of that name says the contrary: for the tests of the explorer. Null: none does. */
void rule_turn_round(const char *name);

#endif
