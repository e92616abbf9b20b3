/* SPDX-License-Identifier: BSD-2-Clause */

/* Random numbers, of which keys and names are made that nobody else has. */

#ifndef SHMCHECK_RANDOM_H
#define SHMCHECK_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fill the buffer, of 256 bytes at most, with bytes that nobody can foresee. Ends the case if the system gives none. */
void random_bytes(void *buffer, size_t size);

/* A number that nobody can foresee. */
uint64_t random_number(void);

#endif
