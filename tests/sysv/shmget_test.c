/* SPDX-License-Identifier: BSD-2-Clause */

/* Creating System V segments and finding them by key: flags. */

#include <limits.h>
#include <unistd.h>

#include "case.h"
#include "ipc_deviations.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmget, NEEDS_SEGMENTS)

CASE(private_always_new, SHALL, "IPC_PRIVATE creates a new segment at every call, even without IPC_CREAT",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)",
    COVERS("shmget.private_unique shmget.private_no_creat"))
{
	int keyed = segment_create(page_size());

	int first = segment_own(shmget(IPC_PRIVATE, page_size(), 0600));
	int second = segment_own(shmget(IPC_PRIVATE, page_size(), 0600));

	REQUIRE(first != -1);
	REQUIRE(second != -1);
	CHECK_NE(keyed, first);
	CHECK_NE(keyed, second);
	CHECK_NE(first, second);
	char *p = segment_attach(first, NULL, 0);
	char *q = segment_attach(second, NULL, 0);
	*p = 'p';
	CHECK_EQ(0, *q);
}

CASE(private_ignores_excl, SHALL, "IPC_PRIVATE with IPC_CREAT and IPC_EXCL creates a segment and never gives EEXIST",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)")
{
	int keyed = segment_create(page_size());

	int first = segment_own(shmget(IPC_PRIVATE, page_size(), IPC_CREAT | IPC_EXCL | 0600));
	int second = segment_own(shmget(IPC_PRIVATE, page_size(), IPC_CREAT | IPC_EXCL | 0600));

	REQUIRE(first != -1);
	REQUIRE(second != -1);
	CHECK_NE(keyed, first);
	CHECK_NE(keyed, second);
	CHECK_NE(first, second);
}

CASE(private_ignores_excl__other_flags, DOCUMENTED,
    "With IPC_PRIVATE only the nine low-order bits of shmflg count, and SHM_HUGETLB and SHM_NORESERVE",
    "Linux shmget(2)")
{
	const unsigned with_meaning = SHM_HUGETLB | SHM_NORESERVE;

	guard_segments();
	for (unsigned bit = 01000; bit != 0; bit <<= 1) {
		if ((bit & with_meaning) != 0)
			continue;
		int id = segment_own(shmget(IPC_PRIVATE, page_size() + 1, (int)(bit | 0640)));

		REQUIRE(id != -1);
		CHECK_EQ(0640, segment_stat(id).shm_perm.mode);
		CHECK_EQ(page_size() + 1, segment_stat(id).shm_segsz);
		segment_remove(id);
	}
}

CASE(create_when_absent, SHALL, "With IPC_CREAT a key that has no segment gets a new one of the requested size",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)",
    COVERS("shmget.unaligned_size shmget.create_use"))
{
	const size_t sizes[] = { 1, 100, page_size(), page_size() + 1 };

	size_deviates();
	for (size_t i = 0; i < nitems(sizes); i++) {
		key_t key = segment_key();

		int id = segment_own(shmget(key, sizes[i], IPC_CREAT | 0640));

		CHECK_NE(-1, id);
		CHECK_EQ(id, shmget(key, 0, 0));
		CHECK_EQ(sizes[i], segment_stat(id).shm_segsz);
		CHECK_EQ(0640, segment_stat(id).shm_perm.mode & 0777);
		CHECK_EQ(0, segment_stat(id).shm_nattch);
	}
}

CASE(create_when_absent__exclusively, SHALL,
    "With IPC_CREAT and IPC_EXCL a key that has no segment gets a new one, also when its last one was removed",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	key_t key = segment_key();

	for (int i = 0; i < 3; i++) {
		int id = segment_own(shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600));

		CHECK_NE(-1, id);
		CHECK_EQ(id, shmget(key, 0, 0));
		segment_remove(id);
	}
}

CASE(create_when_absent__negative_key, SHALL, "A key that is a negative number names a segment as well as any other",
    "POSIX.1-2017 shmget() DESCRIPTION")
{
	key_t key = segment_key();
	while (key >= 0 || shmget(key & INT_MAX, 0, 0) != -1)
		key = segment_key();

	int id = segment_own(shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600));

	CHECK_NE(-1, id);
	CHECK_EQ(id, shmget(key, page_size(), 0600));
	CHECK_FAILS(EEXIST, -1, shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key & INT_MAX, 0, 0)); /* the same but for the sign */
	segment_remove(id);
	CHECK_FAILS(ENOENT, -1, shmget(key, page_size(), 0600));
}

