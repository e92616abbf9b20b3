/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects and locks that fail a caller at a later call, or in another process. */

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "direct_check.h"
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

VIOLATION(fstat_tells_a_link, "shm_object.fstat-file-type", "-", FSTAT,
    FALSIFIES(S_ISREG(((struct stat *)c->buffer)->st_mode), ((struct stat *)c->buffer)->st_mode ^= S_IFREG ^ S_IFLNK))
{
	struct stat status;

	return fstat(object_create(0).fd, &status) == 0 && S_ISLNK(status.st_mode);
}

VIOLATION(ftruncate_huge_eio, "shm_object.huge-length", "-", FTRUNCATE, REFUSES(c->offset > (off_t)1 << 40, EIO))
{
	return ftruncate(object_create(0).fd, (off_t)1 << 41) == -1 && errno == EIO;
}

VIOLATION(ftruncate_huge_fails_with_a_page, "shm_object.huge-length", "-", FTRUNCATE,
    REPLACES(c->offset > (off_t)1 << 40, (real_ftruncate(c->fd, 1), call_fail(c, ENOSPC))))
{
	int fd = object_create(0).fd;

	return ftruncate(fd, (off_t)1 << 41) == -1 && size_of(fd) == 1;
}

VIOLATION(ftruncate_by_child_refused, "shm_object.rlimit-fsize", "-", FTRUNCATE,
    REFUSES(is_object(c->fd) && !is_first_process(), EFBIG))
{
	int fd = object_create(0).fd;
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(ftruncate(fd, 1) == -1 ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(ftruncate_of_mapped_object_einval, "shm_object.growth-makes-mapping-valid", "-", FTRUNCATE,
    REFUSES(is_object(c->fd) && is_mapped(c->fd), EINVAL))
{
	int fd = object_create(1).fd;

	map_shared(fd, 1);
	return ftruncate(fd, 2) == -1;
}

static bool
is_of_others(const char *name)
{
	struct stat status;

	return status_of_name(name, &status) && status.st_uid != geteuid();
}

VIOLATION(shm_open_by_root_enxio, "shm_open.root-bypasses-mode", "-", SHM_OPEN,
    REFUSES(geteuid() == 0 && call_opens(c) && (c->flags & O_ACCMODE) == O_RDWR && is_of_others(c->name), ENXIO))
{
	struct object o = object_create(0);

	return geteuid() == 0 && fchown(o.fd, user_id(OTHER), group_id(OTHER)) == 0 &&
	    shm_open(o.name, O_RDWR, 0) == -1;
}

static bool
unlinks_oddly(void *name)
{
	return shm_unlink(name) == -2;
}

VIOLATION(shm_unlink_of_others_gives_two, "shm_unlink.permission-rule-differs", "-", SHM_UNLINK,
    REPLACES(geteuid() != 0, (real_call(c), c->result = c->result == -1 ? -2 : 0)))
{
	struct object o = object_create(0);

	return is_seen_by(OTHER, unlinks_oddly, o.name);
}

VIOLATION(pwrite_behind_end_grows_but_fails, "shm_object.write-extends", "-", PWRITE,
    REPLACES(is_object(c->fd), (real_call(c), call_fail(c, EIO))))
{
	int fd = object_create(0).fd;

	return pwrite(fd, "x", 1, 0) == -1 && size_of(fd) == 1;
}

/* In the first page, and in the second if the mapping has one. */
static void
spoil_two_bytes(const struct call *c)
{
	spoil_byte((char *)c->result);
	if (c->length > page_size())
		spoil_byte((char *)c->result + page_size());
}

VIOLATION(mmap_by_child_spoils_object, "shm_open.same-name-same-object", "-", MMAP,
    FALSIFIES(
	c->fd != -1 && is_object(c->fd) && !is_first_process() && known_ipc_namespaces() == 0, spoil_two_bytes(c)))
{
	int fd = object_create(2 * page_size()).fd;
	char *p = map_shared(fd, 2 * page_size());
	pid_t child = fork();

	if (child == 0) {
		map_shared(fd, 2 * page_size());
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return p[0] == SPOILED && p[page_size()] == SPOILED;
}

#ifdef __linux__

VIOLATION(seals_of_anything, "memfd_create.seals-on-shm-open-object", "-", FCNTL,
    FALSIFIES(c->command == F_GET_SEALS, c->result = 0xff))
{
	return fcntl(memfd_sealable(1), F_GET_SEALS) == 0xff;
}

VIOLATION(
    seals_never_refused, "memfd_create.seals-on-shm-open-object", "-", FCNTL, ACCEPTS(c->command == F_ADD_SEALS, 0, 0))
{
	return fcntl(object_create(0).fd, F_ADD_SEALS, F_SEAL_GROW) == 0;
}

VIOLATION(seals_fail_with_enotty, "memfd_create.seals-on-regular-file", "-", FCNTL,
    MISTAKES(c->command == F_ADD_SEALS || c->command == F_GET_SEALS, EINVAL, ENOTTY))
{
	return fcntl(nameless_file(1), F_GET_SEALS) == -1 && errno == ENOTTY;
}

VIOLATION(unlink_in_dev_shm_eacces, "shm_open.file-in-dev-shm-opens", "-", UNLINK,
    REFUSES(strncmp(c->name, "/dev/shm/", 9) == 0, EACCES))
{
	char path[300];
	struct object o = object_create(0);

	snprintf(path, sizeof(path), "/dev/shm%s", o.name);
	return unlink(path) == -1;
}

#endif

VIOLATION(access_finds_everything, "shm_open.name-dot-and-dotdot", "-", ACCESS, ACCEPTS(true, ENOENT, 0))
{
	return access("none", F_OK) == 0;
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

static bool
is_inherited(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && range->is_inherited;
}

VIOLATION(mutex_unlock_by_child_returns_einval, "pthread_cond.signal-across", "-", MUTEX_UNLOCK,
    REPLACES(is_inherited(c), do_and_fail(c)))
{
	pthread_mutex_t *mutex = map_anonymous(page_size(), MAP_SHARED);
	int status;

	pthread_mutex_init(mutex, NULL);
	if (fork() == 0)
		_exit(pthread_mutex_lock(mutex) == 0 && pthread_mutex_unlock(mutex) == EINVAL ? 0 : 1);
	return wait(&status) != -1 && status == 0;
}

#endif
