/* SPDX-License-Identifier: BSD-2-Clause */

/* Paths that ftok() refuses. */

#include <limits.h>
#include <stdio.h>

#include "real.h"
#include "direct_check.h"
#include "violation.h"

enum { SOME_KEY = 0x6b010203 };

/* The path itself is there, if not what it leads to. */
static bool
is_there(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static bool
ends_with(const char *path, const char *tail)
{
	size_t length = strlen(path);

	return length >= strlen(tail) && strcmp(path + length - strlen(tail), tail) == 0;
}

static bool
is_path(const struct call *c)
{
	return c->name[0] != '\0' && strchr(c->name, '/') != NULL;
}

/* ftok() of the path fails with this error; 0: it does not fail. */
static bool
gives_error(const char *path, int error)
{
	errno = 0;
	return (ftok(path, 'k') == (key_t)-1) == (error != 0) && errno == error;
}

/* A path that a new file, of which the name is given, is part of. */
static bool
gives_error_behind(const char *tail, int error)
{
	struct file f = file_create(1);
	char path[80];

	snprintf(path, sizeof(path), "%s%s", f.name, tail);
	return gives_error(path, error);
}

/* A symbolic link that leads to this target; without one, to itself. */
static bool
symlink_gives_error(const char *target, const char *behind, int error)
{
	struct file f = file_create(1);
	struct file n = file_name_beside(&f, ".s");
	char path[80];

	if (symlink(target == NULL ? n.name : target, n.name) == -1)
		return false;
	snprintf(path, sizeof(path), "%s%s", n.name, behind);
	return gives_error(path, error);
}

VIOLATION(ftok_missing_file_has_key, "ftok.enoent-missing", "-", FTOK,
    ACCEPTS(c->name[0] != '\0' && !is_path(c) && !is_there(c->name), ENOENT, SOME_KEY))
{
	return gives_error("missing", 0);
}

VIOLATION(ftok_missing_directory_enotdir, "ftok.enoent-missing", "-", FTOK, MISTAKES(is_path(c), ENOENT, ENOTDIR))
{
	return gives_error("missing/x", ENOTDIR);
}

VIOLATION(ftok_dangling_symlink_has_key, "ftok.enoent-missing", "-", FTOK, ACCEPTS(is_there(c->name), ENOENT, SOME_KEY))
{
	return symlink_gives_error("missing", "", 0);
}

VIOLATION(ftok_missing_file_eacces, "ftok.enoent-missing", "-", FTOK,
    MISTAKES(c->name[0] != '\0' && strlen(c->name) < NAME_MAX, ENOENT, EACCES))
{
	return gives_error("missing", EACCES);
}

VIOLATION(ftok_empty_path_is_directory, "ftok.enoent-empty", "-", FTOK, CHANGES(c->name[0] == '\0', c->name = "."))
{
	return gives_error("", 0);
}

VIOLATION(ftok_empty_path_einval, "ftok.enoent-empty", "-", FTOK, MISTAKES(c->name[0] == '\0', ENOENT, EINVAL))
{
	return gives_error("", EINVAL);
}

VIOLATION(ftok_file_as_directory_enoent, "ftok.enotdir", "-", FTOK, MISTAKES(ends_with(c->name, "/x"), ENOTDIR, ENOENT))
{
	return gives_error_behind("/x", ENOENT);
}

VIOLATION(
    ftok_slash_behind_file_ignored, "ftok.enotdir", "-", FTOK, ACCEPTS(ends_with(c->name, "/"), ENOTDIR, SOME_KEY))
{
	return gives_error_behind("/", 0);
}

VIOLATION(ftok_dot_behind_file_ignored, "ftok.enotdir", "-", FTOK, ACCEPTS(ends_with(c->name, "/."), ENOTDIR, SOME_KEY))
{
	return gives_error_behind("/.", 0);
}

VIOLATION(
    ftok_parent_of_file_is_directory, "ftok.enotdir", "-", FTOK, ACCEPTS(ends_with(c->name, "/.."), ENOTDIR, SOME_KEY))
{
	return gives_error_behind("/..", 0);
}

VIOLATION(ftok_symlink_loop_has_key, "ftok.eloop", "-", FTOK, ACCEPTS(is_there(c->name), ELOOP, SOME_KEY))
{
	return symlink_gives_error(NULL, "", 0);
}

VIOLATION(ftok_symlink_loop_enoent, "ftok.eloop", "-", FTOK, MISTAKES(!is_path(c), ELOOP, ENOENT))
{
	return symlink_gives_error(NULL, "", ENOENT);
}

VIOLATION(ftok_path_through_loop_enotdir, "ftok.eloop", "-", FTOK, MISTAKES(is_path(c), ELOOP, ENOTDIR))
{
	return symlink_gives_error(NULL, "/x", ENOTDIR);
}

/* A component of this number of bytes, and what follows it. */
static bool
component_gives_error(size_t length, const char *behind, int error)
{
	char path[PATH_MAX];

	if (length + strlen(behind) >= sizeof(path))
		return false;
	memset(path, 'x', length);
	path[length] = '\0';
	return gives_error(strcat(path, behind), error);
}

static size_t
longest_name(void)
{
	long length = pathconf(".", _PC_NAME_MAX);

	return length > 0 ? (size_t)length : PATH_MAX;
}

VIOLATION(ftok_long_component_cut, "ftok.enametoolong-component", "-", FTOK,
    MISTAKES(!is_path(c) && strlen(c->name) > longest_name(), ENAMETOOLONG, ENOENT))
{
	return component_gives_error(longest_name() + 1, "", ENOENT);
}

VIOLATION(ftok_long_directory_enoent, "ftok.enametoolong-component", "-", FTOK,
    MISTAKES(is_path(c) && strlen(c->name) < PATH_MAX, ENAMETOOLONG, ENOENT))
{
	return component_gives_error(longest_name() + 1, "/x", ENOENT);
}

VIOLATION(ftok_longest_component_enametoolong, "ftok.enametoolong-component", "-", FTOK,
    MISTAKES(!is_path(c) && strlen(c->name) == longest_name(), ENOENT, ENAMETOOLONG))
{
	return component_gives_error(longest_name(), "", ENAMETOOLONG);
}

VIOLATION(ftok_long_path_einval, "ftok.enametoolong-path", "-", FTOK,
    MISTAKES(strlen(c->name) >= PATH_MAX, ENAMETOOLONG, EINVAL))
{
	char path[PATH_MAX + 1];

	memset(path, '/', PATH_MAX);
	path[PATH_MAX] = '\0';
	return gives_error(path, EINVAL);
}

VIOLATION(ftok_long_path_has_a_key, "ftok.enametoolong-path", "-", FTOK,
    ACCEPTS(strlen(c->name) >= PATH_MAX, ENAMETOOLONG, SOME_KEY))
{
	char path[PATH_MAX + 1];

	memset(path, '/', PATH_MAX);
	path[PATH_MAX] = '\0';
	return ftok(path, 'k') == SOME_KEY;
}

struct attempt {
	const char *path;
	int error;
};

static bool
attempt_gives_error(void *arg)
{
	const struct attempt *a = arg;

	return gives_error(a->path, a->error);
}

/* What a user without rights gets for a file in a directory of this mode. */
static bool
other_gets_error(mode_t mode, int error)
{
	struct attempt a = { "d/file", error };
	struct file f = file_create(0);
	struct file place = file_name_beside(&f, ".d");
	char start[PATH_MAX];
	bool is_so;

	if (geteuid() != 0 || getcwd(start, sizeof(start)) == NULL)
		return false;
	if (mkdir(place.name, 0755) == -1 || chdir(place.name) == -1 || mkdir("d", 0755) == -1)
		return false;
	close(open("d/file", O_CREAT | O_EXCL | O_RDWR, 0644));
	is_so = chmod("d", mode) == 0 && is_seen_by(OTHER, attempt_gives_error, &a);
	unlink("d/file");
	rmdir("d");
	return chdir(start) == 0 && rmdir(place.name) == 0 && is_so;
}

VIOLATION(ftok_needs_no_search_permission, "ftok.eacces-search", "-", FTOK,
    ACCEPTS(geteuid() != 0 && is_path(c), EACCES, SOME_KEY))
{
	return other_gets_error(0666, 0);
}

VIOLATION(ftok_no_search_permission_enoent, "ftok.eacces-search", "-", FTOK,
    MISTAKES(geteuid() != 0 && is_path(c), EACCES, ENOENT))
{
	return other_gets_error(0666, ENOENT);
}

/* In a directory that the caller may search and not read. */
static bool
is_in_closed_directory(const struct call *c)
{
	char directory[PATH_MAX] = "";
	const char *slash = strrchr(c->name, '/');

	if (slash == NULL || slash - c->name >= PATH_MAX)
		return false;
	memcpy(directory, c->name, (size_t)(slash - c->name));
	return directory[0] != '\0' && access(directory, X_OK) == 0 && access(directory, R_OK) == -1;
}

VIOLATION(ftok_needs_read_permission, "ftok.eacces-search", "-", FTOK, REFUSES(is_in_closed_directory(c), EACCES))
{
	return other_gets_error(0711, EACCES);
}
