/* SPDX-License-Identifier: BSD-2-Clause */

/* Whole lives of shared memory objects: made, sized, used by several processes, left behind by crashes, unlinked. */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"

#define MACOS_ONCE  "an object can be given a size once only, and is rounded up to whole pages"
#define MACOS_SIZE  "macOS bsd/kern/posix_shm.c pshm_truncate()"
#define MACOS_EPERM "EPERM instead of EACCES"
#define MACOS_MMAP  "macOS bsd/kern/posix_shm.c pshm_mmap()"

INTERFACE(life_posix, NEEDS_OBJECTS)

CASE(full_life, SHALL,
    "An object is created, sized, mapped, stored to, unmapped, closed, opened again with its data, and unlinked",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_overview(7)")
{
	const size_t size = 2 * page_size() + page_size() / 2;
	struct object o = object_name();

	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	object_own(&o, fd);
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)size));
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_BYTES(0, p, size);
	pattern_store('o', p, size);
	CHECK_SUCCEEDS(munmap(p, size));
	CHECK_SUCCEEDS(close(fd));

	fd = shm_open(o.name, O_RDONLY, 0);
	REQUIRE(fd != -1);
	p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN('o', p, size);
	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	CHECK_FAILS(ENOENT, -1, shm_unlink(o.name));
	CHECK_PATTERN('o', p, size);
	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	CHECK_EQ(size, size_of(fd));
}

static void
answer(void *start)
{
	char *p = start;

	CHECK_PATTERN('p', p, page_size());
	pattern_store('c', &p[page_size()], page_size());
}

CASE(create_unlink_fork_idiom, SHALL,
    "An object that is unlinked before it is sized and mapped is memory that parent and child share",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION")
{
	struct object o = object_create(0);
	object_unlink(&o);

	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(2 * page_size())));
	char *p = map_shared(o.fd, 2 * page_size());
	CHECK_SUCCEEDS(close(o.fd));
	pattern_store('p', p, page_size());
	in_child(answer, p);

	CHECK_PATTERN('c', &p[page_size()], page_size());
	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
}

PROGRAM(late_opener)
{
	struct object o = { .fd = -1 };
	memcpy(o.name, argv[1], strlen(argv[1]) + 1);

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)page_size());
	char *p = map_shared(fd, page_size());
	CHECK_BYTES(0, p, page_size());
	pattern_store('n', p, page_size());
	pause_for_parent();
	CHECK_PATTERN('n', p, page_size());
}

CASE(late_opener_after_unlink, SHALL,
    "A process that comes after shm_unlink() does not find the old object, and can create another of its name",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object o = object_create(page_size());
	char *old = map_shared(o.fd, page_size());
	pattern_store('o', old, page_size());
	object_unlink(&o);
	object_name_again(&o);

	struct child late = program_start("late_opener", o.name);
	child_reaches_pause(&late);
	int fd = object_open(&o, O_RDWR);
	object_own(&o, fd);
	CHECK_PATTERN('o', old, page_size());
	CHECK_PATTERN('n', map_shared(fd, page_size()), page_size());
	pattern_store('O', old, page_size());

	child_goes_on(&late);
	child_exits(&late);
	CHECK_PATTERN('n', map_shared(fd, page_size()), page_size());
}

static void
create_and_crash(void *object)
{
	const struct object *o = object;

	REQUIRE(shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1);
	raise(SIGKILL);
}

CASE(creator_crash_before_size, SHALL,
    "A creator that is killed before ftruncate() leaves an object of size zero, which another process can size and use",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION")
{
	struct object o = object_name();
	struct child creator = child_start(create_and_crash, &o);
	child_dies(&creator, SIGKILL);

	int fd = shm_open(o.name, O_RDWR, 0);
	REQUIRE(fd != -1);
	object_own(&o, fd);
	CHECK_EQ(0, size_of(fd));
	CHECK_FAILS(EEXIST, -1, shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600));

	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
	CHECK_STORE_OK(map_shared(fd, page_size()));
}

