/* SPDX-License-Identifier: BSD-2-Clause */

/* <unistd.h>, and stand-ins for what this platform lacks of it. */

#ifndef SHMCHECK_PLATFORM_UNISTD_H
#define SHMCHECK_PLATFORM_UNISTD_H

#include <unistd.h>

#include <sys/types.h>

#ifdef __APPLE__
#include <sys/random.h> /* getentropy(), which others have in <unistd.h> */
#endif

/*
 * sbrk(), where it moves the end of the heap. macOS has a stand-in of its own, which is deprecated; FreeBSD has none on its newer
 * machines.
 */
#if !defined(__linux__) && !defined(__NetBSD__) && !defined(__OpenBSD__) && !defined(__DragonFly__) && \
    !defined(__sun) && !(defined(__FreeBSD__) && !defined(__aarch64__) && !defined(__riscv))
#define sbrk(increment) ((void)(increment), (void *)-1)
#endif

/* Close every descriptor from this one on. */
void close_from(int lowest);

/* In a new child: be killed when the parent dies, where the system offers that. Exits if the parent has gone already. */
void die_with_parent(pid_t parent);

#endif
