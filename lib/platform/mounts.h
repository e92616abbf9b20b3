/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A /dev/shm of one's own, and a hugetlbfs, in a mount namespace of Linux, mount_namespaces(7). Elsewhere all of this fails with
 * ENOSYS.
 */

#ifndef SHMCHECK_PLATFORM_MOUNTS_H
#define SHMCHECK_PLATFORM_MOUNTS_H

#include <stdbool.h>

/* In a mount namespace of one's own: from here on nobody else sees what this process mounts on /dev/shm. False with errno. */
bool make_mounts_private(void);

/*
 * Enter a mount namespace with a new tmpfs at /dev/shm, with these options of tmpfs(5), which goes with the processes that have
 * it. A process that is not root gets it in a user namespace: see unshare_as_any_user(). False with errno; errno is 0 where
 * unshare() or mount() returned 0 and did nothing.
 */
bool mount_private_shm(const char *options);

/* The same with a hugetlbfs, whose files are of huge pages, over this directory. Only root of the system may mount it. */
bool mount_private_hugetlbfs(const char *directory, const char *options);

/* Have the tmpfs that mount_private_shm() mounted refuse PROT_EXEC, as the option "noexec" of mount(8). False with errno. */
bool make_private_shm_noexec(void);

#endif
