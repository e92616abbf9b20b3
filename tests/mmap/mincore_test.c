/* SPDX-License-Identifier: BSD-2-Clause */

/* Which pages of a range are in memory. */

#include <stdint.h>
#include <string.h>

#include "case.h"
#include "instrument.h"
#include "mapping.h"
#include "memory_cases.h"
#include "platform/mman.h"
#include "platform/object_place.h"
#include "process.h"

INTERFACE(mincore)

static void
touch(void *page)
{
	*(char *)page = 't';
}

/* A tmpfs keeps the pages of a file in an object of its own. */
static void
pages_of_tmpfs_deviate(const struct memory *m, bool is_set)
{
	if (m->fd == -1 || !is_on_tmpfs(m->fd))
		return;
	CHECK_INSTEAD(NETBSD, !is_set);
	known_defect(
	    NETBSD, "", "mincore() sets the bit of no page of a tmpfs", "NetBSD sys/uvm/uvm_mmap.c sys_mincore()");
}

CASE_FOR_EACH_MEMORY(touched_page_resident, DOCUMENTED, "mincore() sets the bit of a page that was just touched",
    "Linux mincore(2)", "FreeBSD mincore(2)", "NetBSD mincore(2)", "macOS mincore(2)", "illumos mincore(2)",
    "DragonFly mincore(2)", COVERS("mincore.anon"))
{
	struct memory m = memory_create(kind, 4 * page_size());
	char resident[5];
	memset(resident, 'r', sizeof(resident));

	touch(&m.start[page_size()]);
	CHECK_SUCCEEDS(mincore(m.start, 4 * page_size(), (void *)resident));

	CHECK_EQ('r', resident[4]); /* one byte for each page and no more */
	pages_of_tmpfs_deviate(&m, resident[1] & 1);
	CHECK_EQ(1, resident[1] & 1);
}

/* FreeBSD and DragonFly look at the process's own page tables only, unless vm.mincore_mapped is 0. */
CASE_FOR_EACH_MEMORY(touched_page_resident__by_another, DOCUMENTED,
    "mincore() sets the bit of a page that only another process has touched", "Linux mincore(2)", "NetBSD mincore(2)",
    "macOS mincore(2)", "illumos mincore(2)")
{
	struct memory m = memory_create(kind, 4 * page_size());
	char resident[4] = { 0 };

	in_child(touch, &m.start[3 * page_size()]);
	CHECK_SUCCEEDS(mincore(m.start, 4 * page_size(), (void *)resident));

	pages_of_tmpfs_deviate(&m, resident[3] & 1);
	CHECK_EQ(1, resident[3] & 1);
}

/* A system may bring in more pages than the one that is touched, but they show nothing. */
CASE_FOR_EACH_MEMORY(touched_page_resident__and_no_other, OBSERVED,
    "Of four pages of which a child has stored to one, its byte shows and the "
    "rest is zero, whichever pages mincore() calls resident",
    "Linux mincore(2)", COVERS("fork.child_fault_visible"))
{
	struct memory m = memory_create(kind, 4 * page_size());
	char bytes[1 + 4] = { 0 };
	char *resident = &bytes[1]; /* sys_mincore() of DragonFly may store before it */

	in_child(touch, &m.start[2 * page_size()]);
	errno = 0;
	int result = mincore(m.start, m.size, (void *)resident);
	need(result == 0 || errno != ENOSYS, "no mincore() here: ENOSYS");

	CHECK_EQ(0, result);
	observed("its-page-resident", "%s", (resident[2] & 1) != 0 ? "yes" : "no");
	observed("others-resident", "%d of 3", (resident[0] & 1) + (resident[1] & 1) + (resident[3] & 1));
	CHECK_EQ('t', m.start[2 * page_size()]);
	CHECK_BYTES(0, m.start, 2 * page_size());
	CHECK_BYTES(0, &m.start[2 * page_size() + 1], 2 * page_size() - 1);
}

