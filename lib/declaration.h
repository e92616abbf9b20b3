/* SPDX-License-Identifier: BSD-2-Clause */

/* What the declaration of a case says, as words for people and for ATF's metadata. For lib/case.c alone. */

#ifndef SHMCHECK_DECLARATION_H
#define SHMCHECK_DECLARATION_H

#include <stdbool.h>

#include "test_case.h"

/* The bytes of a text that these functions store and return. */
enum { DECLARATION_SIZE = 4096 };

/* "SHALL" for SHALL. Static memory. */
const char *level_name(enum level);

/* "shmget.excl-existing-key": all requirements of the case, separated by blanks. */
const char *requirement_of(const struct test_case *, char text[DECLARATION_SIZE]);

/*
 * Its sources, its needs with those of its program, and its choices ("Linux munmap(2): unaligned-address = EINVAL"), separated
 * by "; ". The sources are also those of its choices.
 */
const char *sources_of(const struct test_case *, char text[DECLARATION_SIZE]);
const char *needs_of(const struct test_case *, char text[DECLARATION_SIZE]);
const char *choices_of(const struct test_case *, char text[DECLARATION_SIZE]);

/* The keys of the behaviours of other suites that it covers, separated by blanks. */
const char *covered_by(const struct test_case *, char text[DECLARATION_SIZE]);

/* The choice that stands there among the sources, its source first; null if it is something else. */
const char *choice_among_sources(const char *source);

/* Whether the source, or the choice, is of the running platform and its version. */
bool is_promised_here(const char *source);

/* The user for ATF's require.user, "root" or "unprivileged"; null if any user will do. */
const char *user_of(const struct test_case *);

/* Skip the case where no source is of the running platform and its version. */
void need_promise(const struct test_case *);

/* Skip the case at the first of its needs that is missing. */
void ask_for_needs(const struct test_case *);

#endif
