/* SPDX-License-Identifier: BSD-2-Clause */

#include "case.h"
#include "shared_mutex.h"

void
need_process_shared(int error, const char *call, const char *things)
{
	bool is_lacking = error == ENOTSUP || error == ENOSYS || (error == EINVAL && platform_is(DRAGONFLY | OPENBSD));

	need(!is_lacking, "no %s here: %s returns %s", things, call, errno_name(error));
}

/* The attributes of all kinds are made, set and destroyed alike: need_shared_mutexes() is about pthread_mutexattr_setpshared(). */
#define NEED_SHARED(kind, need_shared_kind, things) \
	void need_shared_kind(void) \
	{ \
		pthread_##kind##attr_t attributes; \
\
		REQUIRE_SUCCEEDS(pthread_##kind##attr_init(&attributes)); \
		int error = pthread_##kind##attr_setpshared(&attributes, PTHREAD_PROCESS_SHARED); \
		REQUIRE_SUCCEEDS(pthread_##kind##attr_destroy(&attributes)); \
		need_process_shared(error, "pthread_" #kind "attr_setpshared()", things " between processes"); \
	}

NEED_SHARED(mutex, need_shared_mutexes, "mutexes")
NEED_SHARED(cond, need_shared_conditions, "condition variables")
NEED_SHARED(rwlock, need_shared_rwlocks, "read-write locks")
NEED_SHARED(barrier, need_shared_barriers, "barriers")

void
need_robustness(void)
{
	pthread_mutexattr_t attributes;
	int robustness;

	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));
	int error = pthread_mutexattr_getrobust(&attributes, &robustness);
	REQUIRE_SUCCEEDS(pthread_mutexattr_destroy(&attributes));
	need(error != ENOTSUP && error != ENOSYS, "no robust mutexes here: pthread_mutexattr_getrobust() returns %s",
	    errno_name(error));
}

/* musl asks the kernel in pthread_mutexattr_setrobust(), glibc in pthread_mutex_init(). */
void
need_robust_mutexes(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t mutex;

	need_shared_mutexes();
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));
	REQUIRE_SUCCEEDS(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	int error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	need(error != ENOTSUP && error != ENOSYS, "no robust mutexes here: pthread_mutexattr_setrobust() returns %s",
	    errno_name(error));
	error = pthread_mutex_init(&mutex, &attributes);
	need(error != ENOTSUP && error != ENOSYS, "no robust mutexes here: pthread_mutex_init() returns %s",
	    errno_name(error));
	pthread_mutex_destroy(&mutex);
	pthread_mutexattr_destroy(&attributes);
}

void
shared_mutex_init(pthread_mutex_t *mutex, int type, enum robustness robustness)
{
	pthread_mutexattr_t attributes;

	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));
	REQUIRE_SUCCEEDS(pthread_mutexattr_settype(&attributes, type));
	REQUIRE_SUCCEEDS(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	if (robustness == ROBUST)
		REQUIRE_SUCCEEDS(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
	REQUIRE_SUCCEEDS(pthread_mutex_init(mutex, &attributes));
	pthread_mutexattr_destroy(&attributes);
}

void
shared_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	REQUIRE_SUCCEEDS(pthread_condattr_init(&attributes));
	REQUIRE_SUCCEEDS(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	REQUIRE_SUCCEEDS(pthread_cond_init(condition, &attributes));
	pthread_condattr_destroy(&attributes);
}

void
shared_rwlock_init(pthread_rwlock_t *lock)
{
	pthread_rwlockattr_t attributes;

	REQUIRE_SUCCEEDS(pthread_rwlockattr_init(&attributes));
	REQUIRE_SUCCEEDS(pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	REQUIRE_SUCCEEDS(pthread_rwlock_init(lock, &attributes));
	pthread_rwlockattr_destroy(&attributes);
}

void
shared_barrier_init(pthread_barrier_t *barrier, unsigned count)
{
	pthread_barrierattr_t attributes;

	REQUIRE_SUCCEEDS(pthread_barrierattr_init(&attributes));
	REQUIRE_SUCCEEDS(pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	REQUIRE_SUCCEEDS(pthread_barrier_init(barrier, &attributes, count));
	pthread_barrierattr_destroy(&attributes);
}
