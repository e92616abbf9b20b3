/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A place for POSIX shared memory objects that is full: who notices, and who can go on when memory is given back. The places
 * are private, of sixteen pages.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_object, NEEDS_OBJECTS, NEEDS_PRIVATE_OBJECTS)

enum { PLACE = 16, MORE = 64 };

/* Two objects of a place, and how the one that fills it gives memory back. */
struct full {
	struct object filler;
	struct object other;
	void (*give_back)(const struct full *, char *);
};

/* The other process: it has stored one page of its object, and wants a second. */
static void
store_when_full(void *full)
{
	const struct full *f = full;
	close(f->filler.fd); /* which is the other's */
	int fd = shm_open(f->other.name, O_RDWR, 0);
	REQUIRE(fd != -1);
	char *p = map_shared(fd, 2 * page_size());
	pattern_store(2, p, page_size());

	pause_for_parent(); /* the place gets full */
	CHECK_EQ(SIGBUS, fault_of_store(&p[page_size()], 'x').signal);
	CHECK_PATTERN(2, p, page_size());
	CHECK_STORE_OK(&p[page_size() - 1]);

	pause_for_parent(); /* memory is given back */
	CHECK_EQ(0, fault_of_store(&p[page_size()], 'x').signal);
	CHECK_PATTERN(2, p, page_size());
	CHECK_BYTES(0, &p[page_size() + 1], page_size() - 1);
}

static void
fill_and_give_back(void *full)
{
	struct full *f = full;
	char options[64];
	snprintf(options, sizeof(options), "size=%zu", PLACE * page_size());
	mount_private_objects(options);
	f->filler.fd = shm_open(f->filler.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(f->filler.fd != -1);
	int fd = shm_open(f->other.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	set_size(f->filler.fd, (off_t)(MORE * page_size()));
	set_size(fd, (off_t)(2 * page_size()));
	struct child other = child_start(store_when_full, f); /* without a mapping of the filler */
	child_reaches_pause(&other);
	char *p = map_shared(f->filler.fd, MORE * page_size());

	size_t stored = 0;
	while (stored < MORE && fault_of_store(&p[stored * page_size()], (char)(stored + 1)).signal == 0)
		stored++;
	CHECK_EQ(PLACE - 1, stored); /* one page is the other's */
	child_goes_on(&other);
	child_reaches_pause(&other);
	for (size_t i = 0; i < stored; i++)
		CHECK_EQ(i + 1, (unsigned char)p[i * page_size()]);

	f->give_back(f, p);
	child_goes_on(&other);
	child_exits(&other);
}

#define FULL_PLACE(name, how, way) \
	CASE(full_place__##name, DOCUMENTED, \
	    "Where a place is full, a store to a new page raises SIGBUS in each process, and works when " how, \
	    "Linux tmpfs(5)", "Linux mmap(2)") \
	{ \
		struct full f = { object_name(), object_name(), way }; \
\
		in_child(fill_and_give_back, &f); \
	}

static void
shrink(const struct full *f, char *p)
{
	CHECK_SUCCEEDS(ftruncate(f->filler.fd, (off_t)(8 * page_size())));

	CHECK_EQ(8, p[7 * page_size()]);
}

FULL_PLACE(shrink, "another process makes its object smaller", shrink)

static void
unlink_close_and_unmap(const struct full *f, char *p)
{
	CHECK_SUCCEEDS(shm_unlink(f->filler.name));
	close(f->filler.fd);
	unmap(p, MORE * page_size());
}

FULL_PLACE(unlink, "another process unlinks its object, closes and unmaps it", unlink_close_and_unmap)

static void
punch_hole(const struct full *f, char *p)
{
	CHECK_SUCCEEDS(fallocate(f->filler.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)page_size()));

	CHECK_EQ(2, p[page_size()]);
}

FULL_PLACE(hole, "another process makes a hole in its object", punch_hole)

static void
end_owner_of_last_mapping(const struct full *f, char *p)
{
	struct child holder = child_start(do_nothing, NULL); /* it has inherited descriptor and mapping */
	child_reaches_end(&holder);

	unlink_close_and_unmap(f, p);
	child_kill(&holder);
}

FULL_PLACE(killed, "the last process that maps the unlinked object is killed", end_owner_of_last_mapping)

/* The size alone takes no memory: who stores notices. */
static void
size_over_place(void *object)
{
	const struct object *o = object;
	char options[64];
	snprintf(options, sizeof(options), "size=%zu", PLACE * page_size());
	mount_private_objects(options);
	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)page_size());
	pattern_store(1, map_shared(fd, page_size()), page_size());

	errno = 0;
	int result = ftruncate(fd, (off_t)(MORE * page_size()));

	observed("size-over-the-place", "%s", result == 0 ? "set" : errno_name(errno));
	if (result == -1)
		CHECK_EQ(ENOSPC, errno);
	CHECK_EQ(result == 0 ? MORE * page_size() : page_size(), size_of(fd));
	CHECK_PATTERN(1, map_shared(fd, page_size()), page_size());
}

CASE(size_over_place, OBSERVED,
    "A size over that of the place is set without memory, or fails with ENOSPC and changes nothing",
    "POSIX.1-2017 ftruncate() ERRORS")
{
	struct object o = object_name();

	in_child(size_over_place, &o);
}
