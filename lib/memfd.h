/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of memfd_create(), and what stands in for the calls where they are missing: cases there are skipped. */

#ifndef SHMCHECK_MEMFD_H
#define SHMCHECK_MEMFD_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include <sys/mman.h>

#include "check.h"

/* Where the flags are missing the call is too: older NetBSD promises what newer has. */
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC       0
#define MFD_ALLOW_SEALING 0
static inline int
memfd_create(const char *name, unsigned flags)
{
	end_skipped("no memfd_create() here, for \"%s\" with flags %u", name, flags);
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
/* Since Linux 5.1, and in C libraries later than that. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

/* A new object of this size that can be sealed. Ends the case if there is none: as skipped where the call is missing. */
int memfd_sealable(size_t size);

/* The same object by another open file description, with these flags. Skips the case where /proc is not mounted. */
int memfd_open_again(int fd, int flags);

#endif
