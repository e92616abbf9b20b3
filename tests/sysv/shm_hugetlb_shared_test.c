/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments of huge pages that several processes use, again and again, and buffers that are no memory. */

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "huge_pages.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(shmget, NEEDS_SEGMENTS)

/* Skips the case where this process may not have huge pages, or no such number any more. */
static int
huge_segment(size_t size)
{
	int id = shmget(segment_key(), size, IPC_CREAT | IPC_EXCL | SHM_HUGETLB | 0600);

	if (id == -1 && errno == EPERM)
		end_skipped("needs CAP_IPC_LOCK or the group of vm.hugetlb_shm_group");
	if (id == -1 && (errno == ENOMEM || errno == ENOSPC || (errno == EINVAL && is_over_shmmax(size))))
		end_skipped("needs room for a segment of %zu bytes in huge pages: %s", size, errno_name(errno));
	REQUIRE(id != -1);
	return segment_own(id);
}

enum { CHILDREN = 4 };

struct share {
	int id;
	size_t size; /* of the part of one child */
	unsigned number;
};

static void
fill_part(void *arg)
{
	const struct share *s = arg;
	char *p = segment_attach(s->id, NULL, 0);

	memset(p + s->number * s->size, 'a' + (int)s->number, s->size);
	pause_for_parent(); /* until all have done so */
	for (unsigned i = 0; i < CHILDREN; i++)
		CHECK_BYTES('a' + i, p + i * s->size, s->size);
	segment_detach(p);
}

CASE(flag_hugetlb_shared__several, DOCUMENTED,
    "Four children attach a segment of huge pages and store in it: each finds what all have stored, and each counts",
    "Linux shmop(2)", "Linux shmctl(2)", NEEDS_HUGE_PAGES(2), COVERS("shmat.huge_children"))
{
	size_t huge = huge_page_size();
	struct child c[CHILDREN];
	struct share s = { .id = huge_segment(2 * huge), .size = 2 * huge / CHILDREN };

	for (s.number = 0; s.number < CHILDREN; s.number++) {
		c[s.number] = child_start(fill_part, &s);
		child_reaches_pause(&c[s.number]);
		CHECK_EQ(s.number + 1, segment_stat(s.id).shm_nattch);
	}
	for (unsigned i = 0; i < CHILDREN; i++)
		child_goes_on(&c[i]);
	for (unsigned i = 0; i < CHILDREN; i++)
		child_exits(&c[i]);
	CHECK_EQ(0, segment_stat(s.id).shm_nattch);
}

static void
store_and_exit(void *arg)
{
	char *p = arg;

	CHECK_BYTES(0, p, huge_page_size());
	memset(p, 'c', huge_page_size());
}

CASE(flag_hugetlb_ok__again, DOCUMENTED,
    "Of eight segments of huge pages one after the other each "
    "reads as zero and shows what a child has stored that ended",
    "Linux shmget(2)", "Linux Documentation/admin-guide/mm/hugetlbpage.rst", NEEDS_HUGE_PAGES(1),
    COVERS("stress.hugeshm"))
{
	size_t huge = huge_page_size();

	for (int i = 0; i < 8; i++) {
		int id = huge_segment(huge);
		char *p = segment_attach(id, NULL, 0);

		in_child(store_and_exit, p);
		CHECK_BYTES('c', p, huge);
		segment_remove(id);
		segment_detach(p);
	}
}

static void
pass_no_memory(void *arg)
{
	int id = *(int *)arg;
	struct shmid_ds before = segment_stat(id);
	void *nothing = free_range(page_size());

	CHECK_FAILS(EFAULT, -1, shmctl(id, IPC_STAT, nothing));
	CHECK_FAILS(EFAULT, -1, shmctl(id, IPC_SET, nothing));
	CHECK_STATUS_UNCHANGED(before, id);
}

CASE(flag_hugetlb_control__efault, DOCUMENTED,
    "IPC_STAT and IPC_SET of a segment of huge pages with a buffer that is no memory fail with EFAULT",
    "Linux shmctl(2)", NEEDS_HUGE_PAGES(1), NEEDS_BUFFER_LEFT_TO_KERNEL, COVERS("shmctl.huge_errors"))
{
	int id = huge_segment(huge_page_size());

	in_child(pass_no_memory, &id);
}
