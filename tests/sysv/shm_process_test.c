/* SPDX-License-Identifier: BSD-2-Clause */

/* System V segments between processes: fork, exec, exit, threads, and a whole life. */

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "attach_pages.h"
#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shm_process, NEEDS_SEGMENTS)

static void
look_at_inherited(void *arg)
{
	char *const *at = arg;

	CHECK_PATTERN(1, at[0], 2 * page_size());
	CHECK_BYTES(0, at[0] + 2 * page_size(), page_size()); /* never touched by anybody */
	CHECK_PATTERN(2, at[1], page_size() + 1);
	CHECK_PATTERN(1, at[2], 2 * page_size());
}

CASE(fork_inherits, SHALL, "A child has all segments of its parent attached at the same addresses",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2) NOTES", "Linux fork(2)", "FreeBSD fork(2)", "NetBSD fork(2)",
    "OpenBSD fork(2)", "DragonFly fork(2)", "macOS fork(2)", "illumos fork(2)", COVERS("fork.shm_inherit_data"))
{
	int first = segment_create(3 * page_size());
	int second = segment_create(page_size() + 1);
	char *at[3];

	at[0] = segment_attach(first, NULL, 0);
	at[1] = segment_attach(second, free_range(2 * attach_multiple()), 0);
	at[2] = segment_attach(first, NULL, SHM_RDONLY); /* once more */
	pattern_store(1, at[0], 2 * page_size());
	pattern_store(2, at[1], page_size() + 1);

	in_child(look_at_inherited, at);
}

static void
store_in_turn(void *arg)
{
	char *p = arg;

	memset(p + page_size(), 'c', page_size()); /* a page that nobody has touched */
	pause_for_parent();
	CHECK_BYTES('p', p, 3 * page_size());
	memset(p, 'd', 3 * page_size());
}

CASE(fork_shares_writes, SHALL, "Stores by parent and child through inherited attachments are visible to each other",
    "POSIX.1-2017 fork() DESCRIPTION")
{
	char *p = segment_attach(segment_create(3 * page_size()), NULL, 0);
	p[0] = 'x'; /* touched before fork, the others are not */
	struct child c = child_start(store_in_turn, p);

	child_reaches_pause(&c);
	CHECK_EQ('x', p[0]);
	CHECK_BYTES('c', p + page_size(), page_size());
	CHECK_BYTES(0, p + 2 * page_size(), page_size());
	memset(p, 'p', 3 * page_size());

	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_BYTES('d', p, 3 * page_size());
	child_exits(&c);
	CHECK_BYTES('d', p, 3 * page_size());
}

static void
store_read_only(void *arg)
{
	char *const *at = arg; /* read and write, read-only */

	for (size_t offset = 0; offset < 3 * page_size(); offset += page_size()) {
		CHECK_LOAD_OK(&at[1][offset]);
		CHECK(store_is_refused(&at[1][offset]));
		CHECK_STORE_OK(&at[0][offset]);
		CHECK(store_is_refused(&at[1][offset])); /* though it is writable there */
	}
}

CASE(fork_rdonly_stays_rdonly, SHALL, "An inherited read-only attachment stays read-only in the child",
    "POSIX.1-2017 fork() DESCRIPTION")
{
	int id = segment_create(3 * page_size());
	char *at[2];

	at[0] = segment_attach(id, NULL, 0);
	at[1] = segment_attach(id, NULL, SHM_RDONLY);
	pattern_store(1, at[0], 2 * page_size());

	in_child(store_read_only, at);

	CHECK_PATTERN(1, at[1], 2 * page_size());
	CHECK_BYTES(0, at[1] + 2 * page_size(), page_size());
}

/* Arguments: the key. */
PROGRAM(reader)
{
	REQUIRE(argc == 2);
	int id = shmget((key_t)number_from(argv[1]), 0, 0);
	REQUIRE(id != -1);

	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK((size_t)segment_stat(id).shm_segsz >= 2 * page_size() + 1);
	CHECK_PATTERN(1, segment_attach(id, NULL, SHM_RDONLY), 2 * page_size() + 1);
}

static void
store_and_exec(void *arg)
{
	key_t key = *(key_t *)arg;
	char *p = segment_attach(shmget(key, 0, 0), NULL, 0);

	pattern_store(1, p, 2 * page_size() + 1);
	program_become("reader", number_text(key).text);
}

