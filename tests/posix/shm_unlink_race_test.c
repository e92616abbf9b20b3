/* SPDX-License-Identifier: BSD-2-Clause */

/* Processes that unlink POSIX shared memory objects at the same time. */

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include <sys/mman.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_unlink, NEEDS_OBJECTS)

enum { UNLINKERS = 4, NAMES = 32 };

struct race {
	struct object objects[NAMES];
	atomic_uint arrived[NAMES];
	atomic_int winners[NAMES];
	atomic_int losers[NAMES];
};

static void
unlink_each(void *race)
{
	struct race *r = race;

	for (int i = 0; i < NAMES; i++) {
		start_together(&r->arrived[i], UNLINKERS);
		if (shm_unlink(r->objects[i].name) == 0)
			atomic_fetch_add(&r->winners[i], 1);
		else if (errno == ENOENT)
			atomic_fetch_add(&r->losers[i], 1);
	}
}

CASE(one_winner, SHALL, "Of processes that unlink one object at once, one succeeds and the others get ENOENT",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS", "POSIX.1-2017 shm_unlink() DESCRIPTION",
    "POSIX.1-2024 shm_unlink() DESCRIPTION", COVERS("shm_unlink.race"))
{
	struct race *r = map_anonymous(sizeof(*r), MAP_SHARED);
	struct child unlinkers[UNLINKERS];
	for (int i = 0; i < NAMES; i++) {
		r->objects[i] = object_create(1);
		pattern_store(1, map_shared(r->objects[i].fd, 1), 1);
	}

	for (int i = 0; i < UNLINKERS; i++)
		unlinkers[i] = child_start(unlink_each, r);
	for (int i = 0; i < UNLINKERS; i++)
		child_exits(&unlinkers[i]);

	for (int i = 0; i < NAMES; i++) {
		CHECK_EQ(1, atomic_load(&r->winners[i]));
		CHECK_EQ(UNLINKERS - 1, atomic_load(&r->losers[i]));
		CHECK_PATTERN(1, map_shared(r->objects[i].fd, 1), 1); /* which is still open */
	}
}
