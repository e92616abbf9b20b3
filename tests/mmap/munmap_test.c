/* SPDX-License-Identifier: BSD-2-Clause */

/* Unmapping: what is removed, and what stays beside it, in other mappings, in other processes and in the file. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(munmap)

CASE_FOR_EACH_MAPPING(access_after_sigsegv, SHALL, "An access to an unmapped page raises SIGSEGV",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)", "FreeBSD munmap(2)",
    "NetBSD munmap(2)", "OpenBSD munmap(2)", "DragonFly munmap(2)", "macOS munmap(2)",
    COVERS("munmap.segv_after munmap.anon_segv_after munmap.ret0 munmap.segv_maperr"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, 2 * page_size()); /* all but the last page */

	CHECK_SUCCEEDS(munmap(m.start, m.size));

	for (size_t at = 0; at < m.size; at += page_size())
		CHECK_UNMAPPED(&m.start[at], page_size());
}

CASE(whole_pages, SHALL, "munmap() unmaps every page that holds a byte of the range, and no other",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)", "illumos munmap(2)",
    COVERS("munmap.partial_page_segv munmap.round_len"))
{
	const size_t lengths[] = { 1, page_size() - 1, page_size() + 1, 2 * page_size() };

	for (unsigned i = 0; i < 4; i++) {
		size_t pages = (lengths[i] + page_size() - 1) / page_size();
		char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);
		pattern_store('m', p, 4 * page_size());

		CHECK_SUCCEEDS(munmap(p, lengths[i]));

		for (size_t page = 0; page < pages; page++)
			CHECK_UNMAPPED(&p[page * page_size()], page_size());
		CHECK_PATTERN_FROM('m', pages * page_size(), &p[pages * page_size()], (4 - pages) * page_size());
	}
}

CASE(whole_pages__neighbour, SHALL,
    "munmap() unmaps every page that holds a byte of the range, and no page of a neighbour",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)")
{
	const int flags = MAP_FIXED | MAP_SHARED;
	const size_t unit = attach_multiple();
	const size_t size = 2 * page_size();
	int fd = object_create(size).fd;
	char *p = map_aligned(2 * unit);
	char *object = &p[2 * unit];
	REQUIRE(mmap(object, size, PROT_READ | PROT_WRITE, flags, fd, 0) == object);
	pattern_store('m', p, 2 * unit);
	pattern_store('o', object, size);

	CHECK_SUCCEEDS(munmap(p, 2 * unit - 100));
	CHECK_UNMAPPED(p, 2 * unit);
	CHECK_PATTERN('o', object, size);

	CHECK_SUCCEEDS(munmap(object, page_size())); /* where the other mapping ended */
	CHECK_UNMAPPED(object, page_size());
	CHECK_PATTERN_FROM('o', page_size(), object + page_size(), page_size());
}

static void
store_pattern(void *arg)
{
	struct memory *m = arg;

	pattern_store('m', m->start, m->size);
}

/* Unmap the page; the other three are as they were, still shared, and still the same pages of the file or object. */
static void
check_rest_of_four(const struct memory *m, size_t gone)
{
	const size_t page = page_size();
	char *p = m->start;

	CHECK_UNMAPPED(&p[gone * page], page);
	for (size_t i = 0; i < 4; i++)
		if (i != gone) {
			CHECK_PATTERN_FROM('m', i * page, &p[i * page], page);
			if (CHECK_STORE_OK(&p[i * page]))
				memset(&p[i * page], (int)('0' + i), page);
		}
	if (m->fd == -1)
		return;
	char *whole = map_shared(m->fd, 4 * page);
	for (size_t i = 0; i < 4; i++)
		if (i != gone)
			CHECK_BYTES('0' + i, &whole[i * page], page);
	CHECK_PATTERN_FROM('m', gone * page, &whole[gone * page], page);
}

CASE_FOR_EACH_MAPPING(partial_keeps_rest__first_page, SHALL,
    "munmap() of a part of a mapping leaves the rest as it was", "POSIX.1-2017 munmap() DESCRIPTION",
    "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)", COVERS("munmap.trim"))
{
	struct memory m = memory_create(kind, 4 * page_size());
	store_pattern(&m);

	CHECK_SUCCEEDS(munmap(m.start, page_size()));
	check_rest_of_four(&m, 0);
}

