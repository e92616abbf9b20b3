/* SPDX-License-Identifier: BSD-2-Clause */

/* Lives of shared memory objects in numbers: one after another, and several of one name at the same time. */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/statvfs.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "volume.h"

INTERFACE(life_posix, NEEDS_OBJECTS)

enum { CYCLES = 2000, WORKERS = 3, TURNS = 40, TRIES = 20000 };

/* One whole life; true if it went well. */
static bool
live_once(const char *name, size_t size, unsigned char seed)
{
	int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (!CHECK_NE(-1, fd) || !CHECK_EQ(0, size_of(fd)))
		return false;
	set_size(fd, (off_t)size);
	char *p = map_shared(fd, size);
	bool is_new = CHECK_BYTES(0, p, size);

	memset(p, seed, size);
	unmap(p, size);
	close(fd);
	return CHECK_SUCCEEDS(shm_unlink(name)) && is_new;
}

CASE(many_cycles_no_leak, SHALL,
    "After thousands of objects were made, sized, stored to, "
    "unmapped, closed and unlinked, the next one is as the first",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION")
{
	struct object o = object_name();
	int before = next_descriptor();

	for (unsigned i = 0; i < volume(CYCLES); i++)
		if (!live_once(o.name, page_size() + 1, (unsigned char)(i | 1)))
			break;

	CHECK_EQ(before, next_descriptor());
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
}

static void
live_in_small_place(void *object)
{
	const struct object *o = object;
	struct statvfs before;
	struct statvfs after;
	mount_private_objects("size=4m,nr_inodes=4");
	REQUIRE_SUCCEEDS(statvfs("/dev/shm", &before));

	for (unsigned i = 0; i < 300; i++)
		if (!live_once(o->name, 16 * page_size(), (unsigned char)(i | 1)))
			break;

	REQUIRE_SUCCEEDS(statvfs("/dev/shm", &after));
	CHECK_EQ(before.f_bfree, after.f_bfree);
	CHECK_EQ(before.f_ffree, after.f_ffree);
}

CASE(many_cycles_no_leak__space, DOCUMENTED,
    "A small place holds more objects one after another than fit "
    "at a time, and is as empty as before when all are gone",
    "Linux shm_open(3)", "Linux shm_overview(7)", NEEDS_PRIVATE_OBJECTS)
{
	struct object o = object_name();

	in_child(live_in_small_place, &o);
}

/* Processes use the name as a lock: who creates it is alone until it unlinks it. */
struct place {
	struct object o;
	atomic_int inside;
	atomic_int turns;
	atomic_uint refused; /* attempts while somebody was inside */
	atomic_int working;
};

static void
wait_for_another(struct place *place)
{
	unsigned refused = atomic_load(&place->refused);

	while (atomic_load(&place->refused) == refused && atomic_load(&place->inside) == 1 &&
	    atomic_load(&place->working) > 1)
		sched_yield();
}

static void
take_turn(struct place *place, int fd)
{
	CHECK_EQ(0, atomic_fetch_add(&place->inside, 1));
	CHECK_EQ(0, size_of(fd));
	set_size(fd, (off_t)page_size());
	char *p = map_shared(fd, page_size());
	CHECK_BYTES(0, p, page_size());
	pattern_store('t', p, page_size());
	wait_for_another(place);

	int again = object_open(&place->o, O_RDONLY);
	CHECK_EQ(page_size(), size_of(again));
	char *q = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, again, 0);
	REQUIRE(q != MAP_FAILED);
	CHECK_PATTERN('t', q, page_size()); /* the object of the name is still this one */
	atomic_fetch_sub(&place->inside, 1);
	unmap(p, page_size());
	unmap(q, page_size());
	close(again);
	close(fd);
}

static void
take_turns(void *place)
{
	struct place *at = place;
	int turns = 0;

	pause_for_parent();
	for (int i = 0; i < TRIES && turns < TURNS; i++) {
		int fd = shm_open(at->o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
		if (fd != -1) {
			take_turn(at, fd);
			turns++;
			if (!CHECK_SUCCEEDS(shm_unlink(at->o.name)))
				break;
		} else if (CHECK_EQ(EEXIST, errno))
			atomic_fetch_add(&at->refused, 1);
		else
			break;
		sched_yield();
	}
	atomic_fetch_add(&at->turns, turns);
	atomic_fetch_sub(&at->working, 1);
}

CASE(concurrent_create_unlink, SHALL,
    "A name that processes create with O_EXCL and unlink is a lock: "
    "each gets a new object and is alone until it unlinks it",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", COVERS("BS114"))
{
	struct place *place = map_anonymous(sizeof(*place), MAP_SHARED);
	struct child workers[WORKERS];
	place->o = object_name();
	atomic_store(&place->working, WORKERS);
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = child_start(take_turns, place);
		child_reaches_pause(&workers[i]);
	}

	for (int i = 0; i < WORKERS; i++)
		child_goes_on(&workers[i]);
	for (int i = 0; i < WORKERS; i++)
		child_exits(&workers[i]);

	CHECK(atomic_load(&place->turns) > 0);
	CHECK_FAILS(ENOENT, -1, shm_open(place->o.name, O_RDWR, 0));
}

/* A list in an object: offsets and no pointers. The first node is at the start. */
struct node {
	size_t next; /* 0: this is the last */
	int value;
};

enum { NODES = 50 };

static size_t
offset_of_node(size_t number)
{
	return number * 7 % NODES * sizeof(struct node) * 3;
}

PROGRAM(walks_list)
{
	const size_t size = 2 * page_size();
	char *occupied = (char *)(uintptr_t)strtoull(argv[2], NULL, 16);
	/* The address of the list in the other process is taken here, if it was free. */
	void *taken = mmap(occupied, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(taken != MAP_FAILED);
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);
	char *p = map_shared(fd, size);
	REQUIRE(p != occupied);

	int number = 0;
	size_t at = 0;
	do {
		struct node *node = (struct node *)(void *)&p[at];
		if (!CHECK_EQ(number, node->value))
			break;
		node->value = -number;
		at = node->next;
		number++;
	} while (at != 0 && at < size);
	CHECK_EQ(NODES, number);
}

CASE(unrelated_different_addresses, SHALL,
    "An unrelated process that maps an object at another address follows a list of offsets in it, and changes it",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 shm_open() DESCRIPTION",
    "POSIX.1-2024 shm_open() DESCRIPTION")
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	char address[32];
	snprintf(address, sizeof(address), "%jx", (uintmax_t)(uintptr_t)p);
	for (size_t i = 0; i < NODES; i++)
		*(struct node *)(void *)&p[offset_of_node(i)] =
		    (struct node){ i + 1 < NODES ? offset_of_node(i + 1) : 0, (int)i };

	struct child walker = program_start("walks_list", o.name, address);
	child_exits(&walker);

	for (size_t i = 0; i < NODES; i++)
		CHECK_EQ(-(int)i, ((struct node *)(void *)&p[offset_of_node(i)])->value);
}
