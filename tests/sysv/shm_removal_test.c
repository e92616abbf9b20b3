/* SPDX-License-Identifier: BSD-2-Clause */

/* Removing System V segments that other processes have attached: what is left of the key, the identifier and the memory. */

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

/* Every call that takes an identifier says that it names nothing, and the key has no segment. */
static void
check_all_gone(int id, key_t key)
{
	struct shmid_ds status = { .shm_perm.mode = 0600 };

	if (!CHECK_DESTROYED(id))
		return; /* the others could hit somebody else's */
	CHECK_FAILS_AS_REMOVED(-1, shmctl(id, IPC_SET, &status));
	CHECK_FAILS_AS_REMOVED(-1, shmctl(id, IPC_RMID, NULL));
	CHECK_FAILS_AS_REMOVED((void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_FAILS_AS_REMOVED((void *)-1, shmat(id, NULL, SHM_RND));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_FAILS(ENOENT, -1, shmget(key, 1, 0600));
}

struct segment {
	key_t key;
	int id;
};

static void
look_in_vain(void *arg)
{
	const struct segment *s = arg;

	check_all_gone(s->id, s->key);
}

CASE(einval_bad_id__every_call, SHALL,
    "Once its last detach has destroyed a segment, its identifier is invalid in every call and in another process",
    "POSIX.1-2017 shmctl() ERRORS", "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS",
    ALSO("shmat.einval-bad-id"), COVERS("BS33"))
{
	struct segment s = { .key = segment_key() };
	s.id = segment_create_with_key(s.key, page_size(), 0600);
	char *p = segment_attach(s.id, NULL, 0);
	char *q = segment_attach(s.id, NULL, SHM_RDONLY);
	segment_remove(s.id);
	segment_detach(p);
	CHECK_EQ(0, *q);
	segment_detach(q);

	check_all_gone(s.id, s.key);
	in_child(look_in_vain, &s);
}

PROGRAM(remover)
{
	key_t key = (key_t)number_from(argv[1]);

	CHECK_SUCCEEDS(shmctl((int)number_from(argv[2]), IPC_RMID, NULL));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
}

enum { SIZE_IN_PAGES = 3 };

static size_t
size(void)
{
	return SIZE_IN_PAGES * page_size();
}

static void
hold(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	pause_for_parent(); /* the parent has the segment removed */
	CHECK_PATTERN(1, p, size());
	pattern_store(2, p, size());
}

static void
hold_to_the_end(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	pattern_store(1, p, size());
	pause_for_parent(); /* the parent has the segment removed, and the other child store */
	CHECK_PATTERN(2, p, size());
	pause_for_parent(); /* who lets the other end */
	CHECK_PATTERN(2, p, size());
	pattern_store(3, p, size());
	CHECK_PATTERN(3, p, size());
}

CASE(rmid_attached_keeps_data__by_an_unrelated_process, SHALL,
    "A process that never attached a segment removes it, and it stays shared between two that have it attached",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", ALSO("shmctl.rmid-hides-key"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	struct child last = child_start(hold_to_the_end, &id);
	child_reaches_pause(&last);
	struct child first = child_start(hold, &id);
	child_reaches_pause(&first);

	struct child remover = program_start("remover", number_text(key).text, number_text(id).text);
	child_exits(&remover);

	child_goes_on(&first);
	child_reaches_end(&first); /* which has it still */
	child_goes_on(&last);
	child_reaches_pause(&last);
	child_exits(&first);
	child_goes_on(&last);
	child_reaches_end(&last); /* now the only one */
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	child_exits(&last);
	check_all_gone(id, key);
}

static void
use_inherited(void *arg)
{
	char *p = arg;

	CHECK_PATTERN(1, p, size());
	pause_for_parent(); /* who detaches it: this is the last holder */
	CHECK_PATTERN(1, p, size());
	pattern_store(2, p, size());
	CHECK_PATTERN(2, p, size());
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_UNMAPPED(p, size());
}

CASE(rmid_attached_keeps_data__child_forked_after, SHALL,
    "A child that is forked after the removal has the segment too, and keeps the contents when the parent detaches it",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	segment_remove(id);
	pattern_store(1, p, size());

	struct child c = child_start(use_inherited, p);
	child_reaches_pause(&c);
	CHECK_SUCCEEDS(shmdt(p));
	child_goes_on(&c);
	child_reaches_end(&c);
	check_all_gone(id, key);
	child_exits(&c);
}

CASE(rmid_attached_keeps_data__rdonly, SHALL,
    "A segment that is attached only for reading keeps its contents, too, when it is removed",
    "POSIX.1-2017 shmctl() DESCRIPTION")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	const char *ro = segment_attach(id, NULL, SHM_RDONLY);
	pattern_store(1, p, size());
	segment_detach(p);

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));

	CHECK_PATTERN(1, ro, size());
	CHECK_SUCCEEDS(shmdt(ro));
	check_all_gone(id, key);
}

