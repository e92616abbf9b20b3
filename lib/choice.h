/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What POSIX leaves open. A case of level MAY or OBSERVED records what it saw. Where the manual of a platform says which of the
 * outcomes it is, the case declares that among its sources, and another outcome fails there.
 *
 *	CASE(unaligned_address, MAY, "munmap() of an address inside a page may fail with EINVAL",
 *	    "POSIX.1-2017 munmap() ERRORS", CHOICE("Linux munmap(2)", "unaligned-address", "EINVAL"))
 *	{
 *		...
 *		observed("unaligned-address", "%s", errno_name(errno));
 *	}
 */

#ifndef SHMCHECK_CHOICE_H
#define SHMCHECK_CHOICE_H

#include "test_case.h"

/*
 * Among the sources of a CASE: this manual documents that what observed() records by this key is this value, or one of several,
 * "EINVAL or ENOMEM". The source is as any other: "Linux 5.14 madvise(2)" promises it since a version.
 */
#define CHOICE(source, key, value) "choice " source ": " key " = " value

/*
 * Record what a MAY or OBSERVED case saw, as the line "observed: key = value" of its standard output. It is a failed check if a
 * CHOICE of the running platform says otherwise. errno stays.
 */
#define observed(key, ...) observed_at(__FILE__, __LINE__, key, __VA_ARGS__)

void observed_at(const char *file, int line, const char *key, const char *format, ...)
    __attribute__((__format__(__printf__, 4, 5)));

/* For lib/case.c: this case runs, whose choices observed() is to know. */
void choice_begin(const struct test_case *);

#endif
