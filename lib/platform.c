/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/utsname.h>

#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#if defined(__APPLE__)
#include <sys/random.h> /* getentropy(), which others have in <unistd.h> */
#endif
#ifdef __FreeBSD__
#include <sys/param.h>
#include <sys/procctl.h>
#endif

#include "check.h"
#include "platform.h"

enum platform
platform(void)
{
#if defined(__linux__)
	return LINUX;
#elif defined(__FreeBSD__)
	return FREEBSD;
#elif defined(__NetBSD__)
	return NETBSD;
#elif defined(__OpenBSD__)
	return OPENBSD;
#elif defined(__DragonFly__)
	return DRAGONFLY;
#elif defined(__APPLE__)
	return MACOS;
#elif defined(__sun)
	return ILLUMOS;
#else
	return OTHER_PLATFORM;
#endif
}

bool
platform_is(unsigned platforms)
{
#if defined(__linux__) && defined(__GLIBC__)
	const unsigned library = GLIBC;
#elif defined(__linux__) && !defined(__BIONIC__) && !defined(__UCLIBC__)
	const unsigned library = MUSL;
#else
	const unsigned library = 0;
#endif

	return (platforms & ((unsigned)platform() | library)) != 0;
}

const char *
platform_name(enum platform which)
{
	switch (which) {
	case LINUX:
		return "Linux";
	case FREEBSD:
		return "FreeBSD";
	case NETBSD:
		return "NetBSD";
	case OPENBSD:
		return "OpenBSD";
	case DRAGONFLY:
		return "DragonFly";
	case MACOS:
		return "macOS";
	case ILLUMOS:
		return "illumos";
	case GLIBC:
		return "glibc";
	case MUSL:
		return "musl";
	case OTHER_PLATFORM:
		break;
	}
	return "this platform";
}

const char *
platform_libc(void)
{
	static char name[64];

#if defined(_CS_GNU_LIBC_VERSION)
	if (confstr(_CS_GNU_LIBC_VERSION, name, sizeof(name)) != 0)
		return name;
#endif
#if defined(__linux__) && !defined(__GLIBC__) && !defined(__BIONIC__)
	snprintf(name, sizeof(name), "%s", "musl"); /* or another that has no macro of its own */
#elif defined(__BIONIC__)
	snprintf(name, sizeof(name), "%s", "bionic");
#elif defined(__FreeBSD_version)
	snprintf(name, sizeof(name), "libc of FreeBSD %d", __FreeBSD_version);
#else
	snprintf(name, sizeof(name), "libc of %s", platform_name(platform()));
#endif
	return name;
}

bool
libc_converts_status(void)
{
#if defined(__GLIBC__) && !defined(__LP64__)
	return true;
#else
	return false;
#endif
}

size_t
page_size(void)
{
	static size_t size;

	if (size == 0)
		size = (size_t)sysconf(_SC_PAGESIZE);
	return size;
}

size_t
attach_multiple(void)
{
#ifdef LACKS_SEGMENTS
	const size_t multiple = 0;
#else
	const size_t multiple = (size_t)SHMLBA;
#endif

	return multiple > page_size() ? multiple : page_size();
}

void
random_bytes(void *buffer, size_t size)
{
	if (getentropy(buffer, size) == -1)
		end_failed("the system gives no random bytes: %s", errno_name(errno));
}

void
close_from(int lowest)
{
#if defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__) || defined(__DragonFly__) || defined(__sun)
	closefrom(lowest);
#else
	long highest;

#if defined(__linux__) && defined(SYS_close_range)
	if (syscall(SYS_close_range, (unsigned)lowest, ~0U, 0U) == 0)
		return;
#endif
	highest = sysconf(_SC_OPEN_MAX);
	if (highest < 0 || highest > 4096)
		highest = 4096; /* limits of a million would cost more than the case */
	for (int fd = lowest; fd < highest; fd++)
		close(fd);
#endif
}

