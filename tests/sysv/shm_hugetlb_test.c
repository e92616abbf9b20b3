/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments of huge pages, which Linux makes with SHM_HUGETLB. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "huge_pages.h"
#include "ipc_namespace.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(shmget, NEEDS_SEGMENTS)

static void
need_smaps(void)
{
	bool is_there = access("/proc/self/smaps", R_OK) == 0;

	need(is_there, "needs /proc/self/smaps: %s", errno_name(errno));
}

#define NEEDS_SMAPS NEED("/proc/self/smaps", .ask = need_smaps)

static void
need_size_above_memory(void)
{
	need_less_memory_than_addresses();
	need(!is_over_shmmax(huge_pages_above_memory()), "needs a shmmax above the memory of the machine");
}

#define NEEDS_SIZE_ABOVE_MEMORY NEED("a shmmax above the memory of the machine", .ask = need_size_above_memory)

/* The base-2 logarithm of a page size stands in the flags from this bit on, shmget(2). */
enum { PAGE_SIZE_SHIFT = 26 };

/* Skips the case where this process may not have huge pages, or no such number any more. */
static int
huge_with_flags(key_t key, size_t size, int flags)
{
	int id = shmget(key, size, IPC_CREAT | IPC_EXCL | SHM_HUGETLB | flags);

	if (id == -1 && errno == EPERM)
		end_skipped("needs CAP_IPC_LOCK or the group of vm.hugetlb_shm_group");
	if (id == -1 && (errno == ENOMEM || errno == ENOSPC))
		end_skipped("needs room for a segment of %zu bytes in huge pages: %s", size, errno_name(errno));
	return segment_own(id);
}

static int
huge_segment(key_t key, size_t size, int mode)
{
	int id = huge_with_flags(key, size, mode);

	REQUIRE(id != -1);
	return id;
}

/* The bytes of this field of /proc/self/smaps for the mapping that starts there. */
static size_t
bytes_in_smaps(const void *start, const char *field)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	unsigned long from;
	unsigned long kilobytes = 0;
	bool is_there = false;
	char name[32];
	char line[512];

	REQUIRE(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%lx-%*x %*s", &from) == 1 && strchr(line, '-') < strchr(line, ' '))
			is_there = from == (uintptr_t)start;
		else if (is_there && sscanf(line, "%31s %lu kB", name, &kilobytes) == 2 && strcmp(name, field) == 0)
			break;
	}
	is_there = is_there && !feof(file);
	fclose(file);
	if (!is_there)
		end_failed("/proc/self/smaps has no %s for the attachment", field);
	return kilobytes * 1024;
}

CASE(flag_hugetlb_ok, DOCUMENTED,
    "SHM_HUGETLB creates a segment of huge pages, which read as zero and keep what is stored", "Linux shmget(2)",
    "Linux Documentation/admin-guide/mm/hugetlbpage.rst", NEEDS_FREE_HUGE_PAGES(2), NEEDS_SMAPS,
    COVERS("shmget.huge_create"))
{
	size_t huge = huge_page_size();
	int id = huge_segment(segment_key(), 2 * huge, 0600);
	char *p = segment_attach(id, NULL, 0);

	struct shmid_ds status = segment_stat(id);

	CHECK_EQ(0, (uintptr_t)p % huge);
	CHECK_EQ(huge, bytes_in_smaps(p, "KernelPageSize:"));
	CHECK_EQ(2 * huge, status.shm_segsz);
	CHECK_EQ(geteuid(), status.shm_perm.uid);
	CHECK_EQ(geteuid(), status.shm_perm.cuid);
	CHECK_BYTES(0, p, 2 * huge);
	pattern_store(1, p, 2 * huge);
	CHECK_PATTERN(1, segment_attach(id, NULL, SHM_RDONLY), 2 * huge);
}

