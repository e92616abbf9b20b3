/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_C_PROGRAM_H
#define SHMCHECK_C_PROGRAM_H

#include <stdio.h>

#include "round.h"

/*
 * Write a C program that does the script of a round and needs nothing of ours. It exits with 0 if what comes back from
 * the last operation is allowed, and with 1 if not.
 */
void c_program_write(FILE *, const struct round *);

/* Whether there is somebody in the program to wait for each process that exits: its parent has not ended before. */
bool c_program_can_wait(const struct script *);

#endif
