/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What synchronizes processes that have its memory at different addresses, and have never seen the process that initialized
 * it. They wait for each other again and again, so that they sleep and are woken: a wake-up that is looked for by the address
 * gets lost, and the watchdog ends the case.
 */

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "shared_mutex.h"
#include "shared_semaphore.h"

INTERFACE(process_shared)

enum { PROCESSES = 3, ROUNDS = 100 };

/* All that is in the memory. */
struct room {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_rwlock_t lock;
	pthread_barrier_t barrier;
	sem_t question;
	sem_t answer;
	atomic_uint arrived;
	atomic_uint at_barrier;
	volatile unsigned value;
	volatile unsigned copy;
	unsigned go;
	unsigned woken;
};

/* The memory, and an address for each process, where only that process has it. */
struct address {
	struct memory memory;
	char *first;
	unsigned number;
};

static void
take_number(struct address *a)
{
	a->number++;
}

static struct room *
enter(const struct address *a)
{
	char *at = a->first + a->number * a->memory.size;

	if (a->memory.id != -1)
		return segment_attach(a->memory.id, at, 0);
	char *p = mmap(at, a->memory.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, a->memory.fd, 0);
	REQUIRE(p == at);
	return (struct room *)p;
}

/* New memory, which a process has initialized that is gone. */
static struct address
room_create(memory_kind *kind, void (*initialize)(void *))
{
	size_t multiple = attach_multiple();
	size_t size = (sizeof(struct room) + multiple - 1) / multiple * multiple;
	struct address a = { .memory = memory_create(kind, size), .first = free_range((PROCESSES + 2) * size) };

	in_child(initialize, &a);
	return a;
}

/* Start one process more, which enters at the next address. */
static struct child
next_process(struct address *a, void (*body)(void *))
{
	take_number(a);
	return child_start(body, a);
}

static void
all_exit(struct child *c, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		child_exits(&c[i]);
}

/* The sentence for each kind of memory that can be at several addresses. */
#define CASE_FOR_EACH_ADDRESSED(name, level, sentence, ...) \
	CASE_FOR_ONE_MEMORY(name, segment, segment_memory, level, sentence, NEEDS_SEGMENTS, __VA_ARGS__) \
	CASE_FOR_ONE_MEMORY(name, file, file_memory, level, sentence, __VA_ARGS__) \
	CASE_FOR_ONE_MEMORY(name, object, object_memory, level, sentence, NEEDS_OBJECTS, __VA_ARGS__) \
	static void name##_of_kind(memory_kind *kind)

#define ALTERNATIVE_MAPPINGS "POSIX.1-2017 XSH 2.9.9 Synchronization Object Copies and Alternative Mappings"

static void
initialize_mutex(void *address)
{
	shared_mutex_init(&enter(address)->mutex, PTHREAD_MUTEX_NORMAL, STALLED);
}

static void
increment(void *address)
{
	struct room *r = enter(address);

	start_together(&r->arrived, PROCESSES);
	for (unsigned i = 0; i < ROUNDS; i++) {
		REQUIRE_SUCCEEDS(pthread_mutex_lock(&r->mutex));
		unsigned value = r->value;
		sched_yield(); /* the others come to wait */
		r->value = value + 1;
		REQUIRE_SUCCEEDS(pthread_mutex_unlock(&r->mutex));
	}
}

CASE_FOR_EACH_ADDRESSED(mutex_at_other_addresses, SHALL,
    "Three processes that have a mutex at different addresses wait for each other: no increment is lost, and all go on",
    ALTERNATIVE_MAPPINGS, "POSIX.1-2017 pthread_mutexattr_getpshared() DESCRIPTION",
    "Linux pthread_mutexattr_setpshared(3)", "illumos pthread_mutexattr_getpshared(3C)", NEEDS_SHARED_MUTEXES)
{
	struct address a = room_create(kind, initialize_mutex);
	struct child c[PROCESSES];

	for (unsigned i = 0; i < PROCESSES; i++)
		c[i] = next_process(&a, increment);
	all_exit(c, PROCESSES);

	CHECK_EQ(PROCESSES * ROUNDS, ((struct room *)a.memory.start)->value);
}

static void
initialize_condition(void *address)
{
	struct room *r = enter(address);

	shared_mutex_init(&r->mutex, PTHREAD_MUTEX_NORMAL, STALLED);
	shared_condition_init(&r->changed);
}

