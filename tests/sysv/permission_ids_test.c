/* SPDX-License-Identifier: BSD-2-Clause */

/* Which IDs of a process give it rights to a System V segment, and the right to execute code in a segment. */

#include <unistd.h>

#include "case.h"
#include "ipc_deviations.h"
#include "mapping.h"
#include "platform/grp.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions, NEEDS_SEGMENTS)

/* A process with these two user IDs, and what becomes of its calls on a segment of OWNER with mode 0600. */
static const struct identity {
	enum user real;
	enum user effective;
	int stat_error;
	int change_error; /* of IPC_SET and IPC_RMID */
} identities[] = {
	{ OWNER, OTHER, EACCES, EPERM },
	{ SUPERUSER, OTHER, EACCES, EPERM },
	{ OTHER, OWNER, 0, 0 },
	{ SUPERUSER, OWNER, 0, 0 },
	{ OTHER, SUPERUSER, 0, 0 },
};

struct attempt {
	const struct identity *who;
	int id;
};

static void
check_result(const struct identity *who, const char *call, int result, int expected)
{
	int error = result == -1 ? errno : 0;

	if (error != expected)
		check_failed(__FILE__, __LINE__, "real user %ld, effective %ld: %s gives %s, expected %s",
		    (long)user_id(who->real), (long)user_id(who->effective), call, errno_name(error),
		    errno_name(expected));
}

static void
control_with_two_ids(void *arg)
{
	const struct attempt *a = arg;
	struct shmid_ds change = segment_stat(a->id); /* as root, still */
	struct shmid_ds status;

	change.shm_perm.mode = 0640;
	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setgid(group_id(OTHER)) == 0);
	REQUIRE(setreuid(user_id(a->who->real), user_id(a->who->effective)) == 0);
	check_result(a->who, "IPC_STAT", shmctl(a->id, IPC_STAT, &status), a->who->stat_error);
	check_result(a->who, "IPC_SET", shmctl(a->id, IPC_SET, &change), a->who->change_error);
	pause_for_parent();
	check_result(a->who, "IPC_RMID", shmctl(a->id, IPC_RMID, NULL), a->who->change_error);
}

CASE(effective_not_real_id__control, SHALL,
    "IPC_STAT, IPC_SET and IPC_RMID check the rights of the effective user ID, whatever the real one is",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 XSH 2.7.1 IPC General Description", "Linux shmctl(2)",
    "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)",
    "illumos shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_SEGMENTS_THAT_STAY)
{
	refusal_to_change_defect();
	for (size_t i = 0; i < nitems(identities); i++) {
		key_t key = segment_key();
		struct attempt a = { &identities[i], segment_create_with_key(key, page_size(), 0600) };
		segment_give(a.id, OWNER, OWNER, 0600);

		struct child c = child_start(control_with_two_ids, &a);
		child_reaches_pause(&c);
		CHECK_EQ(a.who->change_error == 0 ? 0640 : 0600, segment_stat(a.id).shm_perm.mode & 0777);
		child_goes_on(&c);
		child_exits(&c);
		CHECK_EQ(a.who->change_error == 0 ? -1 : a.id, shmget(key, 0, 0));
	}
}

static const struct group_identity {
	enum user real;
	enum user effective;
	int error; /* of an attach to a segment of OWNER's group, mode 0060 */
} group_identities[] = {
	{ OWNER, OTHER, EACCES },
	{ OTHER, OWNER, 0 },
};

struct group_attempt {
	const struct group_identity *who;
	int id;
};

static void
attach_with_two_groups(void *arg)
{
	const struct group_attempt *a = arg;

	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setregid(group_id(a->who->real), group_id(a->who->effective)) == 0);
	REQUIRE(setuid(user_id(OTHER)) == 0);
	if (a->who->error != 0)
		CHECK_FAILS(a->who->error, (void *)-1, shmat(a->id, NULL, 0));
	else
		CHECK_NE((void *)-1, shmat(a->id, NULL, 0));
}

CASE(effective_not_real_id__group, SHALL,
    "shmat() checks the rights of the effective group ID, whatever the real one is",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0); /* stays, so that no setting of the system destroys the segment in between */
	segment_give(id, OWNER, OWNER, 0060);

	for (size_t i = 0; i < nitems(group_identities); i++) {
		struct group_attempt a = { &group_identities[i], id };

		in_child(attach_with_two_groups, &a);
	}
}

