/* SPDX-License-Identifier: BSD-2-Clause */

#include <pthread.h>

#include <sys/mman.h>

#include "known.h"
#include "violation.h"

#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

static const struct timespec past = { .tv_sec = 1 };

struct monitor {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
};

static struct monitor *
new_monitor(int robustness)
{
	struct monitor *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	pthread_mutexattr_t of_mutex;
	pthread_condattr_t of_cond;

	pthread_mutexattr_init(&of_mutex);
	pthread_mutexattr_setpshared(&of_mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&of_mutex, robustness);
	pthread_mutex_init(&m->mutex, &of_mutex);
	pthread_condattr_init(&of_cond);
	pthread_condattr_setpshared(&of_cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&m->changed, &of_cond);
	return m;
}

/* Start a child that waits and tells by its exit status what the wait returned. When this returns, it waits. */
static pid_t
start_waiter(struct monitor *m)
{
	int locked[2];
	char byte;
	pid_t child;
	int error;

	if (pipe(locked) == -1)
		return -1;
	child = fork();
	if (child == 0) {
		pthread_mutex_lock(&m->mutex);
		alarm(1);
		write(locked[1], "l", 1);
		error = pthread_cond_wait(&m->changed, &m->mutex);
		pthread_mutex_unlock(&m->mutex);
		_exit(error);
	}
	read(locked[0], &byte, 1);
	pthread_mutex_lock(&m->mutex);
	pthread_mutex_unlock(&m->mutex);
	return child;
}

static int
status_of_child(pid_t child)
{
	int status = 0;

	waitpid(child, &status, 0);
	return status;
}

VIOLATION(cond_signal_wakes_nobody, "pthread_cond.signal-across", "B274", COND_SIGNAL, SKIPS(true))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_STALLED);
	pid_t child = start_waiter(m);

	pthread_cond_signal(&m->changed);
	return WIFSIGNALED(status_of_child(child));
}

VIOLATION(cond_signal_einval, "pthread_cond.signal-across", "-", COND_SIGNAL, FALSIFIES(true, c->result = EINVAL))
{
	return pthread_cond_signal(&new_monitor(PTHREAD_MUTEX_STALLED)->changed) == EINVAL;
}

VIOLATION(cond_wait_einval, "pthread_cond.signal-across", "-", COND_WAIT, FALSIFIES(true, c->result = EINVAL))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_STALLED);
	pid_t child = start_waiter(m);

	pthread_cond_broadcast(&m->changed);
	return WEXITSTATUS(status_of_child(child)) == EINVAL;
}

VIOLATION(cond_broadcast_wakes_one, "pthread_cond.broadcast-across", "-", COND_BROADCAST,
    CHANGES(true, c->interface = COND_SIGNAL))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_STALLED);
	pid_t one = start_waiter(m);
	pid_t other = start_waiter(m);
	int status;

	pthread_cond_broadcast(&m->changed);
	status = status_of_child(one);
	return WIFSIGNALED(status) != WIFSIGNALED(status_of_child(other));
}

VIOLATION(
    cond_broadcast_einval, "pthread_cond.broadcast-across", "-", COND_BROADCAST, FALSIFIES(true, c->result = EINVAL))
{
	return pthread_cond_broadcast(&new_monitor(PTHREAD_MUTEX_STALLED)->changed) == EINVAL;
}

VIOLATION(
    cond_timedwait_late_accepted, "pthread_cond.timedwait-etimedout", "-", COND_TIMEDWAIT, ACCEPTS(true, ETIMEDOUT, 0))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_STALLED);

	pthread_mutex_lock(&m->mutex);
	return pthread_cond_timedwait(&m->changed, &m->mutex, &past) == 0;
}

VIOLATION(cond_timedwait_late_eagain, "pthread_cond.timedwait-etimedout", "-", COND_TIMEDWAIT,
    MISTAKES(true, ETIMEDOUT, EAGAIN))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_STALLED);

	pthread_mutex_lock(&m->mutex);
	return pthread_cond_timedwait(&m->changed, &m->mutex, &past) == EAGAIN;
}

static void
wait_and_unlock(struct call *c)
{
	struct call unlock = { .interface = MUTEX_UNLOCK, .address = c->buffer };

	real_call(c);
	real_call(&unlock);
}

VIOLATION(cond_timedwait_leaves_mutex_free, "pthread_cond.timedwait-etimedout", "-", COND_TIMEDWAIT,
    REPLACES(true, wait_and_unlock(c)))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_STALLED);

	pthread_mutex_lock(&m->mutex);
	pthread_cond_timedwait(&m->changed, &m->mutex, &past);
	return pthread_mutex_trylock(&m->mutex) == 0;
}

VIOLATION(cond_wait_silent_on_dead_owner, "pthread_cond.wait-returns-eownerdead", "-", COND_WAIT,
    ACCEPTS(true, EOWNERDEAD, 0))
{
	struct monitor *m = new_monitor(PTHREAD_MUTEX_ROBUST);
	pid_t waiter = start_waiter(m);
	pid_t owner = fork();

	if (owner == 0) {
		pthread_mutex_lock(&m->mutex);
		pthread_cond_signal(&m->changed);
		raise(SIGKILL);
	}
	status_of_child(owner);
	return status_of_child(waiter) == 0;
}

#endif
