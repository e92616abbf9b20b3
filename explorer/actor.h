/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_ACTOR_H
#define SHMCHECK_ACTOR_H

#include "channel.h"
#include "image.h"
#include "scene.h"

/*
 * What the explorer does behind the scenes, beside the operations: wait for a child, and close the ends of another
 * actor.
 */
enum { WAIT_FOR_CHILD = OPERATIONS, CLOSE_CHANNEL };

/* After exec: answer that it worked, and be the same actor as before. */
_Noreturn void actor_go_on(struct image *);

/* Be the actor of this number until the explorer closes its pipe. */
_Noreturn void actor_run(const struct scene *, struct channel *channels, unsigned number);

#endif
