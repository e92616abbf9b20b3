/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_ANSWER_H
#define SHMCHECK_ANSWER_H

#include <stddef.h>

#include "model/question.h"

/* An answer in words: "gives 3", "fails with EINVAL", "raises SIGBUS". */
void answer_print(const struct operation *, const struct answer *, char *text, size_t size);

#endif
