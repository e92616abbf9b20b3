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

/* Read on until the contents have at least this length or the file ends. Returns false, with errno, on an error. */
bool contents_read(struct contents *, FILE *, size_t length);

/* Return the sentence "cannot read PATH: REASON" for errno. The caller frees it. */
char *cannot_read(const char *path);

#endif
