/* SPDX-License-Identifier: BSD-2-Clause */

/* Attaching one System V segment while others detach it, look at its status, or fork. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shm_race, NEEDS_SEGMENTS)

enum { LOOPS = 200 };

static size_t
size(void)
{
	return 3 * page_size();
}

/* Two that attach and detach one segment over and over, each with a page of its own to count in. */
struct loops {
	int id;
	unsigned racers; /* that start together */
	atomic_uint arrived;
	atomic_uint who;
	pid_t racer[2];
};

static unsigned *
counter_of(char *p, unsigned who)
{
	return (unsigned *)(void *)&p[who * page_size()];
}

/* Returns how many rounds worked. */
static unsigned
attach_count_detach(struct loops *l)
{
	unsigned me = atomic_fetch_add(&l->who, 1);
	unsigned done = 0;

	l->racer[me] = getpid();
	start_together(&l->arrived, l->racers);
	while (done < LOOPS) {
		char *p = shmat(l->id, NULL, 0);

		if (p == (void *)-1 || ++*counter_of(p, me) != done + 1 || shmdt(p) == -1)
			break;
		done++;
	}
	return done;
}

static void
loop_in_child(void *arg)
{
	CHECK_EQ(LOOPS, attach_count_detach(arg));
}

static void
check_counters(int id)
{
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	char *p = segment_attach(id, NULL, SHM_RDONLY);

	CHECK_EQ(LOOPS, *counter_of(p, 0));
	CHECK_EQ(LOOPS, *counter_of(p, 1));
}

CASE(attach_against_detach, SHALL,
    "Two processes attach and detach a segment 200 times at the "
    "same time: each finds its stores, and none counts in the end",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY, COVERS("shmat.attach_detach_race"))
{
	struct loops *l = map_anonymous(sizeof(*l), MAP_SHARED);
	l->id = segment_create(size());
	l->racers = 2;

	struct child one = child_start(loop_in_child, l);
	struct child other = child_start(loop_in_child, l);
	child_exits(&one);
	child_exits(&other);

	check_counters(l->id);
}

static void *
loop_in_thread(void *arg)
{
	return (void *)(uintptr_t)attach_count_detach(arg);
}

CASE(attach_against_detach__threads, SHALL,
    "Two threads attach and detach a segment 200 times at the same "
    "time: each finds its stores, and none counts in the end",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY)
{
	struct loops l = { .id = segment_create(size()), .racers = 2 };
	pthread_t thread[2];
	void *done;

	known_race(before(NETBSD, "10"), "", "shmdt() does not find an attachment, or takes another for it",
	    "NetBSD sys/kern/sysv_shm.c sys_shmat()");
	known_race(OPENBSD, "", "two attachments get one entry of the process's table",
	    "OpenBSD sys/kern/sysv_shm.c sys_shmat()");
	for (int i = 0; i < 2; i++)
		thread_start(&thread[i], loop_in_thread, &l);
	for (int i = 0; i < 2; i++) {
		REQUIRE_SUCCEEDS(pthread_join(thread[i], &done));
		CHECK_EQ(LOOPS, (uintptr_t)done);
	}

	check_counters(l.id);
}

struct look {
	struct loops *loops;
	struct shmid_ds before;
};

static void
look_at_status(void *arg)
{
	const struct look *look = arg;
	struct loops *l = look->loops;
	/* Linux counts an attach that is under way twice, ipc/shm.c do_shmat(). */
	unsigned long most = platform_is(LINUX) ? 4 + 2 * 2 : 4 + 2;

	start_together(&l->arrived, 3);
	for (int i = 0; i < LOOPS; i++) {
		struct shmid_ds now = segment_stat(l->id);
		unsigned long count = (unsigned long)now.shm_nattch;

		CHECK(count >= 4);
		CHECK(count <= most);
		CHECK(now.shm_lpid == getppid() || now.shm_lpid == l->racer[0] || now.shm_lpid == l->racer[1]);
		CHECK(now.shm_atime >= look->before.shm_atime);
		CHECK_EQ(look->before.shm_segsz, now.shm_segsz);
		CHECK_EQ(look->before.shm_cpid, now.shm_cpid);
		CHECK_EQ(look->before.shm_ctime, now.shm_ctime);
	}
}

