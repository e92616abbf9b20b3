/* SPDX-License-Identifier: BSD-2-Clause */

/* Random numbers: the same from the same state. */

#ifndef SHMCHECK_CHANCE_H
#define SHMCHECK_CHANCE_H

#include "model/operation.h"

/* A number below the count. */
unsigned chance_below(uint64_t *state, unsigned count);

/* An operation of any kind, with any arguments. */
struct operation chance_operation(uint64_t *state);

#endif
