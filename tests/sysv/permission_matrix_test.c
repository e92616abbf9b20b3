/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may do what to a System V segment: each class of callers, with each value of its three bits, in each call. */

#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions, NEEDS_SEGMENTS, NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_SEGMENTS_THAT_STAY)

/* Who makes the call, who created the segment, and the user and the group that it was given to. */
struct role {
	const char *name;
	enum user caller;
	enum user creator;
	enum user owner;
	int class; /* the bits of the mode that are for the caller */
	bool is_privileged;
};

static const struct role owner = { "the owner", OWNER, SUPERUSER, OWNER, BITS_OF_USER, false };
static const struct role creator = { "the creator, who gave it away", OWNER, OWNER, OTHER, BITS_OF_USER, false };
static const struct role member = { "a member of the group", GROUP_MEMBER, SUPERUSER, OWNER, BITS_OF_GROUP, false };
static const struct role creators_group = { "a member of the creator's group", GROUP_MEMBER, OWNER, OTHER,
	BITS_OF_GROUP, false };
static const struct role third_party = { "a third party", OTHER, SUPERUSER, OWNER, BITS_OF_OTHERS, false };
static const struct role root = { "root, who neither made nor owns it", SUPERUSER, OWNER, OTHER, BITS_OF_OTHERS, true };

/* Bits of a class: READ and WRITE, as in the mode of a file; 1 would be to execute, which no call here asks for. */
enum { READ = 4, WRITE = 2, VALUES = 8 };

/* A segment for each value of the bits. */
struct segment {
	key_t key;
	int id;
	int mode;
	struct shmid_ds before;
};

struct segments {
	const struct role *role;
	int class_asked;  /* the class whose bits shmget() is given */
	int change_error; /* of IPC_SET and IPC_RMID */
	struct segment with_bits[VALUES];
};

static void
check_error(const struct segment *s, const struct role *role, const char *call, int expected, int error)
{
	if (error != expected)
		check_failed(__FILE__, __LINE__, "mode %04o, %s: %s gives %s, expected %s", (unsigned)s->mode,
		    role->name, call, errno_name(error), errno_name(expected));
}

static void
check_lookup(const struct segment *s, const struct role *role, const char *call, int flags, bool works)
{
	errno = 0;
	int found = shmget(s->key, page_size(), flags);

	check_error(s, role, call, works ? 0 : EACCES, found == -1 ? errno : 0);
	if (found != -1)
		CHECK_EQ(s->id, found);
}

static void
check_attach(const struct segment *s, const struct role *role, const char *call, int flags, bool works)
{
	errno = 0;
	char *p = shmat(s->id, NULL, flags);

	check_error(s, role, call, works ? 0 : EACCES, p == (void *)-1 ? errno : 0);
	if (p == (void *)-1)
		return;
	CHECK_EQ('x', *p);
	CHECK(store_is_refused(p) == (flags == SHM_RDONLY));
	CHECK_SUCCEEDS(shmdt(p));
}

static void
check_stat(const struct segment *s, const struct role *role, bool works)
{
	struct shmid_ds status;

	errno = 0;
	int result = shmctl(s->id, IPC_STAT, &status);

	check_error(s, role, "IPC_STAT", works ? 0 : EACCES, result == -1 ? errno : 0);
}

/* Whether the caller has all of these rights to a segment whose bits for its class are those. */
static bool
has(const struct role *role, int bits, int rights)
{
	return role->is_privileged || (bits & rights) == rights;
}

static void
use_all(void *arg)
{
	const struct segments *all = arg;
	const struct role *role = all->role;

	for (int bits = 0; bits < VALUES; bits++) {
		const struct segment *s = &all->with_bits[bits];

		check_attach(s, role, "shmat()", 0, has(role, bits, READ | WRITE));
		check_attach(s, role, "shmat() with SHM_RDONLY", SHM_RDONLY, has(role, bits, READ));
		check_stat(s, role, has(role, bits, READ));
	}
}

static void
look_up_all(void *arg)
{
	const struct segments *all = arg;
	const struct role *role = all->role;
	const int read = READ << all->class_asked;
	const int write = WRITE << all->class_asked;

	for (int bits = 0; bits < VALUES; bits++) {
		const struct segment *s = &all->with_bits[bits];

		check_lookup(s, role, "shmget() to read", read, has(role, bits, READ));
		check_lookup(s, role, "shmget() to write", write, has(role, bits, WRITE));
		check_lookup(s, role, "shmget() to read and write", read | write, has(role, bits, READ | WRITE));
	}
}

