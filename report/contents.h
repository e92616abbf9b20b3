/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_CONTENTS_H
#define SHMCHECK_REPORT_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The bytes of a file, owned by whoever asked for them. */
struct contents {
	char *bytes;
	size_t length;
};

/* Read on until there are at least that many bytes or the file ends. Returns false, with errno, on an error. */
bool contents_read(struct contents *, FILE *, size_t length);

/* The sentence "cannot read PATH: why" for errno, for the caller to free. */
char *cannot_read(const char *path);

#endif
