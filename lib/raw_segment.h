/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The system calls of Linux for segments as they are, past the C library: returned value and errno as syscall(2) has it.
 * Machines that had one system call for all of System V IPC, ipc(2), have these since Linux 5.1; before that they are made by
 * ipc(2). Elsewhere each of them skips the case.
 */

#ifndef SHMCHECK_RAW_SEGMENT_H
#define SHMCHECK_RAW_SEGMENT_H

#include <stddef.h>

#include <sys/types.h>

/*
 * The calls that ipc(2) makes by number, and what asks it for the structures of today, from <linux/ipc.h>, whose other names
 * are those of <sys/ipc.h>.
 */
enum { SUBCALL_SHMAT = 21, SUBCALL_SHMDT = 22, SUBCALL_SHMGET = 23, SUBCALL_SHMCTL = 24, VERSION_64 = 0x100 };

int raw_shmget(key_t key, size_t size, int flags);
void *raw_shmat(int id, const void *address, int flags);
int raw_shmdt(const void *address);

/* The buffer is of the kernel's layout, struct shmid64_ds of <asm/shmbuf.h>, which the C library's may differ from. */
int raw_shmctl(int id, int command, void *buffer);

#endif
