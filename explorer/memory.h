/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_MEMORY_H
#define SHMCHECK_MEMORY_H

#include "scene.h"

/*
 * In an actor: what is done at a place, by shmat(), mmap(), a load and so on. The handle is the identifier or the
 * descriptor of what is attached or mapped. fork() copies what is known of the places, and exec forgets it.
 */
struct answer memory_do(const struct scene *, const struct operation *, int handle);

/* In a child that fork() has made: it lacks what MADV_DONTFORK was said of. */
void memory_inherit(void);

#endif
