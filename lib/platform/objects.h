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

/* FreeBSD: an object of large pages, and the sizes that there are. */
#ifndef SHM_LARGEPAGE_ALLOC_DEFAULT
#define SHM_LARGEPAGE_ALLOC_DEFAULT 0
#define SHM_LARGEPAGE_ALLOC_NOWAIT  0
#define shm_create_largepage(...)   no_shm_create_largepage(__VA_ARGS__)
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