CASE(touched_page_resident__locked, DOCUMENTED,
    "mincore() sets the bits of pages that mlock() has locked and nobody has touched", ALSO("mlock.locks-and-resident"),
    "Linux mincore(2)", "Linux mlock(2)", "FreeBSD mlock(2)", "FreeBSD mincore(2)", "NetBSD mincore(2)",
    "DragonFly mlock(2)", "macOS mlock(2)", "illumos mincore(2)", NEEDS_OBJECTS, NEEDS_LOCKABLE_PAGES(2),
    COVERS("mlock.resident"))
{
	struct memory m = memory_create(object_memory, 3 * page_size());
	char resident[3] = { 0 };

	REQUIRE(mlock(&m.start[page_size()], 2 * page_size()) == 0);
	CHECK_SUCCEEDS(mincore(m.start, 3 * page_size(), (void *)resident));

	pages_of_tmpfs_deviate(&m, resident[1] & 1);
	CHECK_EQ(1, resident[1] & 1);
	CHECK_EQ(1, resident[2] & 1);
}

CASE(touched_page_resident__untouched, OBSERVED,
    "mincore() sets or clears the bits of shared anonymous pages that nobody has touched", "Linux mincore(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	char bytes[1 + 3] = { 0 };
	char *resident = &bytes[1]; /* sys_mincore() of DragonFly, sys/vm/vm_mmap.c, may store before it */

	errno = 0;
	int result = mincore(p, 3 * page_size(), (void *)resident);
	need(result == 0 || errno != ENOSYS, "no mincore() here: ENOSYS");

	CHECK_EQ(0, result);
	observed("untouched-pages-resident", "%d of 3", (resident[0] & 1) + (resident[1] & 1) + (resident[2] & 1));
	CHECK_BYTES(0, p, 3 * page_size());
}

CASE(unaligned_einval, DOCUMENTED, "mincore() at an address that is no multiple of the page size fails with EINVAL",
    "Linux mincore(2)", "NetBSD mincore(2)", "illumos mincore(2)", COVERS("mincore.unaligned"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	char resident[2] = { 'r', 'r' };

	CHECK_FAILS(EINVAL, -1, mincore(p + 1, page_size(), (void *)resident));
	CHECK_BYTES('r', resident, sizeof(resident));
}

CASE(enomem_unmapped, DOCUMENTED, "mincore() of a range with a page that is not mapped fails with ENOMEM",
    "Linux mincore(2)", "FreeBSD mincore(2)", "NetBSD mincore(2)", "illumos mincore(2)", COVERS("mincore.unmapped"))
{
	char resident[3];

	for (size_t hole = 0; hole < 3; hole++) {
		char *p = map_anonymous(3 * page_size(), MAP_SHARED);
		unmap(&p[hole * page_size()], page_size());

		CHECK_FAILS(ENOMEM, -1, mincore(p, 3 * page_size(), (void *)resident));
	}
}

CASE(enomem_unmapped__outside_space, DOCUMENTED,
    "mincore() of a range that goes beyond the address space fails with ENOMEM", "Linux 2.6.12 mincore(2)",
    "FreeBSD mincore(2)", "illumos mincore(2)", COVERS("mincore.too_long"))
{
	/* Static: a vector on the stack of 32 bits would itself end outside. Nothing of the range but its first page is there. */
	static char resident[1];
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	unmap(&p[page_size()], page_size());

	/* Where it finds out after the first page it may have told of that. */
	CHECK_FAILS(ENOMEM, -1, mincore(p, SIZE_MAX / 2 - page_size(), (void *)resident));
}

CASE(len_zero_einval, DOCUMENTED, "mincore() with a length of zero fails with EINVAL", "NetBSD mincore(2)",
    "illumos mincore(2)", COVERS("mincore.len0_einval"))
{
	char resident[1] = { 'r' };

	CHECK_FAILS(EINVAL, -1, mincore(map_anonymous(page_size(), MAP_SHARED), 0, (void *)resident));
	CHECK_EQ('r', resident[0]);
}

CASE(len_zero, OBSERVED,
    "mincore() with a length of zero and no vector succeeds or fails with EINVAL, ENOMEM or EFAULT",
    CHOICE("NetBSD mincore(2)", "mincore-of-nothing", "EINVAL"),
    CHOICE("illumos mincore(2)", "mincore-of-nothing", "EINVAL"), COVERS("mincore.len0"))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pattern_store('p', p, page_size());

	errno = 0;
	int result = mincore(p, 0, (void *)NULL);
	int error = errno;
	need(result == 0 || error != ENOSYS, "no mincore() here: ENOSYS");

	observed("mincore-of-nothing", "%s", result == 0 ? "succeeds" : errno_name(error));
	CHECK(result == 0 || error == EINVAL || error == ENOMEM || error == EFAULT);
	CHECK_PATTERN('p', p, page_size());
}

