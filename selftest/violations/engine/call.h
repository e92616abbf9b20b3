/* SPDX-License-Identifier: BSD-2-Clause */

/* A call of the platform, as data: its name, its arguments, its result. */

#ifndef SHMCHECK_CALL_H
#define SHMCHECK_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <sys/types.h>

/* The calls that can be violated, and FAULT, the delivery of SIGSEGV or SIGBUS to a handler. X(call, its name). */
#define INTERFACES(X) \
	X(SYSCONF, "sysconf") \
	X(GETPAGESIZE, "__getpagesize") \
	X(FTOK, "ftok") \
	X(SHMGET, "shmget") \
	X(SHMAT, "shmat") \
	X(SHMDT, "shmdt") \
	X(SHMCTL, "shmctl") \
	X(SHM_OPEN, "shm_open") \
	X(SHM_UNLINK, "shm_unlink") \
	X(MEMFD_CREATE, "memfd_create") \
	X(OPEN, "open") \
	X(CLOSE, "close") \
	X(DUP, "dup") \
	X(DUP2, "dup2") \
	X(FCNTL, "fcntl") \
	X(FSTAT, "fstat") \
	X(STAT, "stat") \
	X(STATVFS, "statvfs") \
	X(ACCESS, "access") \
	X(FTRUNCATE, "ftruncate") \
	X(POSIX_FALLOCATE, "posix_fallocate") \
	X(FALLOCATE, "fallocate") \
	X(FCHMOD, "fchmod") \
	X(FCHOWN, "fchown") \
	X(READ, "read") \
	X(WRITE, "write") \
	X(PREAD, "pread") \
	X(PWRITE, "pwrite") \
	X(LSEEK, "lseek") \
	X(FSYNC, "fsync") \
	X(UNLINK, "unlink") \
	X(FOPEN, "fopen") \
	X(MMAP, "mmap") \
	X(MUNMAP, "munmap") \
	X(MPROTECT, "mprotect") \
	X(MSYNC, "msync") \
	X(MLOCK, "mlock") \
	X(MLOCK2, "mlock2") \
	X(MUNLOCK, "munlock") \
	X(MLOCKALL, "mlockall") \
	X(MUNLOCKALL, "munlockall") \
	X(MINCORE, "mincore") \
	X(MADVISE, "madvise") \
	X(POSIX_MADVISE, "posix_madvise") \
	X(MREMAP, "mremap") \
	X(REMAP_FILE_PAGES, "remap_file_pages") \
	X(FAULT, "fault") \
	X(FORK, "fork") \
	X(SETPGID, "setpgid") \
	X(ALARM, "alarm") \
	X(PRCTL, "prctl") \
	X(SIGACTION, "sigaction") \
	X(EXECV, "execv") \
	X(POSIX_SPAWN, "posix_spawnp") \
	X(EXIT, "_exit") \
	X(WAITPID, "waitpid") \
	X(UMASK, "umask") \
	X(SETRLIMIT, "setrlimit") \
	X(UNSHARE, "unshare") \
	X(RAW_SHMGET, "syscall") \
	X(RAW_SHMAT, "syscall") \
	X(RAW_SHMDT, "syscall") \
	X(RAW_SHMCTL, "syscall") \
	X(OTHER_SYSCALL, "syscall") \
	X(SEM_INIT, "sem_init") \
	X(SEM_DESTROY, "sem_destroy") \
	X(SEM_OPEN, "sem_open") \
	X(SEM_CLOSE, "sem_close") \
	X(SEM_UNLINK, "sem_unlink") \
	X(SEM_WAIT, "sem_wait") \
	X(SEM_TRYWAIT, "sem_trywait") \
	X(SEM_TIMEDWAIT, "sem_timedwait") \
	X(SEM_POST, "sem_post") \
	X(SEM_GETVALUE, "sem_getvalue") \
	X(MUTEXATTR_SETPSHARED, "pthread_mutexattr_setpshared") \
	X(MUTEXATTR_GETPSHARED, "pthread_mutexattr_getpshared") \
	X(MUTEXATTR_SETROBUST, "pthread_mutexattr_setrobust") \
	X(MUTEXATTR_GETROBUST, "pthread_mutexattr_getrobust") \
	X(MUTEXATTR_SETTYPE, "pthread_mutexattr_settype") \
	X(MUTEX_INIT, "pthread_mutex_init") \
	X(MUTEX_DESTROY, "pthread_mutex_destroy") \
	X(MUTEX_LOCK, "pthread_mutex_lock") \
	X(MUTEX_TRYLOCK, "pthread_mutex_trylock") \
	X(MUTEX_TIMEDLOCK, "pthread_mutex_timedlock") \
	X(MUTEX_UNLOCK, "pthread_mutex_unlock") \
	X(MUTEX_CONSISTENT, "pthread_mutex_consistent") \
	X(CONDATTR_SETPSHARED, "pthread_condattr_setpshared") \
	X(COND_INIT, "pthread_cond_init") \
	X(COND_WAIT, "pthread_cond_wait") \
	X(COND_TIMEDWAIT, "pthread_cond_timedwait") \
	X(COND_SIGNAL, "pthread_cond_signal") \
	X(COND_BROADCAST, "pthread_cond_broadcast") \
	X(RWLOCKATTR_SETPSHARED, "pthread_rwlockattr_setpshared") \
	X(RWLOCK_INIT, "pthread_rwlock_init") \
	X(RWLOCK_RDLOCK, "pthread_rwlock_rdlock") \
	X(RWLOCK_TRYRDLOCK, "pthread_rwlock_tryrdlock") \
	X(RWLOCK_WRLOCK, "pthread_rwlock_wrlock") \
	X(RWLOCK_TRYWRLOCK, "pthread_rwlock_trywrlock") \
	X(RWLOCK_UNLOCK, "pthread_rwlock_unlock") \
	X(BARRIERATTR_SETPSHARED, "pthread_barrierattr_setpshared") \
	X(BARRIER_INIT, "pthread_barrier_init") \
	X(BARRIER_WAIT, "pthread_barrier_wait") \
	X(SPIN_INIT, "pthread_spin_init") \
	X(SPIN_LOCK, "pthread_spin_lock") \
	X(SPIN_TRYLOCK, "pthread_spin_trylock") \
	X(SPIN_UNLOCK, "pthread_spin_unlock")

