/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A call that is refused changes nothing: no segment's status or memory, no mapping of the caller, no key. The calls are
 * rows, made by a process that has the segments attached; after each, that process and another look at everything.
 */

#include <limits.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "ipc_namespace.h"
#include "mapping.h"
#include "platform.h"
#include "process.h"
#include "segment.h"

INTERFACE(shm_refused)

/* A segment amid other mappings, attached once more for reading alone, and a segment that has nothing to do with it. */
static int id;
static key_t key;
static char *at;
static char *rdonly;
static char *before; /* one unit of mapped memory, and another behind the segment */
static char *behind;
static int other;
static key_t other_key;
static char *other_at;

/* What there is not. */
static int removed;
static int never = -1;
static key_t unused_key;
static key_t private_key = IPC_PRIVATE;
static char *nothing; /* mapped there */
static char *null;

enum { PAGES = 3 };

static void
make_scene(int mode)
{
	size_t unit = attach_multiple();
	size_t units = (PAGES * page_size() + unit - 1) / unit * unit;

	key = segment_key();
	other_key = segment_key();
	unused_key = segment_key();
	id = segment_create_with_key(key, PAGES * page_size(), mode);
	other = segment_create_with_key(other_key, page_size(), mode);
	removed = segment_create(page_size());
	segment_remove(removed);
	before = free_range(2 * unit + units);
	at = before + unit;
	behind = at + units;
	REQUIRE(mmap(before, 2 * unit + units, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1,
		    0) == before);
	unmap(at, units);
	segment_attach(id, at, 0);
	rdonly = segment_attach(id, NULL, SHM_RDONLY);
	other_at = segment_attach(other, NULL, 0);
	pattern_store(1, at, PAGES * page_size());
	pattern_store(2, before, unit);
	pattern_store(3, behind, unit);
	pattern_store(4, other_at, page_size());
	nothing = free_range(page_size());
}

/* What the caller has attached and mapped is as it was. */
static void
check_memory(void)
{
	CHECK_PATTERN(2, before, attach_multiple());
	CHECK_PATTERN(1, at, PAGES * page_size());
	CHECK_PATTERN(3, behind, attach_multiple());
	CHECK_PATTERN(1, rdonly, PAGES * page_size());
	CHECK_PATTERN(4, other_at, page_size());
	CHECK_UNMAPPED(nothing, page_size());
	for (size_t i = 0; i < PAGES; i++) {
		CHECK_STORE_OK(at + i * page_size());
		CHECK(store_is_refused(rdonly + i * page_size()));
	}
}

/* A call, by those of its arguments that count, and why it is refused, by one of two errors. */
struct refusal {
	const char *why;
	const key_t *key; /* shmget() */
	size_t pages;
	const int *id; /* shmat(), shmctl() */
	char *const *address;
	size_t offset; /* of the address */
	int flags;
	int command;
	int error;
	int or_error;
};

static intptr_t
get(const struct refusal *r)
{
	int found = shmget(*r->key, r->pages * page_size(), r->flags);

	return found == -1 ? -1 : segment_own(found);
}

static char *
address(const struct refusal *r)
{
	return r->offset == 0 ? *r->address : *r->address + r->offset;
}

static intptr_t
attach(const struct refusal *r)
{
	return (intptr_t)shmat(*r->id, address(r), r->flags);
}

static intptr_t
detach(const struct refusal *r)
{
	return shmdt(address(r));
}

/* IPC_SET would set the owner to the caller and the mode to what it is not. */
static intptr_t
control(const struct refusal *r)
{
	struct shmid_ds status = { .shm_perm = { .uid = geteuid(), .gid = getegid(), .mode = 0666 } };

	return shmctl(*r->id, r->command, &status);
}

struct refusals {
	intptr_t (*call)(const struct refusal *);
	const struct refusal *rows;
	size_t count;
};

