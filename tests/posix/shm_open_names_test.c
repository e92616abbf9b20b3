/* SPDX-License-Identifier: BSD-2-Clause */

/* Names of POSIX shared memory objects: which are supported, how long they may be. */

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "guardian.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"
#include "process.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

#define DRAGONFLY_NAMES "names are paths below /var/run/shm, and fail as those of open() do"

/* Create an object with a name that the system may refuse, and unlink it at once: some of these names are not random. */
static int
create_and_unlink(const char *name)
{
	int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);

	if (fd != -1 && shm_unlink(name) == -1)
		check_failed(__FILE__, __LINE__, "shm_unlink() of a name that was created: %s", errno_name(errno));
	/* What exists is a directory, which is refused, or an object that another process has created just now. */
	if (fd == -1 && errno == EEXIST && shm_open(name, O_RDWR, 0) != -1)
		errno = EEXIST;
	return fd;
}

static const char *
outcome(int fd)
{
	return fd != -1 ? "accepted" : errno_name(errno);
}

/* The object of a name that was accepted is new, empty and usable. */
static void
check_is_new_object(int fd)
{
	CHECK_EQ(0, size_of(fd));
	set_size(fd, (off_t)page_size());
	CHECK_BYTES(0, map_shared(fd, page_size()), page_size());
}

CASE(einval_unsupported_name, SHALL, "A name that the system does not support fails with EINVAL",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "illumos shm_open(3C)",
    COVERS("shm_open.einval_name shm_open.dotdot shm_open.inner_slash_einval"))
{
	static const char *const names[] = { "", "/", "/.", "/.." };
	struct object o = object_name();
	char inner[64];
	char escaping[64];
	snprintf(inner, sizeof(inner), "%s/b", o.name);
	snprintf(escaping, sizeof(escaping), "/..%s", o.name);
	guardian_owns_object_name(inner);
	guardian_owns_object_name(escaping);

	deviates(DRAGONFLY, DRAGONFLY_NAMES, "DragonFly shm_open(3)");
	for (size_t i = 0; i < nitems(names); i++)
		if (create_and_unlink(names[i]) == -1 && errno != EEXIST) /* an object of another run */
			CHECK_EQ(EINVAL, errno);
	if (create_and_unlink(inner) == -1)
		CHECK_EQ(EINVAL, errno);
	if (create_and_unlink(escaping) == -1)
		CHECK_EQ(EINVAL, errno);
}

CASE(name_no_leading_slash, OBSERVED, "A name without a leading slash is refused, or names an object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("FreeBSD shm_open(2)", "name-without-slash", "EINVAL"),
    CHOICE("NetBSD shm_open(3)", "name-without-slash", "EINVAL"),
    CHOICE("illumos shm_open(3C)", "name-without-slash", "EINVAL"),
    COVERS("shm_open.no_slash shm_open.no_slash_einval"))
{
	struct object o = object_name();
	const char *bare = o.name + 1;
	guardian_owns_object_name(bare);

	errno = 0;
	int fd = shm_open(bare, O_CREAT | O_EXCL | O_RDWR, 0600);
	observed("name-without-slash", "%s", outcome(fd));

	int same = shm_open(o.name, O_RDWR, 0);
	if (fd == -1)
		CHECK_EQ(-1, same); /* a refused name created nothing */
	else {
		check_is_new_object(fd);
		observed("name-without-slash-is-the-name-with-it", "%s", same == -1 ? "no" : "yes");
		CHECK_NE(-1, shm_open(bare, O_RDWR, 0));
	}
}