CASE(flag_hugetlb_ok__page_size, DOCUMENTED,
    "SHM_HUGETLB takes the size of its pages as a logarithm in the flags, the default size too", "Linux 3.8 shmget(2)",
    NEEDS_HUGE_PAGES(1), NEEDS_SMAPS)
{
	size_t huge = huge_page_size();
	int logarithm = 0;
	while ((size_t)1 << logarithm < huge)
		logarithm++;

	int id = huge_with_flags(segment_key(), huge, logarithm << PAGE_SIZE_SHIFT | 0600);
	CHECK_NE(-1, id);
	char *p = segment_attach(id, NULL, 0);
	CHECK_EQ(huge, bytes_in_smaps(p, "KernelPageSize:"));
	CHECK_STORE_OK(&p[huge - 1]);
}

/* Linux before 3.10 refused some sizes that are no multiple, and mistook others. */
CASE(flag_hugetlb_any_size, DOCUMENTED,
    "SHM_HUGETLB takes any size, keeps it as shm_segsz, and gives the whole of the last huge page", "Linux shmget(2)",
    "Linux Documentation/admin-guide/mm/hugetlbpage.rst", NEEDS_HUGE_PAGES(2), COVERS("shmget.huge_rounding"))
{
	size_t huge = huge_page_size();
	const size_t sizes[] = { 1, page_size(), huge / 2 + 1, huge - 1, huge, huge + 1, huge + page_size(),
		2 * huge - 1 };

	for (size_t i = 0; i < nitems(sizes); i++) {
		int id = huge_with_flags(segment_key(), sizes[i], 0600);
		CHECK_NE(-1, id);
		char *p = segment_attach(id, NULL, 0);
		size_t pages = sizes[i] > huge ? 2 : 1;

		CHECK_EQ(sizes[i], segment_stat(id).shm_segsz);
		CHECK_STORE_OK(&p[sizes[i] - 1]);
		CHECK_STORE_OK(&p[pages * huge - 1]);
		segment_remove(id);
		segment_detach(p);
	}
}

