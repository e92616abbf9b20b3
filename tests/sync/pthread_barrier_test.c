/* SPDX-License-Identifier: BSD-2-Clause */

/* Barriers in memory that processes share. */

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "process.h"
#include "shared_mutex.h"

INTERFACE(pthread_barrier)

enum { PROCESSES = 3, ROUNDS = 100 };

struct meeting {
	pthread_barrier_t barrier;
	unsigned rounds;
	atomic_uint arrived[ROUNDS];
	atomic_uint serial[ROUNDS]; /* how many were told to be the serial thread */
};

/* A barrier for all processes that have this memory. */
static struct meeting *
new_meeting(memory_kind *kind, unsigned rounds)
{
	struct meeting *m = (void *)memory_create(kind, sizeof(*m)).start;
	pthread_barrierattr_t attributes;

	REQUIRE(pthread_barrierattr_init(&attributes) == 0);
	int error = pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	need(!lacks_process_shared(error), "no barriers between processes here");
	REQUIRE(error == 0);
	REQUIRE(pthread_barrier_init(&m->barrier, &attributes, PROCESSES) == 0);
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
		REQUIRE(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
		REQUIRE(atomic_load(&m->arrived[i]) == PROCESSES); /* nobody has gone on before all had come */
		if (result == PTHREAD_BARRIER_SERIAL_THREAD)
			atomic_fetch_add(&m->serial[i], 1);
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
    "A barrier for three lets three processes go on when all have come, and tells one that it is the serial thread",
    ALSO("pthread_barrier.one-serial-thread"), "POSIX.1-2017 pthread_barrierattr_getpshared() DESCRIPTION",
    "POSIX.1-2017 pthread_barrier_wait() RETURN VALUE")
{
	all_meet(new_meeting(kind, 1));
}

CASE(reusable, SHALL, "Processes can use a barrier again at once, 100 times in a row",
    "POSIX.1-2017 pthread_barrier_wait() DESCRIPTION")
{
	all_meet(new_meeting(anonymous_memory, ROUNDS));
}

CASE(count_zero_einval, SHALL, "pthread_barrier_init() for a count of zero fails with EINVAL",
    "POSIX.1-2017 pthread_barrier_init() ERRORS")
{
	pthread_barrier_t barrier;

	int error = pthread_barrier_init(&barrier, NULL, 0);
	need(error != ENOTSUP, "no barriers here");

	CHECK_EQ(EINVAL, error);
}
