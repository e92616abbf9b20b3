/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "output.h"
#include "text.h"

static _Noreturn void
cannot_write(const char *path)
{
	const char *reason = errno != 0 ? strerror(errno) : "an unknown error";

	if (path == NULL)
		die("cannot write the report: %s", reason);
	die("cannot write '%s': %s", path, reason);
}

static bool
write_all(FILE *file, const char *bytes, size_t length)
{
	errno = 0;
	bool is_written = fwrite(bytes, 1, length, file) == length;
	int error = errno;

	/* A full disk shows when the stream is closed, at the latest. */
	if (fclose(file) != 0)
		return false;
	errno = error;
	return is_written;
}

/* A new file beside the one at the path, which then takes its name. */
static void
replace(const char *path, const char *bytes, size_t length)
{
	char *beside = text_format("%s.XXXXXX", path);
	int descriptor = mkstemp(beside);
	FILE *file = descriptor == -1 ? NULL : fdopen(descriptor, "wb");
	mode_t mask = umask(0);

	umask(mask);
	if (file == NULL)
		cannot_write(path);
	if (fchmod(descriptor, 0666 & ~mask) != 0 || !write_all(file, bytes, length) || rename(beside, path) != 0) {
		int error = errno;
		(void)unlink(beside);
		errno = error;
		cannot_write(path);
	}
	free(beside);
}

void
output_write(const char *path, const char *bytes, size_t length)
{
	struct stat status;
	FILE *file = stdout;

	if (path != NULL && (stat(path, &status) != 0 || S_ISREG(status.st_mode))) {
		replace(path, bytes, length);
		return;
	}
	errno = 0;
	if (path != NULL)
		file = fopen(path, "wb");
	if (file == NULL || !write_all(file, bytes, length))
		cannot_write(path);
}
