/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * <sys/mman.h>, and stand-ins for the calls and constants of mappings that this platform lacks. Calls fail with ENOSYS. No case
 * about them runs here, as no manual of this platform promises what it checks.
 */

#ifndef SHMCHECK_PLATFORM_MMAN_H
#define SHMCHECK_PLATFORM_MMAN_H

#include <errno.h>
#include <stddef.h>

#include <sys/types.h>
#include <sys/mman.h>
#ifdef __linux__
#include <unistd.h>

#include <sys/syscall.h>
#endif

#include "platform/has.h"

/* Stands in for a call by a macro with its name: a header may declare what we do not know that the system has. */
static inline int
no_call(const void *start, ...)
{
	(void)start;
	errno = ENOSYS;
	return -1;
}

/* The same for a call that returns an address. */
static inline void *
no_mapping(const void *start, ...)
{
	(void)start;
	errno = ENOSYS;
	return MAP_FAILED;
}

/* POSIX.1-2024 has both names, Linux and some BSDs only one. */
#if defined(MAP_ANONYMOUS) && defined(MAP_ANON)
enum { HAS_MAP_ANON_AND_MAP_ANONYMOUS = 1 };
#else
enum { HAS_MAP_ANON_AND_MAP_ANONYMOUS = 0 };
#endif
#if !defined(MAP_ANONYMOUS) && defined(MAP_ANON)
#define MAP_ANONYMOUS MAP_ANON
#endif
#if !defined(MAP_ANON) && defined(MAP_ANONYMOUS)
#define MAP_ANON MAP_ANONYMOUS
#endif

/* Flags of mmap(). */
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0
#endif
#ifndef MAP_SHARED_VALIDATE
#define MAP_SHARED_VALIDATE 0
#endif
#ifndef MAP_POPULATE
#define MAP_POPULATE 0
#endif
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif
#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0
#endif
#if !defined(MAP_LOCKED) && defined(MAP_WIRED) /* NetBSD's name for it */
#define MAP_LOCKED MAP_WIRED
#endif
#ifndef MAP_LOCKED
#define MAP_LOCKED 0
#endif
#ifndef MAP_EXCL
#define MAP_EXCL 0
#endif
#ifndef MAP_GUARD
#define MAP_GUARD 0
#endif
#ifndef MAP_TRYFIXED
#define MAP_TRYFIXED 0
#endif
#ifndef MAP_HASSEMAPHORE
#define MAP_HASSEMAPHORE 0
#endif
#ifndef MAP_NOSYNC
#define MAP_NOSYNC 0
#endif
#ifndef MAP_STACK
#define MAP_STACK 0
#endif
#ifndef MAP_NONBLOCK
#define MAP_NONBLOCK 0
#endif
#ifndef MAP_SYNC
#define MAP_SYNC 0
#endif
#ifndef MAP_DENYWRITE
#define MAP_DENYWRITE 0
#endif
#ifndef MAP_EXECUTABLE
#define MAP_EXECUTABLE 0
#endif
#ifndef MAP_FILE
#define MAP_FILE 0
#endif
#ifndef MAP_32BIT
#define MAP_32BIT 0
#endif
#ifndef MAP_ALIGNED
#define MAP_ALIGNED(bits) 0
#endif

/* Protections of stacks, of Linux. */
#ifndef PROT_GROWSDOWN
#define PROT_GROWSDOWN 0
#define PROT_GROWSUP   0
#endif

/* A flag of mlockall(), of Linux. */
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 0
#endif

/* mlock2() of Linux: the header of a C library that has the call has the flag. */
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 0
#define mlock2(...)   no_call(__VA_ARGS__)
#endif