CASE(name_double_slash, OBSERVED, "A name with two leading slashes is refused, or names an object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("illumos shm_open(3C)", "name-with-two-slashes", "EINVAL"), COVERS("shm_open.many_slashes"))
{
	struct object o = object_name();
	char twice[64];
	snprintf(twice, sizeof(twice), "/%s", o.name);
	guardian_owns_object_name(twice);

	errno = 0;
	int fd = shm_open(twice, O_CREAT | O_EXCL | O_RDWR, 0600);
	observed("name-with-two-slashes", "%s", outcome(fd));

	int same = shm_open(o.name, O_RDWR, 0);
	if (fd == -1)
		CHECK_EQ(-1, same);
	else {
		check_is_new_object(fd);
		observed("name-with-two-slashes-is-the-name-with-one", "%s", same == -1 ? "no" : "yes");
		CHECK_NE(-1, shm_open(twice, O_RDWR, 0));
	}
}

CASE(name_embedded_slash, OBSERVED, "A name with a slash inside is refused, or names an object",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("illumos shm_open(3C)", "name-with-inner-slash", "EINVAL"),
    CHOICE("DragonFly open(2)", "name-with-inner-slash", "ENOENT"), COVERS("shm_open.inner_slash"))
{
	struct object o = object_name();
	char inner[64];
	snprintf(inner, sizeof(inner), "%s/b", o.name);
	guardian_owns_object_name(inner);

	errno = 0;
	int fd = shm_open(inner, O_CREAT | O_EXCL | O_RDWR, 0600);

	observed("name-with-inner-slash", "%s", outcome(fd));
	if (fd != -1)
		check_is_new_object(fd);
	CHECK_EQ(-1, shm_open(o.name, O_RDWR, 0));
}

CASE(name_empty, OBSERVED, "The empty name is refused, or names an object", "POSIX.1-2017 shm_open() DESCRIPTION",
    "POSIX.1-2024 shm_open() DESCRIPTION", CHOICE("FreeBSD shm_open(2)", "name-empty", "EINVAL"),
    CHOICE("NetBSD shm_open(3)", "name-empty", "EINVAL"), CHOICE("illumos shm_open(3C)", "name-empty", "EINVAL"))
{
	int fd = create_and_unlink("");

	observed("name-empty", "%s", outcome(fd));
	if (fd != -1)
		check_is_new_object(fd);
}

CASE(name_only_slash, OBSERVED, "The name \"/\" is refused, or names an object", "POSIX.1-2017 shm_open() DESCRIPTION",
    "POSIX.1-2024 shm_open() DESCRIPTION")
{
	int fd = create_and_unlink("/");

	observed("name-only-slash", "%s", outcome(fd));
	if (fd != -1)
		check_is_new_object(fd);
}

CASE(name_dot_and_dotdot, OBSERVED,
    "The names \"/.\" and \"/..\" are refused, or name objects, and no directory is mapped by them",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION")
{
	int dot = create_and_unlink("/.");
	observed("name-dot", "%s", outcome(dot));

	int dots = create_and_unlink("/..");
	observed("name-dot-dot", "%s", outcome(dots));

	if (dot != -1)
		check_is_new_object(dot);
	if (dots != -1)
		check_is_new_object(dots);

	/* Without O_CREAT a directory may open, which cannot be mapped. */
	errno = 0;
	int directory = shm_open("/..", O_RDONLY, 0);
	observed("name-dot-dot-rdonly", "%s", directory != -1 ? "opens" : errno_name(errno));
	CHECK_EQ(MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, directory, 0));
}

CASE(name_dot_and_dotdot__path, OBSERVED,
    "A name that begins with \"/../\" creates no file outside the place of objects",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    CHOICE("illumos shm_open(3C)", "name-dot-dot-slash", "EINVAL"))
{
	struct object o = object_name();
	char escaping[64];
	char path[128];
	snprintf(escaping, sizeof(escaping), "/..%s", o.name);
	guardian_owns_object_name(escaping);

	int fd = shm_open(escaping, O_CREAT | O_EXCL | O_RDWR, 0600);

	if (fd != -1) /* as root, who may write there */
		deviates(DRAGONFLY, DRAGONFLY_NAMES, "DragonFly shm_open(3)");
	observed("name-dot-dot-slash", "%s", outcome(fd));
	CHECK_FAILS(ENOENT, -1, access(o.name, F_OK)); /* not in the root directory */
	/* Where the name of the file is a hash, the dots have no meaning. */
	if (object_path(escaping, path, sizeof(path)) && strstr(path, "/../") != NULL)
		CHECK_FAILS(ENOENT, -1, access(path, F_OK));
}

/* About limits that are known: 31 of macOS with the slash, 247 of NetBSD, 255 of files, 1023 of FreeBSD with the slash. */
static const size_t lengths[] = { 14, 25, 30, 31, 63, 64, 127, 128, 246, 247, 248, 254, 255, 256, 1022, 1023, 1024 };

CASE(name_max_accepted, MAY,
    "A name of _POSIX_NAME_MAX bytes (14) behind the slash is accepted; the system chooses how much longer one may be",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "POSIX.1-2017 <limits.h> _POSIX_NAME_MAX",
    CHOICE("macOS shm_open(2)", "longest-name-accepted", "30"),
    CHOICE("macOS shm_open(2)", "shortest-name-refused", "31 (ENAMETOOLONG)"))
{
	size_t longest = 0;
	size_t refused = 0;
	int error = 0;

	for (size_t i = 0; i < nitems(lengths) && refused == 0; i++) {
		char name[2000];
		object_name_of_length(name, lengths[i]);

		if (create_and_unlink(name) != -1)
			longest = lengths[i];
		else {
			refused = lengths[i];
			error = errno;
		}
	}

	observed("longest-name-accepted", "%zu", longest);
	observed("shortest-name-refused", "%zu (%s)", refused, errno_name(error));
	REQUIRE(longest >= 14);
}

CASE(name_max_accepted__with_slash, DOCUMENTED,
    "A name of NAME_MAX bytes (255), with its slash, names an object from shm_open() to shm_unlink()",
    "Linux shm_open(3)")
{
	char name[300];
	object_name_of_length(name, 254);

	int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);

	REQUIRE(fd != -1);
	check_is_new_object(fd);
	CHECK_EQ(page_size(), size_of(shm_open(name, O_RDONLY, 0)));
	CHECK_SUCCEEDS(shm_unlink(name));
	CHECK_FAILS(ENOENT, -1, shm_open(name, O_RDWR, 0));
}

