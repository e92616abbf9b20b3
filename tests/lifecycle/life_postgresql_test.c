/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What PostgreSQL relies on: dynamic shared memory in objects, src/backend/storage/ipc/dsm_impl.c, and a segment that tells
 * whether processes of a crashed server still run, src/backend/port/sysv_shmem.c.
 */

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "interruption.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(life_postgresql)

/* It takes time to reserve the pages, and signals come during one of the rounds. */
enum { LARGE = 512, ROUNDS = 20, ATTEMPTS = 10 };

static int
reserve(int fd, off_t size)
{
	return posix_fallocate(fd, 0, size);
}

static int
resize(int fd, off_t size)
{
	return ftruncate(fd, size) == 0 ? 0 : errno;
}

/* Where signals end each attempt, the last one is made with all signals blocked. Returns its error. */
static int
repeat_after_eintr(int (*attempt)(int fd, off_t size), int fd, off_t size)
{
	const off_t before = size_of(fd);
	sigset_t all, mask;
	int error;

	for (unsigned i = 0; i < ATTEMPTS; i++) {
		error = attempt(fd, size);
		if (error != EINTR)
			return error;
		CHECK(size_of(fd) == before || size_of(fd) == size);
	}
	sigfillset(&all);
	REQUIRE_SUCCEEDS(sigprocmask(SIG_SETMASK, &all, &mask));
	error = attempt(fd, size);
	REQUIRE_SUCCEEDS(sigprocmask(SIG_SETMASK, &mask, NULL));
	return error;
}

static void
reserve_in_spite_of_signals(void *object)
{
	const struct object *o = object;
	const size_t page = page_size();
	char *p = map_shared(o->fd, LARGE * page);
	pattern_store(1, p, page);

	interruptions_begin();
	for (unsigned i = 0; i < ROUNDS; i++) {
		CHECK_RETURNS_ERROR(0, repeat_after_eintr(reserve, o->fd, (off_t)(LARGE * page)));
		CHECK_EQ(LARGE * page, size_of(o->fd));
		CHECK_PATTERN(1, p, page);
		CHECK_BYTES(0, &p[page], page);
		CHECK_STORE_OK(&p[LARGE * page - 1]);
		REQUIRE_SUCCEEDS(repeat_after_eintr(resize, o->fd, (off_t)page));
	}
	interruptions_end();
}

CASE(fallocate_repeated_after_eintr, DOCUMENTED,
    "posix_fallocate() of an object that signals end with EINTR leaves the data, and reserves all when it is repeated",
    "Linux posix_fallocate(3)", NEEDS_OBJECTS, NEEDS_FILES_OF_PAGES(512))
{
	struct object o = object_create(page_size());
	need(has_room(o.fd, LARGE * page_size()), "no room for an object of %d pages", LARGE);

	in_child(reserve_in_spite_of_signals, &o);
}

static void
reserve_with_signals_blocked(void *object)
{
	const struct object *o = object;
	sigset_t all;

	sigfillset(&all);
	interruptions_begin();
	REQUIRE_SUCCEEDS(sigprocmask(SIG_SETMASK, &all, NULL));
	for (unsigned i = 0; i < 4; i++) {
		CHECK_RETURNS_ERROR(0, posix_fallocate(o->fd, 0, (off_t)(LARGE * page_size())));
		CHECK_EQ(LARGE * page_size(), size_of(o->fd));
		CHECK_SUCCEEDS(ftruncate(o->fd, 0));
	}
	interruptions_end();
}

CASE(fallocate_with_signals_blocked, DOCUMENTED,
    "Signals that are blocked do not interrupt posix_fallocate() of an object", "Linux posix_fallocate(3)",
    NEEDS_OBJECTS, NEEDS_FILES_OF_PAGES(512))
{
	struct object o = object_create(0);
	need(has_room(o.fd, LARGE * page_size()), "no room for an object of %d pages", LARGE);

	in_child(reserve_with_signals_blocked, &o);
}

static void
set_sizes_in_spite_of_signals(void *object)
{
	const struct object *o = object;
	const size_t page = page_size();
	const off_t sizes[] = { (off_t)(PAGES_OF_CASE * page), (off_t)page };
	char *p = map_shared(o->fd, page);
	pattern_store(1, p, page);

	interruptions_begin();
	for (unsigned i = 0; i < 5 * ROUNDS; i++) {
		CHECK_RETURNS_ERROR(0, repeat_after_eintr(resize, o->fd, sizes[i % 2]));
		CHECK_EQ(sizes[i % 2], size_of(o->fd));
	}
	interruptions_end();
	CHECK_PATTERN(1, p, page);
}

CASE(ftruncate_repeated_after_eintr, SHALL,
    "ftruncate() of an object, repeated whenever a signal ends it with EINTR, sets the size and leaves the data",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 ftruncate() ERRORS", "Linux truncate(2)", NEEDS_OBJECTS)
{
	struct object o = object_create(page_size());

	known_defect(
	    MACOS, "", "an object can be given a size once only", "macOS bsd/kern/posix_shm.c pshm_truncate()");
	in_child(set_sizes_in_spite_of_signals, &o);
}

/* It holds the attachment that it has from its parent. */
static void
work(void *unused)
{
	(void)unused;
	pause_for_parent();
}

/* A server that starts again: how many processes of the old one are left, and is the segment that of its data? */
PROGRAM(looks_for_users)
{
	int id = (int)number_from(argv[1]);
	struct shmid_ds status = segment_stat(id);
	const char *p = segment_attach(id, NULL, 0);

	CHECK_EQ(number_from(argv[2]), status.shm_nattch);
	CHECK_PATTERN('d', p, status.shm_segsz);
	CHECK_SUCCEEDS(shmdt(p));
}

static void
check_users_left(int id, int users)
{
	struct child c = program_start("looks_for_users", number_text(id).text, number_text(users).text);

	child_exits(&c);
}

CASE(users_left_after_sigkill, SHALL,
    "When SIGKILL ends a server and then its children, the count "
    "of attachments is that of the processes left, down to 0",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 _Exit() DESCRIPTION",
    "Linux shmop(2)", NEEDS_SEGMENTS, NEEDS_SEGMENTS_THAT_STAY)
{
	const size_t size = 200; /* the header alone is there, to be counted */
	struct child c[3];
	key_t key = segment_key();
	int id = segment_create_with_key(key, size, 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store('d', p, size);

	for (size_t i = 0; i < nitems(c); i++) {
		c[i] = child_start(work, NULL);
		child_reaches_pause(&c[i]);
	}
	segment_detach(p);
	for (size_t i = 0; i < nitems(c); i++) {
		child_kill(&c[i]);
		check_users_left(id, (int)(nitems(c) - 1 - i));
	}

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_NE(-1, segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600)));
}
