/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_DIFFERENCE_H
#define SHMCHECK_DIFFERENCE_H

#include <stdio.h>

#include "round.h"

/*
 * The script of a round whose last operation differs, with what was allowed there, by which document, and what came
 * back.
 */
void difference_write(FILE *, const struct round *);

#endif
