/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system keeps about a System V segment: struct shmid_ds, its header, and its first values. */

/* This header comes first: it must make all of this visible by itself. */
#include <sys/shm.h>

typedef size_t size_of_header;
typedef pid_t pid_of_header;
typedef time_t time_of_header;

#include "platform/shmlba.h"

static const int ipc_flags[] = { IPC_CREAT, IPC_EXCL, IPC_NOWAIT };
static const int ipc_commands[] = { IPC_RMID, IPC_SET, IPC_STAT };
static const int shm_flags[] = { SHM_RDONLY, SHM_RND };
static const key_t ipc_private = IPC_PRIVATE;

/* Before another header changes what it is. */
static long
boundary(void)
{
	return (long)SHMLBA_OF_HEADER;
}

static const struct functions {
	void *(*at)(int, const void *, int);
	int (*ctl)(int, int, struct shmid_ds *);
	int (*dt)(const void *);
	int (*get)(key_t, size_t, int);
} functions = { shmat, shmctl, shmdt, shmget };

#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "clock.h"
#include "distinct_bits.h"
#include "ipc_deviations.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmid_ds, NEEDS_SEGMENTS)

#define HAS_TYPE(type, member) _Generic(&(member), type * : true, default : false)

CASE(header_members, SHALL,
    "struct shmid_ds and struct ipc_perm have the members and the types that the standard names",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "POSIX.1-2017 <sys/ipc.h>", "POSIX.1-2024 <sys/ipc.h>",
    "NetBSD shmctl(2)", COVERS("shm_h.shmid_ds shm_h.types"))
{
	struct shmid_ds ds;

	CHECK(HAS_TYPE(struct ipc_perm, ds.shm_perm));
	CHECK(HAS_TYPE(pid_of_header, ds.shm_lpid));
	CHECK(HAS_TYPE(pid_of_header, ds.shm_cpid));
	CHECK(HAS_TYPE(shmatt_t, ds.shm_nattch));
	CHECK(HAS_TYPE(time_of_header, ds.shm_atime));
	CHECK(HAS_TYPE(time_of_header, ds.shm_dtime));
	CHECK(HAS_TYPE(time_of_header, ds.shm_ctime));
	CHECK(HAS_TYPE(mode_t, ds.shm_perm.mode));
	CHECK(HAS_TYPE(uid_t, ds.shm_perm.uid));
	CHECK(HAS_TYPE(gid_t, ds.shm_perm.gid));
	CHECK(HAS_TYPE(uid_t, ds.shm_perm.cuid));
	CHECK(HAS_TYPE(gid_t, ds.shm_perm.cgid));
}

CASE(segsz_type, SHALL, "shm_segsz has type size_t", "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>",
    "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)", "DragonFly shmctl(2)")
{
	struct shmid_ds ds;

	deviates(OPENBSD, "shm_segsz has type int", "OpenBSD shmctl(2)");
	CHECK(HAS_TYPE(size_of_header, ds.shm_segsz));
}

CASE(nattch_type_capacity, SHALL,
    "shmatt_t is an unsigned integer type that holds at least what an unsigned short does", "POSIX.1-2017 <sys/shm.h>",
    "POSIX.1-2024 <sys/shm.h>", "Linux shmctl(2)", "NetBSD shmctl(2)", "DragonFly shmctl(2)",
    COVERS("shm_h.shmatt_t shm_h.shmatt_width"))
{
	deviates(OPENBSD, "shm_nattch has type short", "OpenBSD shmctl(2)");
	CHECK((shmatt_t)-1 > 0);
	CHECK(sizeof(shmatt_t) >= sizeof(unsigned short));
}

CASE(nattch_type_capacity__counted, SHALL, "shm_nattch counts all attachments of a process, up to 300",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "POSIX.1-2017 shmat() DESCRIPTION",
    "POSIX.1-2024 shmat() DESCRIPTION")
{
	int id = segment_create(page_size());
	void *at[300];
	unsigned count = 0;

	while (count < 300 && (at[count] = shmat(id, NULL, count % 2 == 0 ? 0 : SHM_RDONLY)) != (void *)-1)
		count++;
	CHECK(count >= 1);
	if (count < 300)
		CHECK(errno == EMFILE || errno == ENOMEM);
	CHECK_EQ(count, segment_stat(id).shm_nattch);

	while (count > 1)
		segment_detach(at[--count]);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(header_constants, SHALL,
    "<sys/shm.h> alone makes visible its functions, SHM_RDONLY, SHM_RND, SHMLBA and every IPC_ constant",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "POSIX.1-2017 <sys/ipc.h>", "POSIX.1-2024 <sys/ipc.h>",
    COVERS("shm_h.exists shm_h.flags shm_h.shmlba shm_h.prototypes shm_h.ipc_h"))
{
	/* That this file compiles is most of it. */
	check_distinct_bits(ipc_flags, 3);
	check_distinct_bits(shm_flags, 2);
	CHECK_EQ(0, (ipc_flags[0] | ipc_flags[1]) & 0777); /* or-ed with the mode */
	for (size_t i = 0; i < 3; i++)
		CHECK_NE(ipc_commands[i], ipc_commands[(i + 1) % 3]);
	CHECK_EQ(IPC_PRIVATE, ipc_private);
	if (boundary() == 0)
		deviates(DRAGONFLY, "SHMLBA needs <machine/param.h>", "DragonFly shmget(2)");
	CHECK(boundary() > 0);
	REQUIRE(functions.at != NULL);
	REQUIRE(functions.ctl != NULL);
	REQUIRE(functions.dt != NULL);
	REQUIRE(functions.get != NULL);
}

CASE(segsz_initial, SHALL, "shm_segsz of a new segment equals the requested size, without rounding",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)",
    "illumos shmget(2)")
{
	const size_t sizes[] = { 1, 2, page_size() - 1, page_size(), page_size() + 1, 3 * page_size() + 17, 65537 };

	size_deviates();
	for (size_t i = 0; i < nitems(sizes); i++) {
		int id = segment_create(sizes[i]);

		CHECK_EQ(sizes[i], segment_stat(id).shm_segsz);
		segment_attach(id, NULL, 0);
		CHECK_EQ(sizes[i], segment_stat(id).shm_segsz);
	}
}