/* The machine's instruction that returns from a function; a zero where we don't know it. */
static const unsigned char return_instruction[] = {
#if defined(__x86_64__) || defined(__i386__)
	0xc3
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
	0xc0, 0x03, 0x5f, 0xd6
#elif defined(__arm__) && !defined(__ARMEB__)
	0x1e, 0xff, 0x2f, 0xe1
#elif defined(__riscv)
	0x67, 0x80, 0x00, 0x00
#elif defined(__s390x__)
	0x07, 0xfe
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	0x20, 0x00, 0x80, 0x4e
#elif defined(__loongarch__)
	0x20, 0x00, 0x00, 0x4c
#else
	0
#endif
};

/* So that the processor sees what was stored there. */
static void
clear_instruction_cache(char *at)
{
#if defined(__s390x__) || defined(__x86_64__) || defined(__i386__)
	(void)at; /* those see to it by themselves */
#elif defined(__powerpc64__) && defined(__clang__)
	/* Zig's run-time library has no __clear_cache() for it. */
	__asm__ volatile("dcbst 0,%0\n\tsync\n\ticbi 0,%0\n\tsync\n\tisync" : : "r"(at) : "memory");
#else
	__builtin___clear_cache(at, at + sizeof(return_instruction));
#endif
}

bool
store_function(void *at)
{
	if (sizeof(return_instruction) == 1 && return_instruction[0] == 0)
		return false;
	memcpy(at, return_instruction, sizeof(return_instruction));
	clear_instruction_cache(at);
	return true;
}

void
die_with_parent(pid_t parent)
{
#if defined(__linux__)
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#elif defined(__FreeBSD__)
	int signal = SIGKILL;

	procctl(P_PID, 0, PROC_PDEATHSIG_CTL, &signal);
#endif
	if (getppid() != parent)
		_exit(1);
}

bool
has_ipc_privileges(void)
{
#ifdef __linux__
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
	const uint32_t needed = 1U << CAP_IPC_OWNER | 1U << CAP_SYS_ADMIN;

	return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & needed) == needed;
#else
	return geteuid() == 0;
#endif
}

bool
become_with_cap_ipc_owner(uid_t user, gid_t group)
{
#ifdef __linux__
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	const uint32_t kept = 1U << CAP_IPC_OWNER;
	const struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { { .effective = kept,
	    .permitted = kept } };

	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setgroups(0, NULL) == 0 && setgid(group) == 0 &&
	    setuid(user) == 0 && syscall(SYS_capset, &header, sets) == 0;
#else
	(void)user;
	(void)group;
	return false;
#endif
}

bool
reads_see_mappings(void)
{
	return !platform_is(OPENBSD);
}

bool
msync_tells_locks(void)
{
	return !platform_is(OPENBSD | DRAGONFLY | MACOS);
}

bool
fault_codes_tell(void)
{
#ifdef __aarch64__
	return !platform_is(MACOS);
#else
	return true;
#endif
}

int
signal_of_protection(void)
{
	return platform_is(MACOS) ? SIGBUS : SIGSEGV;
}

bool
ids_are_known(unsigned first, unsigned last)
{
#ifdef __linux__
	int probe[2];
	bool unknown;

	if (pipe(probe) == -1)
		return true; /* nothing speaks against it */
	unknown = (fchown(probe[0], first, first) == -1 && errno == EINVAL) ||
	    (fchown(probe[0], last, last) == -1 && errno == EINVAL);
	close(probe[0]);
	close(probe[1]);
	return !unknown;
#else
	(void)first;
	(void)last;
	return true;
#endif
}

bool
key_in_status(const struct shmid_ds *status, key_t *key)
{
#if defined(__linux__)
	*key = status->shm_perm.__key;
	return true;
#elif defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__DragonFly__) || defined(__sun)
	*key = status->shm_perm.key;
	return true;
#elif defined(__NetBSD__) || defined(__APPLE__)
	*key = status->shm_perm._key;
	return true;
#else
	*key = (key_t)-1;
	return status == NULL;
#endif
}

long
locked_bytes(void)
{
	long kilobytes = -1;
	char line[256];
	FILE *status = fopen("/proc/self/status", "re");

	if (status == NULL)
		return -1;
	while (fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "VmLck:", 6) == 0)
			kilobytes = strtol(line + 6, NULL, 10);
	fclose(status);
	return kilobytes == -1 ? -1 : kilobytes * 1024;
}

void *
address_of_kernel(void)
{
	return (void *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */
}
