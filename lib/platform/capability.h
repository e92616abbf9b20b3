/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The rights of this process that cases need, by the names and numbers of Linux, capabilities(7). On systems without such
 * capabilities root has all rights, and nobody else has any.
 */

#ifndef SHMCHECK_PLATFORM_CAPABILITY_H
#define SHMCHECK_PLATFORM_CAPABILITY_H

#include <stdbool.h>

#include <sys/types.h>

enum capability {
	CAPABILITY_CHOWN = 0,
	CAPABILITY_DAC_OVERRIDE = 1,
	CAPABILITY_FOWNER = 3,
	CAPABILITY_KILL = 5,
	CAPABILITY_SETGID = 6,
	CAPABILITY_SETUID = 7,
	CAPABILITY_IPC_LOCK = 14,
	CAPABILITY_IPC_OWNER = 15,
	CAPABILITY_SYS_CHROOT = 18,
	CAPABILITY_SYS_PTRACE = 19,
	CAPABILITY_SYS_ADMIN = 21,
	CAPABILITY_SYS_RESOURCE = 24,
	CAPABILITY_MKNOD = 27
};

/* Whether this process has it in its effective set; elsewhere than on Linux, whether the effective user is root. */
bool has_capability(enum capability);

/* The same, and it counts for the whole system: in a user namespace of Linux, user_namespaces(7), it does not. */
bool has_capability_of_system(enum capability);

/* "CAP_CHOWN"; on a system without capabilities "root". Static memory. */
const char *capability_name(enum capability);

/*
 * Whether this process may use, change and remove the segments of all users: root, and on Linux with CAP_IPC_OWNER and
 * CAP_SYS_ADMIN.
 */
bool has_ipc_privileges(void);

/*
 * Become this user and this group for good, with this capability and no other. False where root cannot hand it on; Linux alone
 * has capabilities of this kind.
 */
bool become_with_capability(enum capability, uid_t, gid_t);

/* Whether these user and group ids mean something here: in a user namespace of Linux, user_namespaces(7), few may do. */
bool ids_are_known(unsigned first, unsigned last);

#endif
