/* SPDX-License-Identifier: BSD-2-Clause */

/* What Linux shows of all segments by shmctl() and in /proc, and what becomes of locked segments. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "ipc_namespace.h"
#include "linux_shmctl.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(shmctl, NEEDS_SEGMENTS)

/* The sums of the lines of /proc/sysvipc/shm. */
struct sums {
	int segments;
	unsigned long pages;
	unsigned long resident;
	unsigned long swapped;
};

static struct sums
sums_in_proc(void)
{
	FILE *file = fopen("/proc/sysvipc/shm", "r");
	struct sums sums = { 0, 0, 0, 0 };
	unsigned long long size;
	unsigned long long resident;
	unsigned long long swapped;
	char line[512];

	REQUIRE(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%*d %*d %*o %llu %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %llu %llu", &size, &resident,
			&swapped) != 3)
			continue; /* the header */
		sums.segments++;
		sums.pages += (unsigned long)((size + page_size() - 1) / page_size());
		sums.resident += (unsigned long)(resident / page_size());
		sums.swapped += (unsigned long)(swapped / page_size());
	}
	fclose(file);
	return sums;
}

static void
check_usage(void)
{
	struct sums sums = sums_in_proc();
	struct shm_info info;

	memset(&info, 0xa5, sizeof(info));
	CHECK(shmctl(0, SHM_INFO, (void *)&info) >= 0);
	CHECK_EQ(sums.segments, info.used_ids);
	CHECK_EQ(sums.pages, info.shm_tot);
	/* Between the two looks pages may go out to swap space. */
	CHECK_EQ(sums.resident + sums.swapped, info.shm_rss + info.shm_swp);
}

static void
compare_usage(__attribute__((unused)) void *arg)
{
	enter_new_ipc_namespace();
	check_usage();
	int untouched = segment_create(3 * page_size() + 1);
	int touched = segment_create(5 * page_size());
	char *p = segment_attach(touched, NULL, 0);
	check_usage();

	pattern_store(1, p, 5 * page_size());
	check_usage();
	segment_remove(untouched);
	segment_remove(touched); /* is there until it is detached */
	check_usage();
	CHECK_EQ(1, sums_in_proc().segments);
	segment_detach(p);
	check_usage();
	CHECK_EQ(0, sums_in_proc().segments);
}

CASE(shm_info__as_in_proc, DOCUMENTED,
    "SHM_INFO gives the segments, pages, and resident and swapped pages that the lines of /proc/sysvipc/shm add up to",
    "Linux shmctl(2)", "Linux proc(5)", NEEDS_LIST_OF_SEGMENTS, NEEDS_IPC_NAMESPACE, COVERS("shmctl.shm_info_totals"))
{
	in_child(compare_usage, NULL);
}

/* How many indices SHM_STAT_ANY takes, up to the one that SHM_INFO returns; it takes none beyond. */
static int
indices_in_use(const struct shm_info *info, int highest)
{
	struct shmid_ds status;
	int count = 0;

	for (int at = 0; at <= highest + 3; at++)
		if (shmctl(at, SHM_STAT_ANY, &status) != -1) {
			CHECK(at <= highest);
			count++;
		}
	CHECK_EQ(info->used_ids, count);
	return count;
}

static void
count_indices(void *arg)
{
	struct shm_info info;
	struct shmid_ds status;
	int highest = shmctl(0, SHM_INFO, (void *)&info);

	CHECK(highest >= 0);
	CHECK_EQ(*(int *)arg, indices_in_use(&info, highest));
	CHECK_NE(-1, shmctl(highest, SHM_STAT_ANY, &status));
	CHECK_EQ(page_size(), status.shm_segsz);
}

static void
count_as_all_users(__attribute__((unused)) void *arg)
{
	int count = 5;

	enter_new_ipc_namespace();
	segment_create(page_size());
	int removed = segment_create(page_size());
	for (int i = 1; i < count; i++)
		segment_create_with_key(segment_key(), page_size(), i % 2 == 0 ? 0 : 0600);
	segment_remove(removed);

	count_indices(&count);
	as_user(OTHER, count_indices, &count);
}

CASE(shm_stat_permission__any_finds_all, DOCUMENTED,
    "SHM_STAT_ANY finds as many segments as SHM_INFO counts, the last at the index that it returns, for any user",
    "Linux 4.17 shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_IPC_NAMESPACE,
    COVERS("shmctl.shm_info_index shmctl.stat_any"))
{
	in_child(count_as_all_users, NULL);
}

/* The manual says what these give, and nothing of the identifier. */
CASE(info_negative_id, OBSERVED,
    "IPC_INFO and SHM_INFO accept a negative identifier, which they do not use, or both fail with EINVAL",
    "Linux shmctl(2)", NEEDS_PLATFORM(LINUX), COVERS("shmctl.info_negative_id"))
{
	segment_create(page_size());
	char limits[256];
	struct shm_info info;

	errno = 0;
	int told = shmctl(-1, IPC_INFO, (void *)limits);
	CHECK(told >= 0 || errno == EINVAL);
	errno = 0;
	int used = shmctl(-1, SHM_INFO, (void *)&info);
	CHECK(used >= 0 || errno == EINVAL);
	CHECK(shmctl(0, SHM_INFO, (void *)&info) >= 0);
	CHECK_EQ(told == -1, used == -1);
	observed("info-with-negative-id", "%s", used == -1 ? "EINVAL" : "accepted");
}

