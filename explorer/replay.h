/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPLAY_H
#define SHMCHECK_REPLAY_H

#include "script.h"

/*
 * Do the rounds of a script or a record again: the first was read already, with its answers. What is not allowed is printed,
 * and where an answer is another than the recorded one; at most this number of them. Returns how many there are.
 */
unsigned replay(struct script_reader *, struct script *, script_answers, unsigned most);

/* The same without the model and without a look at the answers: what it takes to have the actors do it. Returns 0. */
unsigned replay_blindly(struct script_reader *, struct script *, script_answers);

#endif
