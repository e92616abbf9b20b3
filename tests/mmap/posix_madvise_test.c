/* SPDX-License-Identifier: BSD-2-Clause */

/* Advice that must never change what memory holds. */

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"

INTERFACE(posix_madvise)

#define HOLES_IGNORED    "pages that are not mapped are passed over"
#define FREEBSD_SOURCE   "FreeBSD sys/vm/vm_map.c vm_map_madvise()"
#define DRAGONFLY_SOURCE "DragonFly sys/vm/vm_map.c vm_map_madvise()"

static const int advices[] = { POSIX_MADV_NORMAL, POSIX_MADV_SEQUENTIAL, POSIX_MADV_RANDOM, POSIX_MADV_WILLNEED,
	POSIX_MADV_DONTNEED };
enum { ADVICES = nitems(advices) };

CASE_FOR_EACH_MEMORY(all_advices_accepted, SHALL,
    "Each of the five advices is accepted for shared memory and leaves what it holds as it is",
    "POSIX.1-2017 posix_madvise() DESCRIPTION", "Linux posix_madvise(3)", "FreeBSD posix_madvise(2)",
    "NetBSD posix_madvise(2)", "OpenBSD posix_madvise(2)", "DragonFly posix_madvise(2)", "macOS posix_madvise(2)",
    "illumos posix_madvise(3C)", COVERS("posix_madvise.ok"), COVERS("BS102"), COVERS("BS106"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	pattern_store('m', m.start, m.size);

	for (int i = 0; i < ADVICES; i++) {
		CHECK_RETURNS_ERROR(0, posix_madvise(m.start, m.size, advices[i]));
		CHECK_PATTERN('m', m.start, m.size);
	}
}

static void
sees_pattern_of_parent(void *memory)
{
	const struct memory *m = memory;
	CHECK_BYTES(0, m->start, m->size); /* the pages are mapped here too */

	pause_for_parent();

	CHECK_PATTERN('m', m->start, m->size);
}

CASE_FOR_EACH_MEMORY(dontneed_keeps_data, SHALL,
    "POSIX_MADV_DONTNEED for one page of shared memory keeps its contents, here and in another process",
    "POSIX.1-2017 posix_madvise() DESCRIPTION", "Linux posix_madvise(3)", "illumos posix_madvise(3C)", COVERS("BS105"))
{
	struct memory m = memory_create(kind, 3 * page_size());
	struct child other = child_start(sees_pattern_of_parent, &m);
	child_reaches_pause(&other);
	pattern_store('m', m.start, m.size);

	CHECK_RETURNS_ERROR(0, posix_madvise(&m.start[page_size()], page_size(), POSIX_MADV_DONTNEED));

	CHECK_PATTERN('m', m.start, m.size);
	child_goes_on(&other);
	child_exits(&other);
}

CASE(dontneed_keeps_data__private, SHALL, "POSIX_MADV_DONTNEED keeps the contents of private anonymous memory",
    "POSIX.1-2017 posix_madvise() DESCRIPTION", "Linux posix_madvise(3)", "illumos posix_madvise(3C)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 3 * page_size());

	CHECK_RETURNS_ERROR(0, posix_madvise(p, 3 * page_size(), POSIX_MADV_DONTNEED));

	CHECK_PATTERN('p', p, 3 * page_size());
}

CASE(bad_advice_einval, SHALL, "posix_madvise() with an advice that does not exist returns EINVAL as its result",
    ALSO("posix_madvise.returns-error-number"), "POSIX.1-2017 posix_madvise() ERRORS", "Linux posix_madvise(3)",
    "FreeBSD posix_madvise(2)", "OpenBSD posix_madvise(2)", "illumos posix_madvise(3C)", COVERS("BS103"))
{
	static const char of_madvise[] = "the result is that of madvise()";
	char *p = map_anonymous(page_size(), MAP_SHARED);

	if (posix_madvise(p, page_size(), 1234) == -1) { /* NOLINT(bugprone-posix-return) */
		known_defect(NETBSD, "", of_madvise, "NetBSD lib/libc/sys/posix_madvise.c posix_madvise()");
		deviates(DRAGONFLY, of_madvise, "DragonFly posix_madvise(2) RETURN VALUES");
	}
	CHECK_RETURNS_ERROR(EINVAL, posix_madvise(p, page_size(), 1234));
	CHECK_RETURNS_ERROR(EINVAL, posix_madvise(p, page_size(), -1));
}

CASE(bad_advice_einval__errno_stays, DOCUMENTED, "posix_madvise() that fails leaves errno as it is",
    "FreeBSD posix_madvise(2)", COVERS("BS104"))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	errno = 0;
	CHECK_EQ(EINVAL, posix_madvise(p, page_size(), 1234));
	CHECK_EQ(0, errno);
}

