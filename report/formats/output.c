/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <signal.h>
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

/* Return a pattern of mkstemp() for a file in the same directory. The caller frees it. */
static char *
beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;

	return text_format("%.*s.%s.XXXXXX", (int)length, path, program_name);
}

static mode_t
mode_of_new(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* A new file beside the target, which is what is at the path, then takes its name. */
static void
replace(const char *path, const char *target, mode_t mode, const char *bytes, size_t length)
{
	char *new = beside(target);
	int descriptor = mkstemp(new);
	FILE *file = descriptor == -1 ? NULL : fdopen(descriptor, "wb");

	if (file == NULL)
		cannot_write(path);
	if (fchmod(descriptor, mode) != 0 || !write_all(file, bytes, length) || rename(new, target) != 0) {
		int error = errno;
		(void)unlink(new);
		errno = error;
		cannot_write(path);
	}
	free(new);
}

static void
write_in_place(const char *path, const char *bytes, size_t length)
{
	errno = 0;
	FILE *file = fopen(path, "wb");
	if (file == NULL || !write_all(file, bytes, length))
		cannot_write(path);
}

void
output_write(const char *path, const char *bytes, size_t length)
{
	struct stat status;

	/* Above a limit of its size, a write shall fail as others do. */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (path == NULL) {
		if (!write_all(stdout, bytes, length))
			cannot_write(NULL);
		return;
	}
	/* A link stays one, as does /dev/stdout. */
	char *target = realpath(path, NULL);
	if (target != NULL && stat(target, &status) == 0 && S_ISREG(status.st_mode))
		replace(path, target, status.st_mode & 0777, bytes, length);
	else if (target == NULL && lstat(path, &status) != 0)
		replace(path, path, mode_of_new(), bytes, length);
	else
		write_in_place(path, bytes, length);
	free(target);
}

bool
output_is(const char *path, const char *other)
{
	struct stat one;
	struct stat two;

	return path != NULL && other != NULL && stat(path, &one) == 0 && stat(other, &two) == 0 &&
	    S_ISREG(one.st_mode) && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}