CASE(untouched__segment, OBSERVED,
    "mincore() sets the bits of a segment's pages that were touched; those of a new one and after MADV_FREE it sets or "
    "not",
    "Linux mincore(2)", NEEDS_SEGMENTS, COVERS("mincore.shmseg"))
{
	char *p = segment_attach(segment_create(3 * page_size()), NULL, 0);
	char bytes[1 + 3] = { 0 };
	char *resident = &bytes[1]; /* sys_mincore() of DragonFly may store before it */

	errno = 0;
	int result = mincore(p, 3 * page_size(), (void *)resident);
	need(result == 0 || errno != ENOSYS, "no mincore() here: ENOSYS");
	CHECK_EQ(0, result);
	observed("pages-of-new-segment", "%d of 3", (resident[0] & 1) + (resident[1] & 1) + (resident[2] & 1));

	pattern_store('s', p, 3 * page_size());
	CHECK_SUCCEEDS(mincore(p, 3 * page_size(), (void *)resident));
	for (int i = 0; i < 3; i++)
		CHECK_EQ(1, resident[i] & 1);

	errno = 0;
	int advice = madvise(p, page_size(), MADV_FREE);
	observed("free-of-segment", "%s", advice == 0 ? "succeeds" : errno_name(errno));
	if (advice == -1 || p[0] != 0)
		CHECK_PATTERN('s', p, page_size());
	CHECK_PATTERN_FROM('s', page_size(), &p[page_size()], 2 * page_size());
}

CASE(efault_vector, DOCUMENTED, "mincore() with a vector where nothing is mapped fails with EFAULT", "Linux mincore(2)",
    "FreeBSD mincore(2)", "NetBSD mincore(2)", "DragonFly mincore(2)", "macOS mincore(2)", "illumos mincore(2)",
    NEEDS_NO_INSTRUMENT(VALGRIND), COVERS("mincore.efault"))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	*p = 't';

	CHECK_FAILS(EFAULT, -1, mincore(p, page_size(), free_range(page_size())));
}

CASE(odd_length, DOCUMENTED, "mincore() tells of each page that holds a byte of the range, and of no other",
    "Linux mincore(2)", "FreeBSD mincore(2)", "NetBSD mincore(2)", "DragonFly mincore(2)", COVERS("mincore.odd_len"))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	char bytes[1 + 3] = { 'r', 'r', 'r', 'r' };
	char *resident = &bytes[1]; /* sys_mincore() of DragonFly may store before it */
	touch(&p[page_size()]);

	CHECK_SUCCEEDS(mincore(p, page_size() + 1, (void *)resident));

	CHECK_EQ(1, resident[1] & 1);
	CHECK_EQ('r', resident[2]);
}

static void
lock_and_wait(void *memory)
{
	const struct memory *m = memory;

	REQUIRE(mlock(m->start, m->size) == 0);
	pause_for_parent();
}

CASE(touched_page_resident__locked_by_another, DOCUMENTED,
    "mincore() sets the bits of pages of a file that only another process has locked", "Linux mincore(2)",
    "Linux mlock(2)", NEEDS_LOCKABLE_PAGES(3),
    COVERS("mincore.other_process mincore.locked_resident mlock.resident_file"))
{
	struct memory m = { .size = 3 * page_size(), .fd = sparse_file(3 * page_size()), .id = -1 };
	m.start = map_shared(m.fd, m.size);
	struct child c = child_start(lock_and_wait, &m);
	char resident[3] = { 0 };

	child_reaches_pause(&c);
	CHECK_SUCCEEDS(mincore(m.start, m.size, (void *)resident));
	child_goes_on(&c);
	child_exits(&c);

	for (int i = 0; i < 3; i++)
		CHECK_EQ(1, resident[i] & 1);
}
