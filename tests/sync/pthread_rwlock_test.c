/* SPDX-License-Identifier: BSD-2-Clause */

/* Read-write locks in memory that processes share. */

#include <pthread.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "process.h"
#include "shared_mutex.h"

INTERFACE(pthread_rwlock)

/* A lock for all processes that have this memory. */
static pthread_rwlock_t *
new_lock(memory_kind *kind)
{
	pthread_rwlock_t *lock = (void *)memory_create(kind, sizeof(*lock)).start;
	pthread_rwlockattr_t attributes;

	REQUIRE(pthread_rwlockattr_init(&attributes) == 0);
	int error = pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	need(!lacks_process_shared(error), "no read-write locks between processes here");
	REQUIRE(error == 0);
	REQUIRE(pthread_rwlock_init(lock, &attributes) == 0);
	pthread_rwlockattr_destroy(&attributes);
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
    "Processes hold the lock for reading together, and it is free for a writer when the last of them gives it up",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_rwlock_rdlock() DESCRIPTION")
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
    "A writer gets EBUSY while another process reads or writes, and a reader gets it while another process writes",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION", "POSIX.1-2017 pthread_rwlock_trywrlock() ERRORS")
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

CASE(not_robust, OBSERVED, "A lock whose writer has died is held as before or is free, which no document tells",
    "POSIX.1-2017 pthread_rwlockattr_getpshared() DESCRIPTION")
{
	pthread_rwlock_t *lock = new_lock(anonymous_memory);

	in_child(writes, lock);
	int error = pthread_rwlock_trywrlock(lock);

	CHECK(error == EBUSY || error == 0);
	observed("lock-of-dead-writer", "%s", error == EBUSY ? "stays held" : "is free");
}
