/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "platform/errno.h"
#include "platform/name.h"
#include "platform/nitems.h"

/* What POSIX lists for the interfaces that the suite covers, and what sandboxes add. platform/errno.h knows more. */
static const struct name errors[] = { { 0, "no error" }, NAME(E2BIG), NAME(EACCES), NAME(EAGAIN), NAME(EBADF),
	NAME(EBUSY), NAME(ECHILD), NAME(EDEADLK), NAME(EEXIST), NAME(EFAULT), NAME(EFBIG), NAME(EIDRM), NAME(EINTR),
	NAME(EINVAL), NAME(EIO), NAME(EISDIR), NAME(ELOOP), NAME(EMFILE), NAME(ENAMETOOLONG), NAME(ENFILE),
	NAME(ENODEV), NAME(ENOENT), NAME(ENOEXEC), NAME(ENOMEM), NAME(ENOSPC), NAME(ENOSYS), NAME(ENOTDIR),
	NAME(ENOTSUP), NAME(ENXIO), NAME(EOPNOTSUPP), NAME(EOVERFLOW), NAME(EPERM), NAME(EPIPE), NAME(ERANGE),
	NAME(EROFS), NAME(ESRCH), NAME(ETIMEDOUT), NAME(ETXTBSY), NAME(EXDEV) };

static const struct name signals[] = { { 0, "no signal" }, NAME(SIGABRT), NAME(SIGALRM), NAME(SIGBUS), NAME(SIGFPE),
	NAME(SIGHUP), NAME(SIGILL), NAME(SIGINT), NAME(SIGKILL), NAME(SIGPIPE), NAME(SIGQUIT), NAME(SIGSEGV),
	NAME(SIGSYS), NAME(SIGTERM), NAME(SIGTRAP), NAME(SIGUSR1), NAME(SIGUSR2), NAME(SIGXCPU), NAME(SIGXFSZ) };

static const struct name segv_codes[] = { NAME(SEGV_MAPERR), NAME(SEGV_ACCERR) };

static const struct name bus_codes[] = { NAME(BUS_ADRALN), NAME(BUS_ADRERR), NAME(BUS_OBJERR) };

static const char *
find(const struct name *names, size_t count, int number, const char *kind)
{
	static char unknown[2][32];
	static unsigned turn;

	for (size_t i = 0; i < count; i++)
		if (names[i].number == number)
			return names[i].name;
	turn = 1 - turn;
	snprintf(unknown[turn], sizeof(unknown[turn]), "%s %d", kind, number);
	return unknown[turn];
}

static bool
is_name(const struct name *names, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].name, text) == 0)
			return true;
	return false;
}

bool
is_errno_name(const char *text)
{
	return is_name(errors, nitems(errors), text);
}

bool
is_signal_name(const char *text)
{
	return is_name(signals, nitems(signals), text);
}

const char *
errno_name(int error)
{
	const char *name = errno_name_of_some(error);

	return name != NULL ? name : find(errors, nitems(errors), error, "errno");
}

const char *
signal_name(int signal)
{
	return find(signals, nitems(signals), signal, "signal");
}

const char *
signal_code_name(int signal, int code)
{
	if (signal == SIGSEGV)
		return find(segv_codes, nitems(segv_codes), code, "si_code");
	if (signal == SIGBUS)
		return find(bus_codes, nitems(bus_codes), code, "si_code");
	return find(NULL, 0, code, "si_code");
}
