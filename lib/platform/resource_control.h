/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_RESOURCE_CONTROL_H
#define SHMCHECK_PLATFORM_RESOURCE_CONTROL_H

#include <stdbool.h>

/*
 * Store the lowest value of a resource control of illumos, resource_controls(7), which is the one that is in force:
 * "project.max-shm-memory". False where there is none of this name.
 */
bool resource_control(const char *name, unsigned long long *value);

#endif
