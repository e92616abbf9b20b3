/* SPDX-License-Identifier: BSD-2-Clause */

/* Descriptors of POSIX shared memory objects: what they show, change and map. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/object_place.h"
#include "platform/statvfs.h"
#include "process.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

#define MACOS_MMAP         "macOS bsd/kern/posix_shm.c pshm_mmap()"
#define MACOS_CHMOD        "fchmod() of an object fails with EINVAL"
#define MACOS_SOURCE       "macOS bsd/vfs/vfs_syscalls.c fchmod1()"
#define MACOS_CHOWN        "fchown() of an object fails with EINVAL"
#define MACOS_CHOWN_SOURCE "macOS bsd/vfs/vfs_syscalls.c fchown()"

/*
 * FreeBSD lets nobody but root unlink an object that its owner may not read and write, sys/kern/uipc_shm.c shm_remove():
 * before it goes, the mode has to be this.
 */
#define MODE_TO_UNLINK 0600

/* The group of a new object: of its creator, or where BSDs show objects as files, of their directory. */
static gid_t
group_of_new_object(void)
{
	char path[64];
	struct stat place;

	if (!object_path("", path, sizeof(path)) || stat(path, &place) == -1)
		return getegid();
	return platform_is(LINUX) && (place.st_mode & S_ISGID) == 0 ? getegid() : place.st_gid;
}

CASE(fstat_size_mode_owner, SHALL,
    "fstat() tells the size and the permission bits of an object as they are now, and its owner and group",
    "POSIX.1-2017 <sys/stat.h> DESCRIPTION", "POSIX.1-2017 fstat() DESCRIPTION", "Linux shm_overview(7)")
{
	struct object o = object_create(0);
	int other = object_open(&o, O_RDONLY);

	struct stat status = status_of(other);
	CHECK_EQ(0, status.st_size);
	CHECK_EQ(0600, status.st_mode & 0777);
	CHECK_EQ(geteuid(), status.st_uid);
	CHECK_EQ(group_of_new_object(), status.st_gid);

	known_defect(MACOS, "", MACOS_CHMOD, MACOS_SOURCE);
	CHECK_SUCCEEDS(fchmod(o.fd, 0400));
	set_size(o.fd, (off_t)(2 * page_size()));
	status = status_of(other);
	fchmod(o.fd, MODE_TO_UNLINK);
	CHECK_EQ(2 * page_size(), status.st_size);
	CHECK_EQ(0400, status.st_mode & 0777);
}

CASE(fstat_file_type, OBSERVED,
    "The type of file that fstat() shows for an object is the system's choice, but no directory and no symbolic link",
    "POSIX.1-2017 fstat() DESCRIPTION", CHOICE("DragonFly shm_open(3)", "s-isreg", "yes"), COVERS("BS53"))
{
	struct object o = object_create(page_size());

	struct stat status = status_of(o.fd);

	observed("st-mode", "0%o", (unsigned)status.st_mode);
	observed("s-isreg", "%s", S_ISREG(status.st_mode) ? "yes" : "no");
	CHECK(!S_ISDIR(status.st_mode));
	CHECK(!S_ISLNK(status.st_mode));
}

/* An object of the caller, and what another user finds. */
struct found {
	struct object object;
	int error; /* of the user's open for reading and writing; 0 if it works */
};

static void
open_as_found(void *found)
{
	const struct found *f = found;

	if (f->error == 0)
		CHECK_NE(-1, shm_open(f->object.name, O_RDWR, 0));
	else
		CHECK_FAILS(f->error, -1, shm_open(f->object.name, O_RDWR, 0));
}

CASE(fchmod_changes_mode, SHALL,
    "fchmod() changes the permission bits of an object, and fstat() shows them by all its descriptors",
    "POSIX.1-2017 fchmod() DESCRIPTION", "Linux shm_overview(7)", COVERS("fchmod.shm_ok"))
{
	static const mode_t modes[] = { 0400, 0000, 0660, 0604, 0600 };
	struct object o = object_create(page_size());
	int other = object_open(&o, O_RDWR);

	known_defect(MACOS, "", MACOS_CHMOD, MACOS_SOURCE);
	for (size_t i = 0; i < nitems(modes); i++) {
		CHECK_SUCCEEDS(fchmod(o.fd, modes[i]));
		CHECK_EQ(modes[i], status_of(other).st_mode & 0777);
	}
	CHECK_EQ(page_size(), size_of(o.fd));
}

