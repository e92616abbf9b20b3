/* SPDX-License-Identifier: BSD-2-Clause */

/* Barriers in memory that processes share. */

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "shared_mutex.h"

INTERFACE(pthread_barrier)

enum { PROCESSES = 3, ROUNDS = 100 };

struct meeting {
	pthread_barrier_t barrier;
	unsigned rounds;
	atomic_uint arrived[ROUNDS];
	atomic_uint serial[ROUNDS]; /* how many got PTHREAD_BARRIER_SERIAL_THREAD */
};

/* A barrier for all processes that have this memory. */
static struct meeting *
new_meeting(memory_kind *kind, unsigned rounds)
{
	struct meeting *m = (void *)memory_create(kind, sizeof(*m)).start;

	shared_barrier_init(&m->barrier, PROCESSES);
	m->rounds = rounds;
	return m;
}

static void
meet(void *meeting)
{
	struct meeting *m = meeting;

	for (unsigned i = 0; i < m->rounds; i++) {
		atomic_fetch_add(&m->arrived[i], 1);
		int result = pthread_barrier_wait(&m->barrier);
		if (result == PTHREAD_BARRIER_SERIAL_THREAD)
			atomic_fetch_add(&m->serial[i], 1);
		else
			CHECK_RETURNS_ERROR(0, result);
		CHECK_EQ(PROCESSES, atomic_load(&m->arrived[i])); /* nobody goes on before all have come */
	}
}

static void
all_meet(struct meeting *m)
{
	struct child c[PROCESSES];

	for (int i = 0; i < PROCESSES; i++)
		c[i] = child_start(meet, m);
	for (int i = 0; i < PROCESSES; i++)
		child_exits(&c[i]);
	for (unsigned i = 0; i < m->rounds; i++)
		CHECK_EQ(1, atomic_load(&m->serial[i]));
}

CASE_FOR_EACH_MEMORY(all_processes_released, SHALL,
    "Three processes wait at a barrier for three until all have come, and one gets PTHREAD_BARRIER_SERIAL_THREAD",
    ALSO("pthread_barrier.one-serial-thread"), "POSIX.1-2017 pthread_barrierattr_getpshared() DESCRIPTION",
    "POSIX.1-2017 pthread_barrier_wait() RETURN VALUE", "FreeBSD 11 pthread_barrierattr(3)",
    "FreeBSD pthread_barrier_destroy(3)", "illumos pthread_barrierattr_getpshared(3C)", NEEDS_SHARED_BARRIERS)
{
	all_meet(new_meeting(kind, 1));
}

CASE(reusable, SHALL, "Three processes use a barrier 100 times in a row, and all of them meet each time",
    "POSIX.1-2017 pthread_barrier_wait() DESCRIPTION", "FreeBSD pthread_barrier_destroy(3)", NEEDS_SHARED_BARRIERS)
{
	all_meet(new_meeting(anonymous_memory, ROUNDS));
}

CASE(count_zero_einval, SHALL, "pthread_barrier_init() with a count of zero fails with EINVAL",
    "POSIX.1-2017 pthread_barrier_init() ERRORS", "FreeBSD pthread_barrier_destroy(3)",
    "NetBSD pthread_barrier_init(3)")
{
	pthread_barrier_t barrier;

	int error = pthread_barrier_init(&barrier, NULL, 0);
	need(error != ENOSYS, "no barriers here: pthread_barrier_init() returns ENOSYS");

	CHECK_EQ(EINVAL, error);
}
