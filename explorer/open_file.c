/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>

#include "names.h"
#include "open_file.h"
#include "outcome.h"

FILE *
open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL)
		end_failed("cannot %s '%s': %s", *mode == 'r' ? "read" : "write", path, errno_name(errno));
	return file;
}
