/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>
#include <semaphore.h>
#include <signal.h>

#include <sys/mman.h>
#include <sys/time.h>

#include "known.h"
#include "violation.h"

/* As in hooks_sync.c: there are none between processes elsewhere. */
#if !defined(__APPLE__) && !defined(__OpenBSD__)

static const struct timespec past = { .tv_sec = 1 };

/* A semaphore in memory that children share. */
static sem_t *
new_semaphore(unsigned value)
{
	sem_t *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);

	sem_init(s, 1, value);
	return s;
}

static int
value_of(sem_t *s)
{
	int value = -1;

	sem_getvalue(s, &value);
	return value;
}

VIOLATION(sem_wait_takes_nothing, "semaphore.excludes-across-processes", "-", SEM_WAIT, SKIPS(true))
{
	sem_t *s = new_semaphore(1);

	sem_wait(s);
	return value_of(s) == 1;
}

static void
post_twice(struct call *c)
{
	real_call(c);
	real_call(c);
}

VIOLATION(sem_post_posts_twice, "semaphore.pshared-visible", "-", SEM_POST, REPLACES(true, post_twice(c)))
{
	sem_t *s = new_semaphore(0);

	sem_post(s);
	return value_of(s) == 2;
}

VIOLATION(sem_post_wakes_nobody, "semaphore.pshared-visible", "B274", SEM_POST, SKIPS(known_semaphore_waits() == 0))
{
	sem_t *s = new_semaphore(0);

	return sem_post(s) == 0 && value_of(s) == 0;
}

VIOLATION(sem_init_one_more, "semaphore.initial-value", "-", SEM_INIT, CHANGES(c->value > 1, c->value++))
{
	return value_of(new_semaphore(2)) == 3;
}

VIOLATION(sem_init_value_ignored, "semaphore.initial-value", "-", SEM_INIT, CHANGES(c->value > 1, c->value = 0))
{
	return value_of(new_semaphore(2)) == 0;
}

VIOLATION(sem_getvalue_off_by_one, "semaphore.initial-value", "-", SEM_GETVALUE,
    FALSIFIES(*(int *)c->buffer > 0, ++*(int *)c->buffer))
{
	return value_of(new_semaphore(1)) == 2;
}

VIOLATION(sem_trywait_zero_accepted, "semaphore.trywait-eagain", "-", SEM_TRYWAIT, ACCEPTS(true, EAGAIN, 0))
{
	return sem_trywait(new_semaphore(0)) == 0;
}

VIOLATION(sem_trywait_zero_ebusy, "semaphore.trywait-eagain", "-", SEM_TRYWAIT, MISTAKES(true, EAGAIN, EBUSY))
{
	return sem_trywait(new_semaphore(0)) == -1 && errno == EBUSY;
}

VIOLATION(sem_timedwait_zero_accepted, "semaphore.timedwait-etimedout", "-", SEM_TIMEDWAIT, ACCEPTS(true, ETIMEDOUT, 0))
{
	return sem_timedwait(new_semaphore(0), &past) == 0;
}

VIOLATION(
    sem_timedwait_zero_eagain, "semaphore.timedwait-etimedout", "-", SEM_TIMEDWAIT, MISTAKES(true, ETIMEDOUT, EAGAIN))
{
	return sem_timedwait(new_semaphore(0), &past) == -1 && errno == EAGAIN;
}

VIOLATION(sem_init_too_large_accepted, "semaphore.value-too-large-einval", "-", SEM_INIT, ACCEPTS(true, EINVAL, 0))
{
	sem_t s;

	return sem_init(&s, 1, (unsigned)INT_MAX + 1) == 0;
}

VIOLATION(sem_init_too_large_erange, "semaphore.value-too-large-einval", "-", SEM_INIT, MISTAKES(true, EINVAL, ERANGE))
{
	sem_t s;

	return sem_init(&s, 1, (unsigned)INT_MAX + 1) == -1 && errno == ERANGE;
}

VIOLATION(sem_post_at_max_accepted, "semaphore.post-eoverflow", "-", SEM_POST, ACCEPTS(true, EOVERFLOW, 0))
{
	return sem_post(new_semaphore(INT_MAX)) == 0;
}

VIOLATION(sem_post_at_max_einval, "semaphore.post-eoverflow", "-", SEM_POST, MISTAKES(true, EOVERFLOW, EINVAL))
{
	return sem_post(new_semaphore(INT_MAX)) == -1 && errno == EINVAL;
}

static bool
is_positive(void *semaphore)
{
	int value = 0;
	struct call get = { .interface = SEM_GETVALUE, .address = semaphore, .buffer = &value };

	return real_call(&get) == 0 && value > 0;
}

VIOLATION(sem_post_is_binary, "semaphore.post-async-signal-safe", "-", SEM_POST, SKIPS(is_positive(c->address)))
{
	sem_t *s = new_semaphore(0);

	sem_post(s);
	sem_post(s);
	return value_of(s) == 1;
}

VIOLATION(sem_init_again_ebusy, "semaphore.destroy-and-reinit", "-", SEM_INIT, REFUSES(is_positive(c->address), EBUSY))
{
	sem_t *s = new_semaphore(1);

	return sem_destroy(s) == 0 && sem_init(s, 1, 1) == -1;
}

VIOLATION(sem_destroy_einval, "semaphore.destroyed-by-other", "-", SEM_DESTROY, REFUSES(true, EINVAL))
{
	return sem_destroy(new_semaphore(0)) == -1 && errno == EINVAL;
}