CASE(flag_hugetlb_no_pool, DOCUMENTED,
    "SHM_HUGETLB of more huge pages than there can be fails with ENOMEM and leaves the key without a segment",
    "Linux shmget(2)", NEEDS_HUGE_PAGES(1), NEEDS_SIZE_ABOVE_MEMORY, COVERS("shmget.hugetlb_enomem"))
{
	size_t huge = huge_page_size();
	size_t size = huge_pages_above_memory();
	key_t key = segment_key();
	huge_segment(key, huge, 0600);
	key_t other = segment_key();

	CHECK_FAILS(ENOMEM, -1, shmget(other, size, IPC_CREAT | SHM_HUGETLB | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(other, 0, 0));
	CHECK_FAILS(ENOMEM, -1, shmget(other, size, IPC_CREAT | IPC_EXCL | SHM_HUGETLB | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(other, 0, SHM_HUGETLB));
	CHECK_NE(-1, shmget(key, huge, 0)); /* what was there is there */
}

CASE(flag_hugetlb_errors, DOCUMENTED,
    "shmget() of huge pages fails with EINVAL, ENOENT and EEXIST as without SHM_HUGETLB", "Linux shmget(2)",
    NEEDS_HUGE_PAGES(1), COVERS("shmget.huge_size0 shmget.huge_bigger shmget.huge_eexist shmget.huge_enoent"))
{
	size_t huge = huge_page_size();
	key_t key = segment_key();
	int id = huge_segment(key, huge, 0600);
	key_t unused = segment_key();

	CHECK_FAILS(EINVAL, -1, shmget(unused, 0, IPC_CREAT | SHM_HUGETLB | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(unused, huge, SHM_HUGETLB | 0600));
	CHECK_FAILS(EEXIST, -1, shmget(key, huge, IPC_CREAT | IPC_EXCL | SHM_HUGETLB | 0600));
	CHECK_FAILS(EINVAL, -1, shmget(key, huge + 1, SHM_HUGETLB | 0600));
	CHECK_FAILS(EINVAL, -1, shmget(key, 2 * huge, IPC_CREAT | SHM_HUGETLB | 0600));

	CHECK_EQ(id, shmget(key, huge, SHM_HUGETLB | 0600));
	CHECK_EQ(id, shmget(key, 0, 0)); /* the flag is for creation */
}

static void
reach_shmmni(void *arg)
{
	size_t huge = *(size_t *)arg;

	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 1);
	int id = huge_segment(segment_key(), huge, 0600);
	key_t key = segment_key();

	CHECK_FAILS(ENOSPC, -1, shmget(key, huge, IPC_CREAT | SHM_HUGETLB | 0600));
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	segment_remove(id);
	CHECK_NE(-1, huge_with_flags(key, huge, 0600));
}

CASE(flag_hugetlb_enospc, DOCUMENTED, "SHM_HUGETLB of one segment more than the system's limit fails with ENOSPC",
    "Linux shmget(2)", NEEDS_HUGE_PAGES(2), NEEDS_IPC_LIMITS, COVERS("shmget.huge_enospc"))
{
	size_t huge = huge_page_size();

	in_child(reach_shmmni, &huge);
}

struct huge {
	key_t key;
	int id;
	size_t size;
};

static void
be_refused(void *arg)
{
	const struct huge *h = arg;
	struct shmid_ds status = { .shm_perm = { .uid = geteuid(), .gid = getegid(), .mode = 0666 } };

	CHECK_FAILS(EACCES, -1, shmget(h->key, h->size, 0600));
	CHECK_FAILS(EACCES, (void *)-1, shmat(h->id, NULL, 0));
	CHECK_FAILS(EACCES, (void *)-1, shmat(h->id, NULL, SHM_RDONLY));
	CHECK_FAILS(EACCES, -1, shmctl(h->id, IPC_STAT, &status));
	CHECK_FAILS(EPERM, -1, shmctl(h->id, IPC_SET, &status));
	CHECK_FAILS(EPERM, -1, shmctl(h->id, IPC_RMID, NULL));
}

CASE(flag_hugetlb_permission, DOCUMENTED,
    "A user without permission gets EACCES from shmget(), shmat() and IPC_STAT, and EPERM from IPC_SET and IPC_RMID",
    "Linux shmget(2)", "Linux shmop(2)", "Linux shmctl(2)", NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_HUGE_PAGES(1),
    COVERS("shmget.huge_eacces shmat.huge_eacces shmctl.huge_perms"))
{
	struct huge h = { .size = huge_page_size() };
	h.key = segment_key();
	h.id = huge_segment(h.key, h.size, 0600);
	struct shmid_ds before = segment_stat(h.id);

	as_user(OTHER, be_refused, &h);

	CHECK_STATUS_UNCHANGED(before, h.id);
}

CASE(flag_hugetlb_attach, DOCUMENTED,
    "A segment of huge pages is attached at a multiple of the huge page size, chosen by the system or by the caller",
    "Linux shmop(2)", NEEDS_HUGE_PAGES(1),
    COVERS("shmat.huge_null shmat.huge_rnd shmat.huge_rdonly shmat.huge_unaligned"))
{
	size_t huge = huge_page_size();
	int id = huge_segment(segment_key(), huge, 0600);
	char *p = segment_attach(id, NULL, 0);
	char *wanted = free_huge_range(2 * huge);
	p[huge - 1] = 'p';

	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, wanted + 1, 0));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, wanted + page_size(), 0)); /* of another page size */
	CHECK_UNMAPPED(wanted, attach_multiple());
	CHECK_EQ(1, segment_stat(id).shm_nattch);

	char *rounded = shmat(id, wanted + attach_multiple() - 1, SHM_RND);
	char *ro = shmat(id, wanted + huge, SHM_RDONLY);
	CHECK_EQ(wanted, rounded);
	CHECK_EQ(wanted + huge, ro);
	REQUIRE(rounded != (void *)-1);
	REQUIRE(ro != (void *)-1);
	CHECK_EQ('p', rounded[huge - 1]);
	CHECK_EQ('p', ro[huge - 1]);
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &ro[huge - 1]);
	CHECK_EQ(3, segment_stat(id).shm_nattch);
}