/* The argument: SHM_STAT or SHM_STAT_ANY. */
static void
reuse_index(void *arg)
{
	int command = *(int *)arg;
	struct shmid_ds status;

	enter_new_ipc_namespace();
	int before = segment_create(page_size());
	int at = segment_index(before);
	int id = before;
	/* Linux goes round some 64 indices before it takes one again. */
	for (int i = 0; i < 256 && (id == before || segment_index(id) != at); i++) {
		segment_remove(id);
		id = segment_create(2 * page_size());
	}
	need(segment_index(id) == at, "needs an index that is used again within 256 segments");

	CHECK_DESTROYED(before);
	CHECK_FAILS(EINVAL, (void *)-1, shmat(before, NULL, 0));
	REQUIRE(shmctl(at, command, &status) == id);
	CHECK_EQ(2 * page_size(), status.shm_segsz);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(shm_stat_index__reused, DOCUMENTED,
    "SHM_STAT of an index that was used before gives the identifier of its new segment, and the old one is invalid",
    "Linux shmctl(2)", NEEDS_IPC_NAMESPACE)
{
	int command = SHM_STAT;

	in_child(reuse_index, &command);
}

CASE(shm_stat_index__reused_for_any, DOCUMENTED,
    "SHM_STAT_ANY of an index that was used before gives the identifier of its new segment, and the old one is invalid",
    "Linux 4.17 shmctl(2)", NEEDS_IPC_NAMESPACE, COVERS("shmctl.stale_id_after_reuse"))
{
	int command = SHM_STAT_ANY;

	in_child(reuse_index, &command);
}

enum { SHARES = 8 };

/* Lock a part of what the user may lock, more often than there are parts: other runs need some as well. */
static void
lock_and_forget(void *arg)
{
	key_t key = *(key_t *)arg;
	struct rlimit locked;

	REQUIRE(getrlimit(RLIMIT_MEMLOCK, &locked) == 0);
	size_t size = (size_t)locked.rlim_cur / SHARES / page_size() * page_size();
	for (int i = 0; i < 2 * SHARES; i++) {
		int id = segment_create_with_key(key, size, 0600);
		char *p = segment_attach(id, NULL, 0);

		CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL));
		if (i % 4 == 0)
			CHECK_SUCCEEDS(shmctl(id, SHM_LOCK, NULL)); /* counts once */
		if (i % 4 == 1)
			CHECK_SUCCEEDS(shmctl(id, SHM_UNLOCK, NULL));
		if (i % 4 == 2)
			segment_detach(p);
		segment_remove(id);
		if (i % 4 != 2)
			segment_detach(p);
	}
}

/* A limit that parts of a segment reach, and not so high that a case would take the machine's memory. */
static void
need_lock_limit(void)
{
	struct rlimit locked;

	REQUIRE(getrlimit(RLIMIT_MEMLOCK, &locked) == 0);
	need(locked.rlim_cur >= (rlim_t)(16 * SHARES * page_size()), "needs RLIMIT_MEMLOCK of %d pages", 16 * SHARES);
	need(locked.rlim_cur <= (rlim_t)1 << 30, "needs RLIMIT_MEMLOCK of a gigabyte at most");
}

#define NEEDS_LOCK_LIMIT NEED("RLIMIT_MEMLOCK of 128 pages to a gigabyte", .ask = need_lock_limit)

CASE(lock_charge_released, DOCUMENTED,
    "A segment that SHM_LOCK locked no longer counts towards RLIMIT_MEMLOCK once it is unlocked or destroyed",
    "Linux shmctl(2)", "Linux getrlimit(2)", NEEDS_PLAIN_USER, NEEDS_LOCK_LIMIT, COVERS("shmctl.lock_charge_released"))
{
	key_t key = segment_key();

	as_user(plain_user(), lock_and_forget, &key);
}

enum { ROUNDS = 50 };

struct race {
	key_t key;
	atomic_uint *arrived; /* twice a round, by each of two */
};

/* For each round the key is taken from its segment, and given to a new one. */
static void
replace_segment(void *arg)
{
	const struct race *race = arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		int id = shmget(race->key, 0, 0);

		start_together(race->arrived, 4 * i + 2);
		CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
		CHECK_NE(-1, segment_own(shmget(race->key, page_size(), IPC_CREAT | IPC_EXCL | 0600)));
		start_together(race->arrived, 4 * i + 4);
	}
}

static void
remap_segment(void *arg)
{
	const struct race *race = arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		char *p = segment_attach(shmget(race->key, 0, 0), NULL, 0);

		*p = 'p';
		start_together(race->arrived, 4 * i + 2);
		errno = 0;
		int result = remap_file_pages(p, page_size(), 0, 0, 0);
		CHECK(result == 0 || errno == EINVAL || errno == EIDRM || errno == ENOSYS);
		if (result == 0)
			CHECK_EQ('p', *p); /* never the new segment */
		shmdt(p);                  /* the attachment may have gone with the refusal */
		start_together(race->arrived, 4 * i + 4);
	}
}

/* Linux before 4.6 followed a file there that the removal had freed. */
CASE(rmid_during_remap, OBSERVED,
    "remap_file_pages() during a removal and a new use of the key works or fails, and never maps the new segment",
    "Linux remap_file_pages(2)", NEEDS_PLATFORM(LINUX), NEEDS_SEGMENTS_THAT_STAY, COVERS("shmctl.rmid_remap_uaf"))
{
	struct race race = { segment_key(), map_anonymous(page_size(), MAP_SHARED) };
	char *alone = segment_attach(segment_create_with_key(race.key, page_size(), 0600), NULL, 0);
	bool can_work = remap_file_pages(alone, page_size(), 0, 0, 0) == 0;
	shmdt(alone);

	struct child remover = child_start(replace_segment, &race);
	struct child mapper = child_start(remap_segment, &race);
	child_exits(&remover);
	child_exits(&mapper);
	observed("remap-file-pages-during-removal", "%s", can_work ? "can work" : "refused");
}
