/* SPDX-License-Identifier: BSD-2-Clause */

/* This file alone asks for the large-file interface: the calls that the cases test are to be those of the platform's default. */
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <unistd.h>

#include <sys/types.h>

#include "large_file.h"

int
truncate_large(const char *path, uintmax_t size)
{
	const off_t length = (off_t)size;

	if (length < 0 || (uintmax_t)length != size) {
		errno = EFBIG;
		return -1;
	}
	return truncate(path, length);
}
