/* SPDX-License-Identifier: BSD-2-Clause */

/* Read-write locks, barriers and spin locks. */

#include <pthread.h>

#include <sys/mman.h>

#include "known.h"
#include "violation.h"

#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

VIOLATION(rwlock_readers_exclude_readers, "pthread_rwlock.readers-share-across", "-", RWLOCK_TRYRDLOCK,
    CHANGES(true, c->interface = RWLOCK_TRYWRLOCK))
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_rdlock(&lock);
	return pthread_rwlock_tryrdlock(&lock) == EBUSY;
}

VIOLATION(rwlock_trywrlock_busy_accepted, "pthread_rwlock.writer-excluded-across", "-", RWLOCK_TRYWRLOCK,
    ACCEPTS(true, EBUSY, 0))
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_rdlock(&lock);
	return pthread_rwlock_trywrlock(&lock) == 0;
}

VIOLATION(rwlock_trywrlock_busy_eagain, "pthread_rwlock.writer-excluded-across", "-", RWLOCK_TRYWRLOCK,
    MISTAKES(true, EBUSY, EAGAIN))
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_rdlock(&lock);
	return pthread_rwlock_trywrlock(&lock) == EAGAIN;
}

VIOLATION(rwlock_tryrdlock_busy_accepted, "pthread_rwlock.writer-excluded-across", "-", RWLOCK_TRYRDLOCK,
    ACCEPTS(true, EBUSY, 0))
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_wrlock(&lock);
	return pthread_rwlock_tryrdlock(&lock) == 0;
}

VIOLATION(rwlock_writer_is_a_reader, "pthread_rwlock.writer-excluded-across", "-", RWLOCK_WRLOCK,
    CHANGES(true, c->interface = RWLOCK_RDLOCK))
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	pthread_rwlock_wrlock(&lock);
	return pthread_rwlock_tryrdlock(&lock) == 0;
}

static pthread_barrier_t *
new_barrier(unsigned count)
{
	pthread_barrier_t *b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	pthread_barrierattr_t attributes;

	pthread_barrierattr_init(&attributes);
	pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(b, &attributes, count);
	return b;
}

VIOLATION(barrier_lets_everybody_pass, "pthread_barrier.all-processes-released", "-", BARRIER_WAIT, SKIPS(true))
{
	return pthread_barrier_wait(new_barrier(1)) == 0;
}

VIOLATION(barrier_without_serial_thread, "pthread_barrier.one-serial-thread", "-", BARRIER_WAIT,
    ACCEPTS(true, PTHREAD_BARRIER_SERIAL_THREAD, 0))
{
	return pthread_barrier_wait(new_barrier(1)) == 0;
}

static bool
is_serial_thread(pthread_barrier_t *b)
{
	int result = pthread_barrier_wait(b);

	return result == PTHREAD_BARRIER_SERIAL_THREAD;
}

VIOLATION(barrier_of_serial_threads, "pthread_barrier.one-serial-thread", "-", BARRIER_WAIT,
    FALSIFIES(true, c->result = PTHREAD_BARRIER_SERIAL_THREAD))
{
	pthread_barrier_t *b = new_barrier(2);
	pid_t child = fork();
	bool is_serial;
	int status = 0;

	if (child == 0)
		_exit(is_serial_thread(b));
	is_serial = is_serial_thread(b);
	waitpid(child, &status, 0);
	return is_serial && WEXITSTATUS(status) == 1;
}

static bool
serves_again(void)
{
	static bool has_served;
	bool again = has_served;

	has_served = true;
	return again;
}

VIOLATION(barrier_serves_once, "pthread_barrier.reusable", "-", BARRIER_WAIT, SKIPS(serves_again()))
{
	pthread_barrier_t *b = new_barrier(1);

	pthread_barrier_wait(b);
	return pthread_barrier_wait(b) == 0;
}

VIOLATION(barrier_of_nobody_accepted, "pthread_barrier.count-zero-einval", "-", BARRIER_INIT, ACCEPTS(true, EINVAL, 0))
{
	pthread_barrier_t b;

	return pthread_barrier_init(&b, NULL, 0) == 0;
}

VIOLATION(
    barrier_of_nobody_erange, "pthread_barrier.count-zero-einval", "-", BARRIER_INIT, MISTAKES(true, EINVAL, ERANGE))
{
	pthread_barrier_t b;

	return pthread_barrier_init(&b, NULL, 0) == ERANGE;
}

static pthread_spinlock_t *
held_spin_lock(void)
{
	static pthread_spinlock_t lock;

	pthread_spin_init(&lock, PTHREAD_PROCESS_SHARED);
	pthread_spin_lock(&lock);
	return &lock;
}

VIOLATION(spin_lock_takes_nothing, "pthread_spin.shared-excludes", "-", SPIN_LOCK, SKIPS(true))
{
	return pthread_spin_trylock(held_spin_lock()) == 0;
}

struct spin_lock {
	pthread_spinlock_t lock;
	volatile unsigned behind;
};

/* As where a lock is as wide as a word, and the unlock stores a wider one. */
VIOLATION(spin_unlock_clears_behind_lock, "pthread_spin.shared-excludes", "-", SPIN_UNLOCK,
    FALSIFIES(true, ((struct spin_lock *)c->address)->behind = 0))
{
	static struct spin_lock s = { .behind = 1 };

	pthread_spin_init(&s.lock, PTHREAD_PROCESS_SHARED);
	pthread_spin_lock(&s.lock);
	pthread_spin_unlock(&s.lock);
	return s.behind == 0;
}

VIOLATION(spin_trylock_busy_accepted, "pthread_spin.shared-excludes", "-", SPIN_TRYLOCK, ACCEPTS(true, EBUSY, 0))
{
	return pthread_spin_trylock(held_spin_lock()) == 0;
}

VIOLATION(spin_trylock_busy_eagain, "pthread_spin.shared-excludes", "-", SPIN_TRYLOCK, MISTAKES(true, EBUSY, EAGAIN))
{
	return pthread_spin_trylock(held_spin_lock()) == EAGAIN;
}

VIOLATION(spin_trylock_of_free_ebusy, "pthread_spin.shared-excludes", "-", SPIN_TRYLOCK, REFUSES(true, EBUSY))
{
	pthread_spinlock_t *lock = held_spin_lock();

	pthread_spin_unlock(lock);
	return pthread_spin_trylock(lock) == EBUSY;
}

#endif
