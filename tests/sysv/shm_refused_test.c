/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A call that is refused changes nothing: no segment's status or memory, no mapping of the caller, no key. A process that
 * has the segments attached makes the calls; after each of them that process and its parent look at everything.
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

INTERFACE(shm_refused, NEEDS_SEGMENTS)

/* A segment between other mappings, attached once more only for reading, and a segment that has nothing to do with it. */
static int id;
static key_t key;
static char *at;
static char *rdonly;
static char *below; /* one unit of mapped memory, and another behind the segment */
static char *behind;
static int other;
static key_t other_key;
static char *other_at;

/* Names of nothing: a removed segment, a key without a segment, an address where nothing is mapped. */
static int removed;
static key_t unused_key;
static char *nothing;

/* What IPC_SET would set: the caller as the owner, and a mode that the segment does not have. */
static struct shmid_ds change;

enum { PAGES = 3 };

static size_t
size(void)
{
	return PAGES * page_size();
}

static void
make_scene(int mode)
{
	size_t unit = attach_multiple();
	size_t units = (size() + unit - 1) / unit * unit;

	key = segment_key();
	other_key = segment_key();
	unused_key = segment_key();
	id = segment_create_with_key(key, size(), mode);
	other = segment_create_with_key(other_key, page_size(), mode);
	removed = segment_create(page_size());
	segment_remove(removed);
	below = free_range(2 * unit + units);
	at = below + unit;
	behind = at + units;
	REQUIRE(mmap(below, 2 * unit + units, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0) ==
	    below);
	unmap(at, units);
	segment_attach(id, at, 0);
	rdonly = segment_attach(id, NULL, SHM_RDONLY);
	other_at = segment_attach(other, NULL, 0);
	pattern_store(1, at, size());
	pattern_store(2, below, unit);
	pattern_store(3, behind, unit);
	pattern_store(4, other_at, page_size());
	nothing = free_range(page_size());
}

/* What the caller has attached and mapped is as it was. */
static void
check_memory(void)
{
	CHECK_PATTERN(2, below, attach_multiple());
	CHECK_PATTERN(1, at, size());
	CHECK_PATTERN(3, behind, attach_multiple());
	CHECK_PATTERN(1, rdonly, size());
	CHECK_PATTERN(4, other_at, page_size());
	CHECK_UNMAPPED(nothing, page_size());
	for (size_t i = 0; i < PAGES; i++) {
		CHECK_STORE_OK(at + i * page_size());
		CHECK(store_is_refused(rdonly + i * page_size()));
	}
}

/* The call fails with this error, or with one of two, and leaves everything as it is. */
#define REFUSED(error, call)              REFUSED_BY(error, error, call)
#define REFUSED_BY(error, or_error, call) (errno = 0, refused(__LINE__, #call, (intptr_t)(call), error, or_error))

#define REFUSED_AS_TAKEN(call) REFUSED_BY(error_of_taken_address(), other_error_of_taken_address(), call)

static void
refused(int line, const char *call, intptr_t result, int error, int or_error)
{
	int seen = errno;

	/* Stop here: after a call that succeeds by mistake the next one might change what is not the case's own. */
	if (result != -1 || (seen != error && seen != or_error))
		end_failed("%s:%d: %s gives %jd with %s, expected -1 with %s", __FILE__, line, call, (intmax_t)result,
		    errno_name(seen), errno_name(error));
	check_memory();
	pause_for_parent();
}

/* A segment that is made by mistake goes with the case. */
static int
own(int result)
{
	return result == -1 ? -1 : segment_own(result);
}

static void
make_calls(void *calls)
{
	pause_for_parent(); /* who looks at the status with the attachments of this process */
	(*(void (**)(void))calls)();
}

static void
check_refusals(enum user user, void (*calls)(void))
{
	change = (struct shmid_ds){ .shm_perm = { .uid = user_id(user), .gid = group_id(user), .mode = 0666 } };
	struct child c = child_start_as(user, make_calls, &calls);
	child_reaches_pause(&c);
	const struct shmid_ds status = segment_stat(id);
	const struct shmid_ds others_status = segment_stat(other);

	for (child_goes_on(&c); child_pauses(&c); child_goes_on(&c)) {
		CHECK_STATUS_UNCHANGED(status, id);
		CHECK_STATUS_UNCHANGED(others_status, other);
		check_memory();
		CHECK_EQ(id, shmget(key, 0, 0));
		CHECK_EQ(other, shmget(other_key, 0, 0));
		CHECK_FAILS(ENOENT, -1, shmget(unused_key, 0, 0));
	}
	child_exits(&c);
}

