/* SPDX-License-Identifier: BSD-2-Clause */

/* Ranges with holes or several mappings, which munmap() takes, and ranges that it refuses. */

#include <stdint.h>

#include "case.h"
#include "instrument.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_limit.h"
#include "object.h"

INTERFACE(munmap)

#define NETBSD_SOURCE    "NetBSD sys/uvm/uvm_mmap.c sys_munmap()"
#define DRAGONFLY_SOURCE "DragonFly sys/vm/vm_mmap.c sys_munmap()"

static void
hole_is_invalid(void)
{
	static const char instead[] = "a range with a page that is not mapped fails with EINVAL";

	deviates(OPENBSD, instead, "OpenBSD munmap(2) ERRORS");
	known_defect(DRAGONFLY, "", instead, DRAGONFLY_SOURCE);
}

CASE(len_zero_einval, SHALL, "munmap() with a length of zero fails with EINVAL", "POSIX.1-2017 munmap() ERRORS",
    "POSIX.1-2024 munmap() ERRORS", "Linux munmap(2)", "FreeBSD munmap(2)", "macOS munmap(2)", "illumos munmap(2)",
    COVERS("munmap.len0"))
{
	static const char no_error[] = "a length of zero is no error";
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 2 * page_size());

	CHECK_INSTEAD(NETBSD | OPENBSD | DRAGONFLY, munmap(p, 0) == 0);
	known_defect(NETBSD, "", no_error, NETBSD_SOURCE);
	deviates(OPENBSD, no_error, "OpenBSD munmap(2) CAVEATS");
	known_defect(DRAGONFLY, "", no_error, DRAGONFLY_SOURCE);
	CHECK_FAILS(EINVAL, -1, munmap(p, 0));
	CHECK_FAILS(EINVAL, -1, munmap(&p[page_size()], 0));
	CHECK_PATTERN('m', p, 2 * page_size());
}

