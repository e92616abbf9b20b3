/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "text.h"

#define STEP ((size_t)1 << 16)

bool
contents_read(struct contents *contents, FILE *file, size_t length)
{
	while (contents->length < length && !feof(file)) {
		size_t step = length - contents->length < STEP ? length - contents->length : STEP;
		if (contents->length > CONTENTS_MOST) {
			errno = EFBIG;
			return false;
		}
		contents->bytes = allocated(realloc(contents->bytes, contents->length + step));
		errno = 0;
		contents->length += fread(contents->bytes + contents->length, 1, step, file);
		if (ferror(file))
			return false;
	}
	return true;
}

char *
cannot_read(const char *path)
{
	/* The C standard does not require fopen() and fread() to set errno. */
	if (errno == 0)
		return text_format("cannot read '%s'", path);
	return text_format("cannot read '%s': %s", path, strerror(errno));
}