/* At the pause it holds the mutex, which it gives up in the wait. */
static void
wait_for_go(void *address)
{
	struct room *r = enter(address);

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&r->mutex));
	pause_for_parent();
	while (r->go == 0)
		REQUIRE_SUCCEEDS(pthread_cond_wait(&r->changed, &r->mutex));
	r->woken++;
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&r->mutex));
}

static void
broadcast(void *address)
{
	struct room *r = enter(address);

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&r->mutex)); /* all wait now */
	r->go = 1;
	CHECK_RETURNS_ERROR(0, pthread_cond_broadcast(&r->changed));
	REQUIRE_SUCCEEDS(pthread_mutex_unlock(&r->mutex));
}

CASE_FOR_EACH_ADDRESSED(broadcast_to_other_addresses, SHALL,
    "One pthread_cond_broadcast() wakes three processes that wait and have the memory at other addresses",
    ALTERNATIVE_MAPPINGS, "POSIX.1-2017 pthread_cond_broadcast() DESCRIPTION",
    "POSIX.1-2024 pthread_cond_broadcast() DESCRIPTION", "POSIX.1-2017 pthread_condattr_getpshared() DESCRIPTION",
    "illumos pthread_condattr_getpshared(3C)", NEEDS_SHARED_MUTEXES, NEEDS_SHARED_CONDITIONS)
{
	struct address a = room_create(kind, initialize_condition);
	struct child c[PROCESSES];
	for (unsigned i = 0; i < PROCESSES; i++) {
		c[i] = next_process(&a, wait_for_go);
		child_reaches_pause(&c[i]);
		child_goes_on(&c[i]);
	}

	struct child other = next_process(&a, broadcast);
	child_exits(&other);
	all_exit(c, PROCESSES);

	CHECK_EQ(PROCESSES, ((struct room *)a.memory.start)->woken);
}

static void
initialize_semaphores(void *address)
{
	struct room *r = enter(address);

	REQUIRE_SUCCEEDS(sem_init(&r->question, 1, 0));
	REQUIRE_SUCCEEDS(sem_init(&r->answer, 1, 0));
}

static void
ask(void *address)
{
	struct room *r = enter(address);

	for (unsigned i = 0; i < ROUNDS; i++) {
		REQUIRE_SUCCEEDS(sem_post(&r->question));
		REQUIRE_SUCCEEDS(sem_wait(&r->answer));
		CHECK_EQ(i + 1, r->value);
	}
}

static void
answer(void *address)
{
	struct room *r = enter(address);

	for (unsigned i = 0; i < ROUNDS; i++) {
		REQUIRE_SUCCEEDS(sem_wait(&r->question));
		r->value++;
		REQUIRE_SUCCEEDS(sem_post(&r->answer));
	}
}

CASE_FOR_EACH_ADDRESSED(semaphore_at_other_addresses, SHALL,
    "Two processes that have two semaphores at different addresses wake each other 100 times by turns",
    ALTERNATIVE_MAPPINGS, "POSIX.1-2017 sem_init() DESCRIPTION", "POSIX.1-2024 sem_init() DESCRIPTION",
    "Linux sem_init(3)", "FreeBSD 9 sem_init(3)", "illumos sem_init(3C)", NEEDS_SHARED_SEMAPHORES)
{
	deviates(
	    DRAGONFLY, "the semaphore is in a page of its own, which only fork() hands on", "DragonFly sem_init(3)");
	known_defect(NETBSD, "", "the semaphore goes with the process that made it",
	    "NetBSD sys/kern/uipc_sem.c ksem_close_fop()");
	struct address a = room_create(kind, initialize_semaphores);
	struct child c[2] = { next_process(&a, answer) };

	c[1] = next_process(&a, ask);
	all_exit(c, 2);

	struct room *r = (struct room *)a.memory.start;
	CHECK_FAILS(EAGAIN, -1, sem_trywait(&r->question));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(&r->answer));
}

static void
initialize_lock(void *address)
{
	shared_rwlock_init(&enter(address)->lock);
}

static void
write_both(void *address)
{
	struct room *r = enter(address);

	start_together(&r->arrived, PROCESSES);
	for (unsigned i = 0; i < ROUNDS; i++) {
		REQUIRE_SUCCEEDS(pthread_rwlock_wrlock(&r->lock));
		unsigned value = r->value;
		r->copy = value + 1;
		sched_yield(); /* the others come to wait */
		r->value = value + 1;
		REQUIRE_SUCCEEDS(pthread_rwlock_unlock(&r->lock));
	}
}

