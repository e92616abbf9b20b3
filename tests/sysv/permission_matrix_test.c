/* SPDX-License-Identifier: BSD-2-Clause */

/* Who may do what to a System V segment: each class of callers, with each value of its three bits, in each call. */

#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(permissions)

/* A caller: who it is to the segment, and which bits of the mode are for it. */
struct role {
	const char *name;
	enum user caller;
	enum user creator; /* who made the segment */
	enum user owner;   /* to whom, and to whose group, it was given since */
	int class;
	bool is_privileged;
};

static const struct role owner = { "the owner", OWNER, SUPERUSER, OWNER, BITS_OF_USER, false };
static const struct role creator = { "the creator, who gave it away", OWNER, OWNER, OTHER, BITS_OF_USER, false };
static const struct role member = { "a member of the group", GROUP_MEMBER, SUPERUSER, OWNER, BITS_OF_GROUP, false };
static const struct role creators_group = { "a member of the creator's group", GROUP_MEMBER, OWNER, OTHER,
	BITS_OF_GROUP, false };
static const struct role third_party = { "a third party", OTHER, SUPERUSER, OWNER, BITS_OF_OTHERS, false };
static const struct role root = { "root, who neither made nor owns it", SUPERUSER, OWNER, OTHER, BITS_OF_OTHERS, true };

enum column { LOOKUP_READ, LOOKUP_WRITE, LOOKUP_BOTH, ATTACH, ATTACH_RDONLY, STAT, COLUMNS };

static const char *const column_names[] = { "shmget() to read", "shmget() to write", "shmget() to read and write",
	"shmat()", "shmat() with SHM_RDONLY", "IPC_STAT" };

/* The bits of the caller's class, and what each call gives then; 0: it works. To execute is no right to any of them. */
static const struct row {
	int bits;
	int errors[COLUMNS];
} rows[] = {
	/*      shmget() to read, write, both    shmat()  RDONLY  IPC_STAT */
	{ 0, { EACCES, EACCES, EACCES, EACCES, EACCES, EACCES } }, /* --- */
	{ 1, { EACCES, EACCES, EACCES, EACCES, EACCES, EACCES } }, /* --x */
	{ 2, { EACCES, 0, EACCES, EACCES, EACCES, EACCES } },      /* -w- */
	{ 3, { EACCES, 0, EACCES, EACCES, EACCES, EACCES } },      /* -wx */
	{ 4, { 0, EACCES, EACCES, EACCES, 0, 0 } },                /* r-- */
	{ 5, { 0, EACCES, EACCES, EACCES, 0, 0 } },                /* r-x */
	{ 6, { 0, 0, 0, 0, 0, 0 } },                               /* rw- */
	{ 7, { 0, 0, 0, 0, 0, 0 } },                               /* rwx */
};

/* A segment for each row, of all of which one caller tries the same calls. */
struct trials {
	const struct role *role;
	enum column first;
	enum column last;
	int bits_asked;   /* whose bits shmget() is given: those of this class */
	int change_error; /* of IPC_SET and IPC_RMID */
	struct trial {
		key_t key;
		int id;
		int mode;
		struct shmid_ds before;
	} of[nitems(rows)];
};

static void
check_cell(const struct trials *t, size_t row, const char *call, int error, int promised)
{
	if (error != promised)
		check_failed(__FILE__, __LINE__, "mode %04o, %s: %s gives %s, promised is %s",
		    (unsigned)t->of[row].mode, t->role->name, call, errno_name(error), errno_name(promised));
}

static int
error_of_lookup(const struct trial *t, int flags)
{
	errno = 0;
	int found = shmget(t->key, page_size(), flags);

	if (found == -1)
		return errno;
	CHECK_EQ(t->id, found);
	return 0;
}

static int
error_of_attach(const struct trial *t, int flags)
{
	errno = 0;
	char *p = shmat(t->id, NULL, flags);

	if (p == (void *)-1)
		return errno;
	CHECK_EQ('x', *p);
	CHECK(store_is_refused(p) == (flags == SHM_RDONLY));
	CHECK_SUCCEEDS(shmdt(p));
	return 0;
}

static int
error_of_stat(const struct trial *t)
{
	struct shmid_ds status;

	errno = 0;
	return shmctl(t->id, IPC_STAT, &status) == -1 ? errno : 0;
}

static int
error_of(const struct trial *t, enum column column, int bits_asked)
{
	static const int bits[] = { [LOOKUP_READ] = 4, [LOOKUP_WRITE] = 2, [LOOKUP_BOTH] = 6 };

	if (column <= LOOKUP_BOTH)
		return error_of_lookup(t, bits[column] << bits_asked);
	if (column == STAT)
		return error_of_stat(t);
	return error_of_attach(t, column == ATTACH_RDONLY ? SHM_RDONLY : 0);
}