static void
look_up(void)
{
	REFUSED(EEXIST, shmget(key, size(), IPC_CREAT | IPC_EXCL | 0600));
	REFUSED(EEXIST, shmget(key, 0, IPC_CREAT | IPC_EXCL));
	REFUSED(EINVAL, shmget(key, size() + page_size(), 0600));
	REFUSED(EINVAL, shmget(key, size() + page_size(), IPC_CREAT | 0600));
	REFUSED(ENOENT, shmget(unused_key, page_size(), 0600));
	REFUSED(ENOENT, shmget(unused_key, page_size(), IPC_EXCL | 0600));
	REFUSED(EINVAL, shmget(unused_key, 0, IPC_CREAT | 0600));
	REFUSED(EINVAL, own(shmget(IPC_PRIVATE, 0, 0600)));
}

CASE(shmget, SHALL, "A shmget() that fails with EEXIST, EINVAL or ENOENT changes no segment, key or mapping",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", ALSO("shmget.failed-create-leaves-no-key"))
{
	make_scene(0640);
	check_refusals(SAME_USER, look_up);
}

static void
look_up_without_permission(void)
{
	REFUSED(EACCES, shmget(key, page_size(), 0600));
	REFUSED(EACCES, shmget(key, page_size(), IPC_CREAT | 0600));
	REFUSED_BY(EACCES, EEXIST, shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600));
}

CASE(shmget__without_permission, SHALL,
    "A shmget() that fails with EACCES for lack of permission changes no segment, key or mapping",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0600);
	lookup_by_owners_bits_defect();
	check_refusals(OTHER, look_up_without_permission);
}

static void
create(void)
{
	REFUSED(ENOSPC, shmget(unused_key, page_size(), IPC_CREAT | 0600));
	REFUSED(ENOSPC, shmget(unused_key, page_size(), IPC_CREAT | IPC_EXCL | 0600));
	REFUSED(ENOSPC, own(shmget(IPC_PRIVATE, page_size(), 0600)));
}

static void
create_beyond_limit(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	make_scene(0600);
	ipc_limit_set("shmmni", 2);
	check_refusals(SAME_USER, create);
}

