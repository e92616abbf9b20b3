/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * memfd_create() and seals, and what stands in for what this platform lacks of them: the call fails with ENOSYS, and there are
 * no seals.
 */

#ifndef SHMCHECK_PLATFORM_MEMFD_H
#define SHMCHECK_PLATFORM_MEMFD_H

#include <errno.h>
#include <fcntl.h>

#include <sys/mman.h>
#ifdef __linux__
#include <unistd.h>

#include <sys/syscall.h>
#endif

/* Where the flags are missing the call is too. */
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC               0
#define MFD_ALLOW_SEALING         0
#define memfd_create(name, flags) no_memfd_create(name, flags)
static inline int
no_memfd_create(const char *name, unsigned flags)
{
	(void)name;
	(void)flags;
	errno = ENOSYS;
	return -1;
}
#endif

/* memfd_secret(): no C library has it, and some not even its number. Machines but these have no such call. */
#if defined(__linux__) && !defined(SYS_memfd_secret) && \
    (defined(__x86_64__) || defined(__aarch64__) || defined(__riscv))
#define SYS_memfd_secret 447
#endif
#if defined(__linux__) && defined(SYS_memfd_secret)
static inline int
raw_memfd_secret(unsigned flags)
{
	return (int)syscall(SYS_memfd_secret, flags);
}
#else
#define raw_memfd_secret(flags) no_raw_memfd_secret(flags)
static inline int
no_raw_memfd_secret(unsigned flags)
{
	(void)flags;
	errno = ENOSYS;
	return -1;
}
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB 0
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS   (-1)
#define F_GET_SEALS   (-1)
#define F_SEAL_SEAL   0
#define F_SEAL_SHRINK 0
#define F_SEAL_GROW   0
#define F_SEAL_WRITE  0
#endif
/* Of Linux 5.1, and of C libraries later than that. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
/* Of Linux 6.3. */
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008
#define MFD_EXEC        0x0010
#endif

#endif
