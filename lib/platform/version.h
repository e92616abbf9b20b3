/* SPDX-License-Identifier: BSD-2-Clause */

/* The version of the system that runs here: what a source promises may begin with one, as in "Linux 5.14 madvise(2)". */

#ifndef SHMCHECK_PLATFORM_VERSION_H
#define SHMCHECK_PLATFORM_VERSION_H

#include <stdbool.h>

/*
 * Whether the system that runs here is this version or a later one: the release of uname(), and on macOS the version of the
 * product, as uname() tells that of Darwin there. True where the system does not tell its version.
 */
bool platform_is_at_least(unsigned major, unsigned minor);

/*
 * Whether a release such as "5.14.0-427.el9", "14.1-RELEASE" or "7.5" is this version or a later one. A minor number that is
 * missing counts as 0. True for a release that does not begin with a number.
 */
bool release_is_at_least(const char *release, unsigned major, unsigned minor);

#endif
