/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may open a POSIX shared memory object, and whose a new one is. */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>

#ifdef __FreeBSD__
#include <sys/capsicum.h>
#endif

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

/* FreeBSD alone has capability mode. */
#ifndef ECAPMODE
#define ECAPMODE 0
#endif
#ifndef __FreeBSD__
static int
cap_enter(void)
{
	errno = ENOSYS;
	return -1;
}
#endif

INTERFACE(shm_open)

#define OPENBSD_SOURCE  "lib/libc/gen/shm_open.c"
#define OPENBSD_MODE    "the mode is 0600, or 0400, whatever is asked for"
#define OPENBSD_SHARING "objects are not shared between users"

static mode_t
mode_of(int fd)
{
	struct stat status;

	REQUIRE(fstat(fd, &status) == 0);
	return status.st_mode & 07777;
}

CASE(mode_and_umask, SHALL, "A new object has the permission bits of mode without those of the file mode creation mask",
    "POSIX.1-2017 shm_open() DESCRIPTION", "Linux shm_open(3)", "FreeBSD shm_open(2)")
{
	static const struct {
		mode_t mask, mode, result;
	} rows[] = {
		{ 0000, 0666, 0666 },
		{ 0027, 0666, 0640 },
		{ 0022, 0777, 0755 },
		{ 0777, 0666, 0000 },
		{ 0077, 0440, 0400 },
		{ 0200, 0600, 0400 },
	};

	deviates(OPENBSD, OPENBSD_MODE, OPENBSD_SOURCE);
	deviates(MACOS, "the mask is not applied", "bsd/kern/posix_shm.c");
	for (size_t i = 0; i < nitems(rows); i++) {
		struct object o = object_name();

		umask(rows[i].mask);
		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, rows[i].mode);
		umask(022);

		REQUIRE(fd != -1);
		CHECK_EQ(rows[i].result, mode_of(fd));
	}
}

CASE(mode_extra_bits_unspecified, OBSERVED,
    "Mode bits other than permissions have an unspecified effect on a new object",
    "POSIX.1-2017 shm_open() DESCRIPTION")
{
	struct object o = object_name();

	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 07600);

	if (fd == -1) {
		observed("mode-07600", "%s", errno_name(errno));
		return;
	}
	observed("mode-07600", "0%o", (unsigned)mode_of(fd));
	CHECK_EQ(0600, mode_of(fd) & 0777);
}

static void
create_with_mode_zero(void *object)
{
	const struct object *o = object;

	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0);

	REQUIRE(fd != -1);
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)page_size()));
	char *p = map_shared(fd, page_size());
	p[0] = 'x';
	CHECK_EQ('x', p[0]);
}

CASE(mode_zero_creator_can_use, SHALL,
    "Mode 0 does not keep the call that creates an object from reading and writing it",
    "POSIX.1-2017 shm_open() DESCRIPTION")
{
	struct object o = object_name();

	in_child(create_with_mode_zero, &o);
}

CASE(mode_zero_creator_can_use__ordinary_user, SHALL,
    "A user without privileges can use an object that it creates with mode 0", "POSIX.1-2017 shm_open() DESCRIPTION")
{
	struct object o = object_name();

	need_users();
	as_user(OTHER, create_with_mode_zero, &o);
}

CASE(mode_ignored_when_existing, SHALL,
    "O_CREAT leaves the mode, owner, group and size of an object that exists as they are",
    "POSIX.1-2017 shm_open() DESCRIPTION")
{
	struct object o = object_create(page_size());
	struct stat before;
	struct stat after;
	REQUIRE(fstat(o.fd, &before) == 0);

	CHECK_NE(-1, shm_open(o.name, O_CREAT | O_RDWR, 0400));
	CHECK_NE(-1, shm_open(o.name, O_CREAT | O_RDONLY, 0644));

	REQUIRE(fstat(o.fd, &after) == 0);
	CHECK_EQ(before.st_mode, after.st_mode);
	CHECK_EQ(before.st_uid, after.st_uid);
	CHECK_EQ(before.st_gid, after.st_gid);
	CHECK_EQ(before.st_size, after.st_size);
}

