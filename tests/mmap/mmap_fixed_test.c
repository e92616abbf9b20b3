/* SPDX-License-Identifier: BSD-2-Clause */

/* Addresses that the caller asks for: by MAP_FIXED, which takes them, and by hints, which replace no mapping. */

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "instrument.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"

CASE(fixed_exact_address, SHALL, "A successful MAP_FIXED call returns exactly the address asked for",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)",
    COVERS("mmap.enotsup mmap.fixed_addr64"))
{
	int fd = nameless_file_with_pattern(1);
	char *range = free_range(3 * attach_multiple());

	for (unsigned i = 0; i < 3; i++) { /* in a free place, and then where something is mapped */
		char *at = &range[i * attach_multiple()];

		if (!CHECK_EQ(at, mmap(at, page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0)))
			continue;
		CHECK_PATTERN('f', at, page_size());
		CHECK_EQ(
		    at, mmap(at, page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		CHECK_BYTES(0, at, page_size());
	}
}

/* Free addresses below 4 GiB, where the system takes a hint; else a null pointer. */
static char *
free_range_below_4_gib(size_t size)
{
	for (uintptr_t hint = 1; hint < 15; hint++) {
		/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
		char *p = mmap((void *)(hint << 28), size, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);

		if (p == MAP_FAILED)
			continue;
		unmap(p, size);
		if ((uint64_t)(uintptr_t)p + size <= UINT64_C(1) << 32)
			return p;
	}
	return NULL;
}

CASE(fixed_exact_address__below_4_gib, SHALL, "MAP_FIXED maps at an address below 4 GiB", POSIX_DESCRIPTION,
    NEEDS_64_BIT_ADDRESSES, COVERS("mmap.fixed_addr"))
{
	int fd = nameless_file_with_pattern(2);
	char *at = free_range_below_4_gib(2 * attach_multiple());
	need(at != NULL, "needs free addresses below 4 GiB");
	at += (attach_multiple() - (uintptr_t)at % attach_multiple()) % attach_multiple();

	CHECK_EQ(at, mmap(at, page_size(), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_SHARED, fd, 0));
	CHECK_PATTERN('f', at, page_size());
	CHECK_STORE_OK(&at[page_size() - 1]);
}

CASE(fixed_exact_address__swapped, SHALL,
    "Two files that MAP_FIXED maps in turn, each where the other one was, show their own bytes", POSIX_DESCRIPTION,
    COVERS("mmap.remap_swap_tlb"))
{
	int fds[] = { nameless_file(page_size()), nameless_file(page_size()) };
	char *at[] = { free_range(attach_multiple()), NULL };
	at[1] = map_aligned(page_size());

	for (unsigned i = 0; i < 2; i++)
		pattern_store((unsigned char)('a' + i), map_shared(fds[i], page_size()), page_size());
	for (unsigned round = 0; round < 20; round++)
		for (unsigned i = 0; i < 2; i++) {
			char *p = at[(round + i) % 2];

			CHECK_EQ(p, mmap(p, page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, fds[i], 0));
			CHECK_PATTERN((unsigned char)('a' + i), p, page_size());
		}
}

CASE(hint_outside_space, OBSERVED,
    "A hint outside the address space gives memory elsewhere, or mmap() fails with ENOMEM or EINVAL", POSIX_DESCRIPTION,
    "Linux mmap(2)", COVERS("mmap.hint_bad"))
{
	errno = 0;
	char *p = mmap(address_of_kernel(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = errno;

	observed("hint-outside", "%s", p == MAP_FAILED ? errno_name(error) : "maps elsewhere");
	if (p == MAP_FAILED) {
		CHECK(error == ENOMEM || error == EINVAL);
		return;
	}
	CHECK_NE(address_of_kernel(), p);
	CHECK_BYTES(0, p, page_size());
	CHECK_STORE_OK(&p[page_size() - 1]);
}

CASE(fixed_unaligned_einval, MAY,
    "MAP_FIXED with an address that is no multiple of the page size fails with EINVAL or maps there",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", CHOICE("Linux mmap(2)", "fixed-unaligned", "EINVAL"),
    CHOICE("FreeBSD mmap(2)", "fixed-unaligned", "EINVAL"), CHOICE("NetBSD mmap(2)", "fixed-unaligned", "EINVAL"),
    CHOICE("OpenBSD mmap(2)", "fixed-unaligned", "EINVAL"), CHOICE("DragonFly mmap(2)", "fixed-unaligned", "EINVAL"),
    CHOICE("macOS mmap(2)", "fixed-unaligned", "EINVAL"), CHOICE("illumos mmap(2)", "fixed-unaligned", "EINVAL"),
    COVERS("mmap.fixed_unaligned"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('o', p, 3 * page_size());

	errno = 0;
	char *q = mmap(&p[page_size() + 1], page_size() - 1, PROT_READ | PROT_WRITE,
	    MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (q == MAP_FAILED) {
		CHECK_EQ(EINVAL, errno);
		CHECK_PATTERN_FROM('o', page_size(), &p[page_size()], page_size());
	} else {
		CHECK_EQ(&p[page_size() + 1], q);
	}
	observed("fixed-unaligned", "%s", q == MAP_FAILED ? errno_name(errno) : "maps");
	CHECK_PATTERN('o', p, page_size());
	CHECK_PATTERN_FROM('o', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(fixed_multiple_of_shmlba, MAY,
    "MAP_FIXED maps a shared page at each multiple of the page size, or only where the address less the offset is a "
    "multiple of SHMLBA, and fails with EINVAL elsewhere",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS")
{
	int fd = nameless_file_with_pattern(2);
	char *p = map_aligned(page_size());
	pattern_store('o', p, page_size());

	errno = 0;
	char *q = mmap(p, page_size(), PROT_READ, MAP_FIXED | MAP_SHARED, fd, (off_t)page_size());
	int error = errno;

	observed("fixed-shared-page", "%s", q == MAP_FAILED ? errno_name(error) : "maps");
	if (q == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK_NE(page_size(), attach_multiple());
		CHECK_PATTERN('o', p, page_size());
	} else {
		CHECK_EQ(p, q);
		CHECK_PATTERN_FROM('f', page_size(), p, page_size());
	}
}

CASE(fixed_outside_space, SHALL, "MAP_FIXED with a range outside the address space fails with ENOMEM",
    "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS", "macOS mmap(2)", "illumos mmap(2)",
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), COVERS("mmap.fixed_high mmap.fixed_enomem"))
{
	const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	/* Nobody has the last page, not even where (s390x) the kernel's addresses are apart from those of processes. */
	char *last_page = (char *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */

	int error = mmap(last_page, page_size(), PROT_NONE, flags, -1, 0) == MAP_FAILED ? errno : 0;
	CHECK_INSTEAD(FREEBSD | OPENBSD | DRAGONFLY | MACOS, error == EINVAL);
	CHECK_INSTEAD(NETBSD, error == EFBIG || error == EOVERFLOW);
	deviates(
	    FREEBSD | OPENBSD | DRAGONFLY, "a range outside the address space fails with EINVAL", "mmap(2) ERRORS");
	known_defect(NETBSD, "", "a range outside the address space fails with EFBIG or EOVERFLOW",
	    "NetBSD sys/uvm/uvm_mmap.c range_test()");
	deviates(MACOS, "a range that wraps around fails with EINVAL", "macOS mmap(2) ERRORS");
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(last_page, page_size(), PROT_NONE, flags, -1, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(p, SIZE_MAX - page_size() + 1, PROT_NONE, flags, -1, 0));
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(address_of_kernel(), 128 * page_size(), PROT_NONE, flags, -1, 0));
}

#define REPLACING_MANUALS \
	"Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", \
	    "illumos mmap(2)"

static void
replace_page_of_three(size_t page, size_t length)
{
	int fd = nameless_file_with_pattern(3);
	char *file = map_shared(fd, 3 * page_size());
	char *p = map_shared(fd, 3 * page_size());
	char *at = &p[page * page_size()];

	CHECK_EQ(at, mmap(at, length, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	for (size_t i = 0; i < 3; i++)
		if (i != page) {
			CHECK_PATTERN_FROM('f', i * page_size(), &p[i * page_size()], page_size());
			CHECK_STORE_OK(&p[i * page_size()]);
		}
	CHECK_BYTES(0, at, page_size());
	memset(at, 'n', page_size());
	CHECK_PATTERN('f', file, 3 * page_size()); /* what was replaced is unmapped, not overwritten */
}

CASE(replaces_previous_in_fixed__first_page, SHALL,
    "A successful MAP_FIXED call replaces earlier mappings in its range and only there",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", REPLACING_MANUALS)
{
	replace_page_of_three(0, page_size());
}

CASE(replaces_previous_in_fixed__middle_page, SHALL,
    "A successful MAP_FIXED call replaces earlier mappings in its range and only there",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", REPLACING_MANUALS,
    COVERS("mmap.fixed_replaces"))
{
	replace_page_of_three(1, page_size());
}

CASE(replaces_previous_in_fixed__last_page, SHALL,
    "A successful MAP_FIXED call replaces earlier mappings in its range and only there",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", REPLACING_MANUALS)
{
	replace_page_of_three(2, page_size());
}

CASE(replaces_previous_in_fixed__one_byte, SHALL,
    "A successful MAP_FIXED call replaces the whole pages that its range touches and only these",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", REPLACING_MANUALS, COVERS("mmap.one_page"))
{
	replace_page_of_three(1, 1);
}

CASE(replaces_previous_in_fixed__unlike_neighbours, SHALL,
    "A successful MAP_FIXED call replaces earlier mappings in its range and only there",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", REPLACING_MANUALS, NEEDS_OBJECTS)
{
	const int access = PROT_READ | PROT_WRITE;
	const int zeros = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
	const size_t unit = attach_multiple();
	int fd = nameless_file_with_pattern(2 * unit / page_size());
	char *file = map_shared(fd, 2 * unit);
	char *p = map_aligned(6 * unit);
	pattern_store('o', p, 6 * unit);
	REQUIRE(mmap(&p[2 * unit], unit, PROT_READ, MAP_FIXED | MAP_SHARED, fd, (off_t)unit) != MAP_FAILED);
	REQUIRE(mmap(&p[3 * unit], unit, PROT_NONE, zeros, -1, 0) != MAP_FAILED);
	REQUIRE(mmap(&p[4 * unit], unit, access, MAP_FIXED | MAP_SHARED, object_create(unit).fd, 0) != MAP_FAILED);

	REQUIRE(mmap(&p[unit], 4 * unit, access, zeros, -1, 0) == &p[unit]);

	CHECK_BYTES(0, &p[unit], 4 * unit);
	bool can_store = true;
	for (size_t i = 0; i < 6; i++)
		can_store &= CHECK_STORE_OK(&p[i * unit]);
	if (can_store)
		memset(&p[unit], 'n', 4 * unit);
	CHECK_PATTERN('f', file, 2 * unit);
	CHECK_PATTERN('o', p, unit);
	CHECK_PATTERN_FROM('o', 5 * unit, &p[5 * unit], unit);
}

CASE(fixed_drops_locks, SHALL, "A mapping that replaces locked pages removes their memory locks",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_LOCKABLE_PAGES(2), NEEDS_COUNT_OF_LOCKS)
{
	long before = locked_bytes();
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	REQUIRE(mlock(p, 2 * page_size()) == 0);
	REQUIRE(locked_bytes() == before + (long)(2 * page_size()));

	REQUIRE(mmap(p, page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == p);

	CHECK_EQ(before + (long)page_size(), locked_bytes());
}

CASE(hint_never_replaces, SHALL,
    "Without MAP_FIXED an address that is in use gives another address, and what is there stays",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "OpenBSD mmap(2)",
    "macOS mmap(2)", "illumos mmap(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('o', p, 3 * page_size());

	for (unsigned i = 0; i < 3; i++) {
		char *q =
		    mmap(&p[i * page_size()], page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		REQUIRE(q != MAP_FAILED);
		CHECK(q + page_size() <= p || q >= p + 3 * page_size());
		memset(q, 'n', page_size());
		CHECK_PATTERN('o', p, 3 * page_size());
	}
}

CASE(hint_never_replaces__range_ends_in_use, SHALL,
    "Without MAP_FIXED a range that is in use in part gives another range, and what is there stays",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "OpenBSD mmap(2)",
    "macOS mmap(2)", "illumos mmap(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('o', p, 3 * page_size());
	unmap(p, page_size());

	char *q = mmap(p, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(q != MAP_FAILED);

	memset(q, 'n', 2 * page_size());
	CHECK_PATTERN_FROM('o', page_size(), &p[page_size()], 2 * page_size());
}

CASE(hint_unaligned_accepted, SHALL,
    "Without MAP_FIXED mmap() accepts an address that is no multiple of the page size, and returns a multiple",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)",
    COVERS("mmap.hint_unaligned"))
{
	char *used = map_anonymous(page_size(), MAP_PRIVATE);
	char *hint[] = { used + 5, (char *)free_range(2 * page_size()) + 5 };
	*used = 'o';

	for (unsigned i = 0; i < 2; i++) {
		char *p = mmap(hint[i], page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK_NE(MAP_FAILED, p);
		if (p == MAP_FAILED)
			continue;
		CHECK_EQ(0, (uintptr_t)p % page_size());
		memset(p, 'n', page_size());
		CHECK_EQ('o', *used);
	}
}

CASE(hint_free_range, OBSERVED, "Without MAP_FIXED the system takes an address that is free, or another one",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", CHOICE("Linux mmap(2)", "free-hint", "taken"),
    CHOICE("OpenBSD mmap(2)", "free-hint", "taken"), CHOICE("macOS mmap(2)", "free-hint", "taken"),
    COVERS("mmap.hint mmap.hint_honoured"))
{
	char *hint = free_range(3 * page_size());
	char *p = mmap(&hint[page_size()], page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_STORE_OK(p);
	observed("free-hint", "%s", p == &hint[page_size()] ? "taken" : "not taken");
}

static void
map_page_zero(void *key)
{
	errno = 0;
	void *p = mmap(NULL, page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = errno;

	if (p == MAP_FAILED)
		CHECK(error == EPERM || error == EACCES || error == EINVAL || error == ENOMEM);
	else
		CHECK(p == NULL);
	observed(key, "%s", p == MAP_FAILED ? errno_name(error) : "maps");
}

CASE(null_page_protected, OBSERVED,
    "MAP_FIXED at address zero maps there or fails with EPERM, EACCES, EINVAL or ENOMEM", "Linux mmap(2)",
    CHOICE("FreeBSD mmap(2)", "page-zero", "EINVAL or maps"), NEEDS_NO_INSTRUMENT(THREAD_SANITIZER),
    COVERS("mmap.map_at_zero"))
{
	in_child(map_page_zero, "page-zero");
}

CASE(null_page_protected__ordinary_user, OBSERVED,
    "MAP_FIXED at address zero by an ordinary user maps there or fails with EPERM, EACCES, EINVAL or ENOMEM",
    "Linux mmap(2)", CHOICE("FreeBSD mmap(2)", "page-zero-not-root", "EINVAL or maps"),
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), NEEDS_PLAIN_USER)
{
	as_user(plain_user(), map_page_zero, "page-zero-not-root");
}