#define INTERFACE_CONSTANT(constant, name) constant,
enum interface { INTERFACES(INTERFACE_CONSTANT) INTERFACE_COUNT };
#undef INTERFACE_CONSTANT

/* The interface's name as documents spell it. Static memory. */
const char *interface_name(enum interface);

/*
 * Arguments are those of the manual page, and only those that the call has are set: lengths and sizes are "length", a
 * status, vector or read buffer to be filled is "buffer", an option word of any kind is "flags". A descriptor is "fd" and a
 * process, segment or signal is "id".
 */
struct call {
	enum interface interface;
	key_t key;
	int id; /* of a segment; a process (waitpid); a signal (fault) */
	int fd; /* a second one, of dup2, is "id" */
	/* Of shmctl, fcntl, prctl; the advice; the resource of setrlimit; the project of ftok; whence of lseek; what sysconf asks. */
	int command;
	int flags; /* also a value that is set: pshared, robustness, type; si_code of a fault; the status of _exit */
	mode_t mode;
	uid_t user;
	gid_t group;
	int protection;
	unsigned value; /* of sem_init and sem_open; the count of barrier_init */
	void *address;  /* of memory, or of the mutex, semaphore, ... */
	void *new_address;
	size_t length;
	size_t new_length;
	off_t offset; /* also the length of ftruncate */
	void *
	    buffer; /* what the call fills in or reads; the mode of fopen; also a mutex or an attribute object as the second argument */
	const char *name;
	const struct timespec *until;
	intptr_t argument; /* the third of fcntl, the second of prctl; of posix_spawnp the arguments of the program */
	const long *words; /* of syscall: its number and six arguments, which it is made of whatever else is set here */

	intptr_t result;
	int error; /* errno of a failed call, or the error that it returned; 0: none */
};

/* Whether the call returns its error and does not use errno. */
bool returns_its_error(enum interface);

/* What the call returns when it fails and sets errno: -1, or a null pointer. */
intptr_t failure_of(enum interface);

/* Make it, past every violation. Sets result and error and returns the result. */
intptr_t real_call(struct call *);

#endif