static void
store_and_crash(void *object)
{
	const struct object *o = object;
	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);

	REQUIRE(fd != -1);
	set_size(fd, (off_t)(3 * page_size()));
	pattern_store('s', map_shared(fd, 3 * page_size()), 3 * page_size());
	raise(SIGKILL);
}

CASE(creator_crash_after_store, SHALL,
    "A creator that is killed after it has stored leaves the object with its size and all data",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_overview(7)",
    COVERS("BS43"))
{
	struct object o = object_name();
	struct child creator = child_start(store_and_crash, &o);
	child_dies(&creator, SIGKILL);

	int fd = shm_open(o.name, O_RDONLY, 0);
	REQUIRE(fd != -1);
	object_own(&o, fd);
	CHECK_EQ(3 * page_size(), size_of(fd));
	char *p = mmap(NULL, 3 * page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN('s', p, 3 * page_size());
}

PROGRAM(follower)
{
	struct object o = { .fd = -1 };
	memcpy(o.name, argv[1], strlen(argv[1]) + 1);
	int fd = object_open(&o, O_RDWR);
	size_t *first = map_shared(fd, page_size());
	pause_for_parent();

	size_t size = first[0]; /* which the other has stored */
	CHECK_EQ(size, size_of(fd));
	char *p = map_shared(fd, size);
	CHECK_BYTES(0, &p[page_size()], size - page_size());
	pause_for_parent();

	CHECK_PATTERN('g', &p[page_size()], size - page_size());
}

CASE(resize_while_mapped, SHALL,
    "When one process makes an object larger, another can map the new part, finds it zero, and sees later stores to it",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("BS65"))
{
	struct object o = object_create(page_size());
	size_t *first = map_shared(o.fd, page_size());
	struct child follower = program_start("follower", o.name);
	child_reaches_pause(&follower);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(4 * page_size())));
	first[0] = 4 * page_size();
	child_goes_on(&follower);
	child_reaches_pause(&follower);

	char *p = map_shared(o.fd, 4 * page_size());
	pattern_store('g', &p[page_size()], 3 * page_size());
	child_goes_on(&follower);
	child_exits(&follower);
	CHECK_EQ(4 * page_size(), first[0]);
}

PROGRAM(consumer)
{
	int fd = shm_open(argv[1], O_RDONLY, 0);
	REQUIRE(fd != -1);
	char *p = mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_BYTES(0, p, 2 * page_size());
	pause_for_parent();

	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK(store_is_refused(p));
	CHECK(store_is_refused(&p[page_size()]));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(EACCES, -1, mprotect(p, page_size(), PROT_READ | PROT_WRITE));
}

CASE(readonly_consumer, SHALL,
    "A process that opens an object with O_RDONLY sees what another stores, and cannot store there by a shared mapping",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 mprotect() ERRORS")
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());

	known_defect(MACOS, "", MACOS_EPERM, MACOS_MMAP);
	struct child consumer = program_start("consumer", o.name);
	child_reaches_pause(&consumer);

	pattern_store('p', p, 2 * page_size());
	child_goes_on(&consumer);
	child_exits(&consumer);

	CHECK_PATTERN('p', p, 2 * page_size());
}

PROGRAM(heir)
{
	int fd = (int)number_from(argv[1]);

	CHECK_PATTERN('h', map_shared(fd, 2 * page_size()), 2 * page_size());
}

static void
hand_over(void *fd)
{
	REQUIRE(fcntl(*(int *)fd, F_SETFD, 0) == 0);
	program_become("heir", number_text(*(int *)fd).text);
}

CASE(exec_handover, SHALL,
    "With FD_CLOEXEC cleared a descriptor of an unlinked object stays open over exec, and maps the same data",
    "POSIX.1-2017 exec DESCRIPTION", "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object o = object_create(2 * page_size());
	pattern_store('h', map_shared(o.fd, 2 * page_size()), 2 * page_size());
	object_unlink(&o);

	in_child(hand_over, &o.fd);
}
