/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_C_MEMORY_H
#define SHMCHECK_C_MEMORY_H

#include <stdbool.h>
#include <stdio.h>

#include "model/question.h"

/* In the program that follows the system chooses addresses, or does not. */
void c_memory_begin(bool system_chooses, bool advises);

/* In a child of fork(). */
void c_memory_inherit(FILE *, unsigned depth);

/* Write what is done at a place, by shmat(), mmap(), a load and so on. */
void c_memory(FILE *, unsigned depth, const struct operation *);

/* Write whether the address that shmat() or mmap() has given is this one. */
void c_memory_condition(FILE *, const struct operation *, const struct answer *);

#endif
