/* SPDX-License-Identifier: BSD-2-Clause */

/* Unlinking POSIX shared memory objects: the name, and failures. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "platform/limits.h"
#include "platform/object_place.h"
#include "process.h"
#include "program.h"

INTERFACE(shm_unlink, NEEDS_OBJECTS)

/* What unlink() of another user's file in a sticky directory gives. */
#define PASSES_ON_EPERM "fails with the EPERM of unlink() in a sticky directory"
#define NETBSD_UNLINK   "NetBSD lib/librt/shm.c shm_unlink()"
#define OPENBSD_UNLINK  "OpenBSD lib/libc/gen/shm_open.c shm_unlink()"

PROGRAM(finds_no_name)
{
	CHECK_FAILS(ENOENT, -1, shm_open(argv[1], O_RDWR, 0));
	CHECK_FAILS(ENOENT, -1, shm_open(argv[1], O_RDONLY, 0));
	CHECK_FAILS(ENOENT, -1, shm_unlink(argv[1]));
}

CASE(removes_name_at_once, SHALL, "When shm_unlink() has returned, no process can open the name",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_unlink(2)", "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "OpenBSD shm_open(3)", "DragonFly shm_open(3)",
    "illumos shm_unlink(3C)", COVERS("shm_unlink.name shm_unlink.reopen_enoent shm_unlink.ret0 BS58"))
{
	struct object o = object_create(page_size());
	close(o.fd);

	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	struct child c = program_start("finds_no_name", o.name);
	child_exits(&c);
}

CASE(removes_name_at_once__in_use, SHALL, "shm_unlink() removes the name at once while the object is open and mapped",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_unlink(2)", "illumos shm_unlink(3C)", COVERS("shm_unlink.name_gone_with_refs"))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	p[0] = 'x';

	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_FAILS(ENOENT, -1, shm_open(o.name, O_RDWR, 0));
	struct child c = program_start("finds_no_name", o.name);
	child_exits(&c);
	CHECK_EQ('x', p[0]);
}

CASE(removes_name_at_once__others_stay, SHALL, "shm_unlink() removes one name, and other objects keep theirs",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object before = object_create(page_size());
	struct object o = object_create(page_size());
	struct object after = object_create(page_size());
	*(char *)map_shared(before.fd, page_size()) = 'b';
	*(char *)map_shared(after.fd, page_size()) = 'a';

	CHECK_SUCCEEDS(shm_unlink(o.name));

	CHECK_EQ('b', *(char *)map_shared(object_open(&before, O_RDWR), page_size()));
	CHECK_EQ('a', *(char *)map_shared(object_open(&after, O_RDWR), page_size()));
}

CASE(enoent, SHALL, "shm_unlink() of a name that was never used, or is unlinked already, fails with ENOENT",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS", "Linux shm_open(3)", "FreeBSD shm_open(2)",
    "NetBSD shm_open(3)", "macOS shm_unlink(2)", "illumos shm_unlink(3C)",
    COVERS("shm_unlink.fail_minus1 shm_unlink.enoent"))
{
	struct object never = object_name();
	struct object o = object_create(page_size());

	CHECK_FAILS(ENOENT, -1, shm_unlink(never.name));

	CHECK_SUCCEEDS(shm_unlink(o.name));
	CHECK_FAILS(ENOENT, -1, shm_unlink(o.name)); /* it is still open */
	close(o.fd);
	CHECK_FAILS(ENOENT, -1, shm_unlink(o.name));
}

struct attempt {
	struct object object;
	mode_t mode;
	const char *key; /* of what is observed */
};

static void
create_as_owner(void *attempt)
{
	const struct attempt *a = attempt;

	umask(0);
	int fd = shm_open(a->object.name, O_CREAT | O_EXCL | O_RDWR, a->mode);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)page_size());
	pattern_store(1, map_shared(fd, page_size()), page_size());
}

static void
unlink_is_refused(void *attempt)
{
	const struct attempt *a = attempt;

	CHECK_FAILS(EACCES, -1, shm_unlink(a->object.name));
}

static void
object_is_unchanged(void *attempt)
{
	const struct attempt *a = attempt;
	struct stat status;
	int fd = shm_open(a->object.name, O_RDWR, 0);
	REQUIRE(fd != -1);
	REQUIRE(fstat(fd, &status) == 0);

	CHECK_EQ(page_size(), status.st_size);
	CHECK_EQ(a->mode, status.st_mode & 0777);
	CHECK_EQ(user_id(OWNER), status.st_uid);
	CHECK_PATTERN(1, map_shared(fd, page_size()), page_size());
}

