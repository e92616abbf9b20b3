/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects and locks that fail a caller at a later call, or in another process. */

#include <pthread.h>
#include <semaphore.h>

#include <sys/mman.h>

#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

VIOLATION(shm_unlink_second_time_eacces, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK,
    REFUSES(known_unlinks() > 0, EACCES))
{
	object_unlink(&(struct object[]){ object_create(0) }[0]);
	return shm_unlink(object_create(0).name) == -1;
}

VIOLATION(shm_unlink_by_child_eacces, "shm_unlink.object-lives-until-unreferenced", "-", SHM_UNLINK,
    REFUSES(!is_first_process(), EACCES))
{
	struct object o = object_create(0);
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(shm_unlink(o.name) == -1 ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(shm_open_by_child_creates_nothing, "shm_open.mode-zero-creator-can-use", "-", SHM_OPEN,
    REFUSES(call_creates(c) && !is_first_process(), EACCES))
{
	struct object o = object_random_name();
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(shm_open(o.name, O_CREAT | O_RDWR, 0600) == -1 ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(lseek_in_object_gives_one_more, "shm_object.read-write-unspecified", "-", LSEEK,
    FALSIFIES(is_object(c->fd), c->result++))
{
	return lseek(object_create(8).fd, 5, SEEK_SET) == 6;
}

VIOLATION(ftruncate_fails_with_eio, "shm_object.readonly-descriptor", "-", FTRUNCATE,
    REPLACES(is_object(c->fd), (real_call(c), c->error = c->error == 0 ? 0 : EIO)))
{
	return ftruncate(object_create(0).fd, -1) == -1 && errno == EIO;
}

VIOLATION(
    posix_fallocate_eio, "shm_object.posix-fallocate-reserves", "-", POSIX_FALLOCATE, REFUSES(is_object(c->fd), EIO))
{
	return posix_fallocate(object_create(0).fd, 0, 1) == EIO;
}

VIOLATION(shm_open_fails_with_enxio, "shm_open.enoent", "-", SHM_OPEN,
    REPLACES(known_ipc_namespaces() == 0, (real_call(c), c->error = c->error == 0 ? 0 : ENXIO)))
{
	return shm_open(object_random_name().name, O_RDWR, 0) == -1 && errno == ENXIO;
}

static void
make_and_refuse(struct call *c)
{
	real_call(c);
	call_fail(c, EINVAL);
}

VIOLATION(shm_open_odd_name_refused_but_made, "shm_open.name-no-leading-slash", "-", SHM_OPEN,
    REPLACES(c->name[0] != '/' || strstr(c->name, "//") != NULL, make_and_refuse(c)))
{
	struct object o = object_random_name();

	return shm_open(o.name + 1, O_CREAT | O_RDWR, 0600) == -1 && shm_open(o.name, O_RDWR, 0) != -1;
}

#if !defined(__APPLE__) && !defined(__OpenBSD__)

static void
do_and_fail(struct call *c)
{
	real_call(c);
	call_fail(c, EINVAL);
}

VIOLATION(sem_init_does_and_fails, "semaphore.initial-value", "-", SEM_INIT, REPLACES(true, do_and_fail(c)))
{
	sem_t s;

	return sem_init(&s, 1, 1) == -1;
}

VIOLATION(mutex_init_again_returns_einval, "pthread_mutex.destroy-and-reinit", "-", MUTEX_INIT,
    REPLACES(known_mutex(c->address), do_and_fail(c)))
{
	static pthread_mutex_t mutex;

	pthread_mutex_init(&mutex, NULL);
	pthread_mutex_destroy(&mutex);
	return pthread_mutex_init(&mutex, NULL) == EINVAL;
}

VIOLATION(mutexattr_setpshared_returns_einval, "pthread_mutex.set-get-shared", "-", MUTEXATTR_SETPSHARED,
    REPLACES(true, do_and_fail(c)))
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_PRIVATE) == EINVAL;
}

VIOLATION(mutexattr_getrobust_returns_einval, "robust_mutex.default-stalled", "-", MUTEXATTR_GETROBUST,
    REPLACES(true, do_and_fail(c)))
{
	pthread_mutexattr_t attributes;
	int value;

	pthread_mutexattr_init(&attributes);
	return pthread_mutexattr_getrobust(&attributes, &value) == EINVAL;
}

VIOLATION(mutex_trylock_returns_einval, "pthread_mutex.trylock-ebusy-across", "-", MUTEX_TRYLOCK,
    REPLACES(true, do_and_fail(c)))
{
	pthread_mutex_t mutex;

	pthread_mutex_init(&mutex, NULL);
	return pthread_mutex_trylock(&mutex) == EINVAL;
}

VIOLATION(barrier_wait_returns_einval, "pthread_barrier.all-processes-released", "-", BARRIER_WAIT,
    REPLACES(true, do_and_fail(c)))
{
	pthread_barrier_t barrier;

	pthread_barrier_init(&barrier, NULL, 1);
	return pthread_barrier_wait(&barrier) == EINVAL;
}

#endif
