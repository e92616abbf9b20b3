/* SPDX-License-Identifier: BSD-2-Clause */

/* The parts of known_update(). Each takes in a call that was made, as its caller sees it. */

#ifndef SHMCHECK_KNOWN_PARTS_H
#define SHMCHECK_KNOWN_PARTS_H

#include "call.h"

/* From calls that have succeeded. */
void learn_memory(const struct call *);
void learn_segments(const struct call *);
void learn_objects(const struct call *);

/* From one that has failed. */
void learn_failure_with_segment(const struct call *);

#endif