CASE(fchmod_changes_mode__opens, SHALL,
    "The permission bits that fchmod() sets decide who can open the object from then on",
    "POSIX.1-2017 fchmod() DESCRIPTION", "Linux shm_overview(7)", NEEDS_USERS, NEEDS_OBJECTS_OF_USERS, COVERS("BS67"))
{
	struct found f = { object_create(page_size()), EACCES };
	as_user(OTHER, open_as_found, &f);

	known_defect(MACOS, "", MACOS_CHMOD, MACOS_SOURCE);
	CHECK_SUCCEEDS(fchmod(f.object.fd, 0606));
	f.error = 0;
	deviates(OPENBSD, "users do not share objects", "OpenBSD shm_open(3)");
	as_user(OTHER, open_as_found, &f);

	CHECK_SUCCEEDS(fchmod(f.object.fd, 0664));
	f.error = EACCES;
	as_user(OTHER, open_as_found, &f);
}

CASE(fchmod_keeps_open_descriptors, SHALL,
    "Existing descriptors and mappings of an object keep their access when fchmod() takes all permission bits away",
    "POSIX.1-2017 fchmod() DESCRIPTION")
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	known_defect(MACOS, "", MACOS_CHMOD, MACOS_SOURCE);
	CHECK_SUCCEEDS(fchmod(o.fd, 0));

	CHECK_STORE_OK(p);
	p[0] = 'x';
	CHECK_EQ('x', *(char *)map_shared(o.fd, page_size()));
	fchmod(o.fd, MODE_TO_UNLINK);
}

static void
change_mode_is_refused(void *descriptor)
{
	CHECK_FAILS(EPERM, -1, fchmod(*(int *)descriptor, 0666));
}

CASE(fchmod_eperm, SHALL, "fchmod() by a user who does not own the object fails with EPERM, and the mode stays",
    "POSIX.1-2017 fchmod() ERRORS", "Linux chmod(2)", NEEDS_USERS)
{
	struct object o = object_create(page_size());

	known_defect(MACOS, "", MACOS_CHMOD, MACOS_SOURCE);
	if (is_on_tmpfs(o.fd))
		known_defect(DRAGONFLY, "", "on a tmpfs fchmod() returns 0 and changes nothing",
		    "DragonFly sys/vfs/tmpfs/tmpfs_subr.c tmpfs_chmod()");
	as_user(OTHER, change_mode_is_refused, &o.fd);

	CHECK_EQ(0600, status_of(o.fd).st_mode & 0777);
}

CASE(fchown_changes_owner, DOCUMENTED,
    "fchown() by a privileged process gives an object to another user, who can open it then", "Linux shm_overview(7)",
    "FreeBSD chown(2)", "NetBSD chown(2)", "Linux chown(2)", NEEDS_USERS, NEEDS_CAPABILITY(CHOWN),
    NEEDS_OBJECTS_OF_USERS)
{
	struct found f = { object_create(page_size()), EACCES };
	as_user(OTHER, open_as_found, &f);

	CHECK_SUCCEEDS(fchown(f.object.fd, user_id(OTHER), group_id(OTHER)));

	CHECK_EQ(user_id(OTHER), status_of(f.object.fd).st_uid);
	CHECK_EQ(group_id(OTHER), status_of(f.object.fd).st_gid);
	f.error = 0;
	as_user(OTHER, open_as_found, &f);
}

/* What a user without privileges tries, and what comes of it. */
struct change {
	int fd;
	uid_t user;
	gid_t group;
	int error; /* 0: it works */
};

static void
change_owner(void *change)
{
	const struct change *c = change;

	if (c->error == 0)
		CHECK_SUCCEEDS(fchown(c->fd, c->user, c->group));
	else
		CHECK_FAILS(c->error, -1, fchown(c->fd, c->user, c->group));
}

CASE(fchown_eperm, SHALL,
    "fchown() by a user who does not own the object fails with EPERM, and its owner and group stay",
    "POSIX.1-2017 fchown() ERRORS", "Linux chown(2)", "FreeBSD chown(2)", "NetBSD chown(2)", NEEDS_USERS)
{
	struct object o = object_create(page_size());
	struct stat before = status_of(o.fd);
	struct change c = { o.fd, user_id(OTHER), group_id(OTHER), EPERM };

	known_defect(MACOS, "", MACOS_CHOWN, MACOS_CHOWN_SOURCE);
	known_defect(FREEBSD, "", "each user who has a descriptor of an object can take it over",
	    "FreeBSD sys/kern/uipc_shm.c shm_chown()");
	as_user(OTHER, change_owner, &c);
	c.user = (uid_t)-1;
	as_user(OTHER, change_owner, &c);

	CHECK_EQ(before.st_uid, status_of(o.fd).st_uid);
	CHECK_EQ(before.st_gid, status_of(o.fd).st_gid);
}

