/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_CHANNEL_H
#define SHMCHECK_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The pipes of an actor. They are all made before the first actor starts, as its descendants inherit them. Who does not
 * use an end closes it as soon as the actor lives, so that its death is seen.
 */
struct channel {
	int to_actor[2];
	int from_actor[2];
};

/* Whole messages. False if the other side has ended. */
bool message_send(int to, const void *message, size_t size);
bool message_receive(int from, void *message, size_t size);

#endif
