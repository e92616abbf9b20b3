/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings across fork: the child has them at the same addresses, shared or, where they are private, its own. */

#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_process)

/* The child is an exact copy of the parent. */
#define FORK_MANUALS \
	"Linux mmap(2)", "Linux fork(2)", "FreeBSD fork(2)", "NetBSD fork(2)", "OpenBSD fork(2)", "DragonFly fork(2)", \
	    "macOS fork(2)", "illumos fork(2)"

static void
load_old(void *arg)
{
	struct memory *m = arg;

	CHECK_PATTERN('o', m->start, m->size);
}

CASE_FOR_EACH_MEMORY(fork_same_address, SHALL, "What is mapped at fork is mapped in the child at the same address",
    "POSIX.1-2017 fork() DESCRIPTION", FORK_MANUALS)
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('o', m.start, m.size);

	in_child(load_old, &m);
}

CASE(fork_same_address__dev_zero, SHALL, "What is mapped at fork is mapped in the child at the same address",
    "POSIX.1-2017 fork() DESCRIPTION", FORK_MANUALS)
{
	struct memory m = memory_create(dev_zero_memory, 3 * page_size());
	pattern_store('o', m.start, m.size);

	in_child(load_old, &m);
}

CASE(fork_same_address__private_file, SHALL, "What is mapped at fork is mapped in the child at the same address",
    "POSIX.1-2017 fork() DESCRIPTION", FORK_MANUALS)
{
	int fd = nameless_file(3 * page_size());
	struct memory m = { .start = map_private(fd, 3 * page_size()), .size = 3 * page_size() };
	pattern_store('o', m.start, m.size);

	in_child(load_old, &m);
}

/* The child is the first to touch the memory; then the parent answers, then the child. */
static void
store_first(void *arg)
{
	struct memory *m = arg;

	pattern_store('c', m->start, m->size);
	pause_for_parent();
	CHECK_PATTERN('p', m->start, m->size);
	pattern_store('d', m->start, m->size);
}

CASE_FOR_EACH_MEMORY(fork_shared_stays_shared__untouched, SHALL,
    "A shared mapping is shared with the child, though nobody has touched it before fork",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    "Linux mmap(2)", "illumos mmap(2)")
{
	struct memory m = memory_create(kind, 3 * page_size());
	struct child c = child_start(store_first, &m);

	child_reaches_pause(&c);
	CHECK_PATTERN('c', m.start, m.size);
	pattern_store('p', m.start, m.size);
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('d', m.start, m.size);
	child_exits(&c);
	CHECK_PATTERN('d', m.start, m.size);
}

static void
store_second(void *arg)
{
	struct memory *m = arg;

	CHECK_PATTERN('o', m->start, m->size);
	pause_for_parent();
	CHECK_PATTERN('p', m->start, m->size);
	pattern_store('c', m->start, m->size);
}

CASE_FOR_EACH_MEMORY(fork_shared_stays_shared__touched, SHALL,
    "A shared mapping that has data is shared with the child, in both directions", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION", "Linux mmap(2)", "illumos mmap(2)")
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('o', m.start, m.size);
	struct child c = child_start(store_second, &m);

	child_reaches_pause(&c);
	pattern_store('p', m.start, m.size);
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('c', m.start, m.size);
	child_exits(&c);
	CHECK_PATTERN('c', m.start, m.size);
}

enum { ROUNDS = 10 };

struct counters {
	volatile int *parent; /* two pointers to the same integer of the file */
	volatile int *child;
};

static void
increment_second(void *arg)
{
	struct counters *c = arg;

	for (int i = 0; i < ROUNDS; i++) {
		pause_for_parent();
		CHECK_EQ(2 * i + 1, *c->child);
		++*c->child;
	}
}

CASE(fork_shared_stays_shared__counter, SHALL,
    "A file that is mapped shared before fork is one memory to parent and child, which count in turn",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    "Linux mmap(2)", "illumos mmap(2)")
{
	int fd = nameless_file(page_size());
	struct counters c = { map_shared(fd, page_size()), map_shared(fd, page_size()) };
	struct child other = child_start(increment_second, &c);

	for (int i = 0; i < ROUNDS; i++) {
		child_reaches_pause(&other);
		CHECK_EQ(2 * i, *c.parent);
		++*c.parent;
		child_goes_on(&other);
	}
	child_reaches_end(&other);
	CHECK_EQ(2 * ROUNDS, *c.parent);
	CHECK_EQ(2 * ROUNDS, *c.child);
	child_exits(&other);
}