CASE(flag_hugetlb_detach, DOCUMENTED, "A detach unmaps all huge pages, and a new attachment shows the data again",
    "Linux shmop(2)", NEEDS_HUGE_PAGES(2), COVERS("shmdt.huge_segv"))
{
	size_t huge = huge_page_size();
	int id = huge_segment(segment_key(), 2 * huge, 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(2, p, 2 * huge);

	CHECK_FAILS(EINVAL, -1, shmdt(p + huge));
	CHECK_SUCCEEDS(shmdt(p));

	for (size_t at = 0; at < 2 * huge; at += huge) {
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_MAPERR, &p[at]);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, &p[at + huge - 1]);
	}
	CHECK_FAILS(EINVAL, -1, shmdt(p));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_PATTERN(2, segment_attach(id, NULL, 0), 2 * huge);
}

struct shared_huge {
	int id;
	size_t size;
	char *inherited;
};

static void
store_half(void *arg)
{
	const struct shared_huge *h = arg;
	char *own = segment_attach(h->id, NULL, 0);

	CHECK_BYTES('p', own, h->size / 2);
	CHECK_BYTES('p', h->inherited, h->size / 2);
	pause_for_parent();
	memset(own + h->size / 2, 'c', h->size / 2);
	CHECK_BYTES('c', h->inherited + h->size / 2, h->size / 2);
	pause_for_parent();
	segment_detach(own);
}

CASE(flag_hugetlb_shared, DOCUMENTED,
    "Processes that attach or inherit a segment of huge pages see each other's stores, and each attachment counts",
    "Linux shmop(2)", "Linux shmctl(2)", NEEDS_HUGE_PAGES(2), COVERS("shmctl.huge_stat"))
{
	size_t huge = huge_page_size();
	int id = huge_segment(segment_key(), 2 * huge, 0640);
	struct shared_huge h = { id, 2 * huge, segment_attach(id, NULL, 0) };
	memset(h.inherited, 'p', huge);
	struct child c = child_start(store_half, &h);
	child_reaches_pause(&c);
	struct shmid_ds status = segment_stat(id);

	CHECK_EQ(3, status.shm_nattch);
	CHECK_EQ(getpid(), status.shm_cpid);
	CHECK_EQ(c.pid, status.shm_lpid);
	CHECK_EQ(0640, status.shm_perm.mode);
	child_goes_on(&c);
	child_reaches_pause(&c);
	CHECK_BYTES('c', h.inherited + huge, huge);
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	child_exits(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(flag_hugetlb_control, DOCUMENTED,
    "IPC_STAT, IPC_SET and IPC_RMID work for a segment of huge pages as for any other", "Linux shmctl(2)",
    NEEDS_HUGE_PAGES(1), COVERS("shmctl.huge_set shmctl.huge_rmid"))
{
	size_t huge = huge_page_size();
	int id = huge_segment(segment_key(), huge, 0600);
	struct shmid_ds status = segment_stat(id);

	CHECK_EQ(0600, status.shm_perm.mode); /* no bit tells of huge pages */
	status.shm_perm.mode = 0440;
	CHECK_SUCCEEDS(shmctl(id, IPC_SET, &status));
	CHECK_EQ(0440, segment_stat(id).shm_perm.mode);
	CHECK_FAILS(EINVAL, -1, shmctl(id, -1, &status));

	char *p = segment_attach(id, NULL, SHM_RDONLY);
	CHECK_SUCCEEDS(shmctl(id, IPC_RMID, NULL));
	CHECK_BYTES(0, p, huge);
	CHECK_EQ(0440 | SHM_DEST, segment_stat(id).shm_perm.mode);
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_DESTROYED(id);
}
