/* SPDX-License-Identifier: BSD-2-Clause */

/* Whole lives of memory of every kind: the same use of it everywhere, crashes, and holders that leave in any order. */

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <sys/shm.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "shared_mutex.h"

INTERFACE(life_mixed)

PROGRAM(file_writer)
{
	int fd = open(argv[1], O_RDWR);
	REQUIRE(fd != -1);

	char *p = map_shared(fd, 3 * page_size());
	CHECK_BYTES(0, p, 3 * page_size());
	pattern_store('w', p, 3 * page_size());
	pause_for_parent();
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC));
}

PROGRAM(file_reader)
{
	int fd = open(argv[1], O_RDONLY);
	REQUIRE(fd != -1);
	char *bytes = map_anonymous(3 * page_size(), MAP_PRIVATE);

	CHECK_EQ(3 * page_size(), size_of(fd));
	REQUIRE(read(fd, bytes, 3 * page_size()) == (ssize_t)(3 * page_size()));
	CHECK_PATTERN('w', bytes, 3 * page_size());
}

CASE(file_backed_shared, SHALL,
    "Another process sees a store through a shared mapping of a file at once, and reads it from the file after msync()",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 msync() DESCRIPTION")
{
	struct file f = file_create(3 * page_size());
	char *p = map_shared(f.fd, 3 * page_size());

	struct child writer = program_start("file_writer", f.name);
	child_reaches_pause(&writer);
	CHECK_PATTERN('w', p, 3 * page_size());
	child_goes_on(&writer);
	child_exits(&writer);
	unmap(p, 3 * page_size());

	struct child reader = program_start("file_reader", f.name);
	child_exits(&reader);
}

enum { SLOTS = 8, NUMBERS = 200 };

struct ring {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned slot[SLOTS];
	unsigned written;
	unsigned read;
};

static void
produce(void *ring)
{
	struct ring *r = ring;

	for (unsigned i = 0; i < NUMBERS; i++) {
		REQUIRE_SUCCEEDS(pthread_mutex_lock(&r->mutex));
		while (r->written - r->read == SLOTS)
			REQUIRE_SUCCEEDS(pthread_cond_wait(&r->changed, &r->mutex));
		r->slot[r->written++ % SLOTS] = i * 3;
		REQUIRE_SUCCEEDS(pthread_cond_broadcast(&r->changed));
		REQUIRE_SUCCEEDS(pthread_mutex_unlock(&r->mutex));
	}
}

static void
consume(void *ring)
{
	struct ring *r = ring;

	for (unsigned i = 0; i < NUMBERS; i++) {
		REQUIRE_SUCCEEDS(pthread_mutex_lock(&r->mutex));
		while (r->written == r->read)
			REQUIRE_SUCCEEDS(pthread_cond_wait(&r->changed, &r->mutex));
		CHECK_EQ(i * 3, r->slot[r->read++ % SLOTS]);
		REQUIRE_SUCCEEDS(pthread_cond_broadcast(&r->changed));
		REQUIRE_SUCCEEDS(pthread_mutex_unlock(&r->mutex));
	}
}

CASE_FOR_EACH_MEMORY(same_lock_everywhere, SHALL,
    "A ring with a mutex and a condition variable carries 200 numbers in order from one process to another",
    "POSIX.1-2017 pthread_mutexattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_condattr_getpshared() DESCRIPTION",
    "Linux pthread_mutexattr_setpshared(3)", "FreeBSD 11 pthread_condattr(3)",
    "illumos pthread_mutexattr_getpshared(3C)", "illumos pthread_condattr_getpshared(3C)", NEEDS_SHARED_MUTEXES,
    NEEDS_SHARED_CONDITIONS)
{
	struct ring *r = (void *)memory_create(kind, sizeof(*r)).start;
	shared_mutex_init(&r->mutex, PTHREAD_MUTEX_DEFAULT, STALLED);
	shared_condition_init(&r->changed);

	struct child producer = child_start(produce, r);
	struct child consumer = child_start(consume, r);
	child_exits(&producer);
	child_exits(&consumer);

	CHECK_EQ(NUMBERS, r->written);
	CHECK_EQ(NUMBERS, r->read);
}

enum { WORKERS = 3, STEPS = 200 };

struct account {
	pthread_mutex_t mutex;
	volatile unsigned debit;
	volatile unsigned credit; /* the same as debit whenever the mutex is free */
	volatile unsigned repairs;
};

static void
crash_inside(void *account)
{
	struct account *a = account;

	REQUIRE_SUCCEEDS(pthread_mutex_lock(&a->mutex));
	a->debit++;
	raise(SIGKILL);
}

static void
work(void *account)
{
	struct account *a = account;

	for (int i = 0; i < STEPS; i++) {
		int error = pthread_mutex_lock(&a->mutex);
		if (error == EOWNERDEAD) {
			a->credit = a->debit; /* finish what the dead one had begun */
			a->repairs++;
			REQUIRE_SUCCEEDS(pthread_mutex_consistent(&a->mutex));
		} else
			CHECK_RETURNS_ERROR(0, error);
		CHECK_EQ(a->debit, a->credit);
		a->debit++;
		a->credit++;
		REQUIRE_SUCCEEDS(pthread_mutex_unlock(&a->mutex));
	}
}

CASE_FOR_EACH_MEMORY(robust_recovery, SHALL,
    "When a process dies in a critical section, exactly one other gets EOWNERDEAD and repairs the state, and all go on",
    "POSIX.1-2017 pthread_mutex_consistent() DESCRIPTION", "POSIX.1-2017 pthread_mutexattr_getrobust() DESCRIPTION",
    "POSIX.1-2024 pthread_mutex_lock() DESCRIPTION", "Linux pthread_mutexattr_setrobust(3)",
    "FreeBSD 11 pthread_mutex_consistent(3)", "illumos pthread_mutex_lock(3C)", "illumos pthread_mutex_consistent(3C)",
    NEEDS_ROBUST_MUTEXES)
{
	struct account *a = (void *)memory_create(kind, sizeof(*a)).start;
	shared_mutex_init(&a->mutex, PTHREAD_MUTEX_DEFAULT, ROBUST);
	struct child c[WORKERS];

	struct child crashing = child_start(crash_inside, a);
	child_dies(&crashing, SIGKILL);
	for (int i = 0; i < WORKERS; i++)
		c[i] = child_start(work, a);
	for (int i = 0; i < WORKERS; i++)
		child_exits(&c[i]);

	CHECK_EQ(1, a->repairs);
	CHECK_EQ(1 + WORKERS * STEPS, a->debit);
	CHECK_EQ(1 + WORKERS * STEPS, a->credit);
}

enum way { UNMAPS, EXITS, IS_KILLED, WAYS };

struct holder {
	struct memory memory;
	enum way leaves_by;
};

static void
leave(const struct memory *m)
{
	if (m->id == -1)
		unmap(m->start, m->size);
	else
		REQUIRE(shmdt(m->start) == 0);
	if (m->fd != -1)
		close(m->fd);
}

static void
hold(void *holder)
{
	const struct holder *h = holder;

	pause_for_parent();
	CHECK_PATTERN('h', h->memory.start, h->memory.size);
	if (h->leaves_by == UNMAPS)
		leave(&h->memory);
	else if (h->leaves_by == IS_KILLED)
		raise(SIGKILL);
}

static const enum way orders[][WAYS] = { { UNMAPS, EXITS, IS_KILLED }, { UNMAPS, IS_KILLED, EXITS },
	{ EXITS, UNMAPS, IS_KILLED }, { EXITS, IS_KILLED, UNMAPS }, { IS_KILLED, UNMAPS, EXITS },
	{ IS_KILLED, EXITS, UNMAPS } };

CASE_FOR_EACH_MEMORY(fork_chain_unmap_order, SHALL,
    "Shared memory keeps its data for the processes left, in whatever order others unmap it, exit and are killed",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "POSIX.1-2017 _Exit() DESCRIPTION",
    "POSIX.1-2017 shmdt() DESCRIPTION")
{
	for (size_t i = 0; i < nitems(orders); i++) {
		struct holder h = { .memory = memory_create(kind, 3 * page_size()) };
		struct child c[WAYS];
		pattern_store('h', h.memory.start, h.memory.size);
		for (h.leaves_by = UNMAPS; h.leaves_by < WAYS; h.leaves_by++) {
			c[h.leaves_by] = child_start(hold, &h);
			child_reaches_pause(&c[h.leaves_by]);
		}
		leave(&h.memory); /* the three alone hold it now, and each looks at it when its turn comes */

		for (size_t turn = 0; turn < WAYS; turn++) {
			enum way way = orders[i][turn];
			child_goes_on(&c[way]);
			if (way == IS_KILLED)
				child_dies(&c[way], SIGKILL);
			else if (way == EXITS)
				child_exits(&c[way]);
			else
				child_reaches_end(&c[way]); /* it lives on without the memory */
		}
		child_exits(&c[UNMAPS]);
	}
}
