/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The system calls of Linux for segments, without the C library: result and errno are those of syscall(2). Machines that have
 * one system call for all of System V IPC, ipc(2), have these too since Linux 5.1; on older kernels they are made by ipc(2).
 * On other systems they fail with ENOSYS.
 */

#ifndef SHMCHECK_PLATFORM_RAW_SEGMENT_H
#define SHMCHECK_PLATFORM_RAW_SEGMENT_H

#include <stddef.h>

#include <sys/types.h>

/*
 * The numbers of the calls of ipc(2), and the flag that asks for the present structures. They are those of <linux/ipc.h>,
 * which cannot be included beside <sys/ipc.h>, as both define the same names.
 */
enum { SUBCALL_SHMAT = 21, SUBCALL_SHMDT = 22, SUBCALL_SHMGET = 23, SUBCALL_SHMCTL = 24, VERSION_64 = 0x100 };

int raw_shmget(key_t key, size_t size, int flags);
void *raw_shmat(int id, const void *address, int flags);
int raw_shmdt(const void *address);

/* The buffer has the layout of the kernel, struct shmid64_ds of <asm/shmbuf.h>. That of the C library may differ. */
int raw_shmctl(int id, int command, void *buffer);

#endif
