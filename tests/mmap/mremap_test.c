/* SPDX-License-Identifier: BSD-2-Clause */

/* Growing, shrinking, moving and duplicating a mapping. */

#include <sys/resource.h>

#include "case.h"
#include "instrument.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mremap)

CASE(shrink_in_place, DOCUMENTED,
    "mremap() to a smaller size keeps the address and the contents and unmaps only the tail", "Linux mremap(2)",
    NEEDS_OBJECTS, COVERS("mremap.shrink mremap.shrink_partial"))
{
	struct object o = object_create(4 * page_size());
	char *p = map_shared(o.fd, 4 * page_size());
	pattern_store('o', p, 4 * page_size());

	char *now = mremap(p, 3 * page_size(), page_size(), 0);

	CHECK_EQ(p, now);
	CHECK_PATTERN('o', p, page_size());
	CHECK_UNMAPPED(&p[page_size()], 2 * page_size());
	CHECK_PATTERN_FROM('o', 3 * page_size(), &p[3 * page_size()], page_size());
	CHECK_EQ(4 * page_size(), size_of(o.fd));
}

CASE(grow_blocked_enomem, DOCUMENTED,
    "mremap() to a larger size without MREMAP_MAYMOVE fails with ENOMEM where a neighbour is, and changes neither",
    "Linux mremap(2)", NEEDS_OBJECTS, COVERS("mremap.no_room"))
{
	char *p = free_range(3 * page_size());
	struct object o = object_create(3 * page_size());
	REQUIRE(mmap(p, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, o.fd, 0) == p);
	pattern_store('o', p, 3 * page_size());

	CHECK_FAILS(ENOMEM, MAP_FAILED, mremap(p, page_size(), 2 * page_size(), 0));

	CHECK_PATTERN('o', p, 3 * page_size());
}

CASE(maymove_keeps_data, DOCUMENTED,
    "mremap() to a larger size with MREMAP_MAYMOVE keeps the "
    "contents, shows more of the object and changes no neighbour",
    "Linux mremap(2)", NEEDS_OBJECTS, COVERS("mremap.expand mremap.maymove"))
{
	struct object o = object_create(4 * page_size());
	char *all = map_shared(o.fd, 4 * page_size());
	pattern_store('o', all, 4 * page_size());
	char *p = map_shared(o.fd, 3 * page_size());
	char *neighbour = &p[page_size()];

	char *now = mremap(p, page_size(), 4 * page_size(), MREMAP_MAYMOVE); /* it must move */
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('o', now, 4 * page_size());
	CHECK_PATTERN_FROM('o', page_size(), neighbour, 2 * page_size());
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, p);
	now[4 * page_size() - 1] = 'n'; /* still the object, not a copy of it */
	CHECK_EQ('n', all[4 * page_size() - 1]);
}

CASE(maymove_keeps_data__anonymous_tail_zero, DOCUMENTED,
    "The pages that mremap() adds to private anonymous memory are zero and can be stored to", "Linux mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	char *now = mremap(p, page_size(), 4 * page_size(), MREMAP_MAYMOVE);
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('p', now, page_size());
	CHECK_BYTES(0, &now[page_size()], 3 * page_size());
	CHECK_STORE_OK(&now[4 * page_size() - 1]);
	CHECK_PATTERN_FROM('p', page_size(), &p[page_size()], page_size());
}

static void
grow_inherited(void *start)
{
	char *now = mremap(start, page_size(), 3 * page_size(), MREMAP_MAYMOVE);
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('p', now, page_size());
	CHECK_BYTES(0, &now[page_size()], 2 * page_size());
}

CASE(maymove_keeps_data__inherited, DOCUMENTED,
    "A child can move a mapping that it has from its parent, and the parent keeps it where it is", "Linux mremap(2)")
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pattern_store('p', p, page_size());

	in_child(grow_inherited, p);

	CHECK_PATTERN('p', p, page_size());
}

