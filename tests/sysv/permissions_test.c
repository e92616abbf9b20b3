/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may read and write a System V segment: the permission bits, for the user, the group and others. */

#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "platform/grp.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions, NEEDS_SEGMENTS)

/*
 * The rules of the standard as rows: on a segment of this mode, this user asks for that, and this is the answer.
 * SHM_RDONLY asks for read permission, READ_WRITE for both.
 */
enum { READ_WRITE = 0 };

struct rule {
	int mode;
	enum user user;
	int flags; /* of shmat() */
	int error; /* 0: the attach works */
};

#define RULES(table) table, nitems(table)

static const char *
user_name(enum user user)
{
	static const char *const names[] = { "the caller", "root", "the owner", "a member of the group",
		"another user" };

	return names[user];
}

struct attempt {
	const struct rule *rule;
	int id;
	key_t key; /* of the segment that is made for this attempt alone */
};

static void
attach(void *arg)
{
	const struct attempt *a = arg;
	const struct rule *r = a->rule;
	struct shmid_ds status;

	errno = 0;
	void *at = shmat(a->id, NULL, r->flags);
	int error = at == (void *)-1 ? errno : 0;

	if (error != r->error)
		check_failed(__FILE__, __LINE__, "mode %04o, %s, %s: shmat() gives %s, expected %s", (unsigned)r->mode,
		    user_name(r->user), r->flags == SHM_RDONLY ? "SHM_RDONLY" : "read and write", errno_name(error),
		    errno_name(r->error));
	if (r->flags != SHM_RDONLY) {
		if (error == 0)
			CHECK_STORE_OK((char *)at);
		return;
	}
	/* IPC_STAT needs the same as SHM_RDONLY. */
	errno = 0;
	error = shmctl(a->id, IPC_STAT, &status) == -1 ? errno : 0;
	if (error != r->error)
		check_failed(__FILE__, __LINE__, "mode %04o, %s: IPC_STAT gives %s, expected %s", (unsigned)r->mode,
		    user_name(r->user), errno_name(error), errno_name(r->error));
}

static void
create_and_attach(void *arg)
{
	struct attempt *a = arg;

	a->id = segment_create_with_key(a->key, page_size(), a->rule->mode);
	attach(a);
	REQUIRE(shmctl(a->id, IPC_RMID, NULL) == 0);
}

/* The segment is of OWNER and of the group that OWNER shares with GROUP_MEMBER; its creator, root, is in none of the rows. */
static void
check_rules(const struct rule *rules, size_t count)
{
	struct attempt a = { .id = segment_create(page_size()) };

	segment_attach(a.id, NULL, 0); /* so that no setting of the system destroys it between two rows */
	for (size_t i = 0; i < count; i++) {
		a.rule = &rules[i];
		segment_give(a.id, OWNER, OWNER, rules[i].mode);
		as_user(rules[i].user, attach, &a);
	}
}

static const struct rule user_class[] = {
	{ 0600, OWNER, READ_WRITE, 0 },
	{ 0600, OWNER, SHM_RDONLY, 0 },
	{ 0400, OWNER, READ_WRITE, EACCES },
	{ 0400, OWNER, SHM_RDONLY, 0 },
	{ 0200, OWNER, READ_WRITE, EACCES },
	{ 0200, OWNER, SHM_RDONLY, EACCES },
	{ 0000, OWNER, SHM_RDONLY, EACCES },
	/* The owner is judged by the user bits and by no others: what group and others may do is no help. */
	{ 0066, OWNER, READ_WRITE, EACCES },
	{ 0066, OWNER, SHM_RDONLY, EACCES },
	{ 0060, OWNER, SHM_RDONLY, EACCES },
	{ 0006, OWNER, SHM_RDONLY, EACCES },
	{ 0466, OWNER, READ_WRITE, EACCES },
	{ 0466, OWNER, SHM_RDONLY, 0 },
	{ 0177, OWNER, SHM_RDONLY, EACCES },
};

CASE(owner_class_first, SHALL,
    "Where the effective user ID is the owner's, only the user bits count, even if group or other bits allow more",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)",
    NEEDS_USERS, NEEDS_IPC_PRIVILEGES, COVERS("shmat.eacces_owner"))
{
	user_class_defect();
	check_rules(RULES(user_class));
}

CASE(owner_class_first__own_segments, SHALL,
    "The user bits given to shmget() apply to its caller too, whatever the group and other bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)",
    NEEDS_PLAIN_USER)
{
	for (size_t i = 0; i < nitems(user_class); i++) {
		struct attempt a = { .rule = &user_class[i], .key = segment_key() };

		as_user(plain_user(), create_and_attach, &a);
	}
}

