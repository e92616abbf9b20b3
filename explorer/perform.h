/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PERFORM_H
#define SHMCHECK_PERFORM_H

#include "scene.h"

/*
 * In an actor: make the system call, or the access, that an operation stands for. Those about processes are in actor.c.
 */
struct answer perform(const struct scene *, const struct operation *);

#endif
