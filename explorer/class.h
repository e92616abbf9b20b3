/* SPDX-License-Identifier: BSD-2-Clause */

/* Classes of worlds, as an operation sees them: how many processes there are, and how what it is about is used. */

#ifndef SHMCHECK_CLASS_H
#define SHMCHECK_CLASS_H

#include <stddef.h>

#include "model/operation.h"

enum { USES = 8, CLASSES = PROCESSES * USES * 8 };

/* From 0 to CLASSES - 1. */
unsigned class_of(const struct world *, const struct operation *);

/* The class of an operation of this kind in words. */
void class_print(enum operation_kind, unsigned class, char *text, size_t size);

#endif