static void
make_calls(void *arg)
{
	const struct refusals *all = arg;

	pause_for_parent();
	for (size_t i = 0; i < all->count; i++) {
		const struct refusal *r = &all->rows[i];

		errno = 0;
		intptr_t result = all->call(r);
		int error = errno;

		/* No further: after a call that is admitted by mistake the next might hit what is not ours. */
		if (result != -1 || error == 0 || (error != r->error && error != r->or_error))
			end_failed("%s gives %jd with %s, promised is -1 with %s", r->why, (intmax_t)result,
			    errno_name(error), errno_name(r->error));
		check_memory();
		pause_for_parent();
	}
}

static void
check_refusals(enum user user, struct refusals all)
{
	struct child c = child_start_as(user, make_calls, &all);
	child_reaches_pause(&c);
	const struct shmid_ds status = segment_stat(id);
	const struct shmid_ds others_status = segment_stat(other);

	for (size_t i = 0; i < all.count; i++) {
		child_goes_on(&c);
		child_reaches_pause(&c);
		CHECK_STATUS_UNCHANGED(status, id);
		CHECK_STATUS_UNCHANGED(others_status, other);
		check_memory();
		CHECK_EQ(id, shmget(key, 0, 0));
		CHECK_EQ(other, shmget(other_key, 0, 0));
		CHECK_FAILS(ENOENT, -1, shmget(unused_key, 0, 0));
	}
	child_goes_on(&c);
	child_exits(&c);
}

#define ROWS(call, table) ((struct refusals){ call, table, nitems(table) })

static const struct refusal lookups[] = {
	{ "a key that is taken", .key = &key, .pages = PAGES, .flags = IPC_CREAT | IPC_EXCL | 0600, .error = EEXIST },
	{ "a key that is taken, no mode", .key = &key, .flags = IPC_CREAT | IPC_EXCL, .error = EEXIST },
	{ "more than the segment has", .key = &key, .pages = PAGES + 1, .flags = 0600, .error = EINVAL },
	{ "that, with IPC_CREAT", .key = &key, .pages = PAGES + 1, .flags = IPC_CREAT | 0600, .error = EINVAL },
	{ "a key without a segment", .key = &unused_key, .pages = 1, .flags = 0600, .error = ENOENT },
	{ "that, with IPC_EXCL alone", .key = &unused_key, .pages = 1, .flags = IPC_EXCL | 0600, .error = ENOENT },
	{ "a new segment of no bytes", .key = &unused_key, .flags = IPC_CREAT | 0600, .error = EINVAL },
	{ "a new private one of no bytes", .key = &private_key, .flags = 0600, .error = EINVAL },
};

CASE(shmget, SHALL, "A shmget() that fails with EEXIST, EINVAL or ENOENT changes no segment, key or mapping",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", ALSO("shmget.failed-create-leaves-no-key"))
{
	make_scene(0640);
	check_refusals(SAME_USER, ROWS(get, lookups));
}

static const struct refusal lookups_of_stranger[] = {
	{ "a mode that asks for too much", .key = &key, .pages = 1, .flags = 0600, .error = EACCES },
	{ "that, with IPC_CREAT", .key = &key, .pages = 1, .flags = IPC_CREAT | 0600, .error = EACCES },
	{ "that, with IPC_EXCL", .key = &key, .pages = 1, .flags = IPC_CREAT | IPC_EXCL | 0600, .error = EACCES,
	    .or_error = EEXIST },
};

CASE(shmget__without_permission, SHALL,
    "A shmget() that fails with EACCES for want of permission changes no segment, key or mapping",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0600);
	lookup_by_owners_bits_defect();
	check_refusals(OTHER, ROWS(get, lookups_of_stranger));
}

static const struct refusal creations[] = {
	{ "a segment too many", .key = &unused_key, .pages = 1, .flags = IPC_CREAT | 0600, .error = ENOSPC },
	{ "that, with IPC_EXCL", .key = &unused_key, .pages = 1, .flags = IPC_CREAT | IPC_EXCL | 0600,
	    .error = ENOSPC },
	{ "that, without a key", .key = &private_key, .pages = 1, .flags = 0600, .error = ENOSPC },
};

static void
create_beyond_limit(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	make_scene(0600);
	ipc_limit_set("shmmni", 2);
	check_refusals(SAME_USER, ROWS(get, creations));
}

