/* SPDX-License-Identifier: BSD-2-Clause */

/* Unnamed semaphores in memory that processes share. */

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "clock.h"
#include "interruption.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "program.h"
#include "shared_semaphore.h"

#define PAGE_OF_ITS_OWN "the semaphore is in a page of its own, which only fork() hands on"

INTERFACE(semaphore, NEEDS_SHARED_SEMAPHORES)

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
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION",
    "POSIX.1-2017 XBD 4.12 Memory Synchronization", "POSIX.1-2024 XBD 4.15.2 Memory Synchronization",
    "Linux sem_init(3)", "FreeBSD 9 sem_init(3)", "NetBSD sem_init(3)", "DragonFly sem_init(3)", "illumos sem_init(3C)")
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
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION",
    "POSIX.1-2017 XBD 4.12 Memory Synchronization", "POSIX.1-2024 XBD 4.15.2 Memory Synchronization",
    "Linux sem_init(3)", "FreeBSD 9 sem_init(3)", "NetBSD sem_init(3)", "DragonFly sem_init(3)", "illumos sem_init(3C)")
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
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION", "Linux sem_init(3)",
    "FreeBSD 9 sem_init(3)", "NetBSD sem_init(3)", "DragonFly sem_init(3)", "illumos sem_init(3C)",
    COVERS("stress.shm_token"))
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

PROGRAM(stranger)
{
	struct object o = { .fd = -1 };
	memcpy(o.name, argv[1], strlen(argv[1]) + 1);

	wait_and_answer(map_shared(object_open(&o, O_RDWR), page_size()));
}

CASE(pshared_unrelated, SHALL,
    "A process that has inherited nothing and maps the memory itself can wait for a semaphore there, and post one",
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION", "Linux sem_init(3)",
    "FreeBSD 9 sem_init(3)", "illumos sem_init(3C)", NEEDS_OBJECTS)
{
	struct object o = object_create(page_size());
	sem_t *s = map_shared(o.fd, page_size());
	REQUIRE_SUCCEEDS(sem_init(&s[0], 1, 0));
	REQUIRE_SUCCEEDS(sem_init(&s[1], 1, 0));

	deviates(DRAGONFLY, PAGE_OF_ITS_OWN, "DragonFly sem_init(3)");
	known_defect(before(NETBSD, "9"), "", "the semaphore is in the heap of the process that made it",
	    "NetBSD lib/librt/sem.c sem_init()");
	struct child c = program_start("stranger", o.name);
	CHECK_SUCCEEDS(sem_post(&s[0]));
	child_exits(&c);

	CHECK_SUCCEEDS(sem_trywait(&s[1]));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(&s[0]));
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
    "POSIX.1-2017 XSH 2.4.3 Signal Actions", "POSIX.1-2024 sem_post() DESCRIPTION", "Linux sem_post(3)",
    "FreeBSD sem_post(3)", "NetBSD sem_post(3)", "DragonFly sem_post(3)", "illumos sem_post(3C)")
{
	sem_t *s = shared_semaphore(0);

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
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION",
    "POSIX.1-2017 XBD 4.12 Memory Synchronization", "POSIX.1-2024 XBD 4.15.2 Memory Synchronization",
    "Linux sem_init(3)", "FreeBSD 9 sem_init(3)", "NetBSD sem_init(3)", "DragonFly sem_init(3)", "illumos sem_init(3C)")
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
wait_is_interrupted(void *semaphore)
{
	interruptions_begin();
	CHECK_FAILS(EINTR, -1, sem_wait(semaphore));
	interruptions_end();
}

CASE(wait_eintr, SHALL,
    "A signal of another process whose handler returns ends sem_wait() with EINTR, and the semaphore stays as it is",
    "POSIX.1-2017 sem_wait() DESCRIPTION", "POSIX.1-2024 sem_wait() DESCRIPTION", "Linux sem_wait(3)",
    "FreeBSD sem_wait(3)", "illumos sem_wait(3C)")
{
	sem_t *s = shared_semaphore(0);

	in_child(wait_is_interrupted, s);

	CHECK_FAILS(EAGAIN, -1, sem_trywait(s));
}

static void
timed_wait_is_interrupted(void *semaphore)
{
	const struct timespec late = { .tv_sec = coarse_time() + 2 * STUCK_SECONDS };

	interruptions_begin();
	CHECK_FAILS(EINTR, -1, sem_timedwait(semaphore, &late));
	interruptions_end();
}

CASE(timedwait_eintr, DOCUMENTED,
    "A signal of another process whose handler returns ends "
    "sem_timedwait() with EINTR, and the semaphore stays as it is",
    "Linux sem_wait(3)", "FreeBSD sem_timedwait(3)", "DragonFly sem_timedwait(3)")
{
	sem_t *s = shared_semaphore(0);

	in_child(timed_wait_is_interrupted, s);

	CHECK_FAILS(EAGAIN, -1, sem_trywait(s));
}

static void
makes_with_one(void *semaphore)
{
	CHECK_SUCCEEDS(sem_init(semaphore, 1, 1));
}

static void
takes_one(void *semaphore)
{
	CHECK_SUCCEEDS(sem_trywait(semaphore));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(semaphore));
}

CASE(outlives_creator, SHALL, "A semaphore stays usable for other processes when the process that made it has ended",
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION", "Linux sem_init(3)",
    "FreeBSD 9 sem_init(3)", "illumos sem_init(3C)")
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);

	in_child(makes_with_one, s);

	deviates(DRAGONFLY, PAGE_OF_ITS_OWN, "DragonFly sem_init(3)");
	known_defect(NETBSD, "", "the semaphore goes with the process that made it",
	    "NetBSD sys/kern/uipc_sem.c ksem_close_fop()");
	in_child(takes_one, s);
}

static void
destroys(void *semaphore)
{
	CHECK_SUCCEEDS(sem_destroy(semaphore));
}

CASE(destroyed_by_other, SHALL, "Any process that can access a semaphore can destroy it",
    "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION", "illumos sem_init(3C)")
{
	sem_t *s = shared_semaphore(3);

	known_defect(
	    NETBSD, "9", "only the process that made it may", "NetBSD sys/kern/uipc_sem.c sys__ksem_destroy()");
	in_child(destroys, s);

	CHECK_SUCCEEDS(sem_init(s, 1, 1));
	in_child(takes_one, s);
}

static void
take_and_die(void *semaphore)
{
	CHECK_SUCCEEDS(sem_trywait(semaphore));
	raise(SIGKILL);
}

CASE(no_undo_on_death, OBSERVED,
    "When a process that has decremented a semaphore dies, the decrement stays or is undone: no document says which",
    "POSIX.1-2017 sem_wait() DESCRIPTION", "POSIX.1-2024 sem_wait() DESCRIPTION")
{
	sem_t *s = shared_semaphore(2);
	int value = -1;

	struct child c = child_start(take_and_die, s);
	child_dies(&c, SIGKILL);

	CHECK_SUCCEEDS(sem_getvalue(s, &value));
	CHECK(value == 1 || value == 2);
	observed("semaphore-after-death", "%s", value == 1 ? "stays lowered" : "is undone");
}