CASE(fchown_eperm__giving_away, DOCUMENTED,
    "fchown() by an owner without privileges fails with EPERM to give an object to another user or a foreign group",
    "Linux chown(2)", "FreeBSD chown(2)", "NetBSD chown(2)", NEEDS_USERS, NEEDS_CAPABILITY(CHOWN))
{
	struct object o = object_create(page_size());
	REQUIRE_SUCCEEDS(fchown(o.fd, user_id(OWNER), group_id(OWNER)));
	struct change c = { o.fd, user_id(OTHER), (gid_t)-1, EPERM };

	as_user(OWNER, change_owner, &c);
	c.user = (uid_t)-1;
	c.group = group_id(OTHER);
	as_user(OWNER, change_owner, &c);

	CHECK_EQ(user_id(OWNER), status_of(o.fd).st_uid);
	CHECK_EQ(group_id(OWNER), status_of(o.fd).st_gid);
}

CASE(fchown_changes_group, DOCUMENTED,
    "fchown() by an owner without privileges gives an object to a group of that user", "Linux chown(2)",
    "FreeBSD chown(2)", "NetBSD chown(2)", NEEDS_USERS, NEEDS_CAPABILITY(CHOWN))
{
	struct object o = object_create(page_size());
	REQUIRE_SUCCEEDS(fchown(o.fd, user_id(OWNER), group_id(OTHER)));
	struct change c = { o.fd, (uid_t)-1, group_id(OWNER), 0 };

	as_user(OWNER, change_owner, &c);

	CHECK_EQ(user_id(OWNER), status_of(o.fd).st_uid);
	CHECK_EQ(group_id(OWNER), status_of(o.fd).st_gid);
}

CASE(read_write_unspecified, OBSERVED,
    "read(), write() and lseek() of an object work as for a file, or fail and change nothing",
    "POSIX.1-2017 read() DESCRIPTION", "POSIX.1-2024 read() DESCRIPTION",
    CHOICE("FreeBSD shm_open(2)", "pread", "works"), CHOICE("FreeBSD shm_open(2)", "pwrite", "works"),
    COVERS("shm_open.rw_io"))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	char bytes[4] = { 0 };
	memcpy(p, "abcdefgh", 8);

	ssize_t got = pread(o.fd, bytes, sizeof(bytes), 2);
	observed("pread", "%s", got == -1 ? errno_name(errno) : "works");
	CHECK(got <= (ssize_t)sizeof(bytes));
	if (got > 0 && reads_see_mappings())
		CHECK_EQ(0, memcmp(bytes, "cdef", (size_t)got));

	ssize_t put = pwrite(o.fd, "XYZ", 3, 1);
	observed("pwrite", "%s", put == -1 ? errno_name(errno) : "works");
	bool is_old = memcmp(p, "abcdefgh", 8) == 0;
	CHECK(put == 3 ? memcmp(p, "aXYZefgh", 8) == 0 || (is_old && !reads_see_mappings()) : is_old);

	off_t at = lseek(o.fd, 5, SEEK_SET);
	observed("lseek", "%s", at == -1 ? errno_name(errno) : "works");
	CHECK(at == -1 || at == 5);
	CHECK_EQ(page_size(), size_of(o.fd));
}

CASE(read_sees_mapping, DOCUMENTED,
    "read() sees what mappings of the object hold, and mappings see what write() puts there, without msync()",
    "Linux mmap(2)", "FreeBSD mmap(2)", "FreeBSD shm_open(2)", "NetBSD mmap(2)",
    COVERS("mmap.write_visible_in_map mmap.partial_write_visible"))
{
	const size_t page = page_size();
	struct object o = object_create(3 * page);
	char *p = map_shared(o.fd, 3 * page);
	char bytes[64];
	pattern_store(1, p, 3 * page);

	/* Over the end of a page, and a page that was not stored to since. */
	CHECK_EQ(sizeof(bytes), pread(o.fd, bytes, sizeof(bytes), (off_t)(page - 10)));
	CHECK_PATTERN_FROM(1, page - 10, bytes, sizeof(bytes));

	memset(bytes, 'w', sizeof(bytes));
	CHECK_EQ(sizeof(bytes), pwrite(o.fd, bytes, sizeof(bytes), (off_t)(2 * page - 10)));
	CHECK_BYTES('w', &p[2 * page - 10], sizeof(bytes));
	CHECK_PATTERN(1, p, 2 * page - 10);
	CHECK_PATTERN_FROM(
	    1, 2 * page - 10 + sizeof(bytes), &p[2 * page - 10 + sizeof(bytes)], page + 10 - sizeof(bytes));
}

