/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_SHRINK_H
#define SHMCHECK_SHRINK_H

#include "round.h"

/*
 * Make the script of a round whose last operation differs as short and simple as possible: operations are left out,
 * then arguments become smaller, as long as an operation of the same kind still gets an answer that the same rule
 * forbids. The round is then that of the last script. Returns false, and leaves the round as it was, if the script does
 * not differ again.
 */
bool shrink(struct round *);

#endif
