/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_ACTOR_H
#define SHMCHECK_ACTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "scene.h"

/*
 * The pipes of an actor. They are all made before the first actor starts, as its descendants inherit them. Who does not
 * use an end closes it as soon as the actor lives, so that its death is seen.
 */
struct channel {
	int to_actor[2];
	int from_actor[2];
};

/*
 * What the explorer does behind the scenes, beside the operations: wait for a child, and close the ends of another
 * actor.
 */
enum { WAIT_FOR_CHILD = OPERATIONS, CLOSE_CHANNEL };

/* Whole messages. False if the other side has ended. */
bool message_send(int to, const void *message, size_t size);
bool message_receive(int from, void *message, size_t size);

/* Be the actor of this number until the explorer closes its pipe. */
_Noreturn void actor_run(const struct scene *, struct channel *channels, unsigned number);

#endif
