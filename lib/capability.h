/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The rights of this process that cases need, by the names and numbers of Linux, capabilities(7). On systems without such
 * capabilities root has all rights, and nobody else has any.
 */

#ifndef SHMCHECK_CAPABILITY_H
#define SHMCHECK_CAPABILITY_H

#include <stdbool.h>

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

/* "CAP_CHOWN"; on a system without capabilities "root". Static memory. */
const char *capability_name(enum capability);

#endif