CASE(fixed, DOCUMENTED, "MREMAP_FIXED moves the mapping exactly there and replaces only what was there",
    "Linux mremap(2)", NEEDS_OBJECTS, COVERS("mremap.fixed_move mremap.fixed_replaces"))
{
	const size_t unit = attach_multiple();
	const size_t size = unit + page_size();
	struct object o = object_create(size);
	char *p = map_shared(o.fd, size);
	pattern_store('o', p, size);
	char *target = map_aligned(4 * unit);
	pattern_store('t', target, 4 * unit);

	char *now = mremap(p, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, &target[unit]);

	CHECK_EQ(&target[unit], now);
	CHECK_PATTERN('t', target, unit);
	CHECK_PATTERN('o', &target[unit], size);
	CHECK_PATTERN_FROM('t', unit + size, &target[unit + size], 3 * unit - size);
	CHECK_UNMAPPED(p, size);
	pattern_store('n', now, size);
	CHECK_PATTERN('n', map_shared(o.fd, size), size); /* still the object */
}

CASE(fixed_needs_maymove, DOCUMENTED,
    "MREMAP_FIXED without MREMAP_MAYMOVE, an unknown flag, an address within a page, size zero and an overlap fail "
    "with EINVAL, and nothing moves",
    "Linux mremap(2)", COVERS("mremap.unaligned mremap.fixed_alone mremap.fixed_unaligned mremap.overlap"))
{
	const size_t page = page_size();
	char *p = map_anonymous(4 * page, MAP_SHARED);
	pattern_store('p', p, 4 * page);
	char *to = free_range(4 * page);

	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, 2 * page, 2 * page, MREMAP_FIXED, to));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, 2 * page, 2 * page, MREMAP_MAYMOVE | 1 << 24));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p + 1, page, 2 * page, MREMAP_MAYMOVE));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, to + 1));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, page, 0, MREMAP_MAYMOVE));
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, 2 * page, 2 * page, MREMAP_MAYMOVE | MREMAP_FIXED, p + page));

	CHECK_PATTERN('p', p, 4 * page);
	CHECK_UNMAPPED(to, 4 * page);
}

CASE(old_size_zero_duplicates, DOCUMENTED, "mremap() with an old size of zero makes a second mapping of shared pages",
    "Linux mremap(2)", COVERS("mremap.copy"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	char *copy = mremap(p, 0, 2 * page_size(), MREMAP_MAYMOVE);
	REQUIRE(copy != MAP_FAILED);

	CHECK_NE(p, copy);
	CHECK_PATTERN('p', copy, 2 * page_size());
	copy[2 * page_size() - 1] = 'c';
	CHECK_EQ('c', p[2 * page_size() - 1]);
}

CASE(old_size_zero_duplicates__private, DOCUMENTED,
    "mremap() with an old size of zero fails with EINVAL for a private mapping", "Linux 4.14 mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, 0, 2 * page_size(), MREMAP_MAYMOVE));
}

CASE(old_size_zero_duplicates__without_maymove, DOCUMENTED,
    "mremap() with an old size of zero fails with EINVAL without MREMAP_MAYMOVE", "Linux mremap(2)",
    COVERS("mremap.copy_inplace"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	CHECK_INSTEAD(LINUX, mremap(p, 0, 2 * page_size(), 0) == MAP_FAILED && errno == ENOMEM);
	known_defect(LINUX, "", "the call fails with ENOMEM", "Linux mm/mremap.c");
	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, 0, 2 * page_size(), 0));
}

CASE(unmapped_efault, DOCUMENTED, "mremap() of an old range that is not mapped fails with EFAULT", "Linux mremap(2)",
    NEEDS_NO_INSTRUMENT(VALGRIND), COVERS("mremap.unmapped"))
{
	char *p = free_range(2 * page_size());

	CHECK_FAILS(EFAULT, MAP_FAILED, mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE));
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, p);
}