CASE(stat_against_detach, SHALL,
    "While two processes attach and detach, IPC_STAT counts all that stay attached, and gives size, creator, shm_ctime",
    "POSIX.1-2017 shmctl() DESCRIPTION")
{
	struct loops *l = map_anonymous(sizeof(*l), MAP_SHARED);
	l->id = segment_create(size());
	l->racers = 3;
	segment_attach(l->id, NULL, 0); /* all have it, the three children by fork */
	struct look look = { l, segment_stat(l->id) };

	struct child looker = child_start(look_at_status, &look);
	struct child one = child_start(loop_in_child, l);
	struct child other = child_start(loop_in_child, l);
	child_reaches_end(&looker);
	child_reaches_end(&one);
	child_reaches_end(&other);
	child_exits(&looker);
	child_exits(&one);
	child_exits(&other);
	CHECK_EQ(1, segment_stat(l->id).shm_nattch);
}

enum { FORKS = 8 };

static const size_t hole_size = (size_t)64 << 20;

/* A thread attaches the segment, which the process has already, while another forks. */
struct fork_race {
	int id;
	char *first;
	char *place; /* of the second attachment */
	atomic_uint arrived;
};

static void *
attach_in_thread(void *arg)
{
	struct fork_race *f = arg;

	start_together(&f->arrived, 2);
	return shmat(f->id, f->place, 0);
}

/* An attachment that came in between counts for the child, which does not have it. */
static void
counted_late(void)
{
	static const char instead[] = "fork() counts attachments after it has copied the memory";

	known_race(FREEBSD, "", instead, "FreeBSD sys/vm/vm_glue.c vm_forkproc()");
	known_race(NETBSD, "", instead, "NetBSD sys/uvm/uvm_map.c uvmspace_fork()");
	known_race(DRAGONFLY, "", instead, "DragonFly sys/vm/vm_glue.c vm_fork()");
}

static void
look_at_what_came_along(void *arg)
{
	const struct fork_race *f = arg;

	pause_for_parent(); /* whose thread has attached by then */
	bool has_second = !load_is_refused(f->place);
	unsigned long count = (unsigned long)segment_stat(f->id).shm_nattch;
	if (!has_second && count == 2 + 2)
		counted_late();
	if (has_second && count == 2 + 1)
		known_race(MACOS, "", "fork() counts attachments before it copies the memory",
		    "macOS bsd/kern/kern_fork.c cloneproc()");
	CHECK_EQ(has_second ? 2 + 2 : 2 + 1, count);
	f->first[0] = 'c';
	if (has_second) {
		CHECK_EQ('c', f->place[0]);
		f->place[page_size()] = 'd';
		CHECK_EQ('d', f->first[page_size()]);
	}
}

CASE(fork_against_attach, SHALL,
    "A child that is forked while another thread attaches a segment has the attachment, shared, or does not have it",
    "POSIX.1-2017 fork() DESCRIPTION", ALSO("shmid_ds.fork-counts-nattch"))
{
	for (int i = 0; i < FORKS; i++) {
		struct fork_race f = { .id = segment_create(size()) };
		f.first = segment_attach(f.id, NULL, 0);
		pthread_t thread;
		void *at;

		thread_start(&thread, attach_in_thread, &f);
		f.place = free_range(hole_size); /* other mappings, of the child too, come near its ends */
		f.place += hole_size / 2 / attach_multiple() * attach_multiple();
		start_together(&f.arrived, 2);
		struct child c = child_start(look_at_what_came_along, &f);
		child_reaches_pause(&c);
		REQUIRE_SUCCEEDS(pthread_join(thread, &at));
		REQUIRE(at == f.place);
		child_goes_on(&c);
		child_exits(&c);
		CHECK_EQ('c', f.first[0]);
		segment_detach(f.place);
		segment_detach(f.first);
		segment_remove(f.id);
	}
}
