/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/capability.h>
#include <sys/syscall.h>
#endif

#include "capability.h"

bool
has_capability(enum capability which)
{
#ifdef __linux__
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, sets) == 0 &&
	    (sets[(unsigned)which / 32].effective >> ((unsigned)which % 32) & 1U) != 0;
#else
	(void)which;
	return geteuid() == 0;
#endif
}

const char *
capability_name(enum capability which)
{
#ifdef __linux__
	switch (which) {
	case CAPABILITY_CHOWN:
		return "CAP_CHOWN";
	case CAPABILITY_DAC_OVERRIDE:
		return "CAP_DAC_OVERRIDE";
	case CAPABILITY_FOWNER:
		return "CAP_FOWNER";
	case CAPABILITY_KILL:
		return "CAP_KILL";
	case CAPABILITY_SETGID:
		return "CAP_SETGID";
	case CAPABILITY_SETUID:
		return "CAP_SETUID";
	case CAPABILITY_IPC_LOCK:
		return "CAP_IPC_LOCK";
	case CAPABILITY_IPC_OWNER:
		return "CAP_IPC_OWNER";
	case CAPABILITY_SYS_CHROOT:
		return "CAP_SYS_CHROOT";
	case CAPABILITY_SYS_PTRACE:
		return "CAP_SYS_PTRACE";
	case CAPABILITY_SYS_ADMIN:
		return "CAP_SYS_ADMIN";
	case CAPABILITY_SYS_RESOURCE:
		return "CAP_SYS_RESOURCE";
	case CAPABILITY_MKNOD:
		return "CAP_MKNOD";
	}
	return "a capability";
#else
	(void)which;
	return "root";
#endif
}
