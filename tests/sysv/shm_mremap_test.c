/* SPDX-License-Identifier: BSD-2-Clause */

/* Attachments of segments that move, grow and are duplicated: what they count, and how they are detached. */

#include <stdint.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "segment.h"

INTERFACE(mremap, NEEDS_PLATFORM(LINUX), NEEDS_SEGMENTS_THAT_STAY)

#define SOURCE "Linux ipc/shm.c shm_open()"

struct attachment {
	int id;
	size_t size;
	char *at;
};

static struct attachment
attached(size_t units)
{
	struct attachment a = { .size = units * attach_multiple() };

	a.id = segment_create(a.size);
	a.at = segment_attach(a.id, NULL, 0);
	pattern_store('s', a.at, a.size);
	return a;
}

static unsigned long
count_of(int id)
{
	return (unsigned long)segment_stat(id).shm_nattch;
}

CASE(attachment_moves, DOCUMENTED, "An attachment that moves counts as one, and shmdt() of its new address detaches it",
    "Linux mremap(2)", "Linux shmop(2)", COVERS("mremap.shm_move"))
{
	struct attachment a = attached(3);
	char *to = free_range(a.size);

	CHECK_EQ(to, mremap(a.at, a.size, a.size, MREMAP_MAYMOVE | MREMAP_FIXED, to));

	CHECK_EQ(1, count_of(a.id));
	CHECK_PATTERN('s', to, a.size);
	CHECK_UNMAPPED(a.at, a.size);
	CHECK_FAILS(EINVAL, -1, shmdt(a.at));
	CHECK_SUCCEEDS(shmdt(to));
	CHECK_EQ(0, count_of(a.id));
	CHECK_UNMAPPED(to, a.size);
}

CASE(attachment_moves__removed, DOCUMENTED,
    "A removed segment lives while a moved attachment of it does, and goes with it", "Linux mremap(2)",
    "Linux shmctl(2)")
{
	struct attachment a = attached(2);
	char *to = free_range(a.size);
	segment_remove(a.id);

	CHECK_EQ(to, mremap(a.at, a.size, a.size, MREMAP_MAYMOVE | MREMAP_FIXED, to));

	CHECK_PATTERN('s', to, a.size);
	CHECK_EQ(1, count_of(a.id));
	CHECK_SUCCEEDS(shmdt(to));
	CHECK_DESTROYED(a.id);
}

CASE(attachment_in_parts, OBSERVED,
    "After a middle part has moved, an attachment counts as one, two or three, and munmap() of all parts detaches it",
    "Linux mremap(2)", SOURCE, COVERS("mremap.shm_partial_move"))
{
	struct attachment a = attached(3);
	const size_t unit = attach_multiple();
	char *to = free_range(3 * unit);

	CHECK_EQ(to, mremap(a.at + unit, unit, unit, MREMAP_MAYMOVE | MREMAP_FIXED, to));
	unsigned long parts = count_of(a.id);
	shmdt(a.at);
	unsigned long detached = count_of(a.id);

	observed("parts-of-attachment", "counted as %lu, %lu after shmdt()", parts, detached);
	CHECK(parts >= 1);
	CHECK(parts <= 3);
	CHECK_PATTERN_FROM('s', unit, to, unit);
	unmap(to, unit);
	unmap(a.at, a.size);
	CHECK_EQ(0, count_of(a.id));
}

CASE(attachment_duplicated, DOCUMENTED,
    "An old size of zero makes another attachment, which counts and is detached by itself", "Linux mremap(2)", SOURCE,
    COVERS("mremap.shm_copy"))
{
	struct attachment a = attached(2);

	char *copy = mremap(a.at, 0, a.size, MREMAP_MAYMOVE);
	REQUIRE(copy != MAP_FAILED);

	CHECK_EQ(2, count_of(a.id));
	CHECK_PATTERN('s', copy, a.size);
	CHECK_SUCCEEDS(shmdt(copy));
	CHECK_EQ(1, count_of(a.id));
	CHECK_PATTERN('s', a.at, a.size);
	CHECK_SUCCEEDS(shmdt(a.at));
	CHECK_EQ(0, count_of(a.id));
}

