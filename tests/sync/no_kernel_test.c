/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Shared memory needs the kernel for setting it up and not for using it: Linux kills a process in strict mode at any system
 * call but read(), write(), exit and the return from a signal handler.
 */

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include <sys/wait.h>

#include "case.h"
#include "instrument.h"
#include "mapping.h"
#include "memory_cases.h"
#include "platform/seccomp.h"
#include "process.h"
#include "shared_mutex.h"

#define NEEDS_STRICT_MODE NEED("the strict mode of seccomp", .ask = need_strict_mode)

/* A process that has a filter of seccomp already, as in a container, cannot enter the mode: a child tries. */
static void
need_strict_mode(void)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		exit_thread(seccomp_strict() == 0 ? 0 : errno);
	need(child != -1, "needs more processes: fork() fails with %s", errno_name(errno));
	REQUIRE(waitpid(child, &status, 0) == child);
	need(!WIFEXITED(status) || WEXITSTATUS(status) == 0, "no strict mode of seccomp here: prctl() fails with %s",
	    errno_name(WEXITSTATUS(status)));
}

INTERFACE(no_kernel, NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND), NEEDS_STRICT_MODE)

/* From here on this child makes no system call, or is killed. */
static void
leave_kernel(void)
{
	REQUIRE_SUCCEEDS(seccomp_strict());
}

enum { ROUNDS = 4 }; /* on one processor each costs a time slice: who waits cannot yield */

struct table {
	atomic_uint turn; /* even: the first player's */
	unsigned ball;
	pthread_mutex_t mutex;
};

struct player {
	struct table *table;
	unsigned number; /* 0 or 1 */
};

static void
play(void *player)
{
	const struct player *p = player;
	struct table *t = p->table;

	pause_for_parent();
	leave_kernel();
	for (unsigned turn = p->number; turn < ROUNDS; turn += 2) {
		while (atomic_load_explicit(&t->turn, memory_order_acquire) != turn)
			;
		t->ball = t->ball * 3 + p->number;
		atomic_store_explicit(&t->turn, turn + 1, memory_order_release);
	}
	exit_thread(0);
}

CASE_FOR_EACH_MEMORY(strict_mode_exchange, DOCUMENTED,
    "Two processes that have mapped the memory exchange data without any system call", "Linux seccomp(2)")
{
	struct table *t = (void *)memory_create(kind, sizeof(*t)).start;
	struct player first = { t, 0 };
	struct player second = { t, 1 };
	struct child a = child_start(play, &first);
	struct child b = child_start(play, &second);
	child_reaches_pause(&a);
	child_reaches_pause(&b);

	child_goes_on(&a);
	child_goes_on(&b);
	child_exits(&a);
	child_exits(&b);

	unsigned ball = 0;
	for (unsigned turn = 0; turn < ROUNDS; turn++)
		ball = ball * 3 + turn % 2;
	CHECK_EQ(ball, t->ball);
}

static void
make_call(void *unused)
{
	(void)unused;
	leave_kernel();
	make_forbidden_call();
	exit_thread(0);
}

CASE(strict_mode_control, DOCUMENTED, "A process in strict mode that makes another system call is killed by SIGKILL",
    "Linux seccomp(2)")
{
	struct child c = child_start(make_call, NULL);

	child_dies(&c, SIGKILL);
}

struct untouched {
	char *start;
	size_t size;
};

static void
store_without_kernel(void *untouched)
{
	const struct untouched *u = untouched;

	leave_kernel();
	for (size_t at = 0; at < u->size; at++)
		u->start[at] = (char)(at * 31 % 251);
	exit_thread(0);
}

CASE_FOR_EACH_MEMORY(first_touch_allowed, DOCUMENTED,
    "A process in strict mode can store to shared pages that nobody has touched, as a page fault is no system call",
    "Linux seccomp(2)")
{
	struct memory m = memory_create(kind, 4 * page_size());
	struct untouched u = { m.start, m.size };

	struct child c = child_start(store_without_kernel, &u);
	child_exits(&c);

	size_t wrong = 0;
	for (size_t at = 0; at < m.size; at++)
		if (m.start[at] != (char)(at * 31 % 251))
			wrong++;
	CHECK_EQ(0, wrong);
}

static void
lock_without_kernel(void *table)
{
	struct table *t = table;

	pthread_mutex_lock(&t->mutex); /* the first call may have to find the function */
	pthread_mutex_unlock(&t->mutex);
	leave_kernel();
	for (unsigned i = 0; i < 1000; i++) {
		pthread_mutex_lock(&t->mutex);
		t->ball++;
		pthread_mutex_unlock(&t->mutex);
	}
	exit_thread(0);
}

CASE(uncontended_mutex, DOCUMENTED,
    "Locking and unlocking a process-shared mutex that nobody else wants makes no system call", "Linux futex(7)",
    NEEDS_SHARED_MUTEXES)
{
	struct table *t = map_anonymous(sizeof(*t), MAP_SHARED);
	shared_mutex_init(&t->mutex, PTHREAD_MUTEX_NORMAL, STALLED);

	struct child c = child_start(lock_without_kernel, t);
	child_exits(&c);

	CHECK_EQ(1000, t->ball);
}

enum { RING_SIZE = 64 * 1024, TRANSFER = 4 * RING_SIZE };

struct ring {
	atomic_uint written;
	atomic_uint read;
	unsigned sum; /* of the reader */
	unsigned char bytes[RING_SIZE];
};

static unsigned char
byte_at(unsigned at)
{
	return (unsigned char)(at * 2654435761U >> 24);
}

static void
write_ring(void *ring)
{
	struct ring *r = ring;

	pause_for_parent();
	leave_kernel();
	for (unsigned at = 0; at < TRANSFER; at++) {
		while (at - atomic_load_explicit(&r->read, memory_order_acquire) == RING_SIZE)
			;
		r->bytes[at % RING_SIZE] = byte_at(at);
		atomic_store_explicit(&r->written, at + 1, memory_order_release);
	}
	exit_thread(0);
}

static void
read_ring(void *ring)
{
	struct ring *r = ring;

	pause_for_parent();
	leave_kernel();
	for (unsigned at = 0; at < TRANSFER; at++) {
		while (at == atomic_load_explicit(&r->written, memory_order_acquire))
			;
		r->sum = r->sum * 31 + r->bytes[at % RING_SIZE];
		atomic_store_explicit(&r->read, at + 1, memory_order_release);
	}
	exit_thread(0);
}

CASE(large_transfer, DOCUMENTED, "Two processes in strict mode pass 256 KiB in order through a ring of 64 KiB",
    "Linux seccomp(2)")
{
	struct ring *r = map_anonymous(sizeof(*r), MAP_SHARED);
	struct child writer = child_start(write_ring, r);
	struct child reader = child_start(read_ring, r);
	child_reaches_pause(&writer);
	child_reaches_pause(&reader);

	child_goes_on(&writer);
	child_goes_on(&reader);
	child_exits(&writer);
	child_exits(&reader);

	unsigned sum = 0;
	for (unsigned at = 0; at < TRANSFER; at++)
		sum = sum * 31 + byte_at(at);
	CHECK_EQ(sum, r->sum);
}
