/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls that other platforms lack, or have with other arguments. */

#ifdef __linux__

#include <sched.h>
#include <stdarg.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "hook.h"
#include "platform/mman.h"

#ifdef __GLIBC__
typedef __rlimit_resource_t limited_resource;
#else
typedef int limited_resource;
#endif

HOOK(int, memfd_create, const char *name, unsigned flags)
{
	return (int)MAKE(MEMFD_CREATE, .name = name, .flags = (int)flags);
}

HOOK(int, prctl, int option, ...)
{
	intptr_t argument;
	va_list arguments;

	va_start(arguments, option);
	argument = va_arg(arguments, intptr_t);
	va_end(arguments);
	return (int)MAKE(PRCTL, .command = option, .argument = argument);
}

HOOK(int, posix_fallocate, int fd, off_t offset, off_t length)
{
	return (int)MAKE(POSIX_FALLOCATE, .fd = fd, .offset = offset, .length = (size_t)length);
}

HOOK(int, fallocate, int fd, int mode, off_t offset, off_t length)
{
	return (int)MAKE(FALLOCATE, .fd = fd, .flags = mode, .offset = offset, .length = (size_t)length);
}

HOOK(int, posix_madvise, void *address, size_t length, int advice)
{
	return (int)MAKE(POSIX_MADVISE, .address = address, .length = length, .command = advice);
}

HOOK(int, mincore, void *address, size_t length, unsigned char *vector)
{
	return (int)MAKE(MINCORE, .address = address, .length = length, .buffer = vector);
}

HOOK(void *, mremap, void *address, size_t length, size_t new_length, int flags, ...)
{
	void *new_address = NULL;
	va_list arguments;

	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
		va_start(arguments, flags);
		new_address = va_arg(arguments, void *);
		va_end(arguments);
	}
	return (void *)MAKE(MREMAP, .address = address, .length = length, .new_length = new_length, .flags = flags,
	    .new_address = new_address);
}

HOOK(int, remap_file_pages, void *address, size_t length, int protection, size_t page, int flags)
{
	return (int)MAKE(REMAP_FILE_PAGES, .address = address, .length = length, .protection = protection,
	    .offset = (off_t)page, .flags = flags);
}

#ifdef MLOCK_ONFAULT
HOOK(int, mlock2, const void *address, size_t length, unsigned flags)
{
	return (int)MAKE(MLOCK2, .address = UNCONST(address), .length = length, .flags = (int)flags);
}
#endif

HOOK(int, unshare, int flags)
{
	return (int)MAKE(UNSHARE, .flags = flags);
}

HOOK(long, sysconf, int name)
{
	return MAKE(SYSCONF, .command = name);
}

#ifdef __GLIBC__
/* What SHMLBA calls. */
HOOK(int, __getpagesize, void)
{
	return (int)MAKE(GETPAGESIZE, );
}
#endif

HOOK(int, setrlimit, limited_resource resource, const struct rlimit *limit)
{
	return (int)MAKE(SETRLIMIT, .command = (int)resource, .buffer = UNCONST(limit));
}

#endif
