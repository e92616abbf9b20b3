/* SPDX-License-Identifier: BSD-2-Clause */

/* An actor executes the explorer anew. The new image goes on as the same actor. */

#ifndef SHMCHECK_IMAGE_H
#define SHMCHECK_IMAGE_H

#include "channel.h"
#include "perform.h"
#include "scene.h"

/* What the new image needs to know. It gets it by a pipe. */
struct image {
	struct scene scene;
	struct channel channels[PROCESSES];
	struct belongings belongings;
	pid_t children[PROCESSES];
	unsigned number;
	int guardian;
	unsigned starts; /* of images that had something where the places are */
	bool is_child;   /* of the actor that has started it */
	unsigned parent;
};

/* In main(), first: note how to start this file anew. If the arguments say so, go on as an actor, which does not return. */
void image_main(int count, char **arguments, void (*go_on)(struct image *));

/* Whether that is known, and works. */
bool image_can_start(void);

/* In an actor: exec. Returns only if that fails. */
void image_start(const struct image *);

/* Start the image in a new process, by posix_spawn() or by vfork(). Return its number, or -1. */
pid_t image_spawn(const struct image *);
pid_t image_vfork(const struct image *);

/* Have a child by vfork() that ends at once. Returns 0, or -1. */
int end_in_vfork(void);

#endif