/* madvise(): its header has the call with the first of the advices. */
#ifndef MADV_NORMAL
#define MADV_NORMAL  (-1)
#define madvise(...) no_call(__VA_ARGS__)
#endif
#ifndef MADV_RANDOM
#define MADV_RANDOM (-1)
#endif
#ifndef MADV_SEQUENTIAL
#define MADV_SEQUENTIAL (-1)
#endif
#ifndef MADV_WILLNEED
#define MADV_WILLNEED (-1)
#endif
#ifndef MADV_DONTNEED
#define MADV_DONTNEED (-1)
#endif
/* Advices of Linux, whose kernel may be newer than the headers of its C library. */
#ifdef __linux__
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
#ifndef MADV_KEEPONFORK
#define MADV_KEEPONFORK 19
#endif
#ifndef MADV_COLD
#define MADV_COLD 20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif
#endif
/* And elsewhere; BSDs have one of them too. */
#ifndef MADV_REMOVE
#define MADV_REMOVE (-1)
#endif
#ifndef MADV_DONTFORK
#define MADV_DONTFORK (-1)
#endif
#ifndef MADV_DOFORK
#define MADV_DOFORK (-1)
#endif
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK (-1)
#endif
#ifndef MADV_KEEPONFORK
#define MADV_KEEPONFORK (-1)
#endif
#ifndef MADV_FREE
#define MADV_FREE (-1)
#endif
#ifndef MADV_COLD
#define MADV_COLD (-1)
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT (-1)
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ (-1)
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE (-1)
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE (-1)
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL (-1)
#define MADV_GUARD_REMOVE  (-1)
#endif
#ifndef MADV_DONTDUMP
#define MADV_DONTDUMP (-1)
#define MADV_DODUMP   (-1)
#endif

#ifndef HAS_MINCORE
#define mincore(...) no_call(__VA_ARGS__)
#endif

/* minherit(): FreeBSD and DragonFly have other names for its values. macOS has the same numbers in <mach/vm_inherit.h>. */
#if defined(MAP_INHERIT_SHARE)
#define INHERIT_SHARE MAP_INHERIT_SHARE
#define INHERIT_COPY  MAP_INHERIT_COPY
#define INHERIT_NONE  MAP_INHERIT_NONE
#elif !defined(INHERIT_SHARE)
#define INHERIT_SHARE 0
#define INHERIT_COPY  1
#define INHERIT_NONE  2
#endif
#if defined(MAP_INHERIT_ZERO)
#define INHERIT_ZERO MAP_INHERIT_ZERO
#elif !defined(INHERIT_ZERO)
#define INHERIT_ZERO (-1)
#endif
#ifndef HAS_MINHERIT
#define minherit(...) no_call(__VA_ARGS__)
#endif

/* The mremap() of Linux. That of NetBSD takes other arguments. */
#ifndef __linux__
#undef MREMAP_MAYMOVE
#undef MREMAP_FIXED
#undef MREMAP_DONTUNMAP
#define MREMAP_MAYMOVE 0
#define MREMAP_FIXED   0
#define mremap(...)    no_mapping(__VA_ARGS__)
#endif

#ifndef MREMAP_DONTUNMAP /* since Linux 5.7, and in C libraries later than that */
#define MREMAP_DONTUNMAP 4
#endif

/* The mremap() of NetBSD. MAP_REMAPDUP makes a second mapping of the same pages. */
#ifndef MAP_REMAPDUP /* since NetBSD 8 */
#define MAP_REMAPDUP 4
#endif
#ifdef __NetBSD__
static inline void *
netbsd_mremap(void *old, size_t old_size, void *new, size_t new_size, int flags)
{
	return (mremap)(old, old_size, new, new_size, flags);
}
#else
#define netbsd_mremap(old, old_size, new, new_size, flags) \
	no_mapping(old, (size_t)(old_size), (const void *)(new), (size_t)(new_size), (int)(flags))
#endif

/* The mquery() of OpenBSD. */
#ifndef __OpenBSD__
#define mquery(...) no_mapping(__VA_ARGS__)
#endif

#ifndef __linux__
#define remap_file_pages(...) no_call(__VA_ARGS__)
#endif

/* mseal() of Linux 6.10, which has the same number on all machines but alpha. C libraries have it later. */
#if defined(__linux__) && !defined(SYS_mseal) && !defined(__alpha__)
#define SYS_mseal 462
#endif
#if defined(__linux__) && defined(SYS_mseal)
static inline int
raw_mseal(void *start, size_t size, unsigned long flags)
{
	return (int)syscall(SYS_mseal, start, size, flags);
}
#else
#define raw_mseal(...) no_call(__VA_ARGS__)
#endif

/* Bytes of memory that this process has locked, from /proc/self/status VmLck on Linux. -1 where that can't be told. */
long locked_bytes(void);

#endif