static void
create(void *arg)
{
	segment_create_with_key(*(key_t *)arg, page_size(), 0600);
}

CASE(cpid_initial, SHALL,
    "shm_cpid of a new segment is the process ID of the creator, and stays it when others use the segment",
    "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>", "Linux shmctl(2)", "FreeBSD shmctl(2)", "NetBSD shmctl(2)",
    "OpenBSD shmctl(2)", "DragonFly shmctl(2)", "macOS shmctl(2)", COVERS("BS13"))
{
	key_t key = segment_key();
	time_t before = coarse_time();
	struct child creator = child_start(create, &key);
	child_reaches_end(&creator);
	int id = shmget(key, 0, 0);
	struct shmid_ds status = segment_stat(id);
	CHECK_EQ(creator.pid, status.shm_cpid);
	CHECK_TIME_BETWEEN(before, coarse_time(), status.shm_ctime);

	char *p = segment_attach(id, NULL, 0);
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &status));
	CHECK_EQ(creator.pid, segment_stat(id).shm_cpid);

	segment_attach(id, NULL, 0);
	segment_detach(p);
	child_exits(&creator);
	CHECK_EQ(creator.pid, segment_stat(id).shm_cpid); /* though that process is gone */
}

CASE(lpid_initial_zero, SHALL, "shm_lpid of a new segment is 0", "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)",
    "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	CHECK_EQ(0, segment_stat(segment_create(page_size())).shm_lpid);
}

CASE(nattch_initial_zero, SHALL, "shm_nattch of a new segment is 0", "POSIX.1-2017 shmget() DESCRIPTION",
    "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	CHECK_EQ(0, segment_stat(segment_create(page_size())).shm_nattch);
}

CASE(atime_initial_zero, SHALL, "shm_atime of a new segment is 0", "POSIX.1-2017 shmget() DESCRIPTION",
    "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)", "illumos shmget(2)")
{
	CHECK_EQ(0, segment_stat(segment_create(page_size())).shm_atime);
}

CASE(dtime_initial_zero, SHALL, "shm_dtime of a new segment is 0, and stays 0 while it is only attached",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)",
    "illumos shmget(2)")
{
	int id = segment_create(page_size());
	CHECK_EQ(0, segment_stat(id).shm_dtime);

	segment_attach(id, NULL, 0);
	segment_attach(id, NULL, SHM_RDONLY);

	CHECK_EQ(0, segment_stat(id).shm_dtime);
}

CASE(lpid_initial_zero__second_life, SHALL,
    "A new segment with the key of one that was used and removed has the status and the mode of any new segment",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)",
    "illumos shmget(2)", ALSO("shmid_ds.nattch-initial-zero"), ALSO("shmid_ds.atime-initial-zero"),
    ALSO("shmid_ds.dtime-initial-zero"), ALSO("shmid_ds.mode-initial"))
{
	key_t key = segment_key();
	int used = segment_create_with_key(key, 3 * page_size(), 0666);
	char *p = segment_attach(used, NULL, 0);
	segment_attach(used, NULL, 0);
	segment_detach(p);
	segment_remove(used); /* still attached once */

	struct shmid_ds status = segment_stat(segment_create_with_key(key, page_size(), 0600));

	CHECK_EQ(0, status.shm_lpid);
	CHECK_EQ(0, status.shm_nattch);
	CHECK_EQ(0, status.shm_atime);
	CHECK_EQ(0, status.shm_dtime);
	CHECK_EQ(0600, status.shm_perm.mode & 0777);
	CHECK_EQ(page_size(), status.shm_segsz);
}

CASE(ctime_initial_now, SHALL, "shm_ctime of a new segment is the time of creation",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)",
    "illumos shmget(2)", COVERS("shmctl.stat_ctime_create"))
{
	time_t before = coarse_time();
	int id = segment_create(page_size());
	time_t after = coarse_time();

	CHECK_TIME_BETWEEN(before, after, segment_stat(id).shm_ctime);
}

