/* SPDX-License-Identifier: BSD-2-Clause */

/* Two processes use the name of one POSIX shared memory object at the same time. */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include <sys/mman.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

enum { CREATIONS = 100, ROUNDS = 20000 };

struct race {
	struct object o;
	atomic_int unlinked;
	atomic_bool over;
};

static void
unlink_often(void *race)
{
	struct race *r = race;

	pause_for_parent();
	while (!atomic_load(&r->over)) {
		if (shm_unlink(r->o.name) == 0)
			atomic_fetch_add(&r->unlinked, 1);
		else if (!CHECK_EQ(ENOENT, errno))
			return;
		sched_yield();
	}
}

/*
 * Each object gets a size, so that a new one is told by its size of zero. The first call finds the old one: the other
 * process begins when that has returned.
 */
static int
open_often(const struct race *r, struct child *other)
{
	int created = 0;

	for (int i = 0; i < ROUNDS && created < CREATIONS; i++) {
		int fd = shm_open(r->o.name, O_CREAT | O_RDWR, 0600);

		if (i == 0)
			child_goes_on(other);
		if (!CHECK(fd != -1))
			break;
		if (size_of(fd) == 0) {
			created++;
			REQUIRE_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
		}
		CHECK_EQ(page_size(), size_of(fd));
		close(fd);
		sched_yield();
	}
	return created;
}

CASE(atomic_against_unlink, SHALL,
    "While another process unlinks the name, O_CREAT never fails, and each object that it creates is unlinked once",
    "POSIX.1-2024 shm_open() DESCRIPTION", COVERS("BS60"))
{
	struct race *r = map_anonymous(sizeof(*r), MAP_SHARED);
	r->o = object_create(page_size());
	struct child c = child_start(unlink_often, r);
	child_reaches_pause(&c);

	int created = 1 + open_often(r, &c);
	atomic_store(&r->over, true);
	child_exits(&c);

	int left = shm_unlink(r->o.name) == 0;
	CHECK_EQ(created, atomic_load(&r->unlinked) + left);
}
