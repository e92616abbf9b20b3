/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h> /* closefrom() of illumos */

#include "platform/has.h"
#include "platform/unistd.h"

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#endif
#ifdef __FreeBSD__
#include <sys/procctl.h>
#endif

#ifdef HAS_CLOSEFROM

void
close_from(int lowest)
{
	closefrom(lowest);
}

#else

/* Since Linux 5.9, and in no other system. */
#ifdef SYS_close_range
static bool
close_range_from(int lowest)
{
	return syscall(SYS_close_range, (unsigned)lowest, ~0U, 0U) == 0;
}
#else
static bool
close_range_from(int lowest)
{
	(void)lowest;
	return false;
}
#endif

void
close_from(int lowest)
{
	long highest;

	if (close_range_from(lowest))
		return;
	highest = sysconf(_SC_OPEN_MAX);
	if (highest < 0 || highest > 4096)
		highest = 4096; /* limits of a million would cost more than the case */
	for (int fd = lowest; fd < highest; fd++)
		close(fd);
}

#endif

#if defined(__linux__)

static void
be_killed_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool
adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

#elif defined(__FreeBSD__)

static void
be_killed_with_parent(void)
{
	int signal = SIGKILL;

	procctl(P_PID, 0, PROC_PDEATHSIG_CTL, &signal);
}

bool
adopt_orphans(void)
{
	return procctl(P_PID, getpid(), PROC_REAP_ACQUIRE, NULL) == 0;
}

#else

static void
be_killed_with_parent(void)
{
}

bool
adopt_orphans(void)
{
	return false;
}

#endif

void
die_with_parent(pid_t parent)
{
	be_killed_with_parent();
	if (getppid() != parent)
		_exit(1);
}

#if defined(__linux__) && defined(SYS_process_vm_readv)

ssize_t
read_memory_of(pid_t process, const void *from, void *to, size_t size)
{
	const struct iovec here = { .iov_base = to, .iov_len = size };
	const struct iovec there = { .iov_base = (void *)(uintptr_t)from, .iov_len = size };

	return syscall(SYS_process_vm_readv, process, &here, 1UL, &there, 1UL, 0UL);
}

#else

ssize_t
read_memory_of(pid_t process, const void *from, void *to, size_t size)
{
	(void)process;
	(void)from;
	(void)to;
	(void)size;
	errno = ENOSYS;
	return -1;
}

#endif
