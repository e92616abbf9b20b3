/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_C_PROCESS_H
#define SHMCHECK_C_PROCESS_H

#include <stdio.h>

#include "round.h"

/* Write what a process does, with what its children do in blocks of their own, up to its first exec. */
void c_process(FILE *, const struct round *, unsigned process, unsigned depth);

/* Write go_on(), which does what comes behind each exec. The variable "result" is 0. */
void c_images(FILE *, const struct round *);

#endif
