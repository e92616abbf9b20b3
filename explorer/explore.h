/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_EXPLORE_H
#define SHMCHECK_EXPLORE_H

#include "request.h"

/* Do random rounds, or all sequences of an area, as requested, and print what is found. Both return the number of findings. */
unsigned explore_at_random(const struct request *);
unsigned explore_all(const struct request *);

#endif
