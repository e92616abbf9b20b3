/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may open a POSIX shared memory object. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "platform/capability_mode.h"
#include "process.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

#define OPENBSD_SHARING "users do not share objects"

struct attempt {
	mode_t mode;
	enum user user;
	int flags;
	struct object object;
};

static void
create_as_owner(void *attempt)
{
	const struct attempt *a = attempt;

	umask(0);
	int fd = shm_open(a->object.name, O_CREAT | O_EXCL | O_RDWR, a->mode);
	REQUIRE(fd != -1);
	/* Where objects have the group of their directory, as on NetBSD and DragonFly, GROUP_MEMBER would be of the others. */
	if (status_of(fd).st_gid != getegid())
		REQUIRE_SUCCEEDS(fchown(fd, (uid_t)-1, getegid()));
	set_size(fd, (off_t)page_size());
	pattern_store('o', map_shared(fd, page_size()), page_size());
}

static void
check_is_refused(void *attempt)
{
	const struct attempt *a = attempt;

	CHECK_FAILS(EACCES, -1, shm_open(a->object.name, a->flags, 0));
}

static void
check_is_granted(void *attempt)
{
	const struct attempt *a = attempt;
	int protection = a->flags == O_RDWR ? PROT_READ | PROT_WRITE : PROT_READ;

	int fd = shm_open(a->object.name, a->flags, 0);

	REQUIRE(fd != -1);
	char *p = mmap(NULL, page_size(), protection, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN('o', p, page_size());
}

static void
try_each(const struct attempt *attempts, size_t count, void (*check)(void *))
{
	for (size_t i = 0; i < count; i++) {
		struct attempt a = attempts[i];

		a.object = object_name();
		as_user(OWNER, create_as_owner, &a);
		as_user(a.user, check, &a);
	}
}

CASE(eacces_read, SHALL,
    "An open that the permission bits of the caller's class deny fails with EACCES, whatever other classes may",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "POSIX.1-2017 XBD 4.5 File Access Permissions",
    "POSIX.1-2024 XBD 4.7 File Access Permissions", "Linux shm_open(3)", "FreeBSD shm_open(2)", "NetBSD shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)", NEEDS_USERS, NEEDS_OBJECTS_OF_USERS,
    COVERS("shm_open.eacces BS50"))
{
	static const struct attempt refused[] = {
		{ .mode = 0600, .user = OTHER, .flags = O_RDONLY },
		{ .mode = 0600, .user = OTHER, .flags = O_RDWR },
		{ .mode = 0644, .user = OTHER, .flags = O_RDWR },
		{ .mode = 0602, .user = OTHER, .flags = O_RDWR },
		{ .mode = 0660, .user = OTHER, .flags = O_RDONLY },
		{ .mode = 0600, .user = GROUP_MEMBER, .flags = O_RDONLY },
		{ .mode = 0640, .user = GROUP_MEMBER, .flags = O_RDWR },
		{ .mode = 0606, .user = GROUP_MEMBER, .flags = O_RDONLY },
		{ .mode = 0066, .user = OWNER, .flags = O_RDONLY },
		{ .mode = 0466, .user = OWNER, .flags = O_RDWR },
		{ .mode = 0111, .user = OWNER, .flags = O_RDONLY },
		{ .mode = 0000, .user = OWNER, .flags = O_RDONLY },
	};

	try_each(refused, nitems(refused), check_is_refused);
}

CASE(eacces_read__granted, SHALL, "An open that the permission bits of the caller's class allow works",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 XBD 4.5 File Access Permissions", "POSIX.1-2024 XBD 4.7 File Access Permissions", "Linux shm_open(3)",
    NEEDS_USERS, NEEDS_OBJECTS_OF_USERS)
{
	static const struct attempt granted[] = {
		{ .mode = 0600, .user = OWNER, .flags = O_RDWR },
		{ .mode = 0400, .user = OWNER, .flags = O_RDONLY },
		{ .mode = 0060, .user = GROUP_MEMBER, .flags = O_RDWR },
		{ .mode = 0640, .user = GROUP_MEMBER, .flags = O_RDONLY },
		{ .mode = 0006, .user = OTHER, .flags = O_RDWR },
		{ .mode = 0604, .user = OTHER, .flags = O_RDONLY },
	};

	deviates(OPENBSD, OPENBSD_SHARING, "OpenBSD shm_open(3)");
	try_each(granted, nitems(granted), check_is_granted);
}

CASE(eacces_rdwr_on_0444, SHALL,
    "A user who may only read an object opens it with O_RDONLY, and O_RDWR fails with EACCES",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "FreeBSD shm_open(2)",
    "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)", NEEDS_USERS,
    NEEDS_OBJECTS_OF_USERS)
{
	struct attempt a = { .mode = 0444, .user = OTHER, .object = object_name() };

	as_user(OWNER, create_as_owner, &a);

	a.flags = O_RDWR;
	as_user(OTHER, check_is_refused, &a);
	as_user(GROUP_MEMBER, check_is_refused, &a);
	as_user(OWNER, check_is_refused, &a);
	deviates(OPENBSD, OPENBSD_SHARING, "OpenBSD shm_open(3)");
	a.flags = O_RDONLY;
	as_user(OTHER, check_is_granted, &a);
	as_user(GROUP_MEMBER, check_is_granted, &a);
	as_user(OWNER, check_is_granted, &a);
}

CASE(trunc_needs_write, SHALL, "O_TRUNC without permission to write fails with EACCES, and the object keeps its data",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", "illumos shm_open(3C)",
    NEEDS_USERS, NEEDS_OBJECTS_OF_USERS, COVERS("shm_open.eacces_trunc"))
{
	struct attempt a = { .mode = 0444, .flags = O_RDWR | O_TRUNC, .object = object_name() };

	as_user(OWNER, create_as_owner, &a);

	known_defect(MACOS, "", "O_TRUNC of an object that has a size fails with EINVAL for all users",
	    "macOS bsd/kern/posix_shm.c shm_open()");
	as_user(OTHER, check_is_refused, &a);
	as_user(OWNER, check_is_refused, &a);

	a.flags = O_RDONLY;
	as_user(OWNER, check_is_granted, &a); /* the data is there */
}

/* Linux truncates with O_RDONLY too: permission to read must not become permission to empty. */
static void
check_truncates_nothing(void *attempt)
{
	const struct attempt *a = attempt;
	int reading = object_open(&a->object, O_RDONLY);

	if (shm_open(a->object.name, O_RDONLY | O_TRUNC, 0) == -1)
		observed("rdonly-trunc-without-write-permission", "%s", errno_name(errno));
	CHECK_EQ(page_size(), size_of(reading));
}

CASE(trunc_needs_write__rdonly, SHALL,
    "O_RDONLY with O_TRUNC leaves the size of an object that the caller may not write, whatever it returns",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "Linux shm_open(3)", NEEDS_USERS,
    NEEDS_OBJECTS_OF_USERS)
{
	struct attempt a = { .mode = 0644, .object = object_name() };

	as_user(OWNER, create_as_owner, &a);

	deviates(OPENBSD, OPENBSD_SHARING, "OpenBSD shm_open(3)");
	as_user(OTHER, check_truncates_nothing, &a);
}

CASE(root_bypasses_mode, MAY, "A privileged process opens an object of any mode, or fails with EACCES or EPERM",
    "POSIX.1-2017 XBD 4.5 File Access Permissions", "POSIX.1-2024 XBD 4.7 File Access Permissions",
    CHOICE("Linux capabilities(7)", "root-opens-mode-0-with-cap-dac-override", "works"),
    CHOICE("Linux capabilities(7)", "root-opens-mode-0", "EACCES"), NEEDS_USERS, NEEDS_OBJECTS_OF_USERS)
{
	struct attempt a = { .mode = 0000, .object = object_name() };
	as_user(OWNER, create_as_owner, &a);

	errno = 0;
	int fd = shm_open(a.object.name, O_RDWR, 0);

	observed(platform_is(LINUX) && has_capability(CAPABILITY_DAC_OVERRIDE)
		? "root-opens-mode-0-with-cap-dac-override"
		: "root-opens-mode-0",
	    "%s", fd != -1 ? "works" : errno_name(errno));
	if (fd != -1)
		CHECK_PATTERN('o', map_shared(fd, page_size()), page_size());
	else
		CHECK_EQ(errno == EPERM ? EPERM : EACCES, errno);
}

static void
create_is_refused(void *attempt)
{
	const struct attempt *a = attempt;

	CHECK_FAILS(EACCES, -1, shm_open(a->object.name, O_CREAT | O_RDWR, 0600));
	CHECK_FAILS(EACCES, -1, shm_open(a->object.name, O_CREAT | O_EXCL | O_RDONLY, 0666));
}

static void
use_place_of_root(void *attempt)
{
	const struct attempt *a = attempt;
	mount_private_objects("mode=0755");

	as_user(OTHER, create_is_refused, attempt);

	CHECK_FAILS(ENOENT, -1, shm_open(a->object.name, O_RDWR, 0));
	CHECK_NE(-1, shm_open(a->object.name, O_CREAT | O_EXCL | O_RDWR, 0600));
}

CASE(eacces_create, SHALL,
    "A user who may not make objects in their place gets EACCES for an unused name, and there is no object afterwards",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2024 shm_open() ERRORS", "macOS shm_open(2)", NEEDS_USERS,
    NEEDS_CAPABILITY(SYS_ADMIN), NEEDS_PRIVATE_OBJECTS, COVERS("shm_open.eacces_create BS46"))
{
	struct attempt a = { .object = object_name() };

	in_child(use_place_of_root, &a);
}

/* The kernel's switch, '0' where there is none. */
static char
protected_regular(void)
{
	char digit = '0';
	int fd = open("/proc/sys/fs/protected_regular", O_RDONLY | O_CLOEXEC);

	if (fd != -1 && read(fd, &digit, 1) != 1)
		digit = '0';
	if (fd != -1)
		close(fd);
	return digit;
}

static void
open_with_and_without_creat(void *attempt)
{
	const struct attempt *a = attempt;

	CHECK_NE(-1, shm_open(a->object.name, O_RDWR, 0));
	int fd = shm_open(a->object.name, O_RDWR | O_CREAT, 0666);
	observed("creat-of-an-object-of-another-user", "%s (fs.protected_regular = %c)",
	    fd != -1 ? "works" : errno_name(errno), protected_regular());
	if (protected_regular() == '0')
		CHECK_NE(-1, fd);
	else if (fd == -1)
		CHECK_EQ(EACCES, errno);
}

CASE(protected_regular_sticky, OBSERVED,
    "O_CREAT on another user's object that all may write works, or fails with EACCES where fs.protected_regular is set",
    "Linux proc(5) protected_regular", NEEDS_PLATFORM(LINUX), NEEDS_USERS, NEEDS_OBJECTS_OF_USERS,
    NEEDS_OBJECTS_AS_FILES)
{
	struct attempt a = { .mode = 0666, .object = object_name() };

	as_user(OWNER, create_as_owner, &a);

	as_user(OTHER, open_with_and_without_creat, &a);
}

CASE(eperm_other_user, DOCUMENTED, "On OpenBSD opening an object of another user fails with EPERM, for root too",
    "OpenBSD shm_open(3)", "OpenBSD lib/libc/gen/shm_open.c shm_open()", NEEDS_USERS, NEEDS_OBJECTS_OF_USERS)
{
	struct attempt a = { .mode = 0600, .object = object_name() };

	as_user(OWNER, create_as_owner, &a);

	CHECK_FAILS(EPERM, -1, shm_open(a.object.name, O_RDWR, 0));
}

static void
open_in_capability_mode(void *objects)
{
	const struct object *o = objects;
	int result = cap_enter();
	need(result == 0, "no capability mode here: cap_enter() fails with %s", errno_name(errno));

	CHECK_FAILS(ECAPMODE, -1, shm_open(o[0].name, O_RDWR, 0));
	CHECK_FAILS(ECAPMODE, -1, shm_open(o[1].name, O_CREAT | O_RDWR, 0600));
}

CASE(ecapmode, DOCUMENTED,
    "In capability mode opening and creating an object by a name fail with ECAPMODE, and nothing is created",
    "FreeBSD shm_open(2)")
{
	struct object o[] = { object_create(page_size()), object_name() };

	in_child(open_in_capability_mode, o);

	CHECK_FAILS(ENOENT, -1, shm_open(o[1].name, O_RDWR, 0));
}