static const struct rule group_class[] = {
	{ 0060, GROUP_MEMBER, READ_WRITE, 0 },
	{ 0040, GROUP_MEMBER, READ_WRITE, EACCES },
	{ 0040, GROUP_MEMBER, SHM_RDONLY, 0 },
	{ 0020, GROUP_MEMBER, READ_WRITE, EACCES },
	{ 0020, GROUP_MEMBER, SHM_RDONLY, EACCES },
	{ 0604, GROUP_MEMBER, SHM_RDONLY, EACCES },
	{ 0606, GROUP_MEMBER, READ_WRITE, EACCES },
	{ 0646, GROUP_MEMBER, READ_WRITE, EACCES },
	{ 0646, GROUP_MEMBER, SHM_RDONLY, 0 },
	{ 0600, GROUP_MEMBER, SHM_RDONLY, EACCES },
};

CASE(group_class_second, SHALL,
    "The group bits alone decide for a process in the segment's group that is neither owner nor creator",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)",
    NEEDS_USERS, NEEDS_IPC_PRIVILEGES, COVERS("BS19"))
{
	group_class_defect();
	check_rules(RULES(group_class));
}

static const struct rule other_class[] = {
	{ 0006, OTHER, READ_WRITE, 0 },
	{ 0004, OTHER, READ_WRITE, EACCES },
	{ 0004, OTHER, SHM_RDONLY, 0 },
	{ 0002, OTHER, READ_WRITE, EACCES },
	{ 0002, OTHER, SHM_RDONLY, EACCES },
	{ 0604, OTHER, READ_WRITE, EACCES },
	{ 0660, OTHER, READ_WRITE, EACCES },
	{ 0660, OTHER, SHM_RDONLY, EACCES },
	{ 0000, OTHER, SHM_RDONLY, EACCES },
};

CASE(other_class, SHALL, "The other bits decide for a process that matches no user ID and no group ID of the segment",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)",
    NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	check_rules(RULES(other_class));
}

static const struct rule privileged[] = {
	{ 0000, SUPERUSER, READ_WRITE, 0 },
	{ 0000, SUPERUSER, SHM_RDONLY, 0 },
	{ 0111, SUPERUSER, READ_WRITE, 0 },
	{ 0400, SUPERUSER, READ_WRITE, 0 },
};

static void
create_for_nobody(void *arg)
{
	segment_create_with_key(*(key_t *)arg, page_size(), 0);
	pause_for_parent();
}

CASE(privileged_bypass, SHALL, "A process with appropriate privileges may read, write, set and remove any segment",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES,
    COVERS("BS30"))
{
	key_t key = segment_key();
	struct child owner = child_start_as(OWNER, create_for_nobody, &key);
	child_reaches_pause(&owner);
	int id = shmget(key, 0, 0);

	for (size_t i = 0; i < nitems(privileged); i++) {
		struct attempt a = { .rule = &privileged[i], .id = id };

		segment_give(id, OTHER, OTHER, privileged[i].mode);
		attach(&a); /* here and not in a child: it stays */
	}
	CHECK_EQ(user_id(OTHER), segment_stat(id).shm_perm.uid);
	CHECK_EQ(user_id(OWNER), segment_stat(id).shm_perm.cuid);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	child_goes_on(&owner);
	child_exits(&owner);
}

/* The creator's rights after the segment was given to OTHER and OTHER's group. */
static const struct rule creator[] = {
	{ 0600, OWNER, READ_WRITE, 0 },
	{ 0400, OWNER, READ_WRITE, EACCES },
	{ 0400, OWNER, SHM_RDONLY, 0 },
	{ 0066, OWNER, READ_WRITE, EACCES },
	{ 0066, OWNER, SHM_RDONLY, EACCES },
	{ 0600, OTHER, READ_WRITE, 0 },
	{ 0066, OTHER, SHM_RDONLY, EACCES },
	{ 0600, GROUP_MEMBER, SHM_RDONLY, EACCES },
};

/* And those of the creator's group. */
static const struct rule creator_group[] = {
	{ 0060, GROUP_MEMBER, READ_WRITE, 0 },
	{ 0040, GROUP_MEMBER, READ_WRITE, EACCES },
	{ 0040, GROUP_MEMBER, SHM_RDONLY, 0 },
	{ 0606, GROUP_MEMBER, SHM_RDONLY, EACCES },
	{ 0606, GROUP_MEMBER, READ_WRITE, EACCES },
};

