/* SPDX-License-Identifier: BSD-2-Clause */

/* Paths for which ftok() gives no key. */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "object.h"
#include "process.h"

INTERFACE(ftok)

static struct file
symlink_to(const char *target, const struct file *f, const char *suffix)
{
	struct file n = file_name_beside(f, suffix);

	REQUIRE(symlink(target, n.name) == 0);
	return n;
}

CASE(enoent_missing, SHALL, "ftok() fails with ENOENT when a component of the path does not exist",
    "POSIX.1-2017 ftok() ERRORS", "Linux ftok(3)", "FreeBSD ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)",
    "DragonFly ftok(3)", "macOS ftok(3)", "illumos ftok(3C)", COVERS("ftok.enoent"))
{
	struct file f = file_create(1);
	struct file dangling = symlink_to(f.name, &f, ".s");
	char under[64];
	snprintf(under, sizeof(under), "%s/x", f.name);
	REQUIRE(unlink(f.name) == 0);

	CHECK_FAILS(ENOENT, (key_t)-1, ftok(f.name, 'k'));
	CHECK_FAILS(ENOENT, (key_t)-1, ftok(under, 'k'));
	CHECK_FAILS(ENOENT, (key_t)-1, ftok(dangling.name, 'k'));
}

CASE(enoent_empty, SHALL, "ftok() of the empty string fails with ENOENT", "POSIX.1-2017 ftok() ERRORS", "Linux ftok(3)",
    "illumos ftok(3C)")
{
	CHECK_FAILS(ENOENT, (key_t)-1, ftok("", 'k'));
}

CASE(enotdir, SHALL, "ftok() of a path with a slash after the name of a regular file fails with ENOTDIR",
    "POSIX.1-2017 ftok() ERRORS", "Linux ftok(3)", "illumos ftok(3C)", COVERS("BS4"))
{
	struct file f = file_create(1);
	struct file to_file = symlink_to(f.name, &f, ".s");
	static const char *const tails[] = { "/x", "/", "/.", "/.." };
	char path[80];

	for (size_t i = 0; i < nitems(tails); i++) {
		snprintf(path, sizeof(path), "%s%s", f.name, tails[i]);
		CHECK_FAILS(ENOTDIR, (key_t)-1, ftok(path, 'k'));
		snprintf(path, sizeof(path), "%s%s", to_file.name, tails[i]);
		CHECK_FAILS(ENOTDIR, (key_t)-1, ftok(path, 'k'));
	}
}

CASE(eloop, SHALL, "ftok() of a loop of symbolic links fails with ELOOP", "POSIX.1-2017 ftok() ERRORS", "Linux ftok(3)",
    "illumos ftok(3C)")
{
	struct file f = file_create(1);
	struct file one = file_name_beside(&f, ".1");
	struct file two = symlink_to(one.name, &f, ".2");
	char under[80];
	REQUIRE(symlink(two.name, one.name) == 0);
	struct file self = file_name_beside(&f, ".self");
	REQUIRE(symlink(self.name, self.name) == 0);
	snprintf(under, sizeof(under), "%s/x", self.name);

	CHECK_FAILS(ELOOP, (key_t)-1, ftok(self.name, 'k'));
	CHECK_FAILS(ELOOP, (key_t)-1, ftok(one.name, 'k'));
	CHECK_FAILS(ELOOP, (key_t)-1, ftok(two.name, 'k'));
	CHECK_FAILS(ELOOP, (key_t)-1, ftok(under, 'k'));
}

static void
need_name_max(void)
{
	long longest = pathconf(".", _PC_NAME_MAX);

	need(longest > 0 && longest < 65536, "needs a limit on the length of names");
}

static void
need_path_max(void)
{
	long longest = pathconf("/", _PC_PATH_MAX);

	need(longest > 0 && longest < 1 << 20, "needs a limit on the length of paths");
}

#define NEEDS_NAME_MAX NEED("a limit on the length of names", .ask = need_name_max)
#define NEEDS_PATH_MAX NEED("a limit on the length of paths", .ask = need_path_max)

