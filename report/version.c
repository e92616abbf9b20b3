/* SPDX-License-Identifier: BSD-2-Clause */

#include "version.h"

#ifndef SHMCHECK_VERSION
#define SHMCHECK_VERSION "of an unknown version"
#endif

const char shmcheck_version[] = SHMCHECK_VERSION;
