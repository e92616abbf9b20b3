/* SPDX-License-Identifier: BSD-2-Clause */

/* Where platforms differ in what they do, for checks that hold on all of them. */

#ifndef SHMCHECK_PLATFORM_BEHAVIOUR_H
#define SHMCHECK_PLATFORM_BEHAVIOUR_H

#include <stdbool.h>

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

#endif