CASE(enomem_unmapped, SHALL, "posix_madvise() of a range with a page that is not mapped returns ENOMEM",
    "POSIX.1-2017 posix_madvise() ERRORS", "Linux posix_madvise(3)", "FreeBSD posix_madvise(2)",
    "illumos posix_madvise(3C)", COVERS("posix_madvise.enomem"))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	pattern_store('p', p, 3 * page_size());
	unmap(&p[page_size()], page_size());

	CHECK_INSTEAD(
	    FREEBSD | NETBSD | OPENBSD | DRAGONFLY, posix_madvise(p, 3 * page_size(), POSIX_MADV_NORMAL) == 0);
	known_defect(FREEBSD, "", HOLES_IGNORED, FREEBSD_SOURCE);
	known_defect(NETBSD, "", HOLES_IGNORED, "NetBSD sys/uvm/uvm_map.c uvm_map_advice()");
	known_defect(OPENBSD, "", HOLES_IGNORED, "OpenBSD sys/uvm/uvm_mmap.c sys_madvise()");
	known_defect(DRAGONFLY, "", HOLES_IGNORED, DRAGONFLY_SOURCE);
	deviates(MACOS, "the call returns EINVAL, not ENOMEM", "macOS posix_madvise(2) ERRORS");
	CHECK_RETURNS_ERROR(ENOMEM, posix_madvise(p, 3 * page_size(), POSIX_MADV_NORMAL));
	CHECK_RETURNS_ERROR(ENOMEM, posix_madvise(p, 3 * page_size(), POSIX_MADV_WILLNEED));
	CHECK_RETURNS_ERROR(ENOMEM, posix_madvise(&p[page_size()], page_size(), POSIX_MADV_RANDOM));

	CHECK_PATTERN('p', p, page_size());
	CHECK_PATTERN_FROM('p', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(enomem_unmapped__dontneed, SHALL, "POSIX_MADV_DONTNEED of a page that is not mapped returns ENOMEM",
    "POSIX.1-2017 posix_madvise() ERRORS", "Linux posix_madvise(3)", COVERS("posix_madvise.dontneed_noop"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	unmap(p, page_size());

	CHECK_INSTEAD(LINUX | FREEBSD | DRAGONFLY, posix_madvise(p, page_size(), POSIX_MADV_DONTNEED) == 0);
	deviates(
	    LINUX, "the C library does nothing for POSIX_MADV_DONTNEED and returns 0", "Linux posix_madvise(3) NOTES");
	known_defect(FREEBSD, "", HOLES_IGNORED, FREEBSD_SOURCE);
	known_defect(NETBSD, "", "the call returns EFAULT, not ENOMEM", "NetBSD sys/uvm/uvm_map.c uvm_map_clean()");
	known_defect(OPENBSD, "", "the call returns EFAULT, not ENOMEM", "OpenBSD sys/uvm/uvm_map.c uvm_map_clean()");
	known_defect(DRAGONFLY, "", HOLES_IGNORED, DRAGONFLY_SOURCE);
	deviates(MACOS, "the call returns EINVAL, not ENOMEM", "macOS posix_madvise(2) ERRORS");
	CHECK_RETURNS_ERROR(ENOMEM, posix_madvise(p, page_size(), POSIX_MADV_DONTNEED));
}

CASE(unaligned, MAY, "posix_madvise() at an address that is no multiple of the page size works or returns EINVAL",
    "POSIX.1-2017 posix_madvise() ERRORS", CHOICE("Linux posix_madvise(3)", "unaligned-advice", "EINVAL"),
    COVERS("BS107"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	pattern_store('p', p, 2 * page_size());

	int result = posix_madvise(p + 1, page_size(), POSIX_MADV_WILLNEED);

	CHECK(result == 0 || result == EINVAL);
	CHECK_PATTERN('p', p, 2 * page_size());
	observed("unaligned-advice", "%s", result == 0 ? "works" : errno_name(result));
}

CASE(len_zero, MAY, "posix_madvise() with a length of zero succeeds or returns EINVAL, and changes nothing",
    "POSIX.1-2017 posix_madvise() ERRORS", CHOICE("Linux posix_madvise(3)", "length-zero", "succeeds"))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pattern_store('p', p, page_size());

	int result = posix_madvise(p, 0, POSIX_MADV_WILLNEED);

	CHECK(result == 0 || result == EINVAL);
	CHECK_PATTERN('p', p, page_size());
	observed("length-zero", "%s", result == 0 ? "succeeds" : errno_name(result));
}
