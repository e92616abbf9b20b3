/* SPDX-License-Identifier: BSD-2-Clause */

/* The names of numbers, for messages. */

#ifndef SHMCHECK_NAMES_H
#define SHMCHECK_NAMES_H

#include <stdbool.h>

/* "EINVAL" for EINVAL, "no error" for 0, "errno 123" where the name is not known. Static memory, of two calls at a time. */
const char *errno_name(int error);

/* "SIGSEGV" for SIGSEGV, "no signal" for 0, likewise. */
const char *signal_name(int signal);

/* "SEGV_ACCERR" for that si_code of SIGSEGV, likewise. */
const char *signal_code_name(int signal, int code);

/* Whether the text is a name that errno_name() or signal_name() may give. */
bool is_errno_name(const char *text);
bool is_signal_name(const char *text);

#endif