CASE(owner_effective_uid, SHALL, "A new object belongs to the effective user of the process that creates it",
    "POSIX.1-2017 shm_open() DESCRIPTION", "Linux shm_open(3)", "macOS shm_open(2)")
{
	struct object o = object_create(0);
	struct stat status;

	REQUIRE(fstat(o.fd, &status) == 0);

	CHECK_EQ(geteuid(), status.st_uid);
}

/* Creates with effective ids that are neither the real nor the saved ones. */
static void
create_with_effective_ids(void *object)
{
	const struct object *o = object;
	REQUIRE(setegid(group_id(OTHER)) == 0 && seteuid(user_id(OWNER)) == 0);

	CHECK_NE(-1, shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600));
}

CASE(owner_effective_uid__not_real, SHALL,
    "A new object belongs to the effective user of its creator, not to the real or saved one",
    "POSIX.1-2017 shm_open() DESCRIPTION", "Linux shm_open(3)", "macOS shm_open(2)")
{
	struct object o = object_name();
	struct stat status;

	need_users();
	in_child(create_with_effective_ids, &o);

	deviates(OPENBSD, "an object of another user fails with EPERM even for root", OPENBSD_SOURCE);
	int fd = shm_open(o.name, O_RDONLY, 0);
	REQUIRE(fd != -1 && fstat(fd, &status) == 0);
	CHECK_EQ(user_id(OWNER), status.st_uid);
}

CASE(group_effective_or_directory, SHALL,
    "A new object has the effective group of its creator, or the group of the directory where it is visible",
    "POSIX.1-2017 shm_open() DESCRIPTION", "Linux shm_open(3)")
{
	struct object o = object_name();
	struct stat status;
	struct stat directory;
	char path[64];

	need_users();
	in_child(create_with_effective_ids, &o);

	deviates(OPENBSD, "an object of another user fails with EPERM even for root", OPENBSD_SOURCE);
	int fd = shm_open(o.name, O_RDONLY, 0);
	REQUIRE(fd != -1 && fstat(fd, &status) == 0);
	bool is_visible = object_path("", path, sizeof(path)) && stat(path, &directory) == 0;
	if (!is_visible || status.st_gid != directory.st_gid)
		CHECK_EQ(group_id(OTHER), status.st_gid);
	observed("group", "%s", status.st_gid == group_id(OTHER) ? "of the creator" : "of the directory");
}

/* An object of OWNER with this mode, and a call on it. */
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
	set_size(fd, (off_t)page_size());
	*(char *)map_shared(fd, page_size()) = 'o';
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
	CHECK_EQ('o', p[0]);
}

static void
try_each(const struct attempt *attempts, size_t count, void (*check)(void *))
{
	need_users();
	for (size_t i = 0; i < count; i++) {
		struct attempt a = attempts[i];

		a.object = object_name();
		as_user(OWNER, create_as_owner, &a);
		as_user(a.user, check, &a);
	}
}

CASE(eacces_read, SHALL,
    "An open for more than the permission bits of the caller's class allow fails with EACCES, whatever other classes "
    "may",
    "POSIX.1-2017 shm_open() ERRORS", "POSIX.1-2017 XBD 4.5 File Access Permissions", "Linux shm_open(3)")
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

