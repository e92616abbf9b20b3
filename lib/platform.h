/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What this platform is, has and lacks. The one place that knows platforms by their macros: what is defined here for a
 * platform that lacks it is never reached there, as the cases that use it are skipped.
 */

#ifndef SHMCHECK_PLATFORM_H
#define SHMCHECK_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "platform/compiler.h"
#include "platform/fcntl.h"
#include "platform/limits.h"
#include "platform/mman.h"
#include "platform/resource.h"
#include "platform/shm.h"
#include "platform/version.h"

/* Or-ed to name several. */
enum platform {
	LINUX = 1 << 0,
	FREEBSD = 1 << 1,
	NETBSD = 1 << 2,
	OPENBSD = 1 << 3,
	DRAGONFLY = 1 << 4,
	MACOS = 1 << 5,
	ILLUMOS = 1 << 6,
	OTHER_PLATFORM = 1 << 7,
	/* C libraries of Linux, for what is theirs and not the kernel's. musl has no macro: it is what has none. */
	GLIBC = 1 << 8,
	MUSL = 1 << 9
};

enum platform platform(void);

/* Whether one of these is what runs here: the system or its C library. */
bool platform_is(unsigned platforms);

/* "Linux", as the sources of cases spell it; OTHER_PLATFORM is "this platform". Static memory. */
const char *platform_name(enum platform);

/* The C library and its version, "glibc 2.36", as far as it tells. Static memory. */
const char *platform_libc(void);

/*
 * Whether shmctl() of the C library touches the caller's buffer itself, whatever the command, outside of the kernel: the
 * 32-bit glibc converts times there.
 */
bool libc_converts_status(void);

/* Bytes of a page: sysconf(_SC_PAGESIZE). */
size_t page_size(void);

/* The multiple of bytes on which System V segments are attached: SHMLBA of <sys/shm.h>, at least a page. */
size_t attach_multiple(void);

/* Fill the buffer, of 256 bytes at most, with bytes that nobody can foresee. Ends the case if the system gives none. */
void random_bytes(void *buffer, size_t size);

/* Close every descriptor from this one on. */
void close_from(int lowest);

/* Store the code of a function that returns at once, for an execution there. False on machines whose code we don't know. */
bool store_function(void *at);

/* In a new child: be killed when the parent dies, where the system offers that. Exits if the parent has gone already. */
void die_with_parent(pid_t parent);

/*
 * Whether read() and write() of a file and its mappings always agree, without msync() in between: OpenBSD keeps two caches,
 * and its objects are files, OpenBSD msync(2).
 */
bool reads_see_mappings(void);

/*
 * Whether msync() with MS_INVALIDATE finds out about locked pages, EBUSY: sys_msync() of OpenBSD and DragonFly and
 * msync_nocancel() of macOS never look at locks.
 */
bool msync_tells_locks(void);

/*
 * Whether si_code tells why an access faulted: on arm64 sendsig() of macOS, bsd/dev/arm/unix_signal.c, gives SEGV_ACCERR with
 * every SIGSEGV and BUS_ADRALN with every SIGBUS.
 */
bool fault_codes_tell(void);

/* The signal of an access that the protection refuses: SIGSEGV, and on macOS SIGBUS, macOS mprotect(2). */
int signal_of_protection(void);

/* Whether these user and group ids mean something here: in a user namespace of Linux, user_namespaces(7), few may do. */
bool ids_are_known(unsigned first, unsigned last);

/* Store the key of a segment, as IPC_STAT shows it. False where struct ipc_perm has no member for it. */
bool key_in_status(const struct shmid_ds *, key_t *key);

/*
 * Bytes of memory that this process has locked, from /proc/self/status VmLck on Linux. -1 where that can't be told.
 */
long locked_bytes(void);

/*
 * Whether this process may use, change and remove the segments of all users: root, and on Linux with CAP_IPC_OWNER and
 * CAP_SYS_ADMIN, capabilities(7).
 */
bool has_ipc_privileges(void);

/*
 * Become this user and this group for good, with CAP_IPC_OWNER as the one capability. False where root cannot hand it on;
 * Linux alone has capabilities of this kind.
 */
bool become_with_cap_ipc_owner(uid_t, gid_t);

/* The address of the last page that addresses can name: no process has it, on any known machine. */
void *address_of_kernel(void);

#endif
