/* SPDX-License-Identifier: BSD-2-Clause */

#include "case.h"
#include "shared_mutex.h"

bool
lacks_process_shared(int error)
{
	return error == ENOTSUP || error == ENOSYS || (error == EINVAL && platform_is(DRAGONFLY | OPENBSD));
}

static void
need_attribute(int error, const char *what)
{
	need(error != ENOTSUP && error != ENOSYS, "no %s mutexes here", what);
	if (error != 0)
		end_failed("cannot make a %s mutex: %s", what, errno_name(error));
}

void
shared_mutex_init(pthread_mutex_t *mutex, int type, enum robustness robustness)
{
	pthread_mutexattr_t attributes;

	if (pthread_mutexattr_init(&attributes) != 0)
		end_failed("cannot make attributes of a mutex");
	need_attribute(pthread_mutexattr_settype(&attributes, type), "typed");
	int error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	need_attribute(lacks_process_shared(error) ? ENOTSUP : error, "process-shared");
	if (robustness == ROBUST)
		need_attribute(pthread_mutexattr_setrobust(&attributes, robustness), "robust");
	need_attribute(pthread_mutex_init(mutex, &attributes), "process-shared");
	pthread_mutexattr_destroy(&attributes);
}
