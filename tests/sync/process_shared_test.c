/* SPDX-License-Identifier: BSD-2-Clause */

/* What processes can share of what synchronizes threads: POSIX leaves it to an option. */

#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "platform/pthread.h"
#include "platform/semaphore.h"

INTERFACE(process_shared)

/* The error that a function returns for an attribute which the system lacks. POSIX names none. */
static void
check_outcome(const char *key, int error)
{
	CHECK(error == 0 || error == ENOTSUP || error == ENOSYS || error == EINVAL);
	observed(key, "%s", error == 0 ? "works" : errno_name(error));
}

CASE(mutexes, MAY,
    "pthread_mutexattr_setpshared() sets PTHREAD_PROCESS_SHARED, or fails where processes cannot share mutexes",
    "POSIX.1-2017 pthread_mutexattr_getpshared() ERRORS",
    CHOICE("DragonFly pthread_mutexattr(3)", "shared-mutexes", "EINVAL or ENOTSUP or ENOSYS"),
    CHOICE("illumos pthread_mutexattr_getpshared(3C)", "shared-mutexes", "works"))
{
	pthread_mutexattr_t attributes;
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&attributes));

	check_outcome("shared-mutexes", pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
}

CASE(conditions, MAY,
    "pthread_condattr_setpshared() sets PTHREAD_PROCESS_SHARED, "
    "or fails where processes cannot share condition variables",
    "POSIX.1-2017 pthread_condattr_getpshared() ERRORS",
    CHOICE("FreeBSD 11 pthread_condattr(3)", "shared-conditions", "works"),
    CHOICE("DragonFly pthread_condattr(3)", "shared-conditions", "EINVAL or ENOTSUP or ENOSYS"),
    CHOICE("illumos pthread_condattr_getpshared(3C)", "shared-conditions", "works"))
{
	pthread_condattr_t attributes;
	REQUIRE_SUCCEEDS(pthread_condattr_init(&attributes));

	check_outcome("shared-conditions", pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
}

CASE(rwlocks, MAY,
    "pthread_rwlockattr_setpshared() sets PTHREAD_PROCESS_SHARED, "
    "or fails where processes cannot share read-write locks",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() ERRORS",
    CHOICE("FreeBSD 11 pthread_rwlockattr_setpshared(3)", "shared-rwlocks", "works"),
    CHOICE("OpenBSD pthread_rwlockattr_setpshared(3)", "shared-rwlocks", "EINVAL"),
    CHOICE("DragonFly pthread_rwlockattr_setpshared(3)", "shared-rwlocks", "EINVAL"),
    CHOICE("illumos pthread_rwlockattr_getpshared(3C)", "shared-rwlocks", "works"))
{
	pthread_rwlockattr_t attributes;
	REQUIRE_SUCCEEDS(pthread_rwlockattr_init(&attributes));

	check_outcome("shared-rwlocks", pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
}

CASE(barriers, MAY,
    "pthread_barrierattr_setpshared() sets PTHREAD_PROCESS_SHARED, or fails where processes cannot share barriers",
    "POSIX.1-2017 pthread_barrierattr_getpshared() ERRORS",
    CHOICE("FreeBSD 11 pthread_barrierattr(3)", "shared-barriers", "works"),
    CHOICE("OpenBSD pthread_barrierattr_getpshared(3)", "shared-barriers", "ENOTSUP"),
    CHOICE("DragonFly pthread_barrierattr(3)", "shared-barriers", "EINVAL"),
    CHOICE("illumos pthread_barrierattr_getpshared(3C)", "shared-barriers", "works"))
{
	pthread_barrierattr_t attributes;
	REQUIRE_SUCCEEDS(pthread_barrierattr_init(&attributes));

	check_outcome("shared-barriers", pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
}

CASE(spin_locks, MAY,
    "pthread_spin_init() makes a spin lock for PTHREAD_PROCESS_SHARED, "
    "or fails where processes cannot share spin locks",
    "POSIX.1-2017 pthread_spin_init() ERRORS", CHOICE("Linux pthread_spin_init(3)", "shared-spin-locks", "works"),
    CHOICE("FreeBSD 11 pthread_spin_init(3)", "shared-spin-locks", "works"),
    CHOICE("NetBSD pthread_spin_init(3)", "shared-spin-locks", "works"),
    CHOICE("OpenBSD pthread_spin_init(3)", "shared-spin-locks", "ENOTSUP"),
    CHOICE("DragonFly pthread_spin_init(3)", "shared-spin-locks", "EINVAL"))
{
	pthread_spinlock_t lock;

	check_outcome("shared-spin-locks", pthread_spin_init(&lock, PTHREAD_PROCESS_SHARED));
}

CASE(semaphores, MAY, "sem_init() makes a semaphore for several processes, or fails where they cannot share semaphores",
    "POSIX.1-2017 sem_init() ERRORS", "POSIX.1-2024 sem_init() ERRORS",
    CHOICE("Linux sem_overview(7)", "shared-semaphores", "works"),
    CHOICE("FreeBSD 9 sem_init(3)", "shared-semaphores", "works"),
    CHOICE("NetBSD sem_init(3)", "shared-semaphores", "works"),
    CHOICE("OpenBSD sem_init(3)", "shared-semaphores", "EPERM"),
    CHOICE("DragonFly sem_init(3)", "shared-semaphores", "works"),
    CHOICE("illumos sem_init(3C)", "shared-semaphores", "works"))
{
	sem_t *s = map_anonymous(sizeof(*s), MAP_SHARED);

	int error = sem_init(s, 1, 0) == 0 ? 0 : errno;

	CHECK(error == 0 || error == EPERM || error == ENOTSUP || error == ENOSYS);
	observed("shared-semaphores", "%s", error == 0 ? "works" : errno_name(error));
}

#define NEEDS_OPTION NEED("the option _POSIX_THREAD_PROCESS_SHARED", .ask = need_option)

static void
need_option(void)
{
	need(sysconf(_SC_THREAD_PROCESS_SHARED) > 0, "the system does not claim _POSIX_THREAD_PROCESS_SHARED");
}

CASE(option, SHALL,
    "Where sysconf() says that processes can share what synchronizes threads, they can share mutexes, condition "
    "variables, read-write locks, barriers and spin locks",
    "POSIX.1-2017 <unistd.h>", NEEDS_OPTION)
{
	pthread_mutexattr_t mutexes;
	pthread_condattr_t conditions;
	pthread_rwlockattr_t rwlocks;
	pthread_barrierattr_t barriers;
	pthread_spinlock_t spin_lock;
	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&mutexes));
	REQUIRE_SUCCEEDS(pthread_condattr_init(&conditions));
	REQUIRE_SUCCEEDS(pthread_rwlockattr_init(&rwlocks));
	REQUIRE_SUCCEEDS(pthread_barrierattr_init(&barriers));

	CHECK_RETURNS_ERROR(0, pthread_mutexattr_setpshared(&mutexes, PTHREAD_PROCESS_SHARED));
	CHECK_RETURNS_ERROR(0, pthread_condattr_setpshared(&conditions, PTHREAD_PROCESS_SHARED));
	CHECK_RETURNS_ERROR(0, pthread_rwlockattr_setpshared(&rwlocks, PTHREAD_PROCESS_SHARED));
	known_defect(MACOS, "", "there are no barriers and no spin locks", "macOS <unistd.h>");
	CHECK_RETURNS_ERROR(0, pthread_barrierattr_setpshared(&barriers, PTHREAD_PROCESS_SHARED));
	CHECK_RETURNS_ERROR(0, pthread_spin_init(&spin_lock, PTHREAD_PROCESS_SHARED));
}
