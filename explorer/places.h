/* SPDX-License-Identifier: BSD-2-Clause */

/* The range of addresses where places are. */

#ifndef SHMCHECK_PLACES_H
#define SHMCHECK_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Take a range of this size that begins at a multiple. Above and below it is room for what the system puts at addresses of its
 * choice: most systems take the highest that is free, or the lowest.
 */
char *places_take(size_t size, size_t multiple);

/* Whether nothing is mapped at places, as far as the system tells: a new image may have something of its own there. */
bool places_are_free(char *places, size_t size);

/*
 * Whether the program, its library, a variable or the stack is so close that it may reach into the places. What is mapped there
 * otherwise was left by exec.
 */
bool places_are_beside_own(const char *places, size_t size);

/* All of it is free again: in an actor. The explorer keeps it. */
void places_free(void);

#endif