static void
read_both(void *address)
{
	struct room *r = enter(address);

	start_together(&r->arrived, PROCESSES);
	for (unsigned i = 0; i < ROUNDS; i++) {
		REQUIRE_SUCCEEDS(pthread_rwlock_rdlock(&r->lock));
		CHECK_EQ(r->value, r->copy);
		sched_yield();
		REQUIRE_SUCCEEDS(pthread_rwlock_unlock(&r->lock));
	}
}

CASE_FOR_EACH_ADDRESSED(rwlock_at_other_addresses, SHALL,
    "Two writers and a reader that have a read-write lock at different addresses wait for each other, and all go on",
    ALTERNATIVE_MAPPINGS, "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION",
    "POSIX.1-2017 pthread_rwlock_rdlock() DESCRIPTION", "FreeBSD 11 pthread_rwlockattr_setpshared(3)",
    "illumos pthread_rwlockattr_getpshared(3C)", NEEDS_SHARED_RWLOCKS)
{
	struct address a = room_create(kind, initialize_lock);
	struct child c[PROCESSES];

	for (unsigned i = 0; i < PROCESSES; i++)
		c[i] = next_process(&a, i == 0 ? read_both : write_both);
	all_exit(c, PROCESSES);

	CHECK_EQ((PROCESSES - 1) * ROUNDS, ((struct room *)a.memory.start)->copy);
}

static void
initialize_barrier(void *address)
{
	shared_barrier_init(&enter(address)->barrier, PROCESSES);
}

static void
meet(void *address)
{
	struct room *r = enter(address);

	for (unsigned i = 0; i < ROUNDS; i++) {
		atomic_fetch_add(&r->at_barrier, 1);
		int result = pthread_barrier_wait(&r->barrier);
		if (result != PTHREAD_BARRIER_SERIAL_THREAD)
			REQUIRE_SUCCEEDS(result);
		CHECK(atomic_load(&r->at_barrier) >= PROCESSES * (i + 1)); /* nobody goes on before all have come */
	}
}

CASE_FOR_EACH_ADDRESSED(barrier_at_other_addresses, SHALL,
    "Three processes that have a barrier at different addresses meet there 100 times, and none goes on before all come",
    ALTERNATIVE_MAPPINGS, "POSIX.1-2017 pthread_barrierattr_getpshared() DESCRIPTION",
    "POSIX.1-2017 pthread_barrier_wait() DESCRIPTION", "FreeBSD 11 pthread_barrierattr(3)",
    "illumos pthread_barrierattr_getpshared(3C)", NEEDS_SHARED_BARRIERS)
{
	struct address a = room_create(kind, initialize_barrier);
	struct child c[PROCESSES];

	for (unsigned i = 0; i < PROCESSES; i++)
		c[i] = next_process(&a, meet);
	all_exit(c, PROCESSES);
}

static void
initialize_robust(void *address)
{
	shared_mutex_init(&enter(address)->mutex, PTHREAD_MUTEX_DEFAULT, ROBUST);
}

static void
lock(void *address)
{
	REQUIRE_SUCCEEDS(pthread_mutex_lock(&enter(address)->mutex));
}

static void
inherit_and_repair(void *address)
{
	struct room *r = enter(address);

	pause_for_parent();
	CHECK_RETURNS_ERROR(EOWNERDEAD, pthread_mutex_lock(&r->mutex));
	CHECK_RETURNS_ERROR(0, pthread_mutex_consistent(&r->mutex));
	CHECK_RETURNS_ERROR(0, pthread_mutex_unlock(&r->mutex));
}

static void
find_free(void *address)
{
	CHECK_RETURNS_ERROR(0, pthread_mutex_trylock(&enter(address)->mutex));
}

CASE_FOR_EACH_ADDRESSED(robust_mutex_at_other_addresses, SHALL,
    "A process gets EOWNERDEAD, and can repair the mutex, when one dies that had the mutex at another address",
    ALTERNATIVE_MAPPINGS, "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION",
    "POSIX.1-2024 pthread_mutex_lock() ERRORS", "Linux pthread_mutexattr_setrobust(3)",
    "illumos pthread_mutexattr_getrobust(3C)", NEEDS_ROBUST_MUTEXES)
{
	struct address a = room_create(kind, initialize_robust);
	struct child owner = next_process(&a, lock);
	child_reaches_end(&owner);
	struct child heir = next_process(&a, inherit_and_repair);
	child_reaches_pause(&heir);

	child_goes_on(&heir);
	for (int i = 0; i < 100; i++)
		sched_yield(); /* most often it waits by now */
	child_kill(&owner);
	child_exits(&heir);

	struct child next = next_process(&a, find_free);
	child_exits(&next);
}
