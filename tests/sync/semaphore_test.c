/* SPDX-License-Identifier: BSD-2-Clause */

/* Unnamed semaphores in memory that processes share. */

#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "platform/semaphore.h"
#include "process.h"

#define NEEDS_SHARED_SEMAPHORES NEED("semaphores between processes", .ask = need_shared_semaphores)

/* Some systems have no unnamed semaphores, others none between processes. */
static void
need_shared_semaphores(void)
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);

	int error = sem_init(s, 1, 0) == 0 ? 0 : errno;
	need(error != ENOSYS && error != EPERM && error != ENOTSUP,
	    "no semaphores between processes here: sem_init() fails with %s", errno_name(error));
}

INTERFACE(semaphore, NEEDS_SHARED_SEMAPHORES)

static const struct timespec past = { .tv_sec = 1 };

enum { INCREMENTS = 10000 }; /* of each of two processes */

struct counter {
	sem_t free;
	atomic_uint arrived;
	volatile unsigned value;
};

static void
increment(void *counter)
{
	struct counter *c = counter;

	start_together(&c->arrived, 2);
	for (unsigned i = 0; i < INCREMENTS; i++) {
		while (sem_wait(&c->free) == -1)
			REQUIRE(errno == EINTR);
		unsigned value = c->value;
		if (i % 64 == 0)
			sched_yield(); /* invite the other, in case that nothing keeps it out */
		c->value = value + 1;
		sem_post(&c->free);
	}
}

CASE_FOR_EACH_MEMORY(excludes_across_processes, SHALL,
    "Of 20000 increments that two processes make under a semaphore in shared memory none is lost",
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2017 XBD 4.12 Memory Synchronization", "Linux sem_init(3)")
{
	struct counter *c = (void *)memory_create(kind, sizeof(*c)).start;
	REQUIRE_SUCCEEDS(sem_init(&c->free, 1, 1));

	struct child one = child_start(increment, c);
	struct child other = child_start(increment, c);
	child_exits(&one);
	child_exits(&other);

	CHECK_EQ(2 * INCREMENTS, c->value);
}

CASE(excludes_across_processes__dev_zero, SHALL,
    "Of 20000 increments that two processes make under a semaphore in a mapping of /dev/zero none is lost",
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2017 XBD 4.12 Memory Synchronization", "Linux sem_init(3)")
{
	excludes_across_processes_of_kind(dev_zero_memory);
}

static void
wait_and_answer(void *semaphores)
{
	sem_t *s = semaphores;

	CHECK_SUCCEEDS(sem_wait(&s[0]));
	CHECK_SUCCEEDS(sem_post(&s[1]));
}

CASE_FOR_EACH_MEMORY(pshared_visible, SHALL,
    "sem_post() in one process lets sem_wait() in another return, in both directions",
    "POSIX.1-2017 sem_init() DESCRIPTION", "Linux sem_init(3)")
{
	sem_t *s = (void *)memory_create(kind, 2 * sizeof(*s)).start;
	CHECK_SUCCEEDS(sem_init(&s[0], 1, 0));
	CHECK_SUCCEEDS(sem_init(&s[1], 1, 0));

	struct child c = child_start(wait_and_answer, s);
	CHECK_SUCCEEDS(sem_post(&s[0]));
	child_exits(&c);

	CHECK_SUCCEEDS(sem_trywait(&s[1]));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(&s[0]));
}

static void
has_two(void *semaphore)
{
	int value = -1;

	CHECK_SUCCEEDS(sem_getvalue(semaphore, &value));
	CHECK_EQ(2, value);
	CHECK_SUCCEEDS(sem_trywait(semaphore));
	CHECK_SUCCEEDS(sem_trywait(semaphore));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(semaphore));
	CHECK_FAILS(ETIMEDOUT, -1, sem_timedwait(semaphore, &past));
}

CASE(initial_value, SHALL,
    "A semaphore starts with the value given to sem_init(): after N waits sem_trywait() fails with EAGAIN in all "
    "processes, and sem_timedwait() with ETIMEDOUT",
    ALSO("semaphore.trywait-eagain"), ALSO("semaphore.timedwait-etimedout"), "POSIX.1-2017 sem_init() DESCRIPTION",
    "POSIX.1-2017 sem_trywait() ERRORS", "POSIX.1-2017 sem_timedwait() ERRORS")
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);
	int value = -1;

	CHECK_SUCCEEDS(sem_init(s, 1, 2));
	in_child(has_two, s);

	CHECK_SUCCEEDS(sem_getvalue(s, &value));
	CHECK(value <= 0);
	CHECK_FAILS(EAGAIN, -1, sem_trywait(s));
}

