/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Who may find, attach and ask about a System V segment: each class of callers, with each value of its three bits. Who may
 * change it: permission_change_test.c.
 */

#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "permission_role.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions, NEEDS_SEGMENTS, NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_SEGMENTS_THAT_STAY)

static void
check_lookup(const struct role_segment *s, const struct role *role, const char *call, int flags, bool works)
{
	errno = 0;
	int found = shmget(s->key, page_size(), flags);

	CHECK_ROLE_ERROR(s, role, call, works ? 0 : EACCES, found == -1 ? errno : 0);
	if (found != -1)
		CHECK_EQ(s->id, found);
}

static void
check_attach(const struct role_segment *s, const struct role *role, const char *call, int flags, bool works)
{
	errno = 0;
	char *p = shmat(s->id, NULL, flags);

	CHECK_ROLE_ERROR(s, role, call, works ? 0 : EACCES, p == (void *)-1 ? errno : 0);
	if (p == (void *)-1)
		return;
	CHECK_EQ('x', *p);
	CHECK(store_is_refused(p) == (flags == SHM_RDONLY));
	CHECK_SUCCEEDS(shmdt(p));
}

static void
check_stat(const struct role_segment *s, const struct role *role, bool works)
{
	struct shmid_ds status;

	errno = 0;
	int result = shmctl(s->id, IPC_STAT, &status);

	CHECK_ROLE_ERROR(s, role, "IPC_STAT", works ? 0 : EACCES, result == -1 ? errno : 0);
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
	const struct role_segments *all = arg;
	const struct role *role = all->role;

	for (int bits = 0; bits < BIT_VALUES; bits++) {
		const struct role_segment *s = &all->with_bits[bits];

		check_attach(s, role, "shmat()", 0, has(role, bits, MAY_READ | MAY_WRITE));
		check_attach(s, role, "shmat() with SHM_RDONLY", SHM_RDONLY, has(role, bits, MAY_READ));
		check_stat(s, role, has(role, bits, MAY_READ));
	}
}

struct lookups {
	struct role_segments all;
	int class_asked; /* the class whose bits shmget() is given */
};

static void
look_up_all(void *arg)
{
	const struct lookups *lookups = arg;
	const struct role *role = lookups->all.role;
	const int read = MAY_READ << lookups->class_asked;
	const int write = MAY_WRITE << lookups->class_asked;

	for (int bits = 0; bits < BIT_VALUES; bits++) {
		const struct role_segment *s = &lookups->all.with_bits[bits];

		check_lookup(s, role, "shmget() to read", read, has(role, bits, MAY_READ));
		check_lookup(s, role, "shmget() to write", write, has(role, bits, MAY_WRITE));
		check_lookup(
		    s, role, "shmget() to read and write", read | write, has(role, bits, MAY_READ | MAY_WRITE));
	}
}

static void
check_modes(const struct role_segments *all)
{
	for (int bits = 0; bits < BIT_VALUES; bits++)
		CHECK_EQ(all->with_bits[bits].mode, segment_stat(all->with_bits[bits].id).shm_perm.mode & 0777);
}

static void
check_use(const struct role *role)
{
	struct role_segments all = role_segments_create(role);

	as_user(role->caller, use_all, &all);
	check_modes(&all);
}

/* shmget() is given the bits of this class for the rights that are asked for. */
static void
check_lookups(const struct role *role, int class_asked)
{
	struct lookups lookups = { role_segments_create(role), class_asked };

	as_user(role->caller, look_up_all, &lookups);
	check_modes(&lookups.all);
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
	check_use(&role_owner);
}

CASE(owner_class_first__lookup, SHALL,
    "The owner finds the segment by its key if the user bits grant what it requests, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-existing"),
    COVERS("shmget.eacces_owner_r shmget.eacces_owner_w shmget.eacces_owner_rw"))
{
	lookup_of_own_defect();
	check_lookups(&role_owner, BITS_OF_USER);
}

CASE(creator_counts_as_owner__each_value, SHALL,
    "The creator of a segment that was given away attaches and reads the status as the user bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	user_class_defect();
	check_use(&role_creator);
}

CASE(creator_counts_as_owner__lookup, SHALL,
    "The creator of a segment that was given away finds it by its "
    "key if the user bits grant what it requests, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-existing"))
{
	lookup_of_own_defect();
	check_lookups(&role_creator, BITS_OF_USER);
}

CASE(group_class_second__each_value, SHALL,
    "A member of the owner's group attaches and reads the status as the group bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	group_class_defect();
	check_use(&role_member);
}

CASE(group_class_second__lookup, SHALL,
    "A member of the owner's group finds the segment if the group bits grant what it requests by them, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"), COVERS("BS10"))
{
	lookup_by_bits_of_group_and_others_defect();
	check_lookups(&role_member, BITS_OF_GROUP);
}

CASE(creator_group_counts__each_value, SHALL,
    "A member of the creator's group, which is not the owner's, attaches and reads the status as the group bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	group_class_defect();
	check_use(&role_creators_group);
}

CASE(creator_group_counts__lookup, SHALL,
    "A member of the creator's group finds the segment if the group bits grant what it requests by them, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"))
{
	lookup_by_bits_of_group_and_others_defect();
	check_lookups(&role_creators_group, BITS_OF_GROUP);
}

CASE(other_class__each_value, SHALL,
    "A caller who is neither owner nor creator nor in their groups "
    "attaches and reads the status as the other bits allow",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "NetBSD shmctl(2)", "OpenBSD shmctl(2)", "macOS shmctl(2)")
{
	check_use(&role_third_party);
}

CASE(other_class__lookup, SHALL,
    "A third party finds the segment if the other bits grant what it requests by them, and only then",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"))
{
	lookup_by_bits_of_group_and_others_defect();
	check_lookups(&role_third_party, BITS_OF_OTHERS);
}

/* POSIX does not say what the user bits request when a caller of another class gives them to shmget(). */
CASE(lookup_by_owners_bits, DOCUMENTED,
    "The user bits given to shmget() request the same rights for whichever class the caller is in",
    "Linux ipc/util.c ipcperms()", "NetBSD sys/kern/sysv_ipc.c sysvipc_listener_cb()",
    "OpenBSD sys/kern/sysv_ipc.c ipcperm()", "DragonFly sys/kern/sysv_ipc.c ipcperm()")
{
	check_lookups(&role_third_party, BITS_OF_USER);
	group_class_defect();
	check_lookups(&role_member, BITS_OF_USER);
	check_lookups(&role_creators_group, BITS_OF_USER);
}

CASE(privileged_bypass__each_value, SHALL,
    "A process with appropriate privileges attaches for reading and writing and reads the status, whatever the mode",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description")
{
	check_use(&role_root);
}

CASE(privileged_bypass__lookup, SHALL,
    "A process with appropriate privileges finds a segment by its key, whatever it requests and whatever the mode",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 shmget() ERRORS")
{
	known_defect(MACOS, "", "the requested bits are compared with the mode, for root too",
	    "macOS bsd/kern/sysv_shm.c shmget_existing()");
	known_defect(ILLUMOS, "", "the requested bits are compared with the mode, for root too",
	    "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()");
	check_lookups(&role_root, BITS_OF_USER);
}
