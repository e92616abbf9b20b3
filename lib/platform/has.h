/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What systems have beyond POSIX, where no macro of their headers tells. A system that is not named here is taken to have POSIX
 * alone, so that the suite compiles; cases that need more are skipped. Add it here to have them run.
 */

#ifndef SHMCHECK_PLATFORM_HAS_H
#define SHMCHECK_PLATFORM_HAS_H

#include <unistd.h> /* _POSIX_VERSION */

#if defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__) || defined(__DragonFly__)
#include <sys/param.h> /* __FreeBSD_version, __NetBSD_Version__ */
#define IS_BSD
#endif

/* setgroups() of <grp.h> or <unistd.h>. */
#if defined(__linux__) || defined(IS_BSD) || defined(__APPLE__) || defined(__sun)
#define HAS_SETGROUPS
#endif

/* mincore() of <sys/mman.h>. OpenBSD has removed it. */
#if defined(__linux__) || (defined(IS_BSD) && !defined(__OpenBSD__)) || defined(__APPLE__) || defined(__sun)
#define HAS_MINCORE
#endif

/* minherit() of <sys/mman.h>. */
#if defined(IS_BSD) || defined(__APPLE__)
#define HAS_MINHERIT
#endif

/* closefrom() of <unistd.h> or <stdlib.h>. */
#if defined(IS_BSD) || defined(__sun)
#define HAS_CLOSEFROM
#endif

/*
 * sbrk() of <unistd.h>, where it moves the end of the heap. macOS has a stand-in of its own, which is deprecated; FreeBSD has none
 * on its newer machines.
 */
#if defined(__linux__) || defined(__sun) || \
    (defined(IS_BSD) && !(defined(__FreeBSD__) && (defined(__aarch64__) || defined(__riscv))))
#define HAS_SBRK
#endif

/* vfork() of <unistd.h>. macOS has it, deprecated, so that the compiler warns. */
#if defined(__linux__) || defined(IS_BSD) || defined(__sun)
#define HAS_VFORK
#endif

/* sysctlbyname() of <sys/sysctl.h>. */
#if (defined(IS_BSD) && !defined(__OpenBSD__)) || defined(__APPLE__)
#define HAS_SYSCTLBYNAME
#endif

/* getentropy() of <unistd.h> or <sys/random.h>: of POSIX.1-2024, and of systems before it. */
#if defined(__linux__)
#if !defined(__GLIBC__) || __GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 25)
#define HAS_GETENTROPY
#endif
#elif defined(__FreeBSD__)
#if __FreeBSD_version >= 1200061
#define HAS_GETENTROPY
#endif
#elif defined(__NetBSD__)
#if __NetBSD_Version__ >= 1000000000
#define HAS_GETENTROPY
#endif
#elif defined(__OpenBSD__) || defined(__APPLE__) || defined(__sun) || _POSIX_VERSION >= 202405L
#define HAS_GETENTROPY
#endif

/* arc4random_buf() of <stdlib.h>. */
#if defined(IS_BSD) || defined(__APPLE__)
#define HAS_ARC4RANDOM_BUF
#endif

#endif