/* A name that nobody can read. */
static void
open_at_no_address(void *name)
{
	CHECK_FAILS(EFAULT, -1, shm_open(name, O_RDWR, 0));
	CHECK_FAILS(EFAULT, -1, shm_open(name, O_CREAT | O_RDWR, 0600));
	CHECK_FAILS(EFAULT, -1, shm_unlink(name));
}

CASE(name_efault, DOCUMENTED, "A name at an address where nothing is mapped fails with EFAULT, in shm_unlink() too",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "DragonFly shm_open(3)",
    COVERS("shm_open.efault shm_unlink.efault shm_open.bad_args"))
{
	known_defect(NETBSD, "", "the C library reads the name, and the process ends by SIGSEGV",
	    "NetBSD lib/librt/shm.c _shm_get_path()");
	known_defect(DRAGONFLY, "", "the C library reads the name, and the process ends by SIGSEGV",
	    "DragonFly lib/libc/gen/posixshm.c shm_open()");
	in_child(open_at_no_address, free_range(page_size()));
	in_child(open_at_no_address, NULL);
}

CASE(name_max_accepted__distinct, SHALL, "Long names that differ only in the last byte name different objects",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION")
{
	static const size_t tried[] = { 254, 247, 128, 30 };
	char name[300];
	int fd = -1;

	for (size_t i = 0; fd == -1 && i < nitems(tried); i++) {
		object_name_of_length(name, tried[i]);
		fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
		REQUIRE(fd != -1 || errno == ENAMETOOLONG || errno == EINVAL);
	}
	REQUIRE(fd != -1);

	size_t last = strlen(name) - 1;
	name[last] = name[last] == 'x' ? 'y' : 'x';
	CHECK_FAILS(ENOENT, -1, shm_open(name, O_RDWR, 0));
	name[last] = '\0';
	CHECK_FAILS(ENOENT, -1, shm_open(name, O_RDWR, 0));
}

/* create_and_unlink() of a name of this length behind the slash. */
static int
create_of_length(size_t length)
{
	char name[PATH_MAX + 2000];

	object_name_of_length(name, length);
	return create_and_unlink(name);
}

/* A name that may be too long, and is if fd is -1. */
static void
check_too_long(int fd)
{
	if (fd == -1)
		CHECK_EQ(errno == EINVAL ? EINVAL : ENAMETOOLONG, errno);
}

CASE(enametoolong_component, MAY,
    "A name with a component of more than 255 bytes is accepted, or fails with ENAMETOOLONG or EINVAL",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS",
    CHOICE("DragonFly open(2)", "name-of-256-bytes", "ENAMETOOLONG"),
    CHOICE("macOS shm_open(2)", "name-of-256-bytes", "ENAMETOOLONG"),
    CHOICE("illumos shm_open(3C)", "name-of-256-bytes", "ENAMETOOLONG"),
    COVERS("shm_open.pathname_rules shm_open.name_max"))
{
	int fd = create_of_length(256);

	observed("name-of-256-bytes", "%s", outcome(fd));
	check_too_long(fd);
}

CASE(enametoolong_path, MAY, "A name of more than PATH_MAX bytes is accepted, or fails with ENAMETOOLONG or EINVAL",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS",
    CHOICE("Linux shm_open(3)", "name-over-path-max", "ENAMETOOLONG"),
    CHOICE("FreeBSD shm_open(2)", "name-over-path-max", "ENAMETOOLONG"),
    CHOICE("NetBSD shm_open(3)", "name-over-path-max", "ENAMETOOLONG"),
    CHOICE("DragonFly open(2)", "name-over-path-max", "ENAMETOOLONG"),
    CHOICE("macOS shm_open(2)", "name-over-path-max", "ENAMETOOLONG"),
    CHOICE("illumos shm_open(3C)", "name-over-path-max", "ENAMETOOLONG"), COVERS("shm_open.path_max"))
{
	known_defect(DRAGONFLY, "", "every path of 1,024 bytes or more fails with EFAULT",
	    "DragonFly sys/platform/pc64/x86_64/support.s std_copyinstr()");
	int fd = create_of_length(PATH_MAX + 1000);

	if (fd == -1 && errno == EINVAL)
		known_defect(before(GLIBC, "2.39"), "", "EINVAL, not ENAMETOOLONG",
		    "glibc sysdeps/posix/shm-directory.c __shm_get_name()");
	observed("name-over-path-max", "%s", outcome(fd));
	check_too_long(fd);
}

CASE(name_case_sensitive, SHALL, "Names that differ in the case of letters name different objects",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", COVERS("shm_open.case_sensitive"))
{
	struct object o = object_create(page_size());
	struct object upper = object_name();
	memcpy(upper.name, o.name, sizeof(upper.name));
	for (char *at = upper.name; *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	guardian_owns_object_name(upper.name);

	CHECK_FAILS(ENOENT, -1, shm_open(upper.name, O_RDWR, 0));
	CHECK_FAILS(ENOENT, -1, shm_unlink(upper.name));

	int fd = shm_open(upper.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	check_is_new_object(fd);
	*(char *)map_shared(fd, page_size()) = 'X';
	CHECK_EQ(0, *(char *)map_shared(o.fd, page_size()));
}