static void
check_rules_when_given_away(const struct rule *rules, size_t count)
{
	key_t key = segment_key();
	struct child maker = child_start_as(OWNER, create_for_nobody, &key);
	child_reaches_pause(&maker);
	struct attempt a = { .id = shmget(key, 0, 0) };

	segment_attach(a.id, NULL, 0);
	for (size_t i = 0; i < count; i++) {
		a.rule = &rules[i];
		segment_give(a.id, OTHER, OTHER, rules[i].mode);
		as_user(rules[i].user, attach, &a);
	}
	child_goes_on(&maker);
	child_exits(&maker);
}

CASE(creator_counts_as_owner, SHALL,
    "The creator is in the user class beside the owner, also when the owner has been changed",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)",
    NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	user_class_defect();
	check_rules_when_given_away(RULES(creator));
}

CASE(creator_group_counts, SHALL, "The creator's group is in the group class beside the group that owns the segment",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)",
    NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	group_class_defect();
	check_rules_when_given_away(RULES(creator_group));
}

static void
attach_by_supplementary_group(void *arg)
{
	const gid_t groups[] = { group_id(OTHER), group_id(OWNER) }; /* on some BSDs the first is the effective one */

	REQUIRE(setgroups(2, groups) == 0);
	REQUIRE(setgid(group_id(OTHER)) == 0);
	REQUIRE(setuid(user_id(OTHER)) == 0);
	errno = 0;
	void *at = shmat(*(int *)arg, NULL, SHM_RDONLY);

	CHECK(at != (void *)-1 || errno == EACCES);
	observed("supplementary-group", "%s", at != (void *)-1 ? "counts" : "does not count");
}

CASE(supplementary_groups, MAY,
    "A process that has the segment's group only as a supplementary group is in the group class, or in that of others",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", CHOICE("Linux credentials(7)", "supplementary-group", "counts"),
    CHOICE("NetBSD shmctl(2)", "supplementary-group", "counts"),
    CHOICE("OpenBSD shmctl(2)", "supplementary-group", "counts"),
    CHOICE("macOS shmctl(2)", "supplementary-group", "counts"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create(page_size());
	segment_give(id, OWNER, OWNER, 0040);

	in_child(attach_by_supplementary_group, &id);
}

static const struct identity {
	enum user real;
	enum user effective;
	int error; /* of an attach to a segment of OWNER, mode 0600 */
} identities[] = {
	{ OWNER, OTHER, EACCES },
	{ OTHER, OWNER, 0 },
	{ SUPERUSER, OTHER, EACCES },
	{ SUPERUSER, OWNER, 0 },
	{ OTHER, SUPERUSER, 0 },
};

struct identified {
	const struct identity *identity;
	int id;
};

static void
attach_with_two_ids(void *arg)
{
	const struct identified *i = arg;

	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setgid(group_id(OTHER)) == 0);
	REQUIRE(setreuid(user_id(i->identity->real), user_id(i->identity->effective)) == 0);
	errno = 0;
	int error = shmat(i->id, NULL, 0) == (void *)-1 ? errno : 0;

	if (error != i->identity->error)
		check_failed(__FILE__, __LINE__, "real user %s, effective %s: shmat() gives %s, expected %s",
		    user_name(i->identity->real), user_name(i->identity->effective), errno_name(error),
		    errno_name(i->identity->error));
}

CASE(effective_not_real_id, SHALL, "A process has the rights of its effective user ID, whatever its real one",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);
	segment_give(id, OWNER, OWNER, 0600);

	for (size_t i = 0; i < nitems(identities); i++) {
		struct identified who = { &identities[i], id };

		in_child(attach_with_two_ids, &who);
	}
}

static void
use_after_loss_of_rights(void *arg)
{
	int id = *(int *)arg;
	char *p = segment_attach(id, NULL, 0);
	p[0] = 'a'; /* the other pages are first touched without any right */

	user_become(OTHER);
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
	pause_for_parent(); /* who takes the rights from everybody else too */
	pattern_store(1, p, 3 * page_size());
	CHECK_FAILS(EACCES, (void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(mode_not_rechecked_after_attach, SHALL,
    "An attachment can still be loaded from and stored to after the mode or the process's user has changed",
    "POSIX.1-2017 shmat() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(use_after_loss_of_rights, &id);
	child_reaches_pause(&c);

	segment_give(id, OWNER, OWNER, 0);
	child_goes_on(&c);
	child_exits(&c);

	CHECK_PATTERN(1, p, 3 * page_size());
}