CASE(attachment_grows_past_end, OBSERVED,
    "An attachment or its duplicate that is longer than what is left of the segment fails, or ends with SIGBUS there",
    "Linux mremap(2)", COVERS("mremap.shm_expand_sigbus mremap.shm_copy_middle"))
{
	const size_t unit = attach_multiple();
	struct attachment a = attached(2);

	char *now[] = { mremap(a.at + unit, 0, 3 * unit, MREMAP_MAYMOVE),
		mremap(a.at, a.size, 2 * a.size, MREMAP_MAYMOVE) };

	for (size_t i = 0; i < nitems(now); i++) {
		observed(
		    i == 0 ? "duplicate-past-end" : "growth-past-end", "%s", now[i] == MAP_FAILED ? "fails" : "works");
		if (now[i] == MAP_FAILED)
			continue;
		char *end = now[i] + (i == 0 ? unit : a.size);
		CHECK_PATTERN_FROM('s', i == 0 ? unit : 0, now[i], (size_t)(end - now[i]));
		CHECK_LOAD_FAULTS(SIGBUS, BUS_ADRERR, end);
		CHECK_STORE_FAULTS(SIGBUS, BUS_ADRERR, end + unit);
	}
	CHECK_EQ(a.size, segment_stat(a.id).shm_segsz);
}

CASE(attachment_refused, DOCUMENTED, "A mremap() of an attachment that fails does not change its count",
    "Linux mremap(2)", COVERS("mremap.shm_fail_no_leak mremap.bad_flags mremap.huge_old_len mremap.wrap_target"))
{
	const int fixed = MREMAP_MAYMOVE | MREMAP_FIXED;
	struct attachment a = attached(2);
	const size_t unit = attach_multiple();
	char *to = free_range(2 * a.size);

	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(a.at, unit, unit, fixed | 1 << 24, to));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(a.at, 0, unit, fixed, to + 1));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(a.at, a.size, a.size, fixed, address_of_kernel()));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mremap(a.at, unit, a.size, 0));
	CHECK_FAILS_IN(EFAULT, EINVAL, 0, MAP_FAILED, mremap(a.at, SIZE_MAX - 16 * unit + 1, unit, MREMAP_MAYMOVE));

	CHECK_EQ(1, count_of(a.id));
	CHECK_PATTERN('s', a.at, a.size);
	CHECK_UNMAPPED(to, 2 * a.size);
	CHECK_SUCCEEDS(shmdt(a.at));
	CHECK_EQ(0, count_of(a.id));
}

/* Linux takes shared memory since 5.13, and its manual says EINVAL still. */
static void
move_without_unmapping(size_t offset, size_t size, const char *key)
{
	struct attachment a = attached(3);

	errno = 0;
	char *now = mremap(a.at + offset, size, size, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, (void *)NULL);
	int error = errno;

	observed(key, "%s", now == MAP_FAILED ? errno_name(error) : "two attachments");
	CHECK_PATTERN('s', a.at, a.size);
	CHECK_EQ(now == MAP_FAILED ? 1 : 2, count_of(a.id));
	if (now == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		return;
	}
	CHECK_PATTERN_FROM('s', offset, now, size);
	pattern_store('n', now, size);
	CHECK_PATTERN('n', a.at + offset, size);
	unmap(now, size);
	CHECK_EQ(1, count_of(a.id));
	CHECK_SUCCEEDS(shmdt(a.at));
	CHECK_EQ(0, count_of(a.id));
}

CASE(dontunmap_of_attachment, OBSERVED,
    "MREMAP_DONTUNMAP of an attachment fails with EINVAL, or makes another attachment and leaves the old one",
    "Linux 5.7 mremap(2)", "Linux 5.13 mm/mremap.c", COVERS("mremap.shm_dontunmap"))
{
	move_without_unmapping(0, 3 * attach_multiple(), "dontunmap-of-attachment");
}

CASE(dontunmap_of_attachment__part, OBSERVED,
    "MREMAP_DONTUNMAP of a part of an attachment fails with EINVAL, or makes another and leaves the old one whole",
    "Linux 5.7 mremap(2)", "Linux 5.13 mm/mremap.c", COVERS("mremap.shm_dontunmap_partial"))
{
	move_without_unmapping(attach_multiple(), attach_multiple(), "dontunmap-of-part-of-attachment");
}
