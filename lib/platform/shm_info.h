/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The commands of shmctl() that Linux adds, shmctl(2): numbers that no system has elsewhere, where cases about them are
 * skipped.
 */

#ifndef SHMCHECK_PLATFORM_SHM_INFO_H
#define SHMCHECK_PLATFORM_SHM_INFO_H

#include "platform/shm.h"

#ifndef __linux__
#undef IPC_INFO
#undef SHM_INFO
#undef SHM_STAT
#undef SHM_STAT_ANY
enum { IPC_INFO = -1, SHM_INFO = -1, SHM_STAT = -1, SHM_STAT_ANY = -1 };
#define shminfo  limits_of_linux
#define shm_info usage_of_linux
struct shminfo {
	unsigned long shmmax, shmmin, shmmni, shmseg, shmall;
};
struct shm_info {
	int used_ids;
	unsigned long shm_tot, shm_rss, shm_swp;
};
#endif

#endif
