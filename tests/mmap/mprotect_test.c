/* SPDX-License-Identifier: BSD-2-Clause */

/* Changing the protection of pages: what is refused, and in which pages, mappings and processes. */

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(mprotect)

CASE_FOR_EACH_MAPPING(removes_write, SHALL,
    "After PROT_READ a store raises SIGSEGV and changes nothing, and loads still work",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)",
    COVERS("mprotect.drop_write_segv mprotect.drop_write_sigbus"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, 2 * page_size()); /* all but the last page */

	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ));

	protection_signal_deviates();
	for (size_t at = 0; at < m.size; at += page_size()) {
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &m.start[at]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &m.start[at + page_size() - 1]);
	}
	CHECK_PATTERN('m', m.start, 2 * page_size());
	CHECK_BYTES(0, &m.start[2 * page_size()], page_size());
}

CASE_FOR_EACH_MAPPING(removes_all, SHALL, "After PROT_NONE every access raises SIGSEGV",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "FreeBSD mprotect(2)", "NetBSD mprotect(2)",
    "OpenBSD mprotect(2)", "DragonFly mprotect(2)", "macOS mprotect(2)", "illumos mprotect(2)",
    COVERS("mprotect.none_segv mprotect.none_accerr"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, 2 * page_size());

	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_NONE));

	protection_signal_deviates();
	for (size_t at = 0; at < m.size; at += page_size()) {
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, &m.start[at]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &m.start[at]);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, &m.start[at + page_size() - 1]);
		CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &m.start[at + page_size() - 1]);
	}
}

CASE_FOR_EACH_MAPPING(restores_access, SHALL,
    "mprotect() that gives access back shows the old contents and allows stores", "POSIX.1-2017 mprotect() DESCRIPTION",
    "Linux mprotect(2)", "FreeBSD mprotect(2)", "NetBSD mprotect(2)", "OpenBSD mprotect(2)", "DragonFly mprotect(2)",
    "macOS mprotect(2)", "illumos mprotect(2)", COVERS("mprotect.add_write mprotect.none_keeps_data"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, 2 * page_size());
	REQUIRE(mprotect(m.start, m.size, PROT_NONE) == 0);
	REQUIRE(load_is_refused(m.start));

	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ));
	CHECK_PATTERN('m', m.start, 2 * page_size());
	CHECK_BYTES(0, &m.start[2 * page_size()], page_size());
	CHECK(store_is_refused(m.start));

	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ | PROT_WRITE));
	CHECK_PATTERN('m', m.start, 2 * page_size());
	for (size_t at = 0; at < m.size; at += page_size())
		CHECK_STORE_OK(&m.start[at]);
	pattern_store('n', m.start, m.size);
	if (m.fd != -1)
		CHECK_PATTERN('n', map_shared(m.fd, m.size), m.size); /* still the file's pages */
}

CASE(restores_access__private, SHALL, "mprotect() that gives access back shows the old contents and allows stores",
    "POSIX.1-2017 mprotect() DESCRIPTION")
{
	int fd = nameless_file(2 * page_size());
	char *p = map_private(fd, 2 * page_size());
	pattern_store('m', p, page_size()); /* one private page, one of the file */

	CHECK_SUCCEEDS(mprotect(p, 2 * page_size(), PROT_NONE));
	CHECK_SUCCEEDS(mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE));

	CHECK_PATTERN('m', p, page_size());
	pattern_store('n', &p[page_size()], page_size());
	CHECK_BYTES(0, map_shared(fd, 2 * page_size()), 2 * page_size());
}

CASE(whole_pages, SHALL,
    "mprotect() changes the protection of every page that holds a byte of the range, and of no other",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)", "macOS mprotect(2)",
    "illumos mprotect(2)", COVERS("mprotect.odd_len"))
{
	const size_t lengths[] = { 1, page_size(), page_size() + 1, 2 * page_size() };

	for (unsigned i = 0; i < 4; i++) {
		size_t pages = (lengths[i] + page_size() - 1) / page_size();
		char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);
		pattern_store('m', p, 4 * page_size());

		CHECK_SUCCEEDS(mprotect(&p[page_size()], lengths[i], PROT_READ));

		CHECK_STORE_OK(&p[page_size() - 1]);
		for (size_t page = 1; page <= pages; page++) {
			CHECK_NE(0, fault_of_store(&p[page * page_size()], 's').signal);
			CHECK_NE(0, fault_of_store(&p[(page + 1) * page_size() - 1], 's').signal);
		}
		CHECK_STORE_OK(&p[(pages + 1) * page_size()]);
		CHECK_PATTERN('m', p, 4 * page_size());
	}
}

/* Protect one page of three: it is refused, the other two are not, and all are put together again without a loss. */
static void
protect_page_of_three(memory_kind *kind, size_t page)
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	CHECK_SUCCEEDS(mprotect(&m.start[page * page_size()], page_size(), PROT_NONE));
	for (size_t i = 0; i < 3; i++) {
		char *at = &m.start[i * page_size()];

		CHECK_EQ(i == page, load_is_refused(at));
		CHECK_EQ(i == page, store_is_refused(at));
		if (i != page)
			CHECK_PATTERN_FROM('m', i * page_size(), at, page_size());
	}

	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ | PROT_WRITE));
	CHECK_PATTERN('m', m.start, m.size);
	if (m.fd != -1)
		CHECK_PATTERN('m', map_shared(m.fd, m.size), m.size);
}