CASE(eacces_read__granted, SHALL, "An open for what the permission bits of the caller's class allow works",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2017 XBD 4.5 File Access Permissions", "Linux shm_open(3)")
{
	static const struct attempt granted[] = {
		{ .mode = 0600, .user = OWNER, .flags = O_RDWR },
		{ .mode = 0400, .user = OWNER, .flags = O_RDONLY },
		{ .mode = 0060, .user = GROUP_MEMBER, .flags = O_RDWR },
		{ .mode = 0640, .user = GROUP_MEMBER, .flags = O_RDONLY },
		{ .mode = 0006, .user = OTHER, .flags = O_RDWR },
		{ .mode = 0604, .user = OTHER, .flags = O_RDONLY },
	};

	deviates(OPENBSD, OPENBSD_SHARING, OPENBSD_SOURCE);
	try_each(granted, nitems(granted), check_is_granted);
}

CASE(eacces_rdwr_on_0444, SHALL,
    "Who may only read an object opens it with O_RDONLY, and fails with EACCES with O_RDWR",
    "POSIX.1-2017 shm_open() ERRORS", "Linux shm_open(3)")
{
	struct attempt a = { .mode = 0444, .user = OTHER, .object = object_name() };

	need_users();
	as_user(OWNER, create_as_owner, &a);

	a.flags = O_RDWR;
	as_user(OTHER, check_is_refused, &a);
	as_user(GROUP_MEMBER, check_is_refused, &a);
	as_user(OWNER, check_is_refused, &a);
	deviates(OPENBSD, OPENBSD_SHARING, OPENBSD_SOURCE);
	a.flags = O_RDONLY;
	as_user(OTHER, check_is_granted, &a);
	as_user(GROUP_MEMBER, check_is_granted, &a);
	as_user(OWNER, check_is_granted, &a);
}

CASE(trunc_needs_write, SHALL, "O_TRUNC without permission to write fails with EACCES and keeps the object's data",
    "POSIX.1-2017 shm_open() ERRORS", "Linux shm_open(3)")
{
	struct attempt a = { .mode = 0444, .flags = O_RDWR | O_TRUNC, .object = object_name() };

	need_users();
	as_user(OWNER, create_as_owner, &a);

	as_user(OTHER, check_is_refused, &a);
	as_user(OWNER, check_is_refused, &a);

	a.flags = O_RDONLY;
	as_user(OWNER, check_is_granted, &a); /* the data is there */
}

/* Linux truncates with O_RDONLY too, which must not turn permission to read into permission to empty. */
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
    "O_RDONLY with O_TRUNC, whatever its result, empties no object that the caller has no permission to write",
    "POSIX.1-2017 shm_open() ERRORS", "Linux shm_open(3)")
{
	struct attempt a = { .mode = 0644, .object = object_name() };

	need_users();
	as_user(OWNER, create_as_owner, &a);

	deviates(OPENBSD, OPENBSD_SHARING, OPENBSD_SOURCE);
	as_user(OTHER, check_truncates_nothing, &a);
}

CASE(root_bypasses_mode, MAY, "A privileged process opens an object of any mode, or fails with EACCES or EPERM",
    "Linux capabilities(7)", "OpenBSD lib/libc/gen/shm_open.c")
{
	struct attempt a = { .mode = 0000, .object = object_name() };
	need_users();
	as_user(OWNER, create_as_owner, &a);

	errno = 0;
	int fd = shm_open(a.object.name, O_RDWR, 0);

	observed("root-opens-mode-0", "%s", fd != -1 ? "works" : errno_name(errno));
	if (fd != -1)
		CHECK_EQ('o', *(char *)map_shared(fd, page_size()));
	else
		CHECK(errno == EACCES || errno == EPERM);
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
    "Linux proc(5) protected_regular")
{
	struct attempt a = { .mode = 0666, .object = object_name() };
	char path[64];

	need_users();
	need(object_path(a.object.name, path, sizeof(path)), "objects are not files of a sticky directory");
	as_user(OWNER, create_as_owner, &a);

	as_user(OTHER, open_with_and_without_creat, &a);
}

CASE(eperm_other_user, DOCUMENTED, "On OpenBSD an object of another user fails with EPERM, even for root",
    "OpenBSD lib/libc/gen/shm_open.c")
{
	struct attempt a = { .mode = 0600, .object = object_name() };

	need_users();
	as_user(OWNER, create_as_owner, &a);

	CHECK_FAILS(EPERM, -1, shm_open(a.object.name, O_RDWR, 0));
}

static void
open_in_capability_mode(void *objects)
{
	const struct object *o = objects;
	need(cap_enter() == 0, "cannot enter capability mode: %s", errno_name(errno));

	CHECK_FAILS(ECAPMODE, -1, shm_open(o[0].name, O_RDWR, 0));
	CHECK_FAILS(ECAPMODE, -1, shm_open(o[1].name, O_CREAT | O_RDWR, 0600));
}

CASE(ecapmode, DOCUMENTED, "In capability mode a named object is neither opened nor created, which fails with ECAPMODE",
    "FreeBSD shm_open(2)")
{
	struct object o[] = { object_create(page_size()), object_name() };

	in_child(open_in_capability_mode, o);

	CHECK_FAILS(ENOENT, -1, shm_open(o[1].name, O_RDWR, 0));
}