#define NEEDS_VALUE_OVER_MAXIMUM NEED("a number above SEM_VALUE_MAX", .ask = need_value_over_maximum)

static void
need_value_over_maximum(void)
{
	need((uintmax_t)SEM_VALUE_MAX < UINT_MAX, "no number is above SEM_VALUE_MAX here");
}

CASE(value_too_large_einval, SHALL, "sem_init() with a value above SEM_VALUE_MAX fails with EINVAL",
    "POSIX.1-2017 sem_init() ERRORS", "Linux sem_init(3)", NEEDS_VALUE_OVER_MAXIMUM)
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);

	CHECK_FAILS(EINVAL, -1, sem_init(s, 1, (unsigned)SEM_VALUE_MAX + 1));
}

CASE(post_eoverflow, DOCUMENTED, "sem_post() of a semaphore at SEM_VALUE_MAX fails with EOVERFLOW and leaves its value",
    "Linux sem_post(3)")
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);
	int value = 0;

	REQUIRE_SUCCEEDS(sem_init(s, 1, (unsigned)SEM_VALUE_MAX));
	CHECK_FAILS(EOVERFLOW, -1, sem_post(s));

	CHECK_SUCCEEDS(sem_getvalue(s, &value));
	CHECK_EQ((int)SEM_VALUE_MAX, value);
}

static sem_t *posted_by_handler;

static void
post(int number)
{
	(void)number;
	sem_post(posted_by_handler);
}

static void
post_from_handler(void *semaphore)
{
	posted_by_handler = semaphore;
	signal(SIGUSR1, post);

	raise(SIGUSR1);
	raise(SIGUSR1);
}

CASE(post_async_signal_safe, SHALL, "sem_post() in a signal handler raises a semaphore that another process uses",
    "POSIX.1-2017 XSH 2.4.3 Signal Actions")
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);
	REQUIRE_SUCCEEDS(sem_init(s, 1, 0));

	in_child(post_from_handler, s);

	CHECK_SUCCEEDS(sem_trywait(s));
	CHECK_SUCCEEDS(sem_trywait(s));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(s));
}

enum { RING_SLOTS = 16, RING_NUMBERS = 2000 };

struct ring {
	sem_t full;
	sem_t empty;
	unsigned slot[RING_SLOTS];
};

static void
consume(void *ring)
{
	struct ring *r = ring;

	for (unsigned i = 0; i < RING_NUMBERS; i++) {
		REQUIRE_SUCCEEDS(sem_wait(&r->full));
		CHECK_EQ(i, r->slot[i % RING_SLOTS]);
		r->slot[i % RING_SLOTS] = ~0U;
		REQUIRE_SUCCEEDS(sem_post(&r->empty));
	}
}

static void
produce(void *ring)
{
	struct ring *r = ring;

	for (unsigned i = 0; i < RING_NUMBERS; i++) {
		REQUIRE_SUCCEEDS(sem_wait(&r->empty));
		r->slot[i % RING_SLOTS] = i;
		REQUIRE_SUCCEEDS(sem_post(&r->full));
	}
}

CASE(producer_consumer, SHALL,
    "Two semaphores order a producer and a consumer in two processes: 2000 numbers arrive, each once and in order",
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2017 XBD 4.12 Memory Synchronization")
{
	struct ring *r = map_anonymous(sizeof(*r), MAP_SHARED);
	REQUIRE_SUCCEEDS(sem_init(&r->full, 1, 0));
	REQUIRE_SUCCEEDS(sem_init(&r->empty, 1, RING_SLOTS));

	struct child consumer = child_start(consume, r);
	struct child producer = child_start(produce, r);
	child_exits(&consumer);
	child_exits(&producer);

	CHECK_FAILS(EAGAIN, -1, sem_trywait(&r->full));
}

static void
take_and_die(void *semaphore)
{
	CHECK_SUCCEEDS(sem_trywait(semaphore));
	raise(SIGKILL);
}

CASE(no_undo_on_death, OBSERVED,
    "When a process that has decremented a semaphore dies, the decrement stays or is undone: no document says which",
    "POSIX.1-2017 sem_wait() DESCRIPTION")
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);
	int value = -1;
	REQUIRE_SUCCEEDS(sem_init(s, 1, 2));

	struct child c = child_start(take_and_die, s);
	child_dies(&c, SIGKILL);

	CHECK_SUCCEEDS(sem_getvalue(s, &value));
	CHECK(value == 1 || value == 2);
	observed("semaphore-after-death", "%s", value == 1 ? "stays lowered" : "is undone");
}
