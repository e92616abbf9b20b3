/* SPDX-License-Identifier: BSD-2-Clause */

/* What the declaration of a case says, as words for people and for ATF's metadata. For lib/case.c alone. */

#ifndef SHMCHECK_DECLARATION_H
#define SHMCHECK_DECLARATION_H

#include "test_case.h"

/* The bytes of a text that these functions store and return. */
enum { DECLARATION_SIZE = 1024 };

/* "SHALL" for SHALL. Static memory. */
const char *level_name(enum level);

/* "shmget.excl-existing-key": all requirements of the case, separated by blanks. */
const char *requirement_of(const struct test_case *, char text[DECLARATION_SIZE]);

/* Its sources, and its needs with those of its program, separated by "; ". */
const char *sources_of(const struct test_case *, char text[DECLARATION_SIZE]);
const char *needs_of(const struct test_case *, char text[DECLARATION_SIZE]);

/* The user for ATF's require.user, "root" or "unprivileged"; null if any user will do. */
const char *user_of(const struct test_case *);

/* Skip the case where no source is of the running platform and its version. */
void need_promise(const struct test_case *);

/* Skip the case at the first of its needs that is missing. */
void ask_for_needs(const struct test_case *);

#endif