CASE(shmget__beyond_limit, SHALL,
    "A shmget() that fails with ENOSPC at the limit on segments changes no segment, key or mapping",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)")
{
	in_child(create_beyond_limit, NULL);
}

static const struct refusal attaches[] = {
	{ "a number that is no identifier", .id = &never, .address = &null, .error = EINVAL },
	{ "that, at an address", .id = &never, .address = &nothing, .error = EINVAL },
	{ "a removed segment", .id = &removed, .address = &null, .error = EINVAL, .or_error = EIDRM },
	{ "that, at an address", .id = &removed, .address = &nothing, .error = EINVAL, .or_error = EIDRM },
	{ "no multiple of SHMLBA", .id = &id, .address = &nothing, .offset = 1, .error = EINVAL },
	{ "that, for reading", .id = &id, .address = &nothing, .offset = 8, .flags = SHM_RDONLY, .error = EINVAL },
	{ "that, inside of itself", .id = &id, .address = &at, .offset = 1, .error = EINVAL },
};

CASE(shmat, SHALL, "A shmat() that fails with EINVAL changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS", "Linux shmop(2)",
    ALSO("shmat.failure-changes-nothing"))
{
	make_scene(0640);
	check_refusals(SAME_USER, ROWS(attach, attaches));
}

static const struct refusal attaches_where_something_is[] = {
	{ "the address of a mapping", .id = &id, .address = &before, .error = EINVAL, .or_error = ENOMEM },
	{ "the address of itself", .id = &id, .address = &at, .error = EINVAL, .or_error = ENOMEM },
	{ "that, for reading", .id = &id, .address = &at, .flags = SHM_RDONLY, .error = EINVAL, .or_error = ENOMEM },
	{ "that of another segment", .id = &id, .address = &other_at, .error = EINVAL, .or_error = ENOMEM },
	{ "that of a mapping, rounded", .id = &other, .address = &before, .offset = 1, .flags = SHM_RND,
	    .error = EINVAL, .or_error = ENOMEM },
};

CASE(shmat__where_something_is, SHALL,
    "A shmat() that fails as something is mapped at the address changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS", "Linux shmop(2)",
    ALSO("shmat.failure-changes-nothing"))
{
	make_scene(0640);
	known_defect(NETBSD, "", "an attach that fails at a range in use sets shm_lpid and shm_dtime",
	    "NetBSD sys/kern/sysv_shm.c sys_shmat()");
	taken_address_defect();
	check_refusals(SAME_USER, ROWS(attach, attaches_where_something_is));
}

static const struct refusal attaches_with_remap[] = {
	{ "SHM_REMAP without an address", .id = &id, .address = &null, .flags = SHM_REMAP, .error = EINVAL },
	{ "that, and SHM_RND", .id = &id, .address = &null, .flags = SHM_REMAP | SHM_RND, .error = EINVAL },
};

CASE(shmat__remap, DOCUMENTED, "A shmat() with SHM_REMAP and no address changes no segment, key or mapping",
    "Linux shmop(2)")
{
	make_scene(0640);
	check_refusals(SAME_USER, ROWS(attach, attaches_with_remap));
}

static const struct refusal attaches_of_reader[] = {
	{ "writing where the mode lets read", .id = &id, .address = &null, .error = EACCES },
	{ "writing there, at an address", .id = &id, .address = &nothing, .error = EACCES },
};

CASE(shmat__without_permission, SHALL,
    "A shmat() by the owner that fails with EACCES for want of permission changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS", "Linux shmop(2)",
    ALSO("shmat.failure-changes-nothing"), NEEDS_PLAIN_USER)
{
	make_scene(0600);
	segment_give(id, plain_user(), plain_user(), 0400);
	check_refusals(plain_user(), ROWS(attach, attaches_of_reader));
}

static const struct refusal attaches_of_stranger[] = {
	{ "a stranger who wants to write", .id = &id, .address = &null, .error = EACCES },
	{ "a stranger who wants to read", .id = &id, .address = &null, .flags = SHM_RDONLY, .error = EACCES },
	{ "a stranger who wants an address", .id = &id, .address = &nothing, .error = EACCES },
};

