/* SPDX-License-Identifier: BSD-2-Clause */

/* Whole lives of System V segments: made, used by several processes, left behind by crashes, removed. */

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "ipc_namespace.h"
#include "mapping.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(life_sysv, NEEDS_SEGMENTS)

CASE(full_life, SHALL,
    "A segment is created, attached, stored to, detached, attached again with its data, detached and removed, and "
    "neither identifier nor key stays",
    "POSIX.1-2017 shmget() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION",
    "POSIX.1-2017 shmdt() DESCRIPTION", "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	const size_t size = 2 * page_size() + 1;
	key_t key = segment_key();

	int id = segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600));
	REQUIRE(id != -1);
	char *p = shmat(id, NULL, 0);
	REQUIRE(p != (void *)-1);
	CHECK_BYTES(0, p, size);
	pattern_store('s', p, size);
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, p);

	CHECK_EQ(id, shmget(key, size, 0));
	p = shmat(id, NULL, SHM_RDONLY);
	REQUIRE(p != (void *)-1);
	CHECK_PATTERN('s', p, size);
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_DESTROYED(id);
}

enum { CHILDREN = 3, ADDITIONS = 2000 };

static void
add(void *sum)
{
	atomic_uint *s = sum;

	for (int i = 0; i < ADDITIONS; i++)
		atomic_fetch_add(s, 1);
}

CASE(parent_child_counter, SHALL,
    "Three children add to a number in an inherited segment, and the parent finds all additions",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2)", "Linux fork(2)", "FreeBSD fork(2)", "NetBSD fork(2)",
    "OpenBSD fork(2)", "DragonFly fork(2)", "macOS fork(2)", "illumos fork(2)")
{
	atomic_uint *sum = segment_attach(segment_create(sizeof(*sum)), NULL, 0);
	struct child c[CHILDREN];

	for (int i = 0; i < CHILDREN; i++)
		c[i] = child_start(add, (void *)sum);
	for (int i = 0; i < CHILDREN; i++)
		child_exits(&c[i]);

	CHECK_EQ(CHILDREN * ADDITIONS, atomic_load(sum));
}

enum { NODES = 20 };

/* A list in the segment, its links being offsets, so that it works at every address. */
struct node {
	size_t next; /* 0: the end */
	unsigned number;
};

PROGRAM(builder)
{
	int id = shmget((key_t)number_from(argv[1]), 0, 0);
	size_t size = segment_stat(id).shm_segsz;
	char *p = segment_attach(id, NULL, 0);

	for (size_t i = 0; i < NODES; i++) {
		struct node *n = (void *)&p[i * (size / NODES) / 64 * 64];
		n->next = i + 1 < NODES ? (i + 1) * (size / NODES) / 64 * 64 : 0;
		n->number = (unsigned)(i * i);
	}
}

PROGRAM(walker)
{
	int id = shmget((key_t)number_from(argv[1]), 0, 0);
	size_t size = segment_stat(id).shm_segsz;
	map_anonymous(size, MAP_SHARED); /* what would take the same place takes another */
	char *p = segment_attach(id, NULL, SHM_RDONLY);
	unsigned count = 0;

	for (size_t at = 0; at < size && count < NODES; count++) {
		const struct node *n = (const void *)&p[at];
		CHECK_EQ(count * count, n->number);
		at = n->next == 0 ? size : n->next;
	}
	CHECK_EQ(NODES, count);
}

