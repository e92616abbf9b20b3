/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Signals that arrive while a call is made, whose handler does nothing. Most calls know nothing of them: what comes back is as
 * without. Some may end, and then have changed nothing.
 */

#include <errno.h>

#include "model.h"

RULE(signal_ends_call, "A signal may end the call, which has then changed nothing",
    "POSIX.1-2017 shm_open(), open(), ftruncate(), pread(), pwrite() ERRORS");

void
model_interrupted(struct question *q)
{
	switch (q->operation->kind) {
	case SHM_OPEN:
	case OPEN:
	case FTRUNCATE:
	case PREAD:
	case PWRITE:
		allow(q, &signal_ends_call, FAILS(EINTR));
		break;
	case MLOCK:
	case MUNLOCK:
		model_lock_interrupted(q);
		break;
	default:
		break;
	}
}
