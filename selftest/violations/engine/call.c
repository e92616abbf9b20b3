/* SPDX-License-Identifier: BSD-2-Clause */

/* The platform's own functions, and how a call is made from its data. */

#include <dlfcn.h>
#include <errno.h>
#include <semaphore.h>
#include <unistd.h>

#include "check.h"
#include "violation.h"

#define INTERFACE_NAME(constant, name) name,
static const char *const names[] = { INTERFACES(INTERFACE_NAME) };
#undef INTERFACE_NAME

static void *functions[INTERFACE_COUNT];

const char *
interface_name(enum interface interface)
{
	return names[interface];
}

bool
returns_its_error(enum interface interface)
{
	return interface == POSIX_MADVISE || interface == POSIX_SPAWN || interface == POSIX_FALLOCATE ||
	    interface >= MUTEXATTR_SETPSHARED;
}

intptr_t
failure_of(enum interface interface)
{
	if (interface == SEM_OPEN)
		return (intptr_t)SEM_FAILED;
	return interface == FOPEN ? 0 : -1;
}

/*
 * RTLD_NEXT gives the oldest of a function's versions in glibc, and for condition variables that is another function; the
 * library itself gives the one that programs are linked with.
 */
static void *
find_function(const char *name)
{
	void *library = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	void *function = library == NULL ? NULL : dlsym(library, name);

	return function != NULL ? function : dlsym(RTLD_NEXT, name);
}

/* At the start, as later, in a handler or a child, it may not be possible; and other libraries' constructors make calls too. */
__attribute__((constructor)) static void
find_functions(void)
{
	for (unsigned i = 0; i < nitems(functions); i++)
		functions[i] = find_function(names[i]);
}

/* The types of the functions, by their arguments: a is an address, i an int, l a size, o an off_t. */
typedef int with_a(void *);
typedef int with_aa(void *, void *);
typedef int with_ai(void *, int);
typedef int with_al(void *, size_t);
typedef int with_i(int);
typedef int with_ii(int, int);
typedef int with_ia(int, void *);
typedef int with_none(void);
typedef ssize_t with_ial(int, void *, size_t);
typedef ssize_t with_ialo(int, void *, size_t, off_t);

static intptr_t
make_file_call(struct call *c, void *f)
{
	switch (c->interface) {
	case SHM_OPEN:
	case OPEN:
		return ((int (*)(const char *, int, ...))f)(c->name, c->flags, c->mode);
	case SHM_UNLINK:
	case UNLINK:
		return ((int (*)(const char *))f)(c->name);
	case MEMFD_CREATE:
		return ((int (*)(const char *, unsigned))f)(c->name, (unsigned)c->flags);
	case CLOSE:
	case DUP:
	case FSYNC:
		return ((with_i *)f)(c->fd);
	case DUP2:
		return ((with_ii *)f)(c->fd, c->id);
	case FCNTL:
		return ((int (*)(int, int, ...))f)(c->fd, c->command, c->argument);
	case FSTAT:
		return ((with_ia *)f)(c->fd, c->buffer);
	case ACCESS:
		return ((int (*)(const char *, int))f)(c->name, c->flags);
	case STAT:
	case STATVFS:
		return ((int (*)(const char *, void *))f)(c->name, c->buffer);
	case FTRUNCATE:
		return ((int (*)(int, off_t))f)(c->fd, c->offset);
	case POSIX_FALLOCATE:
		return ((int (*)(int, off_t, off_t))f)(c->fd, c->offset, (off_t)c->length);
	case FALLOCATE:
		return ((int (*)(int, int, off_t, off_t))f)(c->fd, c->flags, c->offset, (off_t)c->length);
	case FCHMOD:
		return ((int (*)(int, mode_t))f)(c->fd, c->mode);
	case FCHOWN:
		return ((int (*)(int, uid_t, gid_t))f)(c->fd, c->user, c->group);
	case FOPEN:
		return (intptr_t)((void *(*)(const char *, const char *))f)(c->name, c->buffer);
	case READ:
	case WRITE:
		return ((with_ial *)f)(c->fd, c->buffer, c->length);
	case PREAD:
	case PWRITE:
		return ((with_ialo *)f)(c->fd, c->buffer, c->length, c->offset);
	default: /* LSEEK */
		return ((off_t(*)(int, off_t, int))f)(c->fd, c->offset, c->command);
	}
}

static intptr_t
make_memory_call(struct call *c, void *f)
{
	switch (c->interface) {
	case MMAP:
		return (intptr_t)((void *(*)(void *, size_t, int, int, int, off_t))f)(
		    c->address, c->length, c->protection, c->flags, c->fd, c->offset);
	case MPROTECT:
		return ((int (*)(void *, size_t, int))f)(c->address, c->length, c->protection);
	case MSYNC:
		return ((int (*)(void *, size_t, int))f)(c->address, c->length, c->flags);
	case MADVISE:
	case POSIX_MADVISE:
		return ((int (*)(void *, size_t, int))f)(c->address, c->length, c->command);
	case MINCORE:
		return ((int (*)(void *, size_t, void *))f)(c->address, c->length, c->buffer);
	case REMAP_FILE_PAGES:
		return ((int (*)(void *, size_t, int, size_t, int))f)(
		    c->address, c->length, c->protection, (size_t)c->offset, c->flags);
	case MREMAP:
		return (intptr_t)((void *(*)(void *, size_t, size_t, int, ...))f)(
		    c->address, c->length, c->new_length, c->flags, c->new_address);
	case MLOCK2:
		return ((int (*)(void *, size_t, unsigned))f)(c->address, c->length, (unsigned)c->flags);
	case MLOCKALL:
		return ((with_i *)f)(c->flags);
	case MUNLOCKALL:
		return ((with_none *)f)();
	case FAULT: /* it has happened */
		return c->result;
	default: /* MUNMAP, MLOCK, MUNLOCK */
		return ((with_al *)f)(c->address, c->length);
	}
}

