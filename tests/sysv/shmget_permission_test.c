/* SPDX-License-Identifier: BSD-2-Clause */

/* Permission to find a segment by its key, and to create one. */

#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

static void
need_huge_page_group(void)
{
	bool is_there = access("/proc/sys/vm/hugetlb_shm_group", F_OK) == 0;

	need(is_there, "needs a kernel with huge pages: no /proc/sys/vm/hugetlb_shm_group");
}

#define NEEDS_HUGE_PAGE_GROUP NEED("a kernel with huge pages", .ask = need_huge_page_group)

INTERFACE(shmget, NEEDS_SEGMENTS)

/* A user looks up the key of a segment of OWNER. */
struct lookup {
	int mode; /* of the segment */
	enum user user;
	int flags;
	int error; /* 0: the user gets the identifier */
	key_t key;
	int id;
};

static void
look_up(void *arg)
{
	const struct lookup *l = arg;

	if (l->error == 0)
		CHECK_EQ(l->id, shmget(l->key, page_size(), l->flags));
	else
		CHECK_FAILS(l->error, -1, shmget(l->key, page_size(), l->flags));
}

static void
check_lookups(const struct lookup *lookups, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct lookup l = lookups[i];

		l.key = segment_key();
		l.id = segment_create_with_key(l.key, page_size(), 0600);
		segment_give(l.id, OWNER, OWNER, l.mode);

		as_user(l.user, look_up, &l);
		CHECK_EQ(l.id, shmget(l.key, 0, 0));
		CHECK_EQ(l.mode, segment_stat(l.id).shm_perm.mode & 0777);
		segment_remove(l.id);
	}
}

CASE(eacces_existing, SHALL, "Asking for access that the key's segment does not grant to the caller fails with EACCES",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "NetBSD shmget(2)", "macOS shmget(2)", "illumos shmget(2)",
    "OpenBSD shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, COVERS("shmget.eacces_other"))
{
	static const struct lookup refused[] = {
		{ .mode = 0600, .user = OTHER, .flags = 0600, .error = EACCES },
		{ .mode = 0600, .user = GROUP_MEMBER, .flags = 0600, .error = EACCES },
		{ .mode = 0600, .user = OTHER, .flags = IPC_CREAT | 0600, .error = EACCES },
		{ .mode = 0400, .user = OWNER, .flags = 0600, .error = EACCES },
	};

	lookup_by_owners_bits_defect();
	check_lookups(refused, nitems(refused));
}

CASE(eacces_existing__owner_class, SHALL,
    "Asking for access that the key's segment grants to group and "
    "others, not to its owner, fails with EACCES for the owner",
    "POSIX.1-2017 shmget() ERRORS", "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	static const struct lookup refused[] = {
		{ .mode = 0066, .user = OWNER, .flags = 0600, .error = EACCES },
		{ .mode = 0466, .user = OWNER, .flags = 0600, .error = EACCES },
	};

	known_defect(
	    FREEBSD, "", "a lookup by key checks no permission", "FreeBSD sys/kern/sysv_shm.c shmget_existing()");
	user_class_defect();
	check_lookups(refused, nitems(refused));
}

CASE(eacces_existing__bits_of_others, SHALL,
    "Asking by the other bits for access that the key's segment does not grant to others fails with EACCES",
    "POSIX.1-2017 shmget() ERRORS", "illumos shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	static const struct lookup refused[] = {
		{ .mode = 0660, .user = OTHER, .flags = 0006, .error = EACCES },
	};

	lookup_by_bits_of_group_and_others_defect();
	check_lookups(refused, nitems(refused));
}

CASE(eacces_existing__granted, SHALL, "Asking for access that the key's segment grants to the caller finds it",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "illumos shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	static const struct lookup granted[] = {
		{ .mode = 0600, .user = OWNER, .flags = 0600 },
		{ .mode = 0600, .user = OWNER, .flags = IPC_CREAT | 0600 },
		{ .mode = 0400, .user = OWNER, .flags = 0400 },
		{ .mode = 0060, .user = GROUP_MEMBER, .flags = 0060 },
		{ .mode = 0006, .user = OTHER, .flags = 0006 },
		{ .mode = 0666, .user = OTHER, .flags = 0666 },
	};

	known_defect(DRAGONFLY, "", "the group's bits request the rights of others from a member of the group",
	    "DragonFly sys/kern/sysv_ipc.c ipcperm()");
	check_lookups(granted, nitems(granted));
}

