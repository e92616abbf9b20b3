/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "platform/capability.h"

#ifdef __linux__

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

bool
has_capability(enum capability which)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, sets) == 0 &&
	    (sets[(unsigned)which / 32].effective >> ((unsigned)which % 32) & 1U) != 0;
}

const char *
capability_name(enum capability which)
{
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
}

/* The first user namespace maps all ids to themselves, user_namespaces(7). Without /proc nothing speaks against it. */
bool
has_capability_of_system(enum capability which)
{
	unsigned long map[3] = { 0, 0, UINT32_MAX };
	FILE *f = fopen("/proc/self/uid_map", "re");

	if (f != NULL) {
		if (fscanf(f, "%lu %lu %lu", &map[0], &map[1], &map[2]) != 3) /* NOLINT(cert-err34-c): the kernel's */
			map[2] = 0;
		fclose(f);
	}
	return has_capability(which) && map[0] == 0 && map[1] == 0 && map[2] == UINT32_MAX;
}

bool
become_with_capability(enum capability which, uid_t user, gid_t group)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	const uint32_t kept = 1U << (unsigned)which; /* all of them are in the first word */
	const struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { { .effective = kept,
	    .permitted = kept } };

	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setgroups(0, NULL) == 0 && setgid(group) == 0 &&
	    setuid(user) == 0 && syscall(SYS_capset, &header, sets) == 0;
}

bool
ids_are_known(unsigned first, unsigned last)
{
	int probe[2];
	bool unknown;

	if (pipe(probe) == -1)
		return true; /* nothing speaks against it */
	unknown = (fchown(probe[0], first, first) == -1 && errno == EINVAL) ||
	    (fchown(probe[0], last, last) == -1 && errno == EINVAL);
	close(probe[0]);
	close(probe[1]);
	return !unknown;
}

#else

bool
has_capability(enum capability which)
{
	(void)which;
	return geteuid() == 0;
}

bool
has_capability_of_system(enum capability which)
{
	return has_capability(which);
}

const char *
capability_name(enum capability which)
{
	(void)which;
	return "root";
}

bool
become_with_capability(enum capability which, uid_t user, gid_t group)
{
	(void)which;
	(void)user;
	(void)group;
	return false;
}

bool
ids_are_known(unsigned first, unsigned last)
{
	(void)first;
	(void)last;
	return true;
}

#endif

bool
has_ipc_privileges(void)
{
	return has_capability(CAPABILITY_IPC_OWNER) && has_capability(CAPABILITY_SYS_ADMIN);
}