static intptr_t
make_process_call(struct call *c, void *f)
{
	switch (c->interface) {
	case FORK:
		return ((pid_t(*)(void))f)();
	case EXECV:
		return ((int (*)(const char *, void *))f)(c->name, c->buffer);
	case POSIX_SPAWN:
		return ((int (*)(void *, const char *, const void *, const void *, intptr_t, char **))f)(
		    c->buffer, c->name, c->address, c->new_address, c->argument, environ);
	case EXIT:
		((void (*)(int))f)(c->flags);
		return 0;
	case SETPGID:
		return ((with_ii *)f)(c->id, c->flags);
	case ALARM:
		return (intptr_t)((unsigned (*)(unsigned))f)(c->value);
	case PRCTL:
		return ((int (*)(int, ...))f)(c->command, c->argument, 0L, 0L, 0L);
	case SIGACTION:
		return ((int (*)(int, void *, void *))f)(c->id, c->address, c->buffer);
	case WAITPID:
		return ((pid_t(*)(pid_t, int *, int))f)(c->id, c->buffer, c->flags);
	case UMASK:
		return (intptr_t)((mode_t(*)(mode_t))f)(c->mode);
	case UNSHARE:
		return ((with_i *)f)(c->flags);
	case RAW_SHMGET:
	case RAW_SHMAT:
	case RAW_SHMDT:
	case RAW_SHMCTL:
	case OTHER_SYSCALL:
		return ((long (*)(long, ...))f)(
		    c->words[0], c->words[1], c->words[2], c->words[3], c->words[4], c->words[5], c->words[6]);
	default: /* SETRLIMIT */
		return ((with_ia *)f)(c->command, c->buffer);
	}
}

static intptr_t
make_lock_call(struct call *c, void *f)
{
	switch (c->interface) {
	case SEM_OPEN:
		return (intptr_t)((sem_t * (*)(const char *, int, ...)) f)(c->name, c->flags, c->mode, c->value);
	case SEM_UNLINK:
		return ((int (*)(const char *))f)(c->name);
	case SEM_INIT:
		return ((int (*)(void *, int, unsigned))f)(c->address, c->flags, c->value);
	case BARRIER_INIT:
		return ((int (*)(void *, void *, unsigned))f)(c->address, c->buffer, c->value);
	case MUTEXATTR_SETPSHARED:
	case MUTEXATTR_SETROBUST:
	case MUTEXATTR_SETTYPE:
	case CONDATTR_SETPSHARED:
	case RWLOCKATTR_SETPSHARED:
	case BARRIERATTR_SETPSHARED:
	case SPIN_INIT:
		return ((with_ai *)f)(c->address, c->flags);
	case COND_TIMEDWAIT:
		return ((int (*)(void *, void *, const struct timespec *))f)(c->address, c->buffer, c->until);
	case SEM_TIMEDWAIT:
	case MUTEX_TIMEDLOCK:
		return ((int (*)(void *, const struct timespec *))f)(c->address, c->until);
	case SEM_GETVALUE:
	case MUTEXATTR_GETPSHARED:
	case MUTEXATTR_GETROBUST:
	case MUTEX_INIT:
	case COND_INIT:
	case COND_WAIT:
	case RWLOCK_INIT:
		return ((with_aa *)f)(c->address, c->buffer);
	default: /* what takes the object alone */
		return ((with_a *)f)(c->address);
	}
}

static intptr_t
make(struct call *c)
{
	void *f = functions[c->interface];

	switch (c->interface) {
	case SYSCONF:
		return ((long (*)(int))f)(c->command);
	case GETPAGESIZE:
		return ((with_none *)f)();
	case FTOK:
		return ((key_t(*)(const char *, int))f)(c->name, c->command);
	case SHMGET:
		return ((int (*)(key_t, size_t, int))f)(c->key, c->length, c->flags);
	case SHMAT:
		return (intptr_t)((void *(*)(int, const void *, int))f)(c->id, c->address, c->flags);
	case SHMDT:
		return ((with_a *)f)(c->address);
	case SHMCTL:
		return ((int (*)(int, int, void *))f)(c->id, c->command, c->buffer);
	default:
		break;
	}
	if (c->interface < MMAP)
		return make_file_call(c, f);
	if (c->interface < FORK)
		return make_memory_call(c, f);
	if (c->interface < SEM_INIT)
		return make_process_call(c, f);
	return make_lock_call(c, f);
}

intptr_t
real_call(struct call *c)
{
	errno = 0;
	c->result = make(c);
	if (returns_its_error(c->interface))
		c->error = (int)c->result;
	else
		c->error = c->result == failure_of(c->interface) ? errno : 0;
	return c->result;
}