CASE_FOR_EACH_MAPPING(partial_keeps_rest__middle_page, SHALL,
    "munmap() of a part of a mapping leaves the rest as it was", "POSIX.1-2017 munmap() DESCRIPTION",
    "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)",
    COVERS("munmap.partial_segv munmap.anon_partial_segv munmap.hole"))
{
	struct memory m = memory_create(kind, 4 * page_size());
	store_pattern(&m);

	CHECK_SUCCEEDS(munmap(&m.start[page_size()], page_size()));
	check_rest_of_four(&m, 1);
}

CASE_FOR_EACH_MAPPING(partial_keeps_rest__last_page, SHALL, "munmap() of a part of a mapping leaves the rest as it was",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)")
{
	struct memory m = memory_create(kind, 4 * page_size());
	store_pattern(&m);

	CHECK_SUCCEEDS(munmap(&m.start[3 * page_size()], page_size()));
	check_rest_of_four(&m, 3);
}

CASE_FOR_EACH_MAPPING(partial_keeps_rest__untouched, SHALL,
    "munmap() of a part of a mapping leaves the rest as it was, though this process has not touched it",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)")
{
	struct memory m = memory_create(kind, 4 * page_size());
	in_child(store_pattern, &m);

	CHECK_SUCCEEDS(munmap(&m.start[page_size()], page_size()));
	check_rest_of_four(&m, 1);
}

CASE(partial_keeps_rest__private, SHALL, "munmap() of a part of a mapping leaves the rest as it was",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)")
{
	int fd = nameless_file(4 * page_size());
	char *shared = map_shared(fd, 4 * page_size());
	pattern_store('m', shared, 4 * page_size());
	char *p = map_private(fd, 4 * page_size());
	pattern_store('p', p, 2 * page_size()); /* private pages, and pages of the file */

	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));

	CHECK_PATTERN('p', p, page_size());
	CHECK_UNMAPPED(&p[page_size()], page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &p[2 * page_size()], 2 * page_size());
	CHECK_PATTERN('m', shared, 4 * page_size());
}