/* Three pages of private memory, as the child is to find them whatever the parent stores after fork. */
static void
find_old_and_store(void *arg)
{
	char *p = arg;

	pause_for_parent();
	CHECK_PATTERN('o', p, 3 * page_size());
	pattern_store('c', p, 3 * page_size());
}

CASE(fork_private_snapshot__file, SHALL,
    "In a private mapping the child finds what was there at fork, and neither process sees what the other stores",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)", COVERS("fork.map_inherit"))
{
	int fd = nameless_file(3 * page_size());
	char *p = map_private(fd, 3 * page_size());
	pattern_store('o', p, 3 * page_size());
	struct child c = child_start(find_old_and_store, p);

	child_reaches_pause(&c);
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('p', p, 3 * page_size());
	child_exits(&c);
	CHECK_BYTES(0, content_of(fd, 3 * page_size()), 3 * page_size());
}

CASE(fork_private_snapshot__untouched_file, SHALL,
    "In a private mapping the child finds what was there at fork, and neither process sees what the other stores",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)")
{
	int fd = nameless_file(3 * page_size());
	char *shared = map_shared(fd, 3 * page_size());
	pattern_store('o', shared, 3 * page_size()); /* POSIX leaves open whether a private mapping sees later stores */
	char *p = map_private(fd, 3 * page_size());
	struct child c = child_start(find_old_and_store, p);

	child_reaches_pause(&c);
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('p', p, 3 * page_size());
	CHECK_PATTERN('o', shared, 3 * page_size());
	child_exits(&c);
}

static void
open_and_store(void *arg)
{
	REQUIRE(mprotect(arg, 3 * page_size(), PROT_READ | PROT_WRITE) == 0);
	find_old_and_store(arg);
}

CASE(fork_private_snapshot__read_only_at_fork, SHALL,
    "A private mapping that was read-only at fork and is writable later is the child's own as well",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('o', p, 3 * page_size());
	REQUIRE(mprotect(p, 3 * page_size(), PROT_READ) == 0);
	struct child c = child_start(open_and_store, p);

	child_reaches_pause(&c);
	REQUIRE(mprotect(p, 3 * page_size(), PROT_READ | PROT_WRITE) == 0);
	pattern_store('p', p, 3 * page_size());
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN('p', p, 3 * page_size());
	child_exits(&c);
}

CASE(fork_private_snapshot__two_children, SHALL,
    "In a private mapping each child finds what was there at its fork, and none sees what another stores",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('o', p, 3 * page_size());
	struct child first = child_start(find_old_and_store, p);
	struct child second = child_start(find_old_and_store, p);

	child_reaches_pause(&first);
	child_reaches_pause(&second);
	child_goes_on(&first);
	child_reaches_end(&first);
	CHECK_PATTERN('o', p, 3 * page_size());
	child_exits(&first);
	child_goes_on(&second);
	child_exits(&second);
	CHECK_PATTERN('o', p, 3 * page_size());
}

struct read_into {
	char *memory;
	int fd;
};

static void
read_file_into_memory(void *arg)
{
	struct read_into *r = arg;

	CHECK_EQ(3 * page_size(), pread(r->fd, r->memory, 3 * page_size(), 0));
	CHECK_BYTES(0, r->memory, 3 * page_size());
}

CASE(fork_private_snapshot__read_into, SHALL,
    "What the child reads from a file into a private mapping is the child's own", "POSIX.1-2017 fork() DESCRIPTION",
    "Linux fork(2)", "illumos fork(2)")
{
	struct read_into r = { map_anonymous(3 * page_size(), MAP_PRIVATE), nameless_file(3 * page_size()) };
	pattern_store('o', r.memory, 3 * page_size());

	in_child(read_file_into_memory, &r); /* here it is the kernel that stores */

	CHECK_PATTERN('o', r.memory, 3 * page_size());
}