CASE(timestamps_truncated, SHALL,
    "A timestamp set to the current time is the largest whole second that is not after it",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description")
{
	time_t before = coarse_time();
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	segment_attach(id, NULL, 0);
	segment_detach(p);
	struct shmid_ds status = segment_stat(id);
	struct timespec after; /* the precise clock, which is behind no other */
	REQUIRE(clock_gettime(CLOCK_REALTIME, &after) == 0);

	CHECK_TIME_BETWEEN(before, after.tv_sec, status.shm_ctime);
	CHECK_TIME_BETWEEN(before, after.tv_sec, status.shm_atime);
	CHECK_TIME_BETWEEN(before, after.tv_sec, status.shm_dtime);
}

static void
check_ids_of_new_segment(void)
{
	struct shmid_ds status = segment_stat(segment_create(page_size()));

	CHECK_EQ(geteuid(), status.shm_perm.uid);
	CHECK_EQ(geteuid(), status.shm_perm.cuid);
	CHECK_EQ(getegid(), status.shm_perm.gid);
	CHECK_EQ(getegid(), status.shm_perm.cgid);
}

CASE(uid_cuid_initial, SHALL,
    "uid and cuid of a new segment are the creator's effective user ID, gid and cgid the effective group ID",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)",
    "illumos shmget(2)", ALSO("shmid_ds.gid-cgid-initial"), COVERS("BS7"))
{
	check_ids_of_new_segment();
}

static void
create_with_effective_ids(__attribute__((unused)) void *arg)
{
	REQUIRE(setegid(group_id(OTHER)) == 0);
	REQUIRE(seteuid(user_id(OWNER)) == 0);
	check_ids_of_new_segment();
	REQUIRE(geteuid() != getuid());
	REQUIRE(getegid() != getgid());
}

CASE(uid_cuid_initial__not_real_id, SHALL,
    "uid, cuid, gid and cgid of a new segment are the creator's effective IDs, also where its real ones differ",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)", "macOS shmget(2)",
    "illumos shmget(2)", ALSO("shmid_ds.gid-cgid-initial"), NEEDS_USERS)
{
	in_child(create_with_effective_ids, NULL);
}

static void
check_modes(const int *modes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int id = segment_create_with_key(segment_key(), page_size(), modes[i]);

		CHECK_EQ(modes[i], segment_stat(id).shm_perm.mode & 0777);
	}
}

CASE(mode_initial, SHALL, "The low nine bits of the mode of a new segment are those of shmflg",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)", COVERS("BS9"))
{
	static const int modes[] = { 0400, 0500, 0600, 0410, 0420, 0440, 0401, 0402, 0404, 0640, 0666, 0777 };

	check_modes(modes, nitems(modes));
}

CASE(mode_initial__unreadable, SHALL,
    "The low nine bits of the mode of a new segment are those of shmflg, also without read permission or any bit",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)",
    "OpenBSD shmget(2)", "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)", NEEDS_USERS,
    NEEDS_IPC_PRIVILEGES)
{
	static const int modes[] = { 0000, 0100, 0200, 0010, 0020, 0040, 0001, 0002, 0004, 0222, 0066 };

	check_modes(modes, nitems(modes));
}

static void
create_under_umask(__attribute__((unused)) void *arg)
{
	umask(0777);
	CHECK_EQ(0666, segment_stat(segment_create_with_key(segment_key(), page_size(), 0666)).shm_perm.mode & 0777);
	umask(0);
	CHECK_EQ(0600, segment_stat(segment_create_with_key(segment_key(), page_size(), 0600)).shm_perm.mode & 0777);
}

CASE(mode_ignores_umask, SHALL, "The file mode creation mask of the process does not change the mode of a segment",
    "POSIX.1-2017 shmget() DESCRIPTION", COVERS("BS8"))
{
	in_child(create_under_umask, NULL);
}

CASE(cuid_cgid_constant, SHALL, "IPC_SET with other values for cuid and cgid leaves them as they are",
    "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
{
	int id = segment_create(page_size());
	struct shmid_ds change = segment_stat(id);

	for (int i = 0; i < 2; i++) {
		change.shm_perm.uid = change.shm_perm.cuid = user_id(i == 0 ? OWNER : OTHER);
		change.shm_perm.gid = change.shm_perm.cgid = group_id(i == 0 ? OTHER : OWNER);
		CHECK_SUCCEEDS(shmctl(id, IPC_SET, &change));
		CHECK_EQ(geteuid(), segment_stat(id).shm_perm.cuid);
		CHECK_EQ(getegid(), segment_stat(id).shm_perm.cgid);
	}
}

static key_t
key_shown(int id)
{
	struct shmid_ds status = segment_stat(id);
	key_t key;

	REQUIRE(key_in_status(&status, &key));
	return key;
}

CASE(linux_key_seq_members, DOCUMENTED, "The key that was given to shmget() is visible as __key", "Linux shmctl(2)")
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0600);
	int private = segment_own(shmget(IPC_PRIVATE, page_size(), IPC_CREAT | 0600));

	CHECK_EQ(key, key_shown(id));
	CHECK_EQ(IPC_PRIVATE, key_shown(private));
}
