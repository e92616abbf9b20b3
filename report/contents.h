/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_CONTENTS_H
#define SHMCHECK_REPORT_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The bytes of a file. Whoever reads them frees them. */
struct contents {
	char *bytes;
	size_t length;
};

/* No file of results comes near it; a device may have no end. */
#define CONTENTS_MOST ((size_t)1 << 30)

/*
 * Read on until the contents have at least this length or the file ends. Returns false, with errno, on an error: that of
 * a file of more than CONTENTS_MOST bytes is EFBIG.
 */
bool contents_read(struct contents *, FILE *, size_t length);

/* Return the sentence "cannot read PATH: REASON" for errno. The caller frees it. */
char *cannot_read(const char *path);

#endif
