/* SPDX-License-Identifier: BSD-2-Clause */

/* What threads have of the attachments of their process. */

#include <pthread.h>

#include "effects.h"
#include "segments.h"

static pthread_t first_thread;

__attribute__((constructor)) static void
learn_first_thread(void)
{
	first_thread = pthread_self();
}

static bool
is_in_other_thread(void)
{
	return pthread_equal(first_thread, pthread_self()) == 0;
}

static void *
attach_in_thread(void *id)
{
	return shmat(*(int *)id, NULL, 0);
}

static void *
detach_in_thread(void *p)
{
	return shmdt(p) == -1 ? p : NULL;
}

static void *
in_thread(void *(*body)(void *), void *argument)
{
	pthread_t thread;
	void *result = NULL;

	if (pthread_create(&thread, NULL, body, argument) == 0)
		pthread_join(thread, &result);
	return result;
}

VIOLATION(shmat_by_thread_counts_twice, "shm_process.threads-share-attachment", "-", SHMAT,
    FALSIFIES(is_in_other_thread(), real_shmat(c->id, NULL, 0)))
{
	int id = segment_create(1);

	in_thread(attach_in_thread, &id);
	return segment_stat(id).shm_nattch == 2;
}

VIOLATION(shmat_by_thread_is_private, "shm_process.threads-share-attachment", "-", SHMAT,
    FALSIFIES(is_in_other_thread() && size_for(c) > 0, make_private((void *)c->result, size_for(c))))
{
	int id = segment_create(1);
	char *p = in_thread(attach_in_thread, &id);

	*p = 'p';
	return *(char *)segment_attach(id, NULL, 0) == 0;
}

VIOLATION(
    shmdt_by_thread_refused, "shm_process.threads-share-attachment", "-", SHMDT, REFUSES(is_in_other_thread(), EINVAL))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return in_thread(detach_in_thread, p) == p;
}