CASE(eacces, SHALL, "shm_unlink() fails with EACCES for a user who does not own the object and may not write it",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS", "FreeBSD shm_open(2)", "NetBSD shm_open(3)",
    "Linux shm_open(3)", "macOS shm_unlink(2)", "illumos shm_unlink(3C)", NEEDS_USERS, NEEDS_OBJECTS_OF_USERS,
    COVERS("shm_unlink.eacces"))
{
	struct attempt a = { object_name(), 0600, NULL };

	as_user(OWNER, create_as_owner, &a);

	known_defect(MUSL, "", PASSES_ON_EPERM, "docs/findings.md");
	known_defect(NETBSD, "", PASSES_ON_EPERM, NETBSD_UNLINK);
	known_defect(OPENBSD, "", PASSES_ON_EPERM, OPENBSD_UNLINK);
	as_user(OTHER, unlink_is_refused, &a);
	as_user(GROUP_MEMBER, unlink_is_refused, &a);
}

static void
unlink_fails(void *attempt)
{
	const struct attempt *a = attempt;

	CHECK_EQ(-1, shm_unlink(a->object.name));
}

/* Has the object mapped while another user cannot unlink it. */
static void
use_during_refusal(void *attempt)
{
	const struct attempt *a = attempt;
	char *p = map_shared(object_open(&a->object, O_RDWR), page_size());

	pause_for_parent();
	CHECK_PATTERN(1, p, page_size());
	p[0] = 'n';
	CHECK_EQ('n', *(char *)map_shared(object_open(&a->object, O_RDWR), page_size()));
	pattern_store(1, p, page_size());
}

CASE(failure_changes_nothing, SHALL,
    "A shm_unlink() that fails leaves the name, and the object with its size, data, mode and owner",
    "POSIX.1-2017 shm_unlink() RETURN VALUE", "POSIX.1-2024 shm_unlink() RETURN VALUE", "macOS shm_unlink(2)",
    "illumos shm_unlink(3C)", NEEDS_USERS, NEEDS_OBJECTS_OF_USERS, COVERS("shm_unlink.fail_unchanged BS59"))
{
	struct attempt a = { object_name(), 0600, NULL };

	as_user(OWNER, create_as_owner, &a);
	struct child owner = child_start_as(OWNER, use_during_refusal, &a);
	child_reaches_pause(&owner);

	as_user(OTHER, unlink_fails, &a);

	child_goes_on(&owner);
	child_exits(&owner);
	as_user(OWNER, object_is_unchanged, &a);
}

static void
unlink_and_tell(void *attempt)
{
	const struct attempt *a = attempt;

	errno = 0;
	int result = shm_unlink(a->object.name);

	observed(a->key, "%s", result == 0 ? "works" : errno_name(errno));
	if (result == 0)
		CHECK_FAILS(ENOENT, -1, shm_open(a->object.name, O_RDWR, 0));
	else {
		CHECK_EQ(-1, result);
		CHECK_EQ(EACCES, errno);
		CHECK_NE(-1, shm_open(a->object.name, O_RDONLY, 0));
	}
}

CASE(permission_rule_differs, MAY,
    "A user who may write another user's object can unlink it, or gets EACCES and the name stays",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS",
    CHOICE("FreeBSD shm_open(2)", "unlink-of-another-users-writable-object", "works"),
    CHOICE("NetBSD shm_open(3)", "unlink-of-another-users-writable-object", "works"), NEEDS_USERS,
    NEEDS_OBJECTS_OF_USERS)
{
	struct attempt a = { object_name(), 0666, "unlink-of-another-users-writable-object" };

	as_user(OWNER, create_as_owner, &a);

	known_defect(MUSL, "", PASSES_ON_EPERM, "docs/findings.md");
	known_defect(NETBSD, "", PASSES_ON_EPERM, NETBSD_UNLINK);
	known_defect(OPENBSD, "", PASSES_ON_EPERM, OPENBSD_UNLINK);
	as_user(OTHER, unlink_and_tell, &a);
}

CASE(permission_rule_differs__owner, MAY,
    "A user who may not write an object of its own can unlink it, or gets EACCES and the name stays",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS",
    CHOICE("FreeBSD shm_open(2)", "unlink-of-own-read-only-object", "EACCES"),
    CHOICE("NetBSD shm_open(3)", "unlink-of-own-read-only-object", "EACCES"), NEEDS_USERS, NEEDS_OBJECTS_OF_USERS)
{
	struct attempt a = { object_name(), 0400, "unlink-of-own-read-only-object" };

	as_user(OWNER, create_as_owner, &a);

	known_defect(NETBSD, "", "the owner of an object can unlink it, whatever its mode", NETBSD_UNLINK);
	as_user(OWNER, unlink_and_tell, &a);
}