CASE(write_extends, MAY,
    "A write behind the end of an object makes it larger, or fails or writes nothing and leaves the size",
    "POSIX.1-2017 write() DESCRIPTION", "POSIX.1-2024 write() DESCRIPTION",
    CHOICE("FreeBSD shm_open(2)", "size-after-write-behind-the-end", "stays"))
{
	struct object o = object_create(page_size());

	ssize_t put = pwrite(o.fd, "x", 1, (off_t)(2 * page_size()));

	observed("write-behind-the-end", "%s", put == -1 ? errno_name(errno) : put == 0 ? "0 bytes" : "works");
	observed("size-after-write-behind-the-end", "%s", size_of(o.fd) == (off_t)page_size() ? "stays" : "grows");
	if (put == 1) {
		CHECK_EQ(2 * page_size() + 1, size_of(o.fd));
		char *p = map_shared(o.fd, 2 * page_size() + 1);
		CHECK_BYTES(0, p, 2 * page_size());
		CHECK_EQ('x', p[2 * page_size()]);
	} else
		CHECK_EQ(page_size(), size_of(o.fd));
}

CASE(map_private_object, SHALL,
    "A private mapping of an object shows its data, and stores to the mapping do not reach the object",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	const size_t size = 3 * page_size();
	struct object o = object_create(size);
	char *shared = map_shared(o.fd, size);
	pattern_store(1, shared, size);
	int fd = object_open(&o, O_RDONLY); /* reading is enough */

	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", MACOS_MMAP);
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN(1, p, size);
	pattern_store(2, p, size);
	CHECK_PATTERN(1, shared, size);
	CHECK_PATTERN(1, map_private(o.fd, size), size);
	CHECK_PATTERN(2, p, size);
}

CASE(map_rw_on_rdonly_errno, SHALL,
    "A shared mapping for writing by a descriptor opened with O_RDONLY fails with EACCES", "POSIX.1-2017 mmap() ERRORS",
    "POSIX.1-2024 mmap() ERRORS")
{
	struct object o = object_create(2 * page_size());
	int fd = object_open(&o, O_RDONLY);

	known_defect(MACOS, "", "EPERM instead of EACCES", MACOS_MMAP);
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_FAILS(
	    EACCES, MAP_FAILED, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)page_size()));
}

CASE(msync_object_unspecified, OBSERVED, "msync() of a mapping of an object works or fails, and loses nothing",
    "POSIX.1-2017 msync() DESCRIPTION", COVERS("BS91"))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	pattern_store(1, p, 2 * page_size());

	int result = msync(p, 2 * page_size(), MS_SYNC);
	observed("msync-sync", "%s", result == 0 ? "works" : errno_name(errno));
	result = msync(p, 2 * page_size(), MS_ASYNC);
	observed("msync-async", "%s", result == 0 ? "works" : errno_name(errno));
	result = msync(p, 2 * page_size(), MS_INVALIDATE);
	observed("msync-invalidate", "%s", result == 0 ? "works" : errno_name(errno));

	CHECK_PATTERN(1, p, 2 * page_size());
	CHECK_PATTERN(1, map_shared(o.fd, 2 * page_size()), 2 * page_size());
}

CASE(exec_permission_map, OBSERVED,
    "Linux maps an object with PROT_EXEC, unless its place is mounted with noexec, which gives EPERM", "Linux mmap(2)",
    NEEDS_PLATFORM(LINUX), NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_create(page_size());
	struct statvfs place;
	REQUIRE(fstatvfs(o.fd, &place) == 0);
	bool is_noexec = (place.f_flag & ST_NOEXEC) != 0;

	void *p = mmap(NULL, page_size(), PROT_READ | PROT_EXEC, MAP_SHARED, o.fd, 0);
	int error = p == MAP_FAILED ? errno : 0;

	observed("prot-exec", "%s on a place mounted %s", error == 0 ? "works" : errno_name(error),
	    is_noexec ? "noexec" : "exec");
	int refused_by_policy = error == 0 ? 0 : EACCES; /* of a security module */
	CHECK_RETURNS_ERROR(is_noexec ? EPERM : refused_by_policy, error);
	CHECK_STORE_OK(map_shared(o.fd, page_size())); /* whatever the mount */
}