CASE(unmapped_efault__kernel, DOCUMENTED, "mremap() of an old range outside the address space fails with EFAULT",
    "Linux mremap(2)")
{
	CHECK_FAILS(EFAULT, MAP_FAILED, mremap(address_of_kernel(), page_size(), 2 * page_size(), MREMAP_MAYMOVE));
}

CASE(unmapped_efault__unlike_mappings, DOCUMENTED,
    "mremap() to a larger size of an old range with two mappings that differ fails with EFAULT, and nothing moves",
    "Linux mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());
	REQUIRE(mprotect(&p[page_size()], page_size(), PROT_READ) == 0);

	CHECK_FAILS(EFAULT, MAP_FAILED, mremap(p, 2 * page_size(), 4 * page_size(), MREMAP_MAYMOVE));

	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(dontunmap, DOCUMENTED,
    "MREMAP_DONTUNMAP moves private anonymous memory, and the old range stays mapped and is zero",
    "Linux 5.7 mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	char *now = mremap(p, 2 * page_size(), 2 * page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, (void *)NULL);
	REQUIRE(now != MAP_FAILED);

	CHECK_PATTERN('p', now, 2 * page_size());
	CHECK_BYTES(0, p, 2 * page_size());
}

CASE(dontunmap__einval, DOCUMENTED,
    "MREMAP_DONTUNMAP without MREMAP_MAYMOVE, and with another size, fails with EINVAL, and nothing moves",
    "Linux 5.7 mremap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	CHECK_FAILS(EINVAL, MAP_FAILED, mremap(p, page_size(), page_size(), MREMAP_DONTUNMAP, (void *)NULL));
	CHECK_FAILS(EINVAL, MAP_FAILED,
	    mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE | MREMAP_DONTUNMAP, (void *)NULL));

	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(keeps_lock, DOCUMENTED, "Locked memory stays locked when it grows, shrinks and moves, and so is what is added",
    "Linux mremap(2)", NEEDS_LOCKABLE_PAGES(4), NEEDS_COUNT_OF_LOCKS)
{
	long before = locked_bytes();
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE); /* the neighbour makes it move */
	REQUIRE(mlock(p, page_size()) == 0);

	char *now = mremap(p, page_size(), 4 * page_size(), MREMAP_MAYMOVE);
	REQUIRE(now != MAP_FAILED);
	CHECK_EQ(before + (long)(4 * page_size()), locked_bytes());

	REQUIRE(mremap(now, 4 * page_size(), 2 * page_size(), 0) == now);
	CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());
}

static void
grow_above_lock_limit(void *unused)
{
	(void)unused;
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	REQUIRE(mlock(p, page_size()) == 0);
	*p = 'o';

	CHECK_FAILS(EAGAIN, MAP_FAILED, mremap(p, page_size(), 3 * page_size(), MREMAP_MAYMOVE));

	CHECK_EQ('o', *p);
	CHECK_EQ((long)page_size(), locked_bytes());
}

CASE(lock_limit_eagain, DOCUMENTED, "mremap() of locked memory fails with EAGAIN when it would exceed RLIMIT_MEMLOCK",
    "Linux mremap(2)", NEEDS_LOCKABLE_PAGES(2), NEEDS_COUNT_OF_LOCKS, NEEDS_PLAIN_USER, COVERS("mremap.locked_eagain"))
{
	as_user(plain_user(), grow_above_lock_limit, NULL);
}

enum { MIB = 1024 * 1024 };

static void
grow_above_address_limit(void *start)
{
	limit_to(RLIMIT_AS, 64 * MIB);

	CHECK_FAILS(ENOMEM, MAP_FAILED, mremap(start, page_size(), 128 * MIB, MREMAP_MAYMOVE));

	CHECK_EQ('o', *(char *)start);
}

CASE(enomem_rlimit_as, DOCUMENTED, "mremap() fails with ENOMEM when the mapping would exceed RLIMIT_AS",
    "Linux getrlimit(2)", NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER | THREAD_SANITIZER | VALGRIND))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	*p = 'o';

	in_child(grow_above_address_limit, p);
}