CASE(unrelated_processes, SHALL,
    "Unrelated processes find a segment by its key, and offsets that one stores in it hold at the address of another",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmop(2)", NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 5 * page_size(), 0600);

	struct child builder = program_start("builder", number_text(key).text);
	child_reaches_end(&builder); /* it stays, so that the segment is never without an attachment */
	struct child walker = program_start("walker", number_text(key).text);
	child_exits(&walker);
	child_exits(&builder);

	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

static void
next_generation(void *id)
{
	unsigned *p = segment_attach(*(int *)id, NULL, 0);

	p[0]++;
	p[p[0] * page_size() / sizeof(*p)] = p[0] * 7; /* in a page of its own */
}

CASE(persists_over_generations, SHALL,
    "A segment keeps its data while ten processes attach it one after another, with none attached in between",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmop(2)", "illumos shmop(2)",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(11 * page_size());

	for (int i = 0; i < 10; i++) {
		in_child(next_generation, &id);
		CHECK_EQ(0, segment_stat(id).shm_nattch);
	}

	const unsigned *p = segment_attach(id, NULL, SHM_RDONLY);
	CHECK_EQ(10, p[0]);
	for (unsigned i = 1; i <= 10; i++)
		CHECK_EQ(i * 7, p[i * page_size() / sizeof(*p)]);
}

static void
hold(void *id)
{
	char *p = segment_attach(*(int *)id, NULL, 0);

	pattern_store('h', p, 3 * page_size());
	pause_for_parent();
}

CASE(holder_crash_keeps_segment, SHALL,
    "When SIGKILL ends a process that has a segment attached, it is detached, and the segment stays with its data",
    "POSIX.1-2017 _Exit() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(3 * page_size());
	struct child holder = child_start(hold, &id);
	child_reaches_pause(&holder);
	CHECK_EQ(1, segment_stat(id).shm_nattch);

	child_kill(&holder);

	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_EQ(holder.pid, segment_stat(id).shm_lpid);
	CHECK_PATTERN('h', segment_attach(id, NULL, 0), 3 * page_size());
}

CASE(removed_destroyed_by_crash, SHALL,
    "A removed segment stays for the last process that has it attached, and is destroyed when that process is killed",
    "POSIX.1-2017 shmctl() DESCRIPTION")
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child holder = child_start(hold, &id);
	child_reaches_pause(&holder);

	segment_remove(id);
	CHECK_PATTERN('h', p, 3 * page_size());
	CHECK_STORE_OK(p);
	segment_detach(p);
	child_kill(&holder);

	CHECK_DESTROYED(id);
}

static void
answer(void *start)
{
	char *p = start;

	CHECK_PATTERN('p', p, page_size());
	pattern_store('c', &p[page_size()], page_size());
}

CASE(remove_early_idiom, DOCUMENTED,
    "A segment that is removed right after its attachment is shared by parent and child until the last detaches",
    "Linux shmop(2)", "FreeBSD shmctl(2)", "DragonFly shmctl(2)", "illumos shmctl(2)")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 2 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	segment_remove(id);

	pattern_store('p', p, page_size());
	in_child(answer, p);
	CHECK_PATTERN_FROM('c', 0, &p[page_size()], page_size());
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	segment_detach(p);

	CHECK_DESTROYED(id);
}

static void
serve_and_crash(void *key)
{
	int id = segment_own(shmget(*(key_t *)key, 2 * page_size(), IPC_CREAT | IPC_EXCL | 0600));
	REQUIRE(id != -1);
	pattern_store('s', segment_attach(id, NULL, 0), 2 * page_size());
	raise(SIGKILL);
}

static void
serve_again(void *key)
{
	int id = shmget(*(key_t *)key, 0, 0);
	REQUIRE(id != -1);

	CHECK_PATTERN('s', segment_attach(id, NULL, 0), 2 * page_size());
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_EQ(getpid(), segment_stat(id).shm_lpid);
}

CASE(daemon_reattach, SHALL,
    "A server that starts again after a crash finds its segment by the key, "
    "with the size, the data and the creator that the first server left",
    "POSIX.1-2017 shmget() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();

	struct child server = child_start(serve_and_crash, &key);
	child_dies(&server, SIGKILL);
	int id = shmget(key, 0, 0);
	REQUIRE(id != -1);
	in_child(serve_again, &key);

	CHECK_EQ(server.pid, segment_stat(id).shm_cpid);
	CHECK_EQ(2 * page_size(), segment_stat(id).shm_segsz);
}

enum { LIVES = 1000 };

/* There is no room for a second segment. */
static void
live_where_one_fits(__attribute__((unused)) void *argument)
{
	const size_t size = 2 * page_size();
	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 1);
	ipc_limit_set("shmall", 2);

	for (int i = 0; i < LIVES; i++) {
		int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
		if (!CHECK_NE(-1, id))
			break;
		char *p = segment_attach(id, NULL, 0);
		if (!CHECK_BYTES(0, p, size))
			break;
		memset(p, i | 1, size);
		if (i % 2 == 0)
			segment_remove(id);
		segment_detach(p);
		if (i % 2 != 0)
			segment_remove(id);
	}
}

CASE(hundred_cycles_no_leak, SHALL,
    "Where one segment fits, a thousand are made, attached, stored to, detached and removed one after another",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION", NEEDS_IPC_LIMITS)
{
	in_child(live_where_one_fits, NULL);
}
