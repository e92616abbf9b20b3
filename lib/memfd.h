/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects of memfd_create(), which have no name, and their seals. */

#ifndef SHMCHECK_MEMFD_H
#define SHMCHECK_MEMFD_H

#include <stddef.h>

#include "need.h"
#include "platform/memfd.h"

/* memfd_create() makes an object. */
#define NEEDS_MEMFD NEED("memfd_create()", .ask = need_memfd)

void need_memfd(void);

/*
 * memfd_create() makes an object that has no seals and can be sealed. Where vm.memfd_noexec of Linux is set, each new object
 * has the seal F_SEAL_EXEC.
 */
#define NEEDS_SEALS NEED("objects that can be sealed", .ask = need_seals)

void need_seals(void);

/* /proc shows the descriptors of this process, so that an object without a name can be opened again. */
#define NEEDS_DESCRIPTORS_IN_PROC NEED("/proc/self/fd", .ask = need_descriptors_in_proc)

void need_descriptors_in_proc(void);

/* A new object of this size that can be sealed. Ends the case as failed if there is none: NEEDS_SEALS. */
int memfd_sealable(size_t size);

/* open() of the same object by its path in /proc, with these flags: another open file description. NEEDS_DESCRIPTORS_IN_PROC. */
int memfd_open_again(int fd, int flags);

#endif
