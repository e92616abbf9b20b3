/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_FINDING_H
#define SHMCHECK_FINDING_H

#include <stdio.h>

#include "round.h"

/* Shrink the script of a round that differs, and write it with what was allowed and seen. */
void finding_write(FILE *, struct round *);

/* The same in a line: the last operation, and what came back. Static memory. */
const char *finding_in_a_line(const struct round *);

#endif
