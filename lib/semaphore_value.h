/* SPDX-License-Identifier: BSD-2-Clause */

/* The values of semaphores, named and unnamed. */

#ifndef SHMCHECK_SEMAPHORE_VALUE_H
#define SHMCHECK_SEMAPHORE_VALUE_H

#include "need.h"
#include "platform/semaphore.h"

/* Some number that the calls take is no value of a semaphore. */
#define NEEDS_VALUE_OVER_MAXIMUM NEED("a number above SEM_VALUE_MAX", .ask = need_value_over_maximum)

void need_value_over_maximum(void);

#endif
