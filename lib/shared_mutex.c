/* SPDX-License-Identifier: BSD-2-Clause */

#include "case.h"
#include "shared_mutex.h"

void
need_process_shared(int error, const char *call, const char *things)
{
	bool is_lacking = error == ENOTSUP || error == ENOSYS || (error == EINVAL && platform_is(DRAGONFLY | OPENBSD));

	need(!is_lacking, "no %s here: %s returns %s", things, call, errno_name(error));
}

void
need_shared_mutexes(void)
{
	pthread_mutexattr_t attributes;

	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));
	int error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_destroy(&attributes);
	need_process_shared(error, "pthread_mutexattr_setpshared()", "mutexes between processes");
}

void
need_robust_mutexes(void)
{
	pthread_mutexattr_t attributes;

	need_shared_mutexes();
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));
	int error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_destroy(&attributes);
	need(error != ENOTSUP && error != ENOSYS, "no robust mutexes here: pthread_mutexattr_setrobust() returns %s",
	    errno_name(error));
}

void
need_shared_conditions(void)
{
	pthread_condattr_t attributes;

	REQUIRE_SUCCEEDS(pthread_condattr_init(&attributes));
	int error = pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_condattr_destroy(&attributes);
	need_process_shared(error, "pthread_condattr_setpshared()", "condition variables between processes");
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