static void
create_all(void *arg)
{
	const struct trials *t = arg;

	for (size_t i = 0; i < nitems(rows); i++)
		segment_create_with_key(t->of[i].key, page_size(), 0600);
}

static void
prepare(struct trials *t)
{
	const struct role *role = t->role;

	for (size_t i = 0; i < nitems(rows); i++)
		t->of[i].key = segment_key();
	as_user(role->creator, create_all, t);
	for (size_t i = 0; i < nitems(rows); i++) {
		struct trial *trial = &t->of[i];

		trial->id = shmget(trial->key, 0, 0);
		REQUIRE(trial->id != -1);
		trial->mode = mode_of_class(role->class, rows[i].bits);
		char *p = segment_attach(trial->id, NULL, 0);
		*p = 'x';
		segment_detach(p);
		segment_give(trial->id, role->owner, role->owner, trial->mode);
		trial->before = segment_stat(trial->id);
	}
}

static void
try_columns(void *arg)
{
	const struct trials *t = arg;

	for (size_t i = 0; i < nitems(rows); i++)
		for (unsigned c = t->first; c <= t->last && c < COLUMNS; c++)
			check_cell(t, i, column_names[c], error_of(&t->of[i], c, t->bits_asked),
			    t->role->is_privileged ? 0 : rows[i].errors[c]);
}

static void
check_columns(struct trials t)
{
	need_segments_that_stay();
	prepare(&t);
	as_user(t.role->caller, try_columns, &t);
	for (size_t i = 0; i < nitems(rows); i++)
		CHECK_EQ(t.of[i].mode, segment_stat(t.of[i].id).shm_perm.mode & 0777);
}

static void
check_use(const struct role *role)
{
	check_columns((struct trials){ .role = role, .first = ATTACH, .last = STAT });
}

/* shmget() is given the bits of this class for the rights that are asked for. */
static void
check_lookups(const struct role *role, int bits_asked)
{
	check_columns(
	    (struct trials){ .role = role, .first = LOOKUP_READ, .last = LOOKUP_BOTH, .bits_asked = bits_asked });
}

static void
try_changes(void *arg)
{
	const struct trials *t = arg;

	for (size_t i = 0; i < nitems(rows); i++) {
		struct shmid_ds change = t->of[i].before;

		change.shm_perm.mode = (mode_t)(0777 & ~t->of[i].mode);
		errno = 0;
		int error = shmctl(t->of[i].id, IPC_SET, &change) == -1 ? errno : 0;
		check_cell(t, i, "IPC_SET", error, t->change_error);
	}
	pause_for_parent();
	for (size_t i = 0; i < nitems(rows); i++) {
		errno = 0;
		int error = shmctl(t->of[i].id, IPC_RMID, NULL) == -1 ? errno : 0;
		check_cell(t, i, "IPC_RMID", error, t->change_error);
	}
}

/* IPC_SET and IPC_RMID give this error, or none and have their effect, whatever the bits. */
static void
check_changes(const struct role *role, int error)
{
	struct trials t = { .role = role, .change_error = error };

	need_segments_that_stay();
	prepare(&t);
	struct child c = child_start_as(role->caller, try_changes, &t);
	child_reaches_pause(&c);
	for (size_t i = 0; i < nitems(rows); i++) {
		const struct trial *trial = &t.of[i];

		if (error != 0)
			CHECK_STATUS_UNCHANGED(trial->before, trial->id);
		CHECK_EQ(error == 0 ? 0777 & ~trial->mode : trial->mode, segment_stat(trial->id).shm_perm.mode & 0777);
	}
	child_goes_on(&c);
	child_exits(&c);
	for (size_t i = 0; i < nitems(rows); i++)
		CHECK_EQ(error == 0 ? -1 : t.of[i].id, shmget(t.of[i].key, 0, 0));
}

static void
lookup_of_own_deviates(void)
{
	deviates(FREEBSD, "the lookup of a key checks no permission", "FreeBSD sys/kern/sysv_shm.c shmget_existing()");
	user_class_deviates();
}

CASE(owner_class_first__each_value, SHALL,
    "The owner attaches and looks at the status as the user bits say, which no bit of another class adds to or takes "
    "from",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 shmat() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	user_class_deviates();
	check_use(&owner);
}

CASE(owner_class_first__lookup, SHALL, "The owner finds the segment by its key for what the user bits allow",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-existing"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	lookup_of_own_deviates();
	check_lookups(&owner, BITS_OF_USER);
}