static void
remove_and_wait(void *arg)
{
	int id = *(int *)arg;
	char *p = segment_attach(id, NULL, 0);

	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	pattern_store(1, p, size());
	pause_for_parent();
}

CASE(rmid_attached_keeps_data__remover_killed, SHALL,
    "A removal holds when its process is killed, and another process that has the segment attached keeps the contents",
    "POSIX.1-2017 shmctl() DESCRIPTION", ALSO("shmctl.rmid-hides-key"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	struct child c = child_start(remove_and_wait, &id);
	child_reaches_pause(&c);

	child_kill(&c);

	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_PATTERN(1, p, size());
	segment_detach(p);
	check_all_gone(id, key);
}

CASE(rmid_unattached_destroys__when_its_remover_is_killed, SHALL,
    "A segment is destroyed when SIGKILL ends the process that removed it and alone had it attached",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 _exit() Consequences of Process Termination")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	struct child c = child_start(remove_and_wait, &id);
	child_reaches_pause(&c);

	child_kill(&c);

	check_all_gone(id, key);
}

/* What a lookup of the key gives while the segment that had it is removed and still attached. */
static const struct lookup {
	size_t pages;
	int flags;
	int error; /* 0: a new segment is made */
} lookups[] = {
	{ 0, 0, ENOENT },
	{ 0, 0600, ENOENT },
	{ 1, 0600, ENOENT },
	{ SIZE_IN_PAGES, 0600, ENOENT },
	{ SIZE_IN_PAGES + 1, 0600, ENOENT },
	{ 1, IPC_EXCL | 0600, ENOENT },
	{ 0, IPC_CREAT | 0600, EINVAL }, /* as for a key that never had a segment */
	{ 1, IPC_CREAT | 0600, 0 },
	{ 1, IPC_CREAT | IPC_EXCL | 0600, 0 },
	{ SIZE_IN_PAGES + 1, IPC_CREAT | 0600, 0 }, /* though it is more than the old one had */
	{ SIZE_IN_PAGES + 1, IPC_CREAT | IPC_EXCL | 0600, 0 },
};

static void
look_up(void *arg)
{
	const struct segment *old = arg;

	for (size_t i = 0; i < nitems(lookups); i++) {
		const struct lookup *l = &lookups[i];
		size_t bytes = l->pages * page_size();

		if (l->error != 0) {
			CHECK_FAILS(l->error, -1, shmget(old->key, bytes, l->flags));
			continue;
		}
		int id = segment_own(shmget(old->key, bytes, l->flags));
		REQUIRE(id != -1);
		CHECK_NE(old->id, id);
		CHECK_EQ(bytes, segment_stat(id).shm_segsz);
		CHECK_EQ(0, segment_stat(id).shm_nattch);
		segment_remove(id);
	}
}

CASE(rmid_hides_key__each_lookup, SHALL,
    "Each kind of lookup by the key of a removed segment that is still attached finds no segment",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmget() DESCRIPTION",
    ALSO("shmget.removed-but-attached-key-free"))
{
	struct segment s = { .key = segment_key() };
	s.id = segment_create_with_key(s.key, size(), 0600);
	char *p = segment_attach(s.id, NULL, 0);
	pattern_store(1, p, size());
	segment_remove(s.id);

	look_up(&s);
	in_child(look_up, &s);

	CHECK_PATTERN(1, p, size());
}

enum { GENERATIONS = 6 };

CASE(rmid_hides_key__generations, SHALL,
    "Segments that had the same key one after the other, removed and still attached, keep identifiers and contents",
    "POSIX.1-2017 shmget() DESCRIPTION", "POSIX.1-2017 shmctl() DESCRIPTION",
    ALSO("shmget.removed-but-attached-key-free"))
{
	key_t key = segment_key();
	int id[GENERATIONS];
	char *p[GENERATIONS];

	for (int i = 0; i < GENERATIONS; i++) {
		id[i] = segment_create_with_key(key, size(), 0600);
		p[i] = segment_attach(id[i], NULL, 0);
		CHECK_BYTES(0, p[i], size());
		for (int before = 0; before < i; before++)
			CHECK_NE(id[before], id[i]);
		pattern_store((unsigned char)i, p[i], size());
		segment_remove(id[i]);
	}
	for (int i = 0; i < GENERATIONS; i++) {
		CHECK_PATTERN((unsigned char)i, p[i], size());
		segment_detach(p[i]);
		check_all_gone(id[i], key);
	}
}

CASE(rmid_twice__six_times, MAY,
    "Further removals of a segment that is attached twice fail with EINVAL or EIDRM or succeed, and the contents stay",
    "POSIX.1-2017 shmctl() ERRORS", "POSIX.1-2017 shmctl() DESCRIPTION",
    CHOICE("illumos shmctl(2)", "further-removals-that-succeed", "0 of 5"), COVERS("shmctl.rmid_many"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);
	int succeeded = 0;

	pattern_store(1, p, size());
	segment_remove(id);
	for (int i = 1; i < 6; i++) {
		errno = 0;
		int again = shmctl(id, IPC_RMID, NULL);
		CHECK(again == 0 || says_removed(errno));
		succeeded += again == 0;
		CHECK_PATTERN(1, q, size());
	}
	segment_detach(p);
	CHECK_PATTERN(1, q, size());
	CHECK_STORE_OK(&q[size() - 1]);
	segment_detach(q);
	check_all_gone(id, key);
	observed("further-removals-that-succeed", "%d of 5", succeeded);
}

CASE(rmid_then_set, MAY,
    "IPC_SET of a removed segment that is still attached works or fails with EINVAL or EIDRM, and it stays removed",
    "POSIX.1-2017 shmctl() ERRORS", CHOICE("illumos shmctl(2)", "set-after-removal", "EINVAL"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	struct shmid_ds change = segment_stat(id);
	pattern_store(1, p, size());
	segment_remove(id);

	change.shm_perm.mode = 0640;
	errno = 0;
	int result = shmctl(id, IPC_SET, &change);
	int error = errno;

	CHECK(result == 0 || says_removed(error));
	if (result == 0 && shmctl(id, IPC_STAT, &change) == 0)
		CHECK_EQ(0640, change.shm_perm.mode & 0777);
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_PATTERN(1, p, size());
	segment_detach(p);
	check_all_gone(id, key);
	observed("set-after-removal", "%s", result == 0 ? "works" : errno_name(error));
}

static void
remove_with_bad_buffers(void *arg)
{
	key_t key = *(key_t *)arg;
	void *no_access = free_range(page_size());
	REQUIRE(mmap(no_access, page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == no_access);

	for (int i = 0; i < 3; i++) {
		int id = segment_create_with_key(key, page_size(), 0600);

		if (i == 1)
			unmap(no_access, page_size());
		CHECK_SUCCEEDS(shmctl(id, IPC_RMID, i == 2 ? address_of_kernel() : no_access));
		check_all_gone(id, key);
	}
}

CASE(rmid_null_buffer__unusable, SHALL, "IPC_RMID does not use buf, which may be an address without memory",
    "POSIX.1-2017 shmctl() DESCRIPTION", "Linux shmctl(2)", NEEDS_BUFFER_LEFT_TO_KERNEL)
{
	key_t key = segment_key();

	in_child(remove_with_bad_buffers, &key); /* a library that touches the buffer crashes there */
}