CASE(partial_keeps_rest__hole_filled_again, SHALL,
    "A new mapping in place of an unmapped part has new memory and leaves the rest as it was",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());

	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));
	CHECK_EQ(&p[page_size()],
	    mmap(&p[page_size()], page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	CHECK_BYTES(0, &p[page_size()], page_size());
	CHECK_PATTERN('m', p, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(private_discards, SHALL, "munmap() of a private mapping loses what was stored there",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", COVERS("munmap.private_discard"))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_private(fd, 2 * page_size());
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(munmap(p, 2 * page_size()));

	CHECK_BYTES(0, map_private(fd, 2 * page_size()), 2 * page_size());
	CHECK_BYTES(0, map_shared(fd, 2 * page_size()), 2 * page_size());
}

CASE(shared_keeps__file, SHALL,
    "What was stored through a shared mapping is in the file after munmap(), without msync()",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "macOS munmap(2)", COVERS("mmap.mod_bits"))
{
	int fd = nameless_file(3 * page_size());
	char *p = map_shared(fd, 3 * page_size());
	pattern_store('s', p, 3 * page_size());

	CHECK_SUCCEEDS(munmap(p, 3 * page_size()));

	char *copy = map_anonymous(3 * page_size(), MAP_PRIVATE);
	CHECK_EQ(3 * page_size(), pread(fd, copy, 3 * page_size(), 0));
	CHECK_PATTERN('s', copy, 3 * page_size());
	CHECK_PATTERN('s', map_shared(fd, 3 * page_size()), 3 * page_size());
	CHECK_SUCCEEDS(close(fd));
}

CASE(shared_keeps__object, SHALL, "What was stored through a shared mapping is in the object after munmap()",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "macOS munmap(2)")
{
	struct object o = object_create(3 * page_size());
	char *p = map_shared(o.fd, 3 * page_size());
	pattern_store('s', p, 3 * page_size());

	CHECK_SUCCEEDS(close(o.fd));
	CHECK_SUCCEEDS(munmap(p, 3 * page_size()));

	CHECK_PATTERN('s', map_shared(object_open(&o, O_RDWR), 3 * page_size()), 3 * page_size());
}

CASE(shared_keeps__size, SHALL,
    "munmap() does not change the size of a file that ends within the last page or before the mapping",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", COVERS("ftruncate.mapped_zero"))
{
	int fd = nameless_file(page_size() + 100);
	char *p = map_shared(fd, page_size() + 100);
	pattern_store('s', p, page_size() + 100);

	CHECK_SUCCEEDS(munmap(p, page_size() + 100));
	CHECK_EQ(page_size() + 100, size_of(fd));

	p = map_shared(fd, page_size() + 100);
	p[0] = 's';
	set_size(fd, 0);
	CHECK_SUCCEEDS(munmap(p, page_size() + 100));
	CHECK_EQ(0, size_of(fd));
}

CASE(removes_locks, SHALL, "munmap() removes the memory locks of the pages", "POSIX.1-2017 munmap() DESCRIPTION",
    "POSIX.1-2024 munmap() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)", "NetBSD mlock(2)", "OpenBSD mlock(2)",
    "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)", NEEDS_LOCKABLE_PAGES(3), NEEDS_COUNT_OF_LOCKS,
    COVERS("munmap.removes_locks BS83"))
{
	long before = locked_bytes();
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	REQUIRE(mlock(p, 3 * page_size()) == 0);
	REQUIRE(locked_bytes() == before + (long)(3 * page_size()));

	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));
	CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());
	CHECK_SUCCEEDS(munmap(p, 3 * page_size()));
	CHECK_EQ(before, locked_bytes());
}

CASE(removes_locks__part_of_object, SHALL,
    "munmap() of a part of a locked object leaves the rest locked, and another mapping of it not locked",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux mlock(2)", "FreeBSD mlock(2)",
    "NetBSD mlock(2)", "OpenBSD mlock(2)", "DragonFly mlock(2)", "macOS mlock(2)", "illumos mlock(3C)", NEEDS_OBJECTS,
    NEEDS_LOCKABLE_PAGES(3), NEEDS_STATE_OF_LOCKS, COVERS("BS84"))
{
	struct memory m = memory_create(object_memory, 3 * page_size());
	char *other = map_shared(m.fd, m.size);
	pattern_store('l', other, m.size);
	REQUIRE(mlock(m.start, m.size) == 0);

	CHECK_SUCCEEDS(munmap(m.start + page_size(), page_size()));

	CHECK(range_is_locked(m.start, page_size()));
	CHECK(range_is_locked(m.start + 2 * page_size(), page_size()));
	CHECK(!range_is_locked(other, m.size));
	CHECK_PATTERN('l', m.start, page_size());
	CHECK_PATTERN('l', other, m.size);
}

static void
unmap_inherited(void *arg)
{
	struct memory *m = arg;

	CHECK_SUCCEEDS(munmap(m->start, m->size));
	CHECK_UNMAPPED(m->start, page_size());
}

CASE_FOR_EACH_MAPPING(other_process_unaffected, SHALL, "munmap() in one process leaves what others have mapped",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "macOS munmap(2)")
{
	struct memory m = memory_create(kind, 3 * page_size());
	store_pattern(&m);
	struct child c = child_start(unmap_inherited, &m);

	child_reaches_end(&c);
	CHECK_PATTERN('m', m.start, m.size);
	child_exits(&c);
	CHECK_PATTERN('m', m.start, m.size);
	CHECK_STORE_OK(&m.start[m.size - 1]);
}

static void
load_after_unmap(void *arg)
{
	struct memory *m = arg;

	pause_for_parent();
	CHECK_PATTERN('m', m->start, m->size);
	CHECK_STORE_OK(&m->start[m->size - 1]);
}

CASE_FOR_EACH_MAPPING(other_process_unaffected__child, SHALL, "munmap() in one process leaves what others have mapped",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "macOS munmap(2)")
{
	struct memory m = memory_create(kind, 3 * page_size());
	store_pattern(&m);
	struct child c = child_start(load_after_unmap, &m);

	child_reaches_pause(&c);
	CHECK_SUCCEEDS(munmap(m.start, m.size));
	child_goes_on(&c);
	child_exits(&c);
}

static void
unmap_one_of_two(int fd)
{
	char *one = map_shared(fd, 3 * page_size());
	char *other = map_shared(fd, 3 * page_size());
	pattern_store('a', one, 3 * page_size());

	CHECK_SUCCEEDS(munmap(one, 3 * page_size()));
	memset(
	    map_anonymous(64 * page_size(), MAP_PRIVATE), 'n', 64 * page_size()); /* would take pages freed too early */

	CHECK_PATTERN('a', other, 3 * page_size());
	CHECK_STORE_OK(&other[3 * page_size() - 1]);
}

CASE(alias_unaffected__file, SHALL, "munmap() of one of two mappings of a file leaves the other",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "macOS munmap(2)",
    NEEDS_WRITABLE_PAGES(128))
{
	unmap_one_of_two(nameless_file(3 * page_size()));
}

CASE(alias_unaffected__object, SHALL, "munmap() of one of two mappings of an object leaves the other",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "macOS munmap(2)",
    NEEDS_WRITABLE_PAGES(128))
{
	unmap_one_of_two(object_create(3 * page_size()).fd);
}