static void
create_all(void *arg)
{
	const struct segments *all = arg;

	for (int bits = 0; bits < VALUES; bits++)
		segment_create_with_key(all->with_bits[bits].key, page_size(), 0600);
}

static void
prepare(struct segments *all)
{
	const struct role *role = all->role;

	for (int bits = 0; bits < VALUES; bits++)
		all->with_bits[bits].key = segment_key();
	as_user(role->creator, create_all, all);
	for (int bits = 0; bits < VALUES; bits++) {
		struct segment *s = &all->with_bits[bits];

		s->id = shmget(s->key, 0, 0);
		REQUIRE(s->id != -1);
		s->mode = mode_of_class(role->class, bits);
		char *p = segment_attach(s->id, NULL, 0);
		*p = 'x';
		segment_detach(p);
		segment_give(s->id, role->owner, role->owner, s->mode);
		s->before = segment_stat(s->id);
	}
}

static void
check_modes(const struct segments *all)
{
	for (int bits = 0; bits < VALUES; bits++)
		CHECK_EQ(all->with_bits[bits].mode, segment_stat(all->with_bits[bits].id).shm_perm.mode & 0777);
}

static void
check_use(const struct role *role)
{
	struct segments all = { .role = role };

	prepare(&all);
	as_user(role->caller, use_all, &all);
	check_modes(&all);
}

/* shmget() is given the bits of this class for the rights that are asked for. */
static void
check_lookups(const struct role *role, int class_asked)
{
	struct segments all = { .role = role, .class_asked = class_asked };

	prepare(&all);
	as_user(role->caller, look_up_all, &all);
	check_modes(&all);
}

static void
change_all(void *arg)
{
	const struct segments *all = arg;

	for (int bits = 0; bits < VALUES; bits++) {
		const struct segment *s = &all->with_bits[bits];
		struct shmid_ds change = s->before;

		change.shm_perm.mode = (mode_t)(0777 & ~s->mode);
		errno = 0;
		int result = shmctl(s->id, IPC_SET, &change);
		check_error(s, all->role, "IPC_SET", all->change_error, result == -1 ? errno : 0);
	}
	pause_for_parent();
	for (int bits = 0; bits < VALUES; bits++) {
		const struct segment *s = &all->with_bits[bits];

		errno = 0;
		int result = shmctl(s->id, IPC_RMID, NULL);
		check_error(s, all->role, "IPC_RMID", all->change_error, result == -1 ? errno : 0);
	}
}

/* IPC_SET and IPC_RMID fail with this error, or succeed and have their effect, whatever the bits. */
static void
check_changes(const struct role *role, int error)
{
	struct segments all = { .role = role, .change_error = error };

	prepare(&all);
	struct child c = child_start_as(role->caller, change_all, &all);
	child_reaches_pause(&c);
	for (int bits = 0; bits < VALUES; bits++) {
		const struct segment *s = &all.with_bits[bits];

		if (error != 0)
			CHECK_STATUS_UNCHANGED(s->before, s->id);
		CHECK_EQ(error == 0 ? 0777 & ~s->mode : s->mode, segment_stat(s->id).shm_perm.mode & 0777);
	}
	child_goes_on(&c);
	child_exits(&c);
	for (int bits = 0; bits < VALUES; bits++)
		CHECK_EQ(error == 0 ? -1 : all.with_bits[bits].id, shmget(all.with_bits[bits].key, 0, 0));
}

static void
lookup_of_own_defect(void)
{
	known_defect(
	    FREEBSD, "", "a lookup by key checks no permission", "FreeBSD sys/kern/sysv_shm.c shmget_existing()");
	user_class_defect();
}

CASE(owner_class_first__each_value, SHALL,
    "The owner attaches and reads the status as the user bits allow, whatever the bits of the other classes",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS",
    "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	user_class_defect();
	check_use(&owner);
}

CASE(owner_class_first__lookup, SHALL,
    "The owner finds the segment by its key if the user bits grant what it requests, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-existing"),
    COVERS("shmget.eacces_owner_r shmget.eacces_owner_w shmget.eacces_owner_rw"))
{
	lookup_of_own_defect();
	check_lookups(&owner, BITS_OF_USER);
}

CASE(creator_counts_as_owner__each_value, SHALL,
    "The creator of a segment that was given away attaches and reads the status as the user bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	user_class_defect();
	check_use(&creator);
}

