/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_CALL_H
#define SHMCHECK_CALL_H

#include "model/question.h"

/* What a call gives; -1 is the error that errno tells. */
struct answer answer_of_call(long result);

#endif