CASE(enametoolong_component, SHALL,
    "ftok() of a path with a component of more than NAME_MAX bytes fails with ENAMETOOLONG",
    "POSIX.1-2017 ftok() ERRORS", "Linux ftok(3)", "illumos ftok(3C)", NEEDS_NAME_MAX)
{
	long longest = pathconf(".", _PC_NAME_MAX);
	char *path = malloc((size_t)longest + 4);
	REQUIRE(path != NULL);

	memset(path, 'x', (size_t)longest + 1);
	path[longest + 1] = '\0';
	CHECK_FAILS(ENAMETOOLONG, (key_t)-1, ftok(path, 'k'));
	memcpy(path + longest + 1, "/x", 3);
	CHECK_FAILS(ENAMETOOLONG, (key_t)-1, ftok(path, 'k'));
	path[longest] = '\0';
	CHECK_FAILS(ENOENT, (key_t)-1, ftok(path, 'k'));
	free(path);
}

CASE(enametoolong_path, MAY,
    "ftok() of a path of more than PATH_MAX bytes fails with ENAMETOOLONG or gives the file's key",
    "POSIX.1-2017 ftok() ERRORS", CHOICE("Linux ftok(3)", "ftok-of-long-path", "ENAMETOOLONG"),
    CHOICE("illumos ftok(3C)", "ftok-of-long-path", "ENAMETOOLONG"), NEEDS_PATH_MAX)
{
	long longest = pathconf("/", _PC_PATH_MAX);
	char *path = malloc((size_t)longest + 2);
	REQUIRE(path != NULL);
	memset(path, '/', (size_t)longest + 1);
	path[longest + 1] = '\0';

	errno = 0;
	key_t key = ftok(path, 'k');
	int error = errno;

	known_defect(DRAGONFLY, "", "a path of 1024 bytes or more fails with EFAULT",
	    "DragonFly sys/platform/pc64/x86_64/support.s std_copyinstr()");
	if (key == (key_t)-1)
		CHECK_EQ(ENAMETOOLONG, error);
	else
		CHECK_EQ(ftok("/", 'k'), key);
	observed("ftok-of-long-path", "%s", key == (key_t)-1 ? errno_name(error) : "a key");
	free(path);
}

static void
find_key(void *arg)
{
	CHECK_EQ(*(key_t *)arg, ftok("directory/file", 'k'));
}

static void
find_no_key(void *arg)
{
	(void)arg;
	CHECK_FAILS(EACCES, (key_t)-1, ftok("directory/file", 'k'));
}

/* In a directory of its own, as other users may not reach that of the case. */
static void
withdraw_search_permission(void *arg)
{
	const char *place = arg;
	REQUIRE(mkdir(place, 0755) == 0);
	REQUIRE(chdir(place) == 0);
	REQUIRE(mkdir("directory", 0711) == 0);
	REQUIRE(close(open("directory/file", O_CREAT | O_EXCL | O_RDWR, 0)) == 0);
	key_t key = ftok("directory/file", 'k');

	as_user(OTHER, find_key, &key);         /* search permission is all that it takes */
	REQUIRE(chmod("directory", 0744) == 0); /* the owner can still remove it */
	as_user(OTHER, find_no_key, NULL);

	REQUIRE(unlink("directory/file") == 0);
	REQUIRE(rmdir("directory") == 0);
	REQUIRE(chdir("..") == 0);
	REQUIRE(rmdir(place) == 0);
}

CASE(eacces_search, SHALL, "ftok() fails with EACCES when the caller may not search a directory of the path",
    "POSIX.1-2017 ftok() ERRORS", "Linux ftok(3)", "FreeBSD ftok(3)", "NetBSD ftok(3)", "OpenBSD ftok(3)",
    "DragonFly ftok(3)", "macOS ftok(3)", "illumos ftok(3C)", NEEDS_USERS)
{
	struct file f = file_create(0);
	struct file place = file_name_beside(&f, ".d");

	in_child(withdraw_search_permission, place.name);
}
