/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PERFORM_H
#define SHMCHECK_PERFORM_H

#include "scene.h"

/*
 * In an actor: make the system call, or the access, that an operation stands for. Those about processes are in actor.c.
 */
struct answer perform(const struct scene *, const struct operation *);

/* What an actor hands on by exec: its identifiers and descriptors. A descriptor that exec has closed is none any more. */
struct belongings {
	int identifiers[KEYS];
	int descriptors[DESCRIPTORS];
};
struct belongings perform_belongings(void);
void perform_take(struct belongings);

#endif
