/* SPDX-License-Identifier: BSD-2-Clause */

/* For those in a mount namespace of their own, mount_namespaces(7). Elsewhere than on Linux there is none. */

#ifndef SHMCHECK_PRIVATE_MOUNTS_H
#define SHMCHECK_PRIVATE_MOUNTS_H

#include <stdbool.h>

/* From here on nobody else sees what this process mounts on /dev/shm. False, with errno, where that cannot be had. */
bool make_mounts_private(void);

#endif