CASE(creator_counts_as_owner__each_value, SHALL,
    "The creator of a segment that is another's now attaches and looks at the status as the user bits say",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	user_class_deviates();
	check_use(&creator);
}

CASE(creator_counts_as_owner__lookup, SHALL,
    "The creator of a segment that is another's now finds it by its key for what the user bits allow",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-existing"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	lookup_of_own_deviates();
	check_lookups(&creator, BITS_OF_USER);
}

CASE(group_class_second__each_value, SHALL,
    "A member of the owner's group attaches and looks at the status as the group bits say",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	group_class_deviates();
	check_use(&member);
}

CASE(group_class_second__lookup, SHALL,
    "A member of the owner's group that asks by bits of the group finds the segment for what the group bits allow",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	lookup_by_bits_of_group_and_others_deviates();
	check_lookups(&member, BITS_OF_GROUP);
}

CASE(creator_group_counts__each_value, SHALL,
    "A member of the creator's group, which is not the owner's, attaches and looks at the status as the group bits say",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	group_class_deviates();
	check_use(&creators_group);
}

CASE(creator_group_counts__lookup, SHALL,
    "A member of the creator's group that asks by bits of the group finds the segment for what the group bits allow",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	lookup_by_bits_of_group_and_others_deviates();
	check_lookups(&creators_group, BITS_OF_GROUP);
}

CASE(other_class__each_value, SHALL,
    "Who is neither owner nor creator nor in a group of them attaches and looks at the status as the other bits say",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	check_use(&third_party);
}

CASE(other_class__lookup, SHALL, "A third party that asks by bits of others finds the segment for what they allow",
    "POSIX.1-2017 shmget() ERRORS", ALSO("shmget.eacces-partial-mode"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	lookup_by_bits_of_group_and_others_deviates();
	check_lookups(&third_party, BITS_OF_OTHERS);
}

/* POSIX does not say what the owner's bits ask for when somebody else gives them to shmget(). */
CASE(lookup_by_owners_bits, DOCUMENTED,
    "The owner's bits given to shmget() ask for the same rights of the class that the caller is in",
    "Linux ipc/util.c ipcperms()", "NetBSD sys/kern/sysv_ipc.c sysvipc_listener_cb()",
    "OpenBSD sys/kern/sysv_ipc.c ipcperm()", "DragonFly sys/kern/sysv_ipc.c ipcperm()", NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	check_lookups(&third_party, BITS_OF_USER);
	group_class_deviates();
	check_lookups(&member, BITS_OF_USER);
	check_lookups(&creators_group, BITS_OF_USER);
}

CASE(privileged_bypass__each_value, SHALL,
    "A process with appropriate privileges attaches for both and looks at the status whatever the mode",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	check_use(&root);
}

CASE(privileged_bypass__lookup, SHALL,
    "A process with appropriate privileges finds a segment by its key whatever it asks for and whatever the mode",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 shmget() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	deviates(
	    MACOS, "the bits are compared with the mode, whoever asks", "macOS bsd/kern/sysv_shm.c shmget_existing()");
	deviates(ILLUMOS, "the bits are compared with the mode, whoever asks",
	    "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()");
	check_lookups(&root, BITS_OF_USER);
}

CASE(change_whatever_the_mode__owner, SHALL, "The owner may set and remove a segment whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	check_changes(&owner, 0);
}

CASE(change_whatever_the_mode__creator, SHALL,
    "The creator of a segment that is another's now may set and remove it whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	check_changes(&creator, 0);
}

CASE(change_whatever_the_mode__root, SHALL,
    "A process with appropriate privileges may set and remove a segment whatever its mode",
    "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	check_changes(&root, 0);
}

CASE(change_whatever_the_mode__group_member, SHALL,
    "A member of the owner's group may neither set nor remove a segment, which fails with EPERM whatever its mode",
    "POSIX.1-2017 shmctl() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	refusal_to_change_deviates();
	check_changes(&member, EPERM);
}

CASE(change_whatever_the_mode__creators_group, SHALL,
    "A member of the creator's group may neither set nor remove a segment, which fails with EPERM whatever its mode",
    "POSIX.1-2017 shmctl() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	refusal_to_change_deviates();
	check_changes(&creators_group, EPERM);
}

CASE(change_whatever_the_mode__third_party, SHALL,
    "Who has nothing to do with a segment may neither set nor remove it, which fails with EPERM whatever its mode",
    "POSIX.1-2017 shmctl() ERRORS", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	refusal_to_change_deviates();
	check_changes(&third_party, EPERM);
}