CASE(exec_loses_data_not, SHALL,
    "The data of a segment stay when all processes that have it attached execute another program",
    "POSIX.1-2017 exec DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	segment_create_with_key(key, 2 * page_size() + 1, 0600);

	in_child(store_and_exec, &key);
}

static void
create_and_store(void *arg)
{
	int id = segment_create_with_key(*(key_t *)arg, 2 * page_size() + 1, 0600);

	pattern_store(1, segment_attach(id, NULL, 0), 2 * page_size() + 1);
}

CASE(exit_persists, SHALL, "A segment and its data stay when its creator and its users have ended, until IPC_RMID",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)",
    NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();

	in_child(create_and_store, &key);
	for (int i = 0; i < 2; i++) {
		struct child c = program_start("reader", number_text(key).text);

		child_exits(&c);
	}

	int id = shmget(key, 0, 0);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

CASE(exit_persists__creator_killed, SHALL, "A segment and its data stay when SIGKILL has ended its creator",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 _exit() Consequences of Process Termination",
    NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	struct child creator = child_start(create_and_store, &key);
	child_reaches_end(&creator);
	int id = shmget(key, 0, 0);

	child_kill(&creator);

	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_PATTERN(1, segment_attach(id, NULL, 0), 2 * page_size() + 1);
}

static void
attach_and_store(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	pattern_store(1, p, 3 * page_size());
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(exit_persists__parent_reads, SHALL,
    "A parent that attaches a segment finds what a child stored through an attachment of its own before it ended",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(3 * page_size());

	in_child(attach_and_store, &id);

	CHECK_PATTERN(1, segment_attach(id, NULL, 0), 3 * page_size());
}

static void *
attach_in_thread(void *id)
{
	return shmat(*(int *)id, NULL, 0);
}

static void *
store_in_thread(void *p)
{
	pattern_store(1, p, 2 * page_size());
	return NULL;
}

static void *
detach_in_thread(void *p)
{
	return (void *)(intptr_t)shmdt(p);
}

static void *
result_of_thread(void *(*body)(void *), void *argument)
{
	pthread_t thread;
	void *result;

	thread_start(&thread, body, argument);
	REQUIRE_SUCCEEDS(pthread_join(thread, &result));
	return result;
}

CASE(threads_share_attachment, SHALL,
    "An attachment that one thread makes counts once, stays when the thread ends, and is used and detached by others",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION")
{
	int id = segment_create(2 * page_size());
	char *own = segment_attach(id, NULL, SHM_RDONLY);

	char *p = result_of_thread(attach_in_thread, &id);
	REQUIRE(p != (void *)-1);
	CHECK_EQ(1 + 1, segment_stat(id).shm_nattch);
	result_of_thread(store_in_thread, p);
	CHECK_PATTERN(1, p, 2 * page_size());
	CHECK_PATTERN(1, own, 2 * page_size());
	CHECK_EQ(NULL, result_of_thread(detach_in_thread, p)); /* 0 */

	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_FAILS(EINVAL, -1, shmdt(p));
	CHECK_PATTERN(1, own, 2 * page_size());
}

CASE(life_cycle, SHALL, "A segment is made once, then found, attached, detached, attached again and removed",
    "POSIX.1-2017 shmget() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION",
    "POSIX.1-2017 shmdt() DESCRIPTION", "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	size_t size = 2 * page_size() + 1;
	struct shmid_ds status;

	int id = segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600));
	REQUIRE(id != -1);
	CHECK_FAILS(EEXIST, -1, shmget(key, size, IPC_CREAT | IPC_EXCL | 0600));
	CHECK_EQ(id, shmget(key, size, IPC_CREAT | 0600));
	CHECK_EQ(id, shmget(key, 0, 0));

	char *p = shmat(id, NULL, 0);
	REQUIRE(p != (void *)-1);
	CHECK_BYTES(0, p, size);
	pattern_store(1, p, size);
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_EQ(0, segment_stat(id).shm_nattch);

	p = shmat(id, NULL, SHM_RDONLY);
	REQUIRE(p != (void *)-1);
	CHECK_PATTERN(1, p, size);
	CHECK_SUCCEEDS(shmdt(p));

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS_AS_REMOVED(-1, shmctl(id, IPC_STAT, &status));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}
