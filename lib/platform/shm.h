/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/shm.h>, and stand-ins for the flags and commands that this platform lacks. */

#ifndef SHMCHECK_PLATFORM_SHM_H
#define SHMCHECK_PLATFORM_SHM_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/*
 * Where the header is missing, so are the calls. Then lib/stand_in/segments.c has calls that fail with ENOSYS, for programs that
 * are not about segments: see the Makefile.
 */
#ifdef __has_include
#if !__has_include(<sys/shm.h>)
#define LACKS_SYS_SHM_H
#endif
#endif

#ifndef LACKS_SYS_SHM_H
#include <sys/ipc.h>
#include <sys/shm.h>
#else
#include <time.h>
struct ipc_perm {
	uid_t uid, cuid;
	gid_t gid, cgid;
	mode_t mode;
};
typedef unsigned long shmatt_t;
struct shmid_ds {
	struct ipc_perm shm_perm;
	size_t shm_segsz;
	pid_t shm_lpid, shm_cpid;
	shmatt_t shm_nattch;
	time_t shm_atime, shm_dtime, shm_ctime;
};
#define IPC_PRIVATE ((key_t)0)
#define SHMLBA      0
enum { IPC_CREAT = 01000, IPC_EXCL = 02000, IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2 };
enum { SHM_RDONLY = 010000, SHM_RND = 020000 };
int shmget(key_t key, size_t size, int flags);
void *shmat(int id, const void *address, int flags);
int shmdt(const void *address);
int shmctl(int id, int command, struct shmid_ds *status);
#endif
#ifdef __DragonFly__
#include <machine/param.h> /* SHMLBA is its PAGE_SIZE, and <sys/shm.h> does not include it */
#endif

#ifndef SHM_REMAP
#define SHM_REMAP 0
#endif
#ifndef SHM_EXEC
#define SHM_EXEC 0
#endif
#ifndef SHM_HUGETLB
#define SHM_HUGETLB 0
#endif
#ifndef SHM_NORESERVE
#define SHM_NORESERVE 0
#endif
#ifndef SHM_DEST
#define SHM_DEST 0
#endif
#ifndef SHM_FAILED
#define SHM_FAILED NULL /* POSIX.1-2024; few systems have it */
#endif
#ifndef SHM_LOCK
#define SHM_LOCK (-1)
#endif
#ifndef SHM_UNLOCK
#define SHM_UNLOCK (-1)
#endif
#ifndef SHM_LOCKED
#define SHM_LOCKED 0
#endif

/* What IPC_STAT shows of the pointer that the kernel of macOS keeps in its structure; elsewhere there is none. */
#ifdef __APPLE__
#define kernel_pointer_in_status(status) ((status)->shm_internal)
#else
#define kernel_pointer_in_status(status) ((void)(status), NULL)
#endif

/* Store the key of a segment, as IPC_STAT shows it. False where struct ipc_perm has no member for it. */
bool key_in_status(const struct shmid_ds *, key_t *key);

#endif
