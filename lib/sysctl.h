/* SPDX-License-Identifier: BSD-2-Clause */

/* What BSDs and macOS tell by sysctl(3). */

#ifndef SHMCHECK_SYSCTL_H
#define SHMCHECK_SYSCTL_H

#include <stdbool.h>

/* Store a number that has this name, of whatever width it is: "kern.ipc.shmmax". False where there is no such number. */
bool sysctl_number(const char *name, unsigned long long *number);

#endif
