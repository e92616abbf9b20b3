/* SPDX-License-Identifier: BSD-2-Clause */

/* The owner, the group and the mode of a new POSIX shared memory object. */

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"
#include "process.h"

INTERFACE(shm_open, NEEDS_OBJECTS)

static mode_t
mode_of(int fd)
{
	struct stat status;

	REQUIRE(fstat(fd, &status) == 0);
	return status.st_mode & 07777;
}

CASE(mode_and_umask, SHALL,
    "A new object has the permission bits of mode that the file mode creation mask does not have",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "FreeBSD shm_open(2)", "NetBSD shm_open(3)", "macOS shm_open(2)", "illumos shm_open(3C)", "DragonFly shm_open(3)",
    COVERS("shm_open.mode_umask shm_open.mode"))
{
	static const struct {
		mode_t mask, mode, result;
	} rows[] = {
		{ 0000, 0666, 0666 },
		{ 0000, 0660, 0660 },
		{ 0000, 0600, 0600 },
		{ 0027, 0666, 0640 },
		{ 0022, 0777, 0755 },
		{ 0777, 0666, 0000 },
		{ 0077, 0440, 0400 },
		{ 0200, 0600, 0400 },
	};

	deviates(OPENBSD, "the mode is 0600 or 0400, whatever the call asks for", "OpenBSD shm_open(3)");
	known_defect(MACOS, "", "the mask is not applied", "macOS bsd/kern/posix_shm.c shm_open()");
	for (size_t i = 0; i < nitems(rows); i++) {
		struct object o = object_name();

		umask(rows[i].mask);
		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, rows[i].mode);
		umask(022);

		REQUIRE(fd != -1);
		CHECK_EQ(rows[i].result, mode_of(fd));
		fchmod(fd, 0600); /* so that FreeBSD lets its owner unlink it */
	}
}

CASE(mode_0600_or_0400, DOCUMENTED, "OpenBSD gives a new object mode 0600 or 0400, whatever else the call asks for",
    "OpenBSD shm_open(3)")
{
	static const struct {
		mode_t mode, result;
	} rows[] = {
		{ 0600, 0600 },
		{ 0666, 0600 },
		{ 0777, 0600 },
		{ 0444, 0400 },
		{ 0440, 0400 },
	};

	umask(0);
	for (size_t i = 0; i < nitems(rows); i++) {
		struct object o = object_name();

		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, rows[i].mode);

		REQUIRE(fd != -1);
		CHECK_EQ(rows[i].result, mode_of(fd));
	}
}

CASE(mode_extra_bits_unspecified, OBSERVED,
    "Bits of mode beside the permissions have an unspecified effect, and the permissions hold",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", COVERS("shm_open.mode_extra_bits"))
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
	CHECK_STORE_OK(map_shared(fd, page_size()));
	fchmod(fd, 0600); /* so that FreeBSD lets its owner unlink it */
}

CASE(mode_zero_creator_can_use, SHALL,
    "The call that creates an object with mode 0 returns a descriptor for reading and writing",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "illumos shm_open(3C)",
    COVERS("shm_open.mode0_create"))
{
	struct object o = object_name();

	in_child(create_with_mode_zero, &o);
}

CASE(mode_zero_creator_can_use__ordinary_user, SHALL,
    "A user without privileges can use an object that it creates with mode 0, by that descriptor",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "illumos shm_open(3C)", NEEDS_USERS,
    NEEDS_OBJECTS_OF_USERS, COVERS("ftruncate.mode_irrelevant ftruncate.dev_shm_mode0"))
{
	struct object o = object_name();

	as_user(OTHER, create_with_mode_zero, &o);
}

CASE(mode_ignored_when_existing, SHALL,
    "O_CREAT leaves the mode, the owner, the group and the size of an existing object as they are",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "illumos shm_open(3C)",
    COVERS("shm_open.creat_existing BS51"))
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
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)")
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
	REQUIRE_SUCCEEDS(setegid(group_id(OTHER)));
	REQUIRE_SUCCEEDS(seteuid(user_id(OWNER)));

	CHECK_NE(-1, shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600));
}

/* The owner opens it: no right is needed to read its own object. */
static void
check_owner(void *object)
{
	CHECK_EQ(user_id(OWNER), status_of(object_open(object, O_RDONLY)).st_uid);
}

CASE(owner_effective_uid__not_real, SHALL,
    "A new object belongs to the effective user of its creator, not to the real or saved one",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)", NEEDS_USERS, NEEDS_OBJECTS_OF_USERS, COVERS("shm_open.uid"))
{
	struct object o = object_name();

	in_child(create_with_effective_ids, &o);

	as_user(OWNER, check_owner, &o);
}

static void
check_group(void *object)
{
	struct stat status = status_of(object_open(object, O_RDONLY));
	struct stat directory;
	char path[64];

	bool is_of_directory =
	    object_path("", path, sizeof(path)) && stat(path, &directory) == 0 && status.st_gid == directory.st_gid;
	if (!is_of_directory)
		CHECK_EQ(group_id(OTHER), status.st_gid);
	observed("group", "%s", is_of_directory ? "of the directory" : "of the creator");
}

CASE(group_effective_or_directory, SHALL,
    "A new object has the effective group of its creator, or the group of the directory that shows it",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION", "Linux shm_open(3)",
    "macOS shm_open(2)", "illumos shm_open(3C)", CHOICE("Linux shm_open(3)", "group", "of the creator"),
    CHOICE("macOS shm_open(2)", "group", "of the creator"), CHOICE("DragonFly open(2)", "group", "of the directory"),
    NEEDS_USERS, NEEDS_OBJECTS_OF_USERS, COVERS("shm_open.gid BS56"))
{
	struct object o = object_name();

	in_child(create_with_effective_ids, &o);

	as_user(OWNER, check_group, &o);
}