CASE(eacces_partial_mode, SHALL,
    "A lookup asks only for the access whose bits are given, and fails with EACCES if one of them is refused",
    "POSIX.1-2017 shmget() ERRORS", "illumos shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	static const struct lookup partial[] = {
		{ .mode = 0604, .user = OTHER, .flags = 0004 },
		{ .mode = 0604, .user = OTHER, .flags = 0002, .error = EACCES },
		{ .mode = 0604, .user = OTHER, .flags = 0006, .error = EACCES },
		{ .mode = 0602, .user = OTHER, .flags = 0002 },
		{ .mode = 0602, .user = OTHER, .flags = 0004, .error = EACCES },
		{ .mode = 0640, .user = GROUP_MEMBER, .flags = 0040 },
		{ .mode = 0640, .user = GROUP_MEMBER, .flags = 0020, .error = EACCES },
	};

	lookup_by_bits_of_group_and_others_defect();
	check_lookups(partial, nitems(partial));
}

CASE(flags_zero_needs_no_permission, SHALL,
    "A lookup without mode bits asks for no access and finds a segment that grants none",
    "POSIX.1-2017 shmget() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	static const struct lookup no_access[] = {
		{ .mode = 0600, .user = OTHER },
		{ .mode = 0600, .user = GROUP_MEMBER },
		{ .mode = 0, .user = OWNER },
		{ .mode = 0, .user = OTHER },
		{ .mode = 0, .user = OTHER, .flags = IPC_CREAT },
	};

	check_lookups(no_access, nitems(no_access));
}

CASE(flags_zero_needs_no_permission__own_segment, SHALL,
    "A lookup without mode bits finds the caller's own segment of mode 0", "POSIX.1-2017 shmget() ERRORS",
    COVERS("shmget.owner_mode0_lookup"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0);

	CHECK_EQ(id, shmget(key, 0, 0));
	CHECK_EQ(id, shmget(key, page_size(), 0));
	CHECK_EQ(id, shmget(key, page_size(), IPC_CREAT));
}

static void
ask_to_execute(void *arg)
{
	static const int flags[] = { 0100, 0700, 0010, 0001, 0111 };
	key_t key = *(key_t *)arg;
	int id = segment_create_with_key(key, page_size(), 0600);

	CHECK_INSTEAD(LINUX, shmget(key, 0, 0100) == -1 && errno == EACCES);
	known_defect(LINUX, "", "a request to execute is refused", "Linux ipc/util.c ipcperms()");
	for (size_t i = 0; i < nitems(flags); i++)
		CHECK_EQ(id, shmget(key, 0, flags[i]));
	segment_remove(id);
}

CASE(lookup_ignores_execute, DOCUMENTED,
    "The bits of shmflg that request to execute count for nothing: "
    "they find a segment whose mode gives nobody that right",
    "Linux shmget(2)", NEEDS_PLAIN_USER)
{
	key_t key = segment_key();

	as_user(plain_user(), ask_to_execute, &key);
}

static void
create_exclusively(void *arg)
{
	errno = 0;
	int id = shmget(*(key_t *)arg, page_size(), IPC_CREAT | IPC_EXCL | 0600);
	int error = errno;

	CHECK_EQ(-1, id);
	CHECK(error == EEXIST || error == EACCES);
	observed("excl-without-permission", "%s", errno_name(error));
}

CASE(eexist_needs_no_permission, OBSERVED,
    "IPC_CREAT with IPC_EXCL fails with EEXIST or EACCES for a user without permission", "POSIX.1-2017 shmget() ERRORS",
    "OpenBSD sys/kern/sysv_shm.c shmget_existing()", "macOS bsd/kern/sysv_shm.c shmget_existing()",
    "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()",
    CHOICE("Linux shmget(2)", "excl-without-permission", "EEXIST"),
    CHOICE("FreeBSD sys/kern/sysv_shm.c shmget_existing()", "excl-without-permission", "EEXIST"),
    CHOICE("NetBSD sys/kern/sysv_shm.c shmget_existing()", "excl-without-permission", "EEXIST"),
    CHOICE("DragonFly sys/kern/sysv_shm.c shmget_existing()", "excl-without-permission", "EEXIST"), NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	key_t key = segment_key();
	segment_create_with_key(key, page_size(), 0640);

	as_user(OTHER, create_exclusively, &key);
}

static void
create_with_huge_pages(void *arg)
{
	key_t key = *(key_t *)arg;

	limit_to(RLIMIT_MEMLOCK, 0); /* before Linux 5.18 that limit allowed huge pages too */

	errno = 0;
	if (shmget(key, page_size(), IPC_CREAT | SHM_HUGETLB | 0600) == -1 && errno == ENOENT)
		end_skipped("needs huge pages of the default size: shmget() gives ENOENT");
	CHECK_FAILS(EPERM, -1, shmget(key, page_size(), IPC_CREAT | SHM_HUGETLB | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

CASE(flag_hugetlb_eperm, DOCUMENTED,
    "SHM_HUGETLB fails with EPERM for a caller without CAP_IPC_LOCK who is not in the group of hugetlb_shm_group",
    "Linux shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_ROOM_FOR_SEGMENTS, NEEDS_HUGE_PAGE_GROUP,
    COVERS("shmget.hugetlb_eperm"))
{
	key_t key = segment_key();

	as_user(OTHER, create_with_huge_pages, &key);
}
