/* SPDX-License-Identifier: BSD-2-Clause */

/* <unistd.h>, and stand-ins for what this platform lacks of it. */

#ifndef SHMCHECK_PLATFORM_UNISTD_H
#define SHMCHECK_PLATFORM_UNISTD_H

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include <sys/types.h>

#include "platform/has.h"

#ifndef HAS_SBRK
#define sbrk(increment) ((void)(increment), (void *)-1)
#endif

#ifndef HAS_VFORK
#define vfork() (errno = ENOSYS, (pid_t)-1)
#endif

/* Close every descriptor from this one on. */
void close_from(int lowest);

/* process_vm_readv() of Linux: bytes of another process's memory. Fails with ENOSYS elsewhere. */
ssize_t read_memory_of(pid_t, const void *from, void *to, size_t size);

/* In a new child: be killed when the parent dies, where the system offers that. Exits if the parent has ended already. */
void die_with_parent(pid_t parent);

/*
 * From now on be the parent of all descendants whose parents end, and so who waits for them, where the system offers that.
 * Returns whether it does.
 */
bool adopt_orphans(void);

#endif
