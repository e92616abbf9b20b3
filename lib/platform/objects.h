/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Calls for shared memory objects that only some platforms have. Stand-ins fail with ENOSYS. No case about them runs where they
 * stand in, as no manual of the platform promises what it checks.
 */

#ifndef SHMCHECK_PLATFORM_OBJECTS_H
#define SHMCHECK_PLATFORM_OBJECTS_H

#include <errno.h>
#include <stddef.h>

#include <sys/types.h>
#include <sys/mman.h>

/* FreeBSD: an object without a name. */
#ifndef SHM_ANON
#define SHM_ANON ""
#endif

/* FreeBSD: an object of large pages, what ioctl() tells and sets of it, and the sizes that there are. */
#ifdef SHM_LARGEPAGE_ALLOC_DEFAULT
#include <unistd.h>

#include <sys/ioctl.h>
#include <sys/syscall.h>

/* The call that shm_create_largepage() makes: an object without a name whose pages have no size yet. */
static inline int
raw_shm_open_largepage(int flags, mode_t mode)
{
	return syscall(SYS_shm_open2, SHM_ANON, flags, mode, SHM_LARGEPAGE, NULL);
}
#else
#define SHM_LARGEPAGE_ALLOC_DEFAULT         0
#define SHM_LARGEPAGE_ALLOC_NOWAIT          0
#define FIOGSHMLPGCNF                       0
#define FIOSSHMLPGCNF                       0
struct shm_largepage_conf {
	int psind;
	int alloc_policy;
};
#define ioctl(fd, request, conf)            no_ioctl(fd, request, conf)
static inline int
no_ioctl(int fd, int request, struct shm_largepage_conf *conf)
{
	(void)fd;
	(void)request;
	(void)conf;
	errno = ENOSYS;
	return -1;
}
#define raw_shm_open_largepage(flags, mode) no_raw_shm_open_largepage(flags, mode)
static inline int
no_raw_shm_open_largepage(int flags, mode_t mode)
{
	(void)flags;
	(void)mode;
	errno = ENOSYS;
	return -1;
}

#define shm_create_largepage(...) no_shm_create_largepage(__VA_ARGS__)
static inline int
no_shm_create_largepage(const char *path, int flags, int index, int policy, mode_t mode)
{
	(void)path;
	(void)flags;
	(void)index;
	(void)policy;
	(void)mode;
	errno = ENOSYS;
	return -1;
}

#define getpagesizes(sizes, count) no_getpagesizes(sizes, count)
static inline int
no_getpagesizes(size_t sizes[], int count)
{
	(void)sizes;
	(void)count;
	errno = ENOSYS;
	return -1;
}
#endif

/* FreeBSD: another name for an object. */
#ifndef SHM_RENAME_NOREPLACE
#define SHM_RENAME_NOREPLACE        0
#define SHM_RENAME_EXCHANGE         0
#define shm_rename(from, to, flags) no_shm_rename(from, to, flags)
static inline int
no_shm_rename(const char *from, const char *to, int flags)
{
	(void)from;
	(void)to;
	(void)flags;
	errno = ENOSYS;
	return -1;
}
#endif

/* OpenBSD: a new object with a name made from a template. */
#ifndef __OpenBSD__
#define shm_mkstemp(name) no_shm_mkstemp(name)
static inline int
no_shm_mkstemp(char *name)
{
	(void)name;
	errno = ENOSYS;
	return -1;
}
#endif

#endif
