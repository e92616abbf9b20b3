/* SPDX-License-Identifier: BSD-2-Clause */

/* The calls about segments, objects, files and processes. */

#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "hook.h"

enum { WATCHDOG_SECONDS = 2 };

HOOK(key_t, ftok, const char *path, int project)
{
	return (key_t)MAKE(FTOK, .name = path, .command = project);
}

HOOK(int, shmget, key_t key, size_t size, int flags)
{
	return (int)MAKE(SHMGET, .key = key, .length = size, .flags = flags);
}

HOOK(void *, shmat, int id, const void *address, int flags)
{
	return (void *)MAKE(SHMAT, .id = id, .address = UNCONST(address), .flags = flags);
}

HOOK(int, shmdt, const void *address)
{
	return (int)MAKE(SHMDT, .address = UNCONST(address));
}

HOOK(int, shmctl, int id, int command, struct shmid_ds *status)
{
	return (int)MAKE(SHMCTL, .id = id, .command = command, .buffer = status);
}

HOOK(int, shm_open, const char *name, int flags, mode_t mode)
{
	return (int)MAKE(SHM_OPEN, .name = name, .flags = flags, .mode = mode);
}

HOOK(int, shm_unlink, const char *name)
{
	return (int)MAKE(SHM_UNLINK, .name = name);
}

/* O_TMPFILE of Linux takes a mode too. */
static bool
has_mode(int flags)
{
#ifdef O_TMPFILE
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return true;
#endif
	return (flags & O_CREAT) != 0;
}

HOOK(int, open, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list arguments;

	if (has_mode(flags)) {
		va_start(arguments, flags);
		mode = (mode_t)va_arg(arguments, int);
		va_end(arguments);
	}
	return (int)MAKE(OPEN, .name = path, .flags = flags, .mode = mode);
}

HOOK(int, access, const char *path, int mode)
{
	return (int)MAKE(ACCESS, .name = path, .flags = mode);
}

HOOK(int, unlink, const char *path)
{
	return (int)MAKE(UNLINK, .name = path);
}

HOOK(FILE *, fopen, const char *path, const char *mode)
{
	return (FILE *)MAKE(FOPEN, .name = path, .buffer = UNCONST(mode));
}

HOOK(int, close, int fd)
{
	return (int)MAKE(CLOSE, .fd = fd);
}

HOOK(int, dup, int fd)
{
	return (int)MAKE(DUP, .fd = fd);
}

HOOK(int, dup2, int fd, int other)
{
	return (int)MAKE(DUP2, .fd = fd, .id = other);
}

HOOK(int, fcntl, int fd, int command, ...)
{
	intptr_t argument;
	va_list arguments;

	va_start(arguments, command);
	argument = va_arg(arguments, intptr_t);
	va_end(arguments);
	return (int)MAKE(FCNTL, .fd = fd, .command = command, .argument = argument);
}

HOOK(int, fstat, int fd, struct stat *status)
{
	return (int)MAKE(FSTAT, .fd = fd, .buffer = status);
}

HOOK(int, stat, const char *path, struct stat *status)
{
	return (int)MAKE(STAT, .name = path, .buffer = status);
}

HOOK(int, statvfs, const char *path, struct statvfs *place)
{
	return (int)MAKE(STATVFS, .name = path, .buffer = place);
}

HOOK(int, ftruncate, int fd, off_t length)
{
	return (int)MAKE(FTRUNCATE, .fd = fd, .offset = length);
}

HOOK(int, fchmod, int fd, mode_t mode)
{
	return (int)MAKE(FCHMOD, .fd = fd, .mode = mode);
}

HOOK(int, fchown, int fd, uid_t user, gid_t group)
{
	return (int)MAKE(FCHOWN, .fd = fd, .user = user, .group = group);
}

HOOK(ssize_t, read, int fd, void *buffer, size_t size)
{
	return MAKE(READ, .fd = fd, .buffer = buffer, .length = size);
}

HOOK(ssize_t, write, int fd, const void *buffer, size_t size)
{
	return MAKE(WRITE, .fd = fd, .buffer = UNCONST(buffer), .length = size);
}

HOOK(ssize_t, pread, int fd, void *buffer, size_t size, off_t offset)
{
	return MAKE(PREAD, .fd = fd, .buffer = buffer, .length = size, .offset = offset);
}

HOOK(ssize_t, pwrite, int fd, const void *buffer, size_t size, off_t offset)
{
	return MAKE(PWRITE, .fd = fd, .buffer = UNCONST(buffer), .length = size, .offset = offset);
}

HOOK(off_t, lseek, int fd, off_t offset, int whence)
{
	return MAKE(LSEEK, .fd = fd, .offset = offset, .command = whence);
}

HOOK(int, fsync, int fd)
{
	return (int)MAKE(FSYNC, .fd = fd);
}

HOOK(pid_t, fork, void)
{
	return (pid_t)MAKE(FORK, );
}

/* Of these calls the guardian's alone is for its own process: it must see and remove what there really is. */
HOOK(int, setpgid, pid_t process, pid_t group)
{
	if (process == 0)
		engine_turn_off();
	return (int)MAKE(SETPGID, .id = process, .flags = group);
}

/*
 * A wake-up that is lost shows by nothing but time: what waits for it is ended by the watchdog of the harness, which need not
 * take its full minute here.
 */
HOOK(unsigned, alarm, unsigned seconds)
{
	return (unsigned)MAKE(ALARM, .value = is_violated() && seconds > WATCHDOG_SECONDS ? WATCHDOG_SECONDS : seconds);
}

HOOK(int, execv, const char *path, char *const arguments[])
{
	return (int)MAKE(EXECV, .name = path, .buffer = UNCONST(arguments));
}

/* The environment is the caller's own. */
HOOK(int, posix_spawnp, pid_t *process, const char *file, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
	(void)environment;
	return (int)MAKE(POSIX_SPAWN, .buffer = process, .name = file, .address = UNCONST(actions),
	    .new_address = UNCONST(attributes), .argument = (intptr_t)arguments);
}

HOOK(void, _exit, int status)
{
	MAKE(EXIT, .flags = status);
	__builtin_unreachable();
}

HOOK(pid_t, waitpid, pid_t process, int *status, int options)
{
	return (pid_t)MAKE(WAITPID, .id = process, .buffer = status, .flags = options);
}

HOOK(mode_t, umask, mode_t mask)
{
	return (mode_t)MAKE(UMASK, .mode = mask);
}
