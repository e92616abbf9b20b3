/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_SCENE_H
#define SHMCHECK_SCENE_H

#include <sys/types.h>

#include "model/question.h"

/* The file mode creation mask of actors. */
enum { MASK_OF_ACTORS = 022 };

/* What actors need to know. It does not change in a round. */
struct scene {
	struct setting setting;
	char *places; /* the address of the first place, in each process */
	uid_t users[USERS];
	gid_t groups[USERS];
	bool has_groups_of_creators; /* objects and files have the group of who makes them */
	time_t start;                /* of the round */
	key_t keys[KEYS];
	char objects[NAMES][32];
	char files[NAMES][32]; /* in the working directory */
};

#endif