CASE(creator_counts_as_owner__lookup, SHALL,
    "The creator of a segment that was given away finds it by its "
    "key if the user bits grant what it requests, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-existing"))
{
	lookup_of_own_defect();
	check_lookups(&creator, BITS_OF_USER);
}

CASE(group_class_second__each_value, SHALL,
    "A member of the owner's group attaches and reads the status as the group bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	group_class_defect();
	check_use(&member);
}

CASE(group_class_second__lookup, SHALL,
    "A member of the owner's group finds the segment if the group bits grant what it requests by them, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"), COVERS("BS10"))
{
	lookup_by_bits_of_group_and_others_defect();
	check_lookups(&member, BITS_OF_GROUP);
}

CASE(creator_group_counts__each_value, SHALL,
    "A member of the creator's group, which is not the owner's, attaches and reads the status as the group bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	group_class_defect();
	check_use(&creators_group);
}

CASE(creator_group_counts__lookup, SHALL,
    "A member of the creator's group finds the segment if the group bits grant what it requests by them, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"))
{
	lookup_by_bits_of_group_and_others_defect();
	check_lookups(&creators_group, BITS_OF_GROUP);
}

CASE(other_class__each_value, SHALL,
    "A caller who is neither owner nor creator nor in their groups "
    "attaches and reads the status as the other bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	check_use(&third_party);
}

CASE(other_class__lookup, SHALL,
    "A third party finds the segment if the other bits grant what it requests by them, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"))
{
	lookup_by_bits_of_group_and_others_defect();
	check_lookups(&third_party, BITS_OF_OTHERS);
}

/* POSIX does not say what the user bits request when a caller of another class gives them to shmget(). */
CASE(lookup_by_owners_bits, DOCUMENTED,
    "The user bits given to shmget() request the same rights for whichever class the caller is in",
    "Linux ipc/util.c ipcperms()", "NetBSD sys/kern/sysv_ipc.c sysvipc_listener_cb()",
    "OpenBSD sys/kern/sysv_ipc.c ipcperm()", "DragonFly sys/kern/sysv_ipc.c ipcperm()")
{
	check_lookups(&third_party, BITS_OF_USER);
	group_class_defect();
	check_lookups(&member, BITS_OF_USER);
	check_lookups(&creators_group, BITS_OF_USER);
}

CASE(privileged_bypass__each_value, SHALL,
    "A process with appropriate privileges attaches for reading and writing and reads the status, whatever the mode",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description")
{
	check_use(&root);
}

CASE(privileged_bypass__lookup, SHALL,
    "A process with appropriate privileges finds a segment by its key, whatever it requests and whatever the mode",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 shmget() ERRORS")
{
	known_defect(MACOS, "", "the requested bits are compared with the mode, for root too",
	    "macOS bsd/kern/sysv_shm.c shmget_existing()");
	known_defect(ILLUMOS, "", "the requested bits are compared with the mode, for root too",
	    "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()");
	check_lookups(&root, BITS_OF_USER);
}

CASE(change_whatever_the_mode__owner, SHALL, "The owner changes and removes a segment, whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	check_changes(&owner, 0);
}

CASE(change_whatever_the_mode__creator, SHALL,
    "The creator of a segment that was given away changes and removes it, whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	check_changes(&creator, 0);
}

CASE(change_whatever_the_mode__root, SHALL,
    "A process with appropriate privileges changes and removes a segment, whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	check_changes(&root, 0);
}

CASE(change_whatever_the_mode__group_member, SHALL,
    "IPC_SET and IPC_RMID by a member of the owner's group fail with EPERM, whatever the mode",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	refusal_to_change_defect();
	check_changes(&member, EPERM);
}

CASE(change_whatever_the_mode__creators_group, SHALL,
    "IPC_SET and IPC_RMID by a member of the creator's group fail with EPERM, whatever the mode",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)",
    "DragonFly shmctl(2)", "macOS shmctl(2)", "illumos shmctl(2)")
{
	refusal_to_change_defect();
	check_changes(&creators_group, EPERM);
}

CASE(change_whatever_the_mode__third_party, SHALL,
    "IPC_SET and IPC_RMID by a third party fail with EPERM, whatever the mode", "POSIX.1-2017 shmctl() ERRORS",
    "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "DragonFly shmctl(2)",
    "macOS shmctl(2)", "illumos shmctl(2)")
{
	refusal_to_change_defect();
	check_changes(&third_party, EPERM);
}
