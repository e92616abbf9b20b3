/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <unistd.h>

#include "platform/seccomp.h"

#ifdef __linux__

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int
seccomp_strict(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
}

void
exit_thread(int status)
{
	for (;;)
		syscall(SYS_exit, status);
}

void
make_forbidden_call(void)
{
	syscall(SYS_getpid);
}

#else

int
seccomp_strict(void)
{
	errno = ENOSYS;
	return -1;
}

void
exit_thread(int status)
{
	_exit(status);
}

void
make_forbidden_call(void)
{
	(void)getpid();
}

#endif