CASE(no_mapping_no_effect, SHALL, "munmap() where nothing is mapped succeeds and does nothing",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)",
    COVERS("munmap.nothing_mapped munmap.twice"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());
	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));

	hole_is_invalid();
	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));

	CHECK_PATTERN('m', p, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(no_mapping_no_effect__over_4_gib, SHALL, "munmap() of 5 GiB where nothing is mapped succeeds",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "Linux munmap(2)", NEEDS_64_BIT_ADDRESSES)
{
	const size_t size = (size_t)((uint64_t)5 << 30);
	char *p = free_range(size);

	hole_is_invalid();
	CHECK_SUCCEEDS(munmap(p, size));
}

CASE(no_mapping_no_effect__address_zero, MAY,
    "munmap() at the address zero, where nothing is mapped, succeeds or fails with EINVAL",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", COVERS("munmap.null"))
{
	errno = 0;
	int result = munmap(NULL, page_size());
	int error = errno;

	if (result != 0)
		CHECK_RETURNS_ERROR(EINVAL, error);
	observed("unmap-at-zero", "%s", result == 0 ? "succeeds" : errno_name(error));
}

static void
unmap_around_hole(size_t hole)
{
	char *p = map_anonymous(6 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 6 * page_size());
	unmap(&p[hole * page_size()], page_size());

	hole_is_invalid();
	CHECK_SUCCEEDS(munmap(&p[page_size()], 4 * page_size()));

	for (size_t page = 1; page < 5; page++)
		CHECK_UNMAPPED(&p[page * page_size()], page_size());
	CHECK_PATTERN('m', p, page_size());
	CHECK_PATTERN_FROM('m', 5 * page_size(), &p[5 * page_size()], page_size());
}

CASE(range_with_hole__first, SHALL,
    "munmap() of a range with pages that are not mapped succeeds and unmaps its other pages",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	unmap_around_hole(1);
}

CASE(range_with_hole__middle, SHALL,
    "munmap() of a range with pages that are not mapped succeeds and unmaps its other pages",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", COVERS("munmap.over_hole"))
{
	unmap_around_hole(2);
}

CASE(range_with_hole__last, SHALL,
    "munmap() of a range with pages that are not mapped succeeds and unmaps its other pages",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	unmap_around_hole(4);
}

CASE(several_mappings, SHALL, "munmap() of a range of several mappings and parts of them unmaps all its pages",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", NEEDS_OBJECTS, COVERS("munmap.multiple"))
{
	const size_t unit = attach_multiple();
	const int access = PROT_READ | PROT_WRITE;
	char *p = map_aligned(8 * unit);
	REQUIRE(mmap(&p[2 * unit], 2 * unit, access, MAP_FIXED | MAP_SHARED, nameless_file(2 * unit), 0) != MAP_FAILED);
	REQUIRE(
	    mmap(&p[4 * unit], 3 * unit, access, MAP_FIXED | MAP_SHARED, object_create(3 * unit).fd, 0) != MAP_FAILED);
	pattern_store('m', p, 8 * unit);

	CHECK_SUCCEEDS(munmap(&p[unit], 4 * unit));

	CHECK_UNMAPPED(&p[unit], 4 * unit);
	CHECK_PATTERN('m', p, unit);
	CHECK_PATTERN_FROM('m', 5 * unit, &p[5 * unit], 3 * unit);
}

CASE(unaligned_address, MAY,
    "munmap() at an address that is no multiple of the page size fails with EINVAL or rounds the address down",
    "POSIX.1-2017 munmap() ERRORS", "POSIX.1-2024 munmap() ERRORS",
    CHOICE("Linux munmap(2)", "unaligned-address", "EINVAL"), CHOICE("NetBSD munmap(2)", "unaligned-address", "EINVAL"),
    CHOICE("DragonFly munmap(2)", "unaligned-address", "EINVAL"),
    CHOICE("macOS munmap(2)", "unaligned-address", "EINVAL"),
    CHOICE("illumos munmap(2)", "unaligned-address", "EINVAL"), COVERS("munmap.unaligned"))
{
	static const char rounds_down[] = "the address is rounded down";
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());

	errno = 0;
	int result = munmap(&p[page_size() + 1], page_size() - 1);
	int error = errno;

	if (result == 0) {
		CHECK_UNMAPPED(&p[page_size()], page_size());
	} else {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK_PATTERN_FROM('m', page_size(), &p[page_size()], page_size());
	}
	CHECK_PATTERN('m', p, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &p[2 * page_size()], page_size());
	CHECK_INSTEAD(NETBSD | DRAGONFLY, result == 0);
	known_defect(NETBSD, "", rounds_down, NETBSD_SOURCE);
	known_defect(DRAGONFLY, "", rounds_down, DRAGONFLY_SOURCE);
	observed("unaligned-address", "%s", result == 0 ? "rounded down" : errno_name(error));
}

CASE(outside_space_einval, SHALL, "munmap() of a range outside the address space fails with EINVAL and unmaps nothing",
    "POSIX.1-2017 munmap() ERRORS", "POSIX.1-2024 munmap() ERRORS", "Linux munmap(2)", "FreeBSD munmap(2)",
    "NetBSD munmap(2)", "OpenBSD munmap(2)", "DragonFly munmap(2)", "macOS munmap(2)", "illumos munmap(2)",
    NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), COVERS("munmap.range"))
{
	static const char rounds_to_zero[] = "a length that is zero when it is rounded up is no error";
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 2 * page_size());
	/* Nobody has the last page, not even where (s390x) the kernel's addresses are apart from those of processes. */
	char *last_page = (char *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */

	CHECK_FAILS(EINVAL, -1, munmap(last_page, page_size()));
	CHECK_FAILS(EINVAL, -1, munmap(address_of_kernel(), 128 * page_size()));
	CHECK_FAILS(EINVAL, -1, munmap(p, SIZE_MAX - page_size() + 1)); /* the end wraps around */
	CHECK_INSTEAD(FREEBSD | NETBSD, munmap(p, SIZE_MAX) == 0);
	known_defect(FREEBSD, "", rounds_to_zero, "FreeBSD sys/vm/vm_mmap.c kern_munmap()");
	known_defect(NETBSD, "", rounds_to_zero, NETBSD_SOURCE);
	CHECK_FAILS(EINVAL, -1, munmap(p, SIZE_MAX)); /* rounding up wraps around */

	CHECK_PATTERN('m', p, 2 * page_size());
	for (size_t page = 0; page < 2; page++)
		CHECK_STORE_OK(&p[page * page_size()]);
}

CASE(enomem_too_many_parts, DOCUMENTED,
    "munmap() inside a mapping fails with ENOMEM and unmaps nothing when its parts would be too many mappings",
    "Linux munmap(2)", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND),
    COVERS("munmap.split_enomem munmap.max_map_count_ok"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());
	struct mappings m = map_up_to_limit();

	CHECK_FAILS(ENOMEM, -1, munmap(&p[page_size()], page_size()));

	unmap(m.start, m.size);
	CHECK_PATTERN('m', p, 3 * page_size());
	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));
	CHECK_UNMAPPED(&p[page_size()], page_size());
}
