/* SPDX-License-Identifier: BSD-2-Clause */

/* What BSDs and macOS tell by sysctl(3). */

#ifndef SHMCHECK_PLATFORM_SYSCTL_H
#define SHMCHECK_PLATFORM_SYSCTL_H

#include <stdbool.h>

/* Store the number with this name, "kern.ipc.shmmax", whatever its width. False if there is none. */
bool sysctl_number(const char *name, unsigned long long *number);

#endif
