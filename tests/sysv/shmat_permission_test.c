/* SPDX-License-Identifier: BSD-2-Clause */

/* Permission to attach a System V segment for reading, and for reading and writing. */

#include "attach_pages.h"
#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmat, NEEDS_SEGMENTS, NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_SEGMENTS_THAT_STAY)

/* A user attaches a segment of OWNER. */
struct attach {
	int mode; /* of the segment */
	enum user user;
	int flags;
	int error; /* 0: it works */
	int id;
};

static void
attach_as_user(void *arg)
{
	const struct attach *a = arg;

	if (a->error != 0) {
		CHECK_FAILS(a->error, (void *)-1, shmat(a->id, NULL, a->flags));
		return;
	}
	char *p = shmat(a->id, NULL, a->flags);
	REQUIRE(p != (void *)-1);
	CHECK_EQ('x', *p);
	if (a->flags == SHM_RDONLY)
		CHECK(store_is_refused(p));
	else
		*p = 'y';
}

static void
check_attach(struct attach a)
{
	a.id = segment_create(page_size());
	segment_give(a.id, OWNER, OWNER, a.mode);
	char *p = segment_attach(a.id, NULL, 0);
	*p = 'x';
	segment_detach(p); /* or the user would inherit it */
	const struct shmid_ds before = segment_stat(a.id);

	as_user(a.user, attach_as_user, &a);

	CHECK_EQ(0, segment_stat(a.id).shm_nattch);
	if (a.error != 0)
		CHECK_EQ(before.shm_lpid, segment_stat(a.id).shm_lpid);
	p = segment_attach(a.id, NULL, 0);
	CHECK_EQ(a.error == 0 && a.flags == 0 ? 'y' : 'x', *p);
	segment_detach(p);
	segment_remove(a.id);
}

CASE(eacces_read, SHALL, "Attaching for reading without read permission fails with EACCES",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", NETBSD_ATTACH_PAGES,
    "illumos shmop(2)", COVERS("shmat.eacces"))
{
	static const struct attach refused[] = {
		{ .mode = 0000, .user = OWNER, .flags = SHM_RDONLY, .error = EACCES },
		{ .mode = 0260, .user = OWNER, .flags = SHM_RDONLY, .error = EACCES },
		{ .mode = 0620, .user = GROUP_MEMBER, .flags = SHM_RDONLY, .error = EACCES },
		{ .mode = 0600, .user = OTHER, .flags = SHM_RDONLY, .error = EACCES },
		{ .mode = 0662, .user = OTHER, .flags = SHM_RDONLY, .error = EACCES },
	};

	for (size_t i = 0; i < nitems(refused); i++)
		check_attach(refused[i]);
}

CASE(eacces_read__by_bits_of_others, SHALL,
    "The other bits give read permission neither to the owner nor to a member of the group",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "POSIX.1-2017 XSH 2.7.1 IPC General Description")
{
	user_class_defect();
	group_class_defect();
	check_attach((struct attach){ .mode = 0266, .user = OWNER, .flags = SHM_RDONLY, .error = EACCES });
	check_attach((struct attach){ .mode = 0626, .user = GROUP_MEMBER, .flags = SHM_RDONLY, .error = EACCES });
}

CASE(eacces_write, SHALL, "Attaching for reading and writing with only read permission fails with EACCES",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", NETBSD_ATTACH_PAGES,
    "illumos shmop(2)")
{
	static const struct attach refused[] = {
		{ .mode = 0400, .user = OWNER, .error = EACCES },
		{ .mode = 0460, .user = OWNER, .error = EACCES },
		{ .mode = 0640, .user = GROUP_MEMBER, .error = EACCES },
		{ .mode = 0644, .user = OTHER, .error = EACCES },
		{ .mode = 0660, .user = OTHER, .error = EACCES },
	};

	for (size_t i = 0; i < nitems(refused); i++)
		check_attach(refused[i]);
}

CASE(eacces_write__by_bits_of_others, SHALL,
    "The other bits give write permission neither to the owner nor to a member of the group",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "POSIX.1-2017 XSH 2.7.1 IPC General Description")
{
	user_class_defect();
	group_class_defect();
	check_attach((struct attach){ .mode = 0466, .user = OWNER, .error = EACCES });
	check_attach((struct attach){ .mode = 0646, .user = GROUP_MEMBER, .error = EACCES });
}

CASE(eacces_write__granted, SHALL, "Attaching for reading and writing works with both permissions",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", "illumos shmop(2)")
{
	static const struct attach granted[] = {
		{ .mode = 0600, .user = OWNER },
		{ .mode = 0060, .user = GROUP_MEMBER },
		{ .mode = 0006, .user = OTHER },
		{ .mode = 0000, .user = SUPERUSER },
	};

	for (size_t i = 0; i < nitems(granted); i++)
		check_attach(granted[i]);
}

CASE(write_only_permission_refused, SHALL, "With write permission and no read permission shmat() fails with EACCES",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)", COVERS("BS16"))
{
	static const struct attach refused[] = {
		{ .mode = 0200, .user = OWNER, .error = EACCES },
		{ .mode = 0620, .user = GROUP_MEMBER, .error = EACCES },
		{ .mode = 0602, .user = OTHER, .error = EACCES },
	};

	for (size_t i = 0; i < nitems(refused); i++)
		check_attach(refused[i]);
}

CASE(rdonly_with_read_permission, SHALL, "Read permission is enough to attach with SHM_RDONLY and see the data",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", "illumos shmop(2)")
{
	static const struct attach granted[] = {
		{ .mode = 0400, .user = OWNER, .flags = SHM_RDONLY },
		{ .mode = 0640, .user = GROUP_MEMBER, .flags = SHM_RDONLY },
		{ .mode = 0604, .user = OTHER, .flags = SHM_RDONLY },
	};

	for (size_t i = 0; i < nitems(granted); i++)
		check_attach(granted[i]);
}
