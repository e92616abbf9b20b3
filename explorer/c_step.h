/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_C_STEP_H
#define SHMCHECK_C_STEP_H

#include <stdio.h>

#include "round.h"

/* Write an operation: as a comment; and as the call, with its result in "result" and "second". */
void c_step_comment(FILE *, unsigned depth, const struct operation *);
void c_step(FILE *, unsigned depth, const struct operation *);

/* Set "is_kept" to whether the result of the last operation is allowed. */
void c_check(FILE *, unsigned depth, const struct round *);

#endif