CASE(enametoolong, MAY,
    "shm_unlink() of an unused name of more than 255 bytes fails with ENAMETOOLONG, ENOENT or EINVAL",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS",
    CHOICE("DragonFly unlink(2)", "unlink-of-a-name-too-long", "ENAMETOOLONG"),
    CHOICE("macOS shm_unlink(2)", "unlink-of-a-name-too-long", "ENAMETOOLONG"),
    CHOICE("illumos shm_unlink(3C)", "unlink-of-a-name-too-long", "ENAMETOOLONG"), COVERS("shm_unlink.name_max"))
{
	struct object o = object_name();
	char name[600];
	snprintf(name, sizeof(name), "%s%0300d", o.name, 0);

	CHECK_FAILS_IN(ENAMETOOLONG, ENOENT, EINVAL, -1, shm_unlink(name));

	observed("unlink-of-a-name-too-long", "%s", errno_name(errno));
}

CASE(enametoolong__path, MAY,
    "shm_unlink() of a name of more than PATH_MAX bytes fails with ENAMETOOLONG, ENOENT or EINVAL",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS",
    CHOICE("Linux shm_open(3)", "unlink-of-a-name-over-path-max", "ENAMETOOLONG"),
    CHOICE("FreeBSD shm_open(2)", "unlink-of-a-name-over-path-max", "ENAMETOOLONG"),
    CHOICE("NetBSD shm_open(3)", "unlink-of-a-name-over-path-max", "ENAMETOOLONG"),
    CHOICE("DragonFly unlink(2)", "unlink-of-a-name-over-path-max", "ENAMETOOLONG"),
    CHOICE("macOS shm_unlink(2)", "unlink-of-a-name-over-path-max", "ENAMETOOLONG"),
    CHOICE("illumos shm_unlink(3C)", "unlink-of-a-name-over-path-max", "ENAMETOOLONG"), COVERS("shm_unlink.path_max"))
{
	char name[PATH_MAX + 2000];
	object_name_of_length(name, PATH_MAX + 1000);

	known_defect(DRAGONFLY, "", "every path of 1,024 bytes or more fails with EFAULT",
	    "DragonFly sys/platform/pc64/x86_64/support.s std_copyinstr()");
	CHECK_FAILS_IN(ENAMETOOLONG, ENOENT, EINVAL, -1, shm_unlink(name));

	if (errno == ENOENT)
		known_defect(GLIBC, "", "ENOENT, not ENAMETOOLONG", "glibc sysdeps/posix/shm_unlink.c shm_unlink()");
	observed("unlink-of-a-name-over-path-max", "%s", errno_name(errno));
}

CASE(enametoolong_never_for_created, SHALL, "shm_unlink() accepts a name of each length that shm_open() accepts",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS", "POSIX.1-2017 shm_unlink() DESCRIPTION",
    "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	static const size_t lengths[] = { 14, 30, 31, 64, 128, 246, 247, 254, 255, 256, 1022, 1023, 1024 };
	int accepted = 0;

	for (size_t i = 0; i < nitems(lengths); i++) {
		char name[1100];
		object_name_of_length(name, lengths[i]);

		int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
		if (fd == -1)
			continue;
		close(fd);
		CHECK_SUCCEEDS(shm_unlink(name));
		CHECK_FAILS(ENOENT, -1, shm_open(name, O_RDWR, 0));
		accepted++;
	}
	REQUIRE(accepted > 0);
}

CASE(removes_any_file, DOCUMENTED, "shm_unlink() removes a name of the place of objects that is a FIFO's",
    "DragonFly shm_open(3)", NEEDS_OBJECTS_AS_FILES)
{
	struct object fifo = object_name();
	char path[128];
	REQUIRE(object_path(fifo.name, path, sizeof(path)));
	REQUIRE(mkfifo(path, 0600) == 0);

	CHECK_SUCCEEDS(shm_unlink(fifo.name));

	CHECK_FAILS(ENOENT, -1, access(path, F_OK));
}

CASE(invalid_name_errno, OBSERVED, "A name that shm_open() refuses cannot be unlinked",
    "POSIX.1-2017 shm_unlink() ERRORS", "POSIX.1-2024 shm_unlink() ERRORS")
{
	static const struct {
		const char *name, *key;
	} rows[] = {
		{ "", "unlink-empty" },
		{ "/", "unlink-only-slash" },
		{ "/.", "unlink-dot" },
		{ "/..", "unlink-dot-dot" },
		{ "/shmcheck/b", "unlink-inner-slash" },
	};

	for (size_t i = 0; i < nitems(rows); i++) {
		if (shm_open(rows[i].name, O_RDWR, 0) != -1)
			continue; /* somebody's */
		errno = 0;
		CHECK_EQ(-1, shm_unlink(rows[i].name));
		observed(rows[i].key, "%s", errno_name(errno));
	}
}