CASE(open_existing_returns_same_id, SHALL,
    "Calls with a key that has a segment return its identifier, whatever access they ask for",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	key_t key = segment_key();
	key_t other_key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	int other = segment_create_with_key(other_key, page_size(), 0600);

	CHECK_NE(id, other);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(id, shmget(key, page_size(), 0600));
		CHECK_EQ(other, shmget(other_key, page_size(), 0600));
		CHECK_EQ(id, shmget(key, page_size(), 0400));
		CHECK_EQ(id, shmget(key, page_size(), 0));
	}
}

PROGRAM(stranger)
{
	REQUIRE(argc == 2);
	int id = shmget((key_t)number_from(argv[1]), 3 * page_size(), 0600);

	REQUIRE(id != -1);
	char *p = segment_attach(id, NULL, 0);
	CHECK_PATTERN(1, p, 3 * page_size());
	pattern_store(2, p, 3 * page_size());
}

CASE(open_existing_returns_same_id__unrelated_process, SHALL,
    "An unrelated process that knows nothing but the key reaches the same segment", "POSIX.1-2017 shmget() DESCRIPTION",
    "Linux shmget(2)", "FreeBSD shmget(2)", "DragonFly shmget(2)", COVERS("ipcns.none_visible"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 3 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());

	struct child c = program_start("stranger", number_text(key).text);
	child_reaches_end(&c);

	CHECK_PATTERN(2, p, 3 * page_size());
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid);
	child_exits(&c);
}

CASE(creat_on_existing_opens, SHALL,
    "IPC_CREAT without IPC_EXCL on a key that has a segment returns its identifier and changes nothing",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)", COVERS("BS12"))
{
	static const int modes[] = { 0, 0200, 0400, 0600, 0660 };
	key_t key = segment_key();
	int id = segment_create_with_key(key, 3 * page_size(), 0660);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	const struct shmid_ds before = segment_stat(id);

	for (size_t i = 0; i < nitems(modes); i++) {
		CHECK_EQ(id, shmget(key, 3 * page_size(), IPC_CREAT | modes[i]));
		CHECK_EQ(id, shmget(key, 1, IPC_CREAT | modes[i]));
		CHECK_EQ(id, shmget(key, 0, IPC_CREAT | modes[i]));
		CHECK_STATUS_UNCHANGED(before, id);
		CHECK_PATTERN(1, p, 3 * page_size());
	}
}

CASE(excl_existing_key, SHALL,
    "With IPC_CREAT and IPC_EXCL a key that has a segment fails with EEXIST and the segment is left as it is",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)",
    "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)", COVERS("shmget.eexist"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 3 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	const struct shmid_ds before = segment_stat(id);

	for (int i = 0; i < 3; i++) {
		CHECK_FAILS(EEXIST, -1, shmget(key, 3 * page_size(), IPC_CREAT | IPC_EXCL | 0600));
		CHECK_FAILS(EEXIST, -1, shmget(key, 3 * page_size(), IPC_CREAT | IPC_EXCL));
		CHECK_FAILS(EEXIST, -1, shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600));
		CHECK_FAILS(EEXIST, -1, shmget(key, 0, IPC_CREAT | IPC_EXCL | 0600));
	}

	CHECK_PATTERN(1, p, 3 * page_size());
	CHECK_STATUS_UNCHANGED(before, id);
	CHECK_EQ(id, shmget(key, 0, 0));
}

static void
create_again(void *arg)
{
	CHECK_FAILS(EEXIST, -1, shmget(*(key_t *)arg, page_size(), IPC_CREAT | IPC_EXCL | 0600));
}

CASE(excl_existing_key__in_another_process, SHALL,
    "With IPC_CREAT and IPC_EXCL a key that has a segment of another process fails with EEXIST",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)",
    "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);

	in_child(create_again, &key);

	CHECK_EQ(getpid(), segment_stat(id).shm_cpid);
}

CASE(excl_without_creat_ignored, OBSERVED, "IPC_EXCL without IPC_CREAT on a key that has a segment finds it, or fails",
    "POSIX.1-2017 shmget() DESCRIPTION", CHOICE("Linux shmget(2)", "excl-without-creat", "finds the segment"),
    CHOICE("FreeBSD shmget(2)", "excl-without-creat", "finds the segment"),
    CHOICE("NetBSD shmget(2)", "excl-without-creat", "finds the segment"),
    CHOICE("OpenBSD shmget(2)", "excl-without-creat", "finds the segment"),
    CHOICE("DragonFly shmget(2)", "excl-without-creat", "finds the segment"),
    CHOICE("macOS shmget(2)", "excl-without-creat", "finds the segment"),
    CHOICE("illumos shmget(2)", "excl-without-creat", "finds the segment"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);

	errno = 0;
	int found = shmget(key, page_size(), IPC_EXCL | 0600);
	int error = errno;

	CHECK(found == id || (found == -1 && error != 0));
	observed("excl-without-creat", "%s", found == id ? "finds the segment" : errno_name(error));
}