CASE_FOR_EACH_MAPPING(whole_pages__first_page, SHALL, "mprotect() of a part of a mapping leaves the rest as it was",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)", "macOS mprotect(2)")
{
	protect_page_of_three(kind, 0);
}

CASE_FOR_EACH_MAPPING(whole_pages__middle_page, SHALL, "mprotect() of a part of a mapping leaves the rest as it was",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)", "macOS mprotect(2)",
    COVERS("mprotect.layouts"))
{
	protect_page_of_three(kind, 1);
}

CASE_FOR_EACH_MAPPING(whole_pages__last_page, SHALL, "mprotect() of a part of a mapping leaves the rest as it was",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)", "macOS mprotect(2)")
{
	protect_page_of_three(kind, 2);
}

CASE(whole_pages__several_mappings, SHALL,
    "mprotect() of a range of several mappings changes the protection of all their pages",
    "POSIX.1-2017 mprotect() DESCRIPTION", NEEDS_OBJECTS, COVERS("BS88"))
{
	const size_t unit = attach_multiple();
	const int flags = MAP_FIXED | MAP_SHARED;
	char *p = map_aligned(4 * unit);
	REQUIRE(mmap(&p[unit], unit, PROT_READ | PROT_WRITE, flags, nameless_file(unit), 0) != MAP_FAILED);
	REQUIRE(mmap(&p[2 * unit], unit, PROT_READ | PROT_WRITE, flags, object_create(unit).fd, 0) != MAP_FAILED);
	pattern_store('m', p, 4 * unit);

	CHECK_SUCCEEDS(mprotect(p, 4 * unit, PROT_READ));

	for (size_t at = 0; at < 4 * unit; at += page_size())
		CHECK(store_is_refused(&p[at]));
	CHECK_PATTERN('m', p, 4 * unit);
}

static void
check_writable(void *arg)
{
	struct memory *m = arg;

	pause_for_parent();
	pattern_store('c', m->start, m->size);
}

CASE_FOR_EACH_MAPPING(other_process_unaffected, SHALL,
    "mprotect() in one process leaves the protection in another process that shares the pages",
    "POSIX.1-2017 mprotect() DESCRIPTION")
{
	struct memory m = memory_create(kind, 2 * page_size());
	pattern_store('m', m.start, m.size);
	struct child c = child_start(check_writable, &m);

	child_reaches_pause(&c);
	CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ));
	child_goes_on(&c);
	child_exits(&c);
	CHECK_PATTERN('c', m.start, m.size);
	CHECK(store_is_refused(m.start));
}

static void
protect_one_of_two(int fd)
{
	char *one = map_shared(fd, 2 * page_size());
	char *other = map_shared(fd, 2 * page_size());
	pattern_store('m', one, 2 * page_size());

	CHECK_SUCCEEDS(mprotect(one, 2 * page_size(), PROT_READ));

	CHECK(store_is_refused(one));
	pattern_store('a', other, 2 * page_size());
	CHECK_PATTERN('a', one, 2 * page_size());
	CHECK(store_is_refused(&one[page_size()]));
}

CASE(other_process_unaffected__alias_file, SHALL,
    "mprotect() of one mapping leaves the protection of another mapping of the same file",
    "POSIX.1-2017 mprotect() DESCRIPTION")
{
	protect_one_of_two(nameless_file(2 * page_size()));
}

CASE(other_process_unaffected__alias_object, SHALL,
    "mprotect() of one mapping leaves the protection of another mapping of the same object",
    "POSIX.1-2017 mprotect() DESCRIPTION", NEEDS_OBJECTS, COVERS("mprotect.alias_independent BS80"))
{
	protect_one_of_two(object_create(2 * page_size()).fd);
}

/* Page 0 can be loaded only, page 1 can't be accessed, page 2 can be loaded and stored to. */
static void
check_inherited(void *arg)
{
	char *p = arg;

	CHECK_LOAD_OK(p);
	CHECK(store_is_refused(p));
	CHECK(load_is_refused(&p[page_size()]));
	CHECK(store_is_refused(&p[page_size()]));
	CHECK_STORE_OK(&p[2 * page_size()]);
	CHECK_SUCCEEDS(mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE)); /* not for the parent */
	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[page_size()]);
}

CASE_FOR_EACH_MAPPING(inherited_by_fork, SHALL,
    "A child starts with the protections of its parent, and changes only its own", "POSIX.1-2017 fork() DESCRIPTION")
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);
	REQUIRE(mprotect(m.start, page_size(), PROT_READ) == 0);
	REQUIRE(mprotect(&m.start[page_size()], page_size(), PROT_NONE) == 0);

	in_child(check_inherited, m.start);

	CHECK(store_is_refused(m.start));
	CHECK(load_is_refused(&m.start[page_size()]));
	CHECK_PATTERN('m', m.start, page_size());
}
