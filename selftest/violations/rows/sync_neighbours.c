/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about what synchronizes that fail where others do not, or store behind what they are given; memory that is not shared. */

#include <pthread.h>

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "violation.h"

/* As in hooks_sync.c: there are none between processes elsewhere. */
#if !defined(__APPLE__) && !defined(__OpenBSD__) && !defined(__NetBSD__)

VIOLATION(mutexattr_setpshared_returns_einval, "pthread_mutex.set-get-shared", "-", MUTEXATTR_SETPSHARED,
    REFUSES(true, EINVAL))
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == EINVAL;
}

VIOLATION(
    mutexattr_getrobust_returns_einval, "robust_mutex.default-stalled", "-", MUTEXATTR_GETROBUST, REFUSES(true, EINVAL))
{
	pthread_mutexattr_t attributes;
	int robust;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_getrobust(&attributes, &robust) == EINVAL;
}

static const void *locked_last; /* by this process */

/* What it locked last, which is still locked: the first number in a mutex of glibc is 0 when it is free. */
static bool
locks_again(const struct call *c)
{
	bool is_again = c->address == locked_last && *(const int *)c->address != 0;

	locked_last = c->address;
	return is_again;
}

VIOLATION(mutex_lock_second_time_edeadlk, "pthread_mutex.recursive-across-processes", "-", MUTEX_LOCK,
    REFUSES(locks_again(c), EDEADLK))
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t mutex;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutex, &attributes);
	return pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == EDEADLK;
}

/* As a library does whose condition variables are larger than those that the program was compiled for. */
enum { BYTES_BEHIND = 32 };

struct condition {
	pthread_cond_t condition;
	unsigned char behind[BYTES_BEHIND];
};

VIOLATION(cond_broadcast_stores_behind_condition, "life_mixed.same-lock-everywhere", "-", COND_BROADCAST,
    FALSIFIES(true, memset(((struct condition *)c->address)->behind, 0xff, BYTES_BEHIND)))
{
	static struct condition c = { .condition = PTHREAD_COND_INITIALIZER };

	pthread_cond_broadcast(&c.condition);
	return c.behind[0] == 0xff;
}

#endif

enum { FIRST_PAGES = 4 };

static bool
is_long_shared_range(const struct known_range *range)
{
	return range->id == -1 && range->fd == -1 && (range->flags & MAP_SHARED) != 0 &&
	    range->length > FIRST_PAGES * page_size();
}

static void
own_later_pages(const struct known_range *range)
{
	make_private(range->start + FIRST_PAGES * page_size(), range->length - FIRST_PAGES * page_size());
}

VIOLATION(fork_child_has_later_pages_alone, "mmap_process.fork-shared-stays-shared", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_long_shared_range),
	for_known_ranges(is_long_shared_range, own_later_pages)))
{
	char *p = map_anonymous((FIRST_PAGES + 1) * page_size(), MAP_SHARED);
	pid_t child = fork();

	if (child == 0) {
		p[0] = p[FIRST_PAGES * page_size()] = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return p[0] == 'c' && p[FIRST_PAGES * page_size()] == 0;
}
