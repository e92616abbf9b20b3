/* SPDX-License-Identifier: BSD-2-Clause */

/* Strict mode of Linux seccomp(2), and what a process may and may not do in it. Elsewhere there is no such mode. */

#ifndef SHMCHECK_PLATFORM_SECCOMP_H
#define SHMCHECK_PLATFORM_SECCOMP_H

/* From here on the calling thread makes no system call but read(), write() and exit, or is killed. -1 with errno as prctl(). */
int seccomp_strict(void);

/*
 * End the calling thread by the one call that strict mode allows: _exit() makes another one. It never returns, which the
 * compiler is not told: before calls that do not return AddressSanitizer makes a system call.
 */
void exit_thread(int status);

/* Make a system call that strict mode does not allow. */
void make_forbidden_call(void);

#endif