struct race {
	key_t key;
	int start[2]; /* at its end when the last racer has closed it */
	int finish[2];
};

struct outcome {
	int id;
	int error;
};

static void
create_in_race(void *arg)
{
	const struct race *r = arg;
	struct outcome o;
	char nothing;

	close(r->start[1]);
	REQUIRE(read(r->start[0], &nothing, 1) == 0);

	o.id = shmget(r->key, page_size(), IPC_CREAT | IPC_EXCL | 0600);
	o.error = errno;
	REQUIRE(write(r->finish[1], &o, sizeof(o)) == (ssize_t)sizeof(o));
	close(r->finish[1]);
}

static void
check_one_wins(struct race *r)
{
	struct child racers[4];
	int winners = 0;

	REQUIRE(pipe(r->start) == 0);
	REQUIRE(pipe(r->finish) == 0);
	for (int i = 0; i < 4; i++)
		racers[i] = child_start(create_in_race, r);
	close(r->start[1]);
	close(r->finish[1]);
	for (int i = 0; i < 4; i++) {
		struct outcome o;

		REQUIRE(read(r->finish[0], &o, sizeof(o)) == (ssize_t)sizeof(o));
		if (o.id == -1)
			CHECK_EQ(EEXIST, o.error);
		else
			CHECK_EQ(shmget(r->key, 0, 0), o.id);
		winners += o.id != -1;
	}
	CHECK_EQ(1, winners);
	for (int i = 0; i < 4; i++)
		child_exits(&racers[i]);
	close(r->start[0]);
	close(r->finish[0]);
}

CASE(excl_atomic_one_winner, SHALL,
    "Of four processes that create a segment with one key and IPC_EXCL "
    "at the same time one succeeds and the others get EEXIST",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "NetBSD shmget(2)", NEEDS_ROOM_FOR_SEGMENTS,
    NEEDS_SEGMENTS_THAT_STAY, COVERS("BS112"))
{
	struct race r = { .key = segment_key() };

	known_race(NETBSD, "", "two creators of one key both win, as a new segment gets its key without the lock",
	    "NetBSD sys/kern/sysv_shm.c sys_shmget()");
	for (int round = 0; round < 3; round++) {
		check_one_wins(&r);
		segment_remove(shmget(r.key, 0, 0));
	}
}

CASE(excl_precedes_size_check, OBSERVED,
    "IPC_CREAT with IPC_EXCL and more bytes than the key's segment has fails with EEXIST or EINVAL",
    "POSIX.1-2017 shmget() ERRORS", "NetBSD sys/kern/sysv_shm.c shmget_existing()",
    "OpenBSD sys/kern/sysv_shm.c shmget_existing()", "illumos usr/src/uts/common/os/ipc.c ipc_keylookup()",
    CHOICE("Linux shmget(2)", "excl-and-too-large", "EEXIST"),
    CHOICE("NetBSD shmget(2)", "excl-and-too-large", "EEXIST"),
    CHOICE("FreeBSD sys/kern/sysv_shm.c shmget_existing()", "excl-and-too-large", "EEXIST"),
    CHOICE("DragonFly sys/kern/sysv_shm.c shmget_existing()", "excl-and-too-large", "EEXIST"),
    CHOICE("macOS bsd/kern/sysv_shm.c shmget_existing()", "excl-and-too-large", "EINVAL"))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);

	errno = 0;
	int found = shmget(key, page_size() + 1, IPC_CREAT | IPC_EXCL | 0600);
	int error = errno;

	CHECK_EQ(-1, found);
	CHECK(error == EEXIST || error == EINVAL);
	CHECK_EQ(page_size(), segment_stat(id).shm_segsz);
	observed("excl-and-too-large", "%s", errno_name(error));
}

CASE(enoent_no_creat, SHALL, "Without IPC_CREAT a key that has no segment fails with ENOENT, and no segment is created",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)",
    "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)", COVERS("shmget.enoent shmget.excl_without_creat"))
{
	key_t never_used = segment_key();
	key_t removed = segment_key();
	segment_remove(segment_create_with_key(removed, page_size(), 0600));

	for (int i = 0; i < 2; i++) {
		CHECK_FAILS(ENOENT, -1, shmget(never_used, page_size(), 0600));
		CHECK_FAILS(ENOENT, -1, shmget(never_used, 0, 0));
		CHECK_FAILS(ENOENT, -1, shmget(never_used, page_size(), IPC_EXCL | 0600));
		CHECK_FAILS(ENOENT, -1, shmget(removed, page_size(), 0600));
		CHECK_FAILS(ENOENT, -1, shmget(removed, 0, 0));
	}
}