CASE(shmget__beyond_limit, SHALL,
    "A shmget() that fails with ENOSPC at the limit on segments changes no segment, key or mapping",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", NEEDS_IPC_LIMITS)
{
	in_child(create_beyond_limit, NULL);
}

static void
attach(void)
{
	REFUSED(EINVAL, shmat(-1, NULL, 0));
	REFUSED(EINVAL, shmat(-1, nothing, 0));
	REFUSED_BY(EINVAL, other_error_of_removed(), shmat(removed, NULL, 0));
	REFUSED_BY(EINVAL, other_error_of_removed(), shmat(removed, nothing, 0));
	REFUSED(EINVAL, shmat(id, nothing + 1, 0));
	REFUSED(EINVAL, shmat(id, nothing + 8, SHM_RDONLY));
	REFUSED(EINVAL, shmat(id, at + 1, 0));
}

CASE(shmat, SHALL, "A shmat() that fails with EINVAL changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS",
    "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", ALSO("shmat.failure-changes-nothing"), COVERS("BS21"))
{
	make_scene(0640);
	check_refusals(SAME_USER, attach);
}

static void
attach_where_something_is(void)
{
	REFUSED_AS_TAKEN(shmat(id, below, 0));
	REFUSED_AS_TAKEN(shmat(id, at, 0));
	REFUSED_AS_TAKEN(shmat(id, at, SHM_RDONLY));
	REFUSED_AS_TAKEN(shmat(id, other_at, 0));
	REFUSED_AS_TAKEN(shmat(other, below + 1, SHM_RND));
}

CASE(shmat__where_something_is, SHALL,
    "A shmat() that fails because something is mapped at the address changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS",
    "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", ALSO("shmat.failure-changes-nothing"))
{
	make_scene(0640);
	known_defect(NETBSD, "", "an attach that fails at a range in use sets shm_lpid and shm_dtime",
	    "NetBSD sys/kern/sysv_shm.c sys_shmat()");
	taken_address_defect();
	check_refusals(SAME_USER, attach_where_something_is);
}

static void
attach_with_remap(void)
{
	REFUSED(EINVAL, shmat(id, NULL, SHM_REMAP));
	REFUSED(EINVAL, shmat(id, NULL, SHM_REMAP | SHM_RND));
}

CASE(shmat__remap, DOCUMENTED, "A shmat() with SHM_REMAP and no address changes no segment, key or mapping",
    "Linux shmop(2)")
{
	make_scene(0640);
	check_refusals(SAME_USER, attach_with_remap);
}

static void
attach_to_write(void)
{
	REFUSED(EACCES, shmat(id, NULL, 0));
	REFUSED(EACCES, shmat(id, nothing, 0));
}

CASE(shmat__without_permission, SHALL,
    "A shmat() by the owner that fails with EACCES for lack of permission changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS",
    "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", ALSO("shmat.failure-changes-nothing"), NEEDS_PLAIN_USER)
{
	make_scene(0600);
	segment_give(id, plain_user(), plain_user(), 0400);
	check_refusals(plain_user(), attach_to_write);
}

static void
attach_as_stranger(void)
{
	REFUSED(EACCES, shmat(id, NULL, 0));
	REFUSED(EACCES, shmat(id, NULL, SHM_RDONLY));
	REFUSED(EACCES, shmat(id, nothing, 0));
}

CASE(shmat__by_stranger, SHALL,
    "A shmat() that fails with EACCES in a process that inherited an attachment changes no segment, key or mapping",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmat() ERRORS",
    "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", ALSO("shmat.failure-changes-nothing"), NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	make_scene(0600);
	check_refusals(OTHER, attach_as_stranger);
}

static void
detach(void)
{
	REFUSED(EINVAL, shmdt(NULL));
	REFUSED(EINVAL, shmdt(at + 1));
	REFUSED(EINVAL, shmdt(rdonly + 1));
	REFUSED(EINVAL, shmdt(below));
	REFUSED(EINVAL, shmdt(behind));
	REFUSED(EINVAL, shmdt(nothing));
}

CASE(shmdt, SHALL, "A shmdt() that fails with EINVAL changes no segment, key or mapping",
    "POSIX.1-2017 shmdt() RETURN VALUE", "POSIX.1-2017 shmdt() ERRORS", "Linux shmop(2)",
    ALSO("shmdt.failure-changes-nothing"), COVERS("BS25"))
{
	make_scene(0640);
	check_refusals(SAME_USER, detach);
}

static void
control(void)
{
	struct shmid_ds status;

	REFUSED(EINVAL, shmctl(-1, IPC_STAT, &status));
	REFUSED(EINVAL, shmctl(-1, IPC_SET, &change));
	REFUSED(EINVAL, shmctl(-1, IPC_RMID, NULL));
	REFUSED_BY(EINVAL, other_error_of_removed(), shmctl(removed, IPC_STAT, &status));
	REFUSED_BY(EINVAL, other_error_of_removed(), shmctl(removed, IPC_SET, &change));
	REFUSED_BY(EINVAL, other_error_of_removed(), shmctl(removed, IPC_RMID, NULL));
	REFUSED(EINVAL, shmctl(id, 12345, &change));
	REFUSED(EINVAL, shmctl(id, INT_MIN, &change));
}

CASE(shmctl, SHALL, "A shmctl() that fails with EINVAL changes no segment, key or mapping",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)")
{
	make_scene(0640);
	check_refusals(SAME_USER, control);
}

static void
control_as_stranger(void)
{
	struct shmid_ds status;

	REFUSED(EACCES, shmctl(id, IPC_STAT, &status));
	REFUSED(EPERM, shmctl(id, IPC_SET, &change));
	REFUSED(EPERM, shmctl(id, IPC_RMID, NULL));
}

static void
control_as_writer(void)
{
	REFUSED(EPERM, shmctl(id, IPC_SET, &change));
	REFUSED(EPERM, shmctl(id, IPC_RMID, NULL));
}

CASE(shmctl__by_stranger, SHALL,
    "A shmctl() by a caller who is not the owner, which fails with EACCES or EPERM, changes no segment, key or mapping",
    "POSIX.1-2017 shmctl() ERRORS", "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0600);
	refusal_to_change_defect();
	check_refusals(OTHER, control_as_stranger);
	segment_give(id, SAME_USER, SAME_USER, 0606);
	check_refusals(OTHER, control_as_writer);
}

static void
lock(void)
{
	REFUSED(EPERM, shmctl(id, SHM_LOCK, NULL));
	REFUSED(EPERM, shmctl(id, SHM_UNLOCK, NULL));
}

CASE(shmctl__lock, DOCUMENTED, "SHM_LOCK and SHM_UNLOCK that fail with EPERM change no segment, key or mapping",
    "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	make_scene(0606);
	check_refusals(OTHER, lock);
}
