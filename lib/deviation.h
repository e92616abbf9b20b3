/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where a platform differs. The body says so before the checks that it is about, in the case or in a child of it. From there to
 * the end of the body a failed check is an expected failure on these platforms; a check that has failed before is none. A second
 * call for the same has no effect. On all other platforms these functions do nothing, and the case stays sharp.
 *
 * The words "instead" are checked, too: where they name errors ("EINVAL, not ENOENT") or a signal ("raises SIGSEGV"), one failed
 * check must have seen one of these. Any other deviation is not the one that was declared, and fails the case.
 *
 * "platforms" are those of platform.h, or-ed, or of certain versions: before(NETBSD, "8") | OPENBSD.
 */

#ifndef SHMCHECK_DEVIATION_H
#define SHMCHECK_DEVIATION_H

#include <stdbool.h>

#include "platform/identity.h"

/*
 * A manual of these platforms documents that they do not do what the sentence says. "instead" says what they do, "reference"
 * which manual or source says so. Where no check fails, the case fails, as the deviation no longer occurs.
 */
void deviates(unsigned platforms, const char *instead, const char *reference);

/*
 * The same for a defect that these platforms are known to have and no manual documents. "since" is the first version that
 * has it: an earlier one is not expected to fail. It is "" where that is not known. "reference" is where the defect is described.
 */
void known_defect(unsigned platforms, const char *since, const char *instead, const char *reference);

/*
 * A known defect that shows at some runs only, as that of a race, or that only some versions have. A case that passes all the
 * same is one that holds.
 */
void known_race(unsigned platforms, const char *since, const char *instead, const char *reference);

/*
 * Stands before a deviation of these platforms, and checks what its text says that they do instead. The case fails on them where
 * the condition does not hold. Elsewhere the condition is not evaluated.
 */
#define CHECK_INSTEAD(platforms, condition) \
	(platform_is(platforms) ? require_instead(__FILE__, __LINE__, #condition, (condition)) : (void)0)

void require_instead(const char *file, int line, const char *text, bool condition);

/*
 * This platform, if the running version of it is earlier than that one, "8" or "9.1"; this platform from that version on. Else 0,
 * which is no platform. For what changed: deviates(before(NETBSD, "8"), ...).
 */
unsigned before(unsigned platform, const char *version);
unsigned since(unsigned platform, const char *version);

#endif