CASE(shmat__by_stranger, SHALL,
    "A shmat() by who has no permission, which fails with EACCES, changes no segment, key or mapping, though one is "
    "inherited",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS", "Linux shmop(2)",
    ALSO("shmat.failure-changes-nothing"), NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0600);
	check_refusals(OTHER, ROWS(attach, attaches_of_stranger));
}

static const struct refusal detaches[] = {
	{ "no address", .address = &null, .error = EINVAL },
	{ "an address inside of the segment", .address = &at, .offset = 1, .error = EINVAL },
	{ "one inside of what is for reading", .address = &rdonly, .offset = 1, .error = EINVAL },
	{ "the address of a mapping", .address = &before, .error = EINVAL },
	{ "the address of another mapping", .address = &behind, .error = EINVAL },
	{ "an address where nothing is", .address = &nothing, .error = EINVAL },
};

CASE(shmdt, SHALL, "A shmdt() that fails with EINVAL changes no segment, key or mapping",
    "POSIX.1-2017 shmdt() RETURN VALUE", "POSIX.1-2017 shmdt() ERRORS", "Linux shmop(2)",
    ALSO("shmdt.failure-changes-nothing"))
{
	make_scene(0640);
	check_refusals(SAME_USER, ROWS(detach, detaches));
}

static const struct refusal controls[] = {
	{ "IPC_STAT of what is no identifier", .id = &never, .command = IPC_STAT, .error = EINVAL },
	{ "IPC_SET of that", .id = &never, .command = IPC_SET, .error = EINVAL },
	{ "IPC_RMID of that", .id = &never, .command = IPC_RMID, .error = EINVAL },
	{ "IPC_STAT of a removed one", .id = &removed, .command = IPC_STAT, .error = EINVAL, .or_error = EIDRM },
	{ "IPC_SET of that", .id = &removed, .command = IPC_SET, .error = EINVAL, .or_error = EIDRM },
	{ "IPC_RMID of that", .id = &removed, .command = IPC_RMID, .error = EINVAL, .or_error = EIDRM },
	{ "a command that is not defined", .id = &id, .command = 12345, .error = EINVAL },
	{ "a negative command", .id = &id, .command = INT_MIN, .error = EINVAL },
};

CASE(shmctl, SHALL, "A shmctl() that fails with EINVAL changes no segment, key or mapping",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)")
{
	make_scene(0640);
	check_refusals(SAME_USER, ROWS(control, controls));
}

static const struct refusal controls_of_stranger[] = {
	{ "IPC_STAT by a stranger", .id = &id, .command = IPC_STAT, .error = EACCES },
	{ "IPC_SET by a stranger", .id = &id, .command = IPC_SET, .error = EPERM },
	{ "IPC_RMID by a stranger", .id = &id, .command = IPC_RMID, .error = EPERM },
};

static const struct refusal controls_of_writer[] = {
	{ "IPC_SET by who may write", .id = &id, .command = IPC_SET, .error = EPERM },
	{ "IPC_RMID by who may write", .id = &id, .command = IPC_RMID, .error = EPERM },
};

CASE(shmctl__by_stranger, SHALL,
    "A shmctl() by who is no owner, which fails with EACCES or EPERM, changes no segment, key or mapping",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0600);
	refusal_to_change_defect();
	check_refusals(OTHER, ROWS(control, controls_of_stranger));
	segment_give(id, SAME_USER, SAME_USER, 0606);
	check_refusals(OTHER, ROWS(control, controls_of_writer));
}

static const struct refusal locks[] = {
	{ "SHM_LOCK by a stranger", .id = &id, .command = SHM_LOCK, .error = EPERM },
	{ "SHM_UNLOCK by a stranger", .id = &id, .command = SHM_UNLOCK, .error = EPERM },
};

CASE(shmctl__lock, DOCUMENTED, "SHM_LOCK and SHM_UNLOCK that fail with EPERM change no segment, key or mapping",
    "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0606);
	check_refusals(OTHER, ROWS(control, locks));
}