VIOLATION(sem_destroy_ebusy, "semaphore.destroyed-after-timeout", "-", SEM_DESTROY, REFUSES(true, EBUSY))
{
	return sem_destroy(new_semaphore(0)) == -1 && errno == EBUSY;
}

VIOLATION(sem_getvalue_negative, "semaphore.getvalue-of-waited", "-", SEM_GETVALUE,
    FALSIFIES(*(int *)c->buffer == 0, *(int *)c->buffer = -1))
{
	return value_of(new_semaphore(0)) == -1;
}

/* As many as fit into the number, where nobody counts. */
VIOLATION(sem_getvalue_lowest, "semaphore.getvalue-of-waited", "-", SEM_GETVALUE,
    FALSIFIES(*(int *)c->buffer == 0, *(int *)c->buffer = INT_MIN))
{
	return value_of(new_semaphore(0)) == INT_MIN;
}

VIOLATION(sem_getvalue_never_zero, "semaphore.getvalue-of-waited", "-", SEM_GETVALUE,
    FALSIFIES(*(int *)c->buffer == 0, *(int *)c->buffer = 1))
{
	return value_of(new_semaphore(0)) == 1;
}

VIOLATION(sem_timedwait_past_refused, "semaphore.timedwait-past-takes", "-", SEM_TIMEDWAIT,
    REFUSES(c->until->tv_sec < time(NULL), ETIMEDOUT))
{
	return sem_timedwait(new_semaphore(1), &past) == -1 && errno == ETIMEDOUT;
}

static int
error_without_nanoseconds(void)
{
	return sem_timedwait(new_semaphore(0), &(struct timespec){ .tv_sec = 1, .tv_nsec = -1 }) == 0 ? 0 : errno;
}

VIOLATION(sem_timedwait_nsec_accepted, "semaphore.timedwait-nsec-einval", "-", SEM_TIMEDWAIT, ACCEPTS(true, EINVAL, 0))
{
	return error_without_nanoseconds() == 0;
}

VIOLATION(sem_timedwait_nsec_etimedout, "semaphore.timedwait-nsec-einval", "-", SEM_TIMEDWAIT,
    MISTAKES(true, EINVAL, ETIMEDOUT))
{
	return error_without_nanoseconds() == ETIMEDOUT;
}

/* A semaphore that is gone with the process that made it. */
VIOLATION(sem_trywait_without_creator, "semaphore.outlives-creator", "-", SEM_TRYWAIT,
    REFUSES(known_children_ended() > 0, EINVAL))
{
	sem_t *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	pid_t child = fork();

	if (child == 0)
		_exit(sem_init(s, 1, 1));
	waitpid(child, &(int){ 0 }, 0);
	return sem_trywait(s) == -1 && errno == EINVAL;
}

static void
do_nothing_with(int number)
{
	(void)number;
}

/* The error of this wait for a semaphore of value 0, while a timer sends signals. */
static int
error_of_interrupted(int (*wait)(sem_t *), sem_t *s)
{
	const struct itimerval often = { { .tv_usec = 10000 }, { .tv_usec = 10000 } };
	const struct itimerval never = { 0 };
	struct sigaction action = { .sa_handler = do_nothing_with };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	int error = wait(s) == 0 ? 0 : errno;
	setitimer(ITIMER_REAL, &never, NULL);
	return error;
}

static int
wait_long(sem_t *s)
{
	return sem_timedwait(s, &(struct timespec){ .tv_sec = time(NULL) + 100 });
}

static void
post_when_interrupted(struct call *c)
{
	struct call post = { .interface = SEM_POST, .address = c->address };

	if (real_call(c) == -1 && c->error == EINTR)
		real_call(&post);
}

VIOLATION(sem_wait_interrupted_accepted, "semaphore.wait-eintr", "-", SEM_WAIT, ACCEPTS(true, EINTR, 0))
{
	return error_of_interrupted(sem_wait, new_semaphore(0)) == 0;
}

VIOLATION(sem_wait_interrupted_eagain, "semaphore.wait-eintr", "-", SEM_WAIT, MISTAKES(true, EINTR, EAGAIN))
{
	return error_of_interrupted(sem_wait, new_semaphore(0)) == EAGAIN;
}

VIOLATION(sem_wait_interrupted_posts, "semaphore.wait-eintr", "-", SEM_WAIT, REPLACES(true, post_when_interrupted(c)))
{
	sem_t *s = new_semaphore(0);

	return error_of_interrupted(sem_wait, s) == EINTR && value_of(s) == 1;
}

VIOLATION(sem_timedwait_interrupted_accepted, "semaphore.timedwait-eintr", "-", SEM_TIMEDWAIT, ACCEPTS(true, EINTR, 0))
{
	return error_of_interrupted(wait_long, new_semaphore(0)) == 0;
}

VIOLATION(sem_timedwait_interrupted_etimedout, "semaphore.timedwait-eintr", "-", SEM_TIMEDWAIT,
    MISTAKES(true, EINTR, ETIMEDOUT))
{
	return error_of_interrupted(wait_long, new_semaphore(0)) == ETIMEDOUT;
}

VIOLATION(sem_timedwait_interrupted_posts, "semaphore.timedwait-eintr", "-", SEM_TIMEDWAIT,
    REPLACES(true, post_when_interrupted(c)))
{
	sem_t *s = new_semaphore(0);

	return error_of_interrupted(wait_long, s) == EINTR && value_of(s) == 1;
}

#endif
