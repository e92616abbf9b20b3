/* SPDX-License-Identifier: BSD-2-Clause */

/* Read-write locks in memory that processes share. */

#include <pthread.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "shared_mutex.h"

INTERFACE(pthread_rwlock, NEEDS_SHARED_RWLOCKS)

/* A lock for all processes that have this memory. */
static pthread_rwlock_t *
new_lock(memory_kind *kind)
{
	pthread_rwlock_t *lock = (void *)memory_create(kind, sizeof(*lock)).start;

	shared_rwlock_init(lock);
	return lock;
}

static void
reads_beside_reader(void *lock)
{
	CHECK_RETURNS_ERROR(0, pthread_rwlock_tryrdlock(lock));
	pause_for_parent();
	CHECK_RETURNS_ERROR(0, pthread_rwlock_unlock(lock));
}

CASE(readers_share_across, SHALL,
    "Several processes hold the lock for reading, and a writer gets it when the last of them has unlocked it",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_rwlock_rdlock() DESCRIPTION",
    "FreeBSD 11 pthread_rwlockattr_setpshared(3)", "illumos pthread_rwlockattr_getpshared(3C)")
{
	pthread_rwlock_t *lock = new_lock(anonymous_memory);

	CHECK_RETURNS_ERROR(0, pthread_rwlock_rdlock(lock));
	struct child other = child_start(reads_beside_reader, lock);
	child_reaches_pause(&other);

	CHECK_RETURNS_ERROR(0, pthread_rwlock_unlock(lock));
	CHECK_RETURNS_ERROR(EBUSY, pthread_rwlock_trywrlock(lock)); /* the other still reads */

	child_goes_on(&other);
	child_exits(&other);
	CHECK_RETURNS_ERROR(0, pthread_rwlock_trywrlock(lock));
}

static void
finds_reader(void *lock)
{
	CHECK_RETURNS_ERROR(EBUSY, pthread_rwlock_trywrlock(lock));
}

static void
finds_writer(void *lock)
{
	CHECK_RETURNS_ERROR(EBUSY, pthread_rwlock_trywrlock(lock));
	CHECK_RETURNS_ERROR(EBUSY, pthread_rwlock_tryrdlock(lock));
}

static void
finds_nobody(void *lock)
{
	CHECK_RETURNS_ERROR(0, pthread_rwlock_trywrlock(lock));
	CHECK_RETURNS_ERROR(0, pthread_rwlock_unlock(lock));
}

CASE_FOR_EACH_MEMORY(writer_excluded_across, SHALL,
    "pthread_rwlock_trywrlock() fails with EBUSY while another process holds the lock, and pthread_rwlock_tryrdlock() "
    "while another holds it for writing",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_rwlock_trywrlock() ERRORS",
    "FreeBSD 11 pthread_rwlockattr_setpshared(3)", "illumos pthread_rwlockattr_getpshared(3C)")
{
	pthread_rwlock_t *lock = new_lock(kind);

	CHECK_RETURNS_ERROR(0, pthread_rwlock_rdlock(lock));
	in_child(finds_reader, lock);
	CHECK_RETURNS_ERROR(0, pthread_rwlock_unlock(lock));

	CHECK_RETURNS_ERROR(0, pthread_rwlock_wrlock(lock));
	in_child(finds_writer, lock);
	CHECK_RETURNS_ERROR(0, pthread_rwlock_unlock(lock));

	in_child(finds_nobody, lock);
}

static void
writes(void *lock)
{
	CHECK_RETURNS_ERROR(0, pthread_rwlock_wrlock(lock));
}

CASE(not_robust, OBSERVED, "A lock whose writer has died stays locked or is free: no document says which",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION")
{
	pthread_rwlock_t *lock = new_lock(anonymous_memory);

	in_child(writes, lock);
	int error = pthread_rwlock_trywrlock(lock);

	CHECK(error == EBUSY || error == 0);
	observed("lock-of-dead-writer", "%s", error == EBUSY ? "stays held" : "is free");
}