static void
change_effective_id(__attribute__((unused)) void *arg)
{
	struct shmid_ds status;

	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setgid(group_id(OTHER)) == 0);
	REQUIRE(setreuid(user_id(OTHER), user_id(OWNER)) == 0);
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);
	CHECK_SUCCEEDS(shmctl(id, IPC_STAT, &status));
	CHECK_EQ(user_id(OWNER), status.shm_perm.uid);

	REQUIRE(seteuid(user_id(OTHER)) == 0);
	CHECK_FAILS(EACCES, (void *)-1, shmat(id, NULL, SHM_RDONLY)); /* though the process made it and has it */
	CHECK_FAILS(EACCES, -1, shmctl(id, IPC_STAT, &status));
	CHECK_FAILS(EPERM, -1, shmctl(id, IPC_RMID, NULL));

	REQUIRE(seteuid(user_id(OWNER)) == 0);
	CHECK_NE((void *)-1, shmat(id, NULL, 0));
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
}

CASE(effective_not_real_id__of_the_moment, SHALL,
    "Each call checks the rights of the effective user ID that its process has then, also in the segment's creator",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	guard_segments();
	refusal_to_change_defect();
	in_child(change_effective_id, NULL);
}

/* A user attaches a segment of OWNER with SHM_EXEC. */
struct execution {
	enum user user;
	int bits;
	int id;
};

static void
attach_to_execute(void *arg)
{
	const struct execution *e = arg;

	if ((e->bits & 5) == 5)
		CHECK_NE((void *)-1, shmat(e->id, NULL, SHM_EXEC | SHM_RDONLY));
	else
		CHECK_FAILS(EACCES, (void *)-1, shmat(e->id, NULL, SHM_EXEC | SHM_RDONLY));
	if (e->bits == 7)
		CHECK_NE((void *)-1, shmat(e->id, NULL, SHM_EXEC));
	else
		CHECK_FAILS(EACCES, (void *)-1, shmat(e->id, NULL, SHM_EXEC));
}

CASE(exec_needs_execute, DOCUMENTED,
    "SHM_EXEC needs execute permission for the caller's class, besides permission to read and to write",
    "Linux 2.6.9 shmop(2)", ALSO("shmat.exec-flag"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES, COVERS("shmat.shm_exec_eacces"))
{
	static const enum user users[] = { OTHER, GROUP_MEMBER, OWNER };
	struct execution e = { .id = segment_create(page_size()) };
	segment_attach(e.id, NULL, 0);

	for (size_t i = 0; i < nitems(users); i++)
		for (e.bits = 0; e.bits <= 7; e.bits++) {
			e.user = users[i];
			segment_give(e.id, OWNER, OWNER, mode_of_class((int)i * 3, e.bits));
			as_user(e.user, attach_to_execute, &e);
		}
}

static void
create_and_attach_to_execute(void *arg)
{
	struct execution *e = arg;

	for (e->bits = 0; e->bits <= 7; e->bits++) {
		e->id = segment_create_with_key(segment_key(), page_size(), mode_of_class(BITS_OF_USER, e->bits));
		attach_to_execute(e);
		segment_remove(e->id);
	}
}

CASE(exec_needs_execute__own_segments, DOCUMENTED,
    "SHM_EXEC needs execute permission for the user who created the segment, too", "Linux 2.6.9 shmop(2)",
    ALSO("shmat.exec-flag"), NEEDS_PLAIN_USER)
{
	struct execution e = { .user = plain_user() };

	guard_segments();
	as_user(e.user, create_and_attach_to_execute, &e);
}

static void
make_executable(__attribute__((unused)) void *arg)
{
	int id = segment_create_with_key(segment_key(), page_size(), 0600);
	char *p = segment_attach(id, NULL, SHM_RDONLY);

	errno = 0;
	int result = mprotect(p, page_size(), PROT_READ | PROT_EXEC);
	int error = errno;

	CHECK(result == 0 || error == EACCES || error == EPERM || error == ENOTSUP);
	CHECK_BYTES(0, p, page_size());
	observed("execute-by-mprotect", "%s", result == 0 ? "works" : errno_name(error));
}

CASE(execute_by_mprotect, OBSERVED,
    "mprotect() makes an attachment executable although the segment's mode gives nobody that right, or refuses it",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux shmop(2)", NEEDS_PLAIN_USER)
{
	guard_segments();
	as_user(plain_user(), make_executable, NULL);
}
