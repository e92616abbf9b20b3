/* SPDX-License-Identifier: BSD-2-Clause */

/* The version of the running system. A source may name the first version that promises its sentence: "Linux 5.14 madvise(2)". */

#ifndef SHMCHECK_PLATFORM_VERSION_H
#define SHMCHECK_PLATFORM_VERSION_H

#include <stdbool.h>

/*
 * Whether the running system has this version or a later one. The version is the release of uname(); on macOS it is that of the
 * product, as uname() gives the release of Darwin. True if the system does not tell its version.
 */
bool platform_is_at_least(unsigned major, unsigned minor);

/*
 * The same of a version in words: "5.14", "8", or "5.14 madvise(2)", as behind the name of the platform in a source. True if the
 * text does not begin with a number.
 */
bool version_is_at_least(const char *text);

/* The same for the C library, where that is glibc. */
bool glibc_is_at_least(const char *text);

/*
 * Whether a release such as "5.14.0-427.el9", "14.1-RELEASE" or "7.5" is this version or a later one. A missing minor number
 * counts as 0. True if the release does not begin with a number.
 */
bool release_is_at_least(const char *release, unsigned major, unsigned minor);

#endif
