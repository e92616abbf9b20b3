/* SPDX-License-Identifier: BSD-2-Clause */

/* Ranges that munmap() takes though they have holes or several mappings, and ranges that it refuses. */

#include <stdint.h>

#include "case.h"
#include "instrument.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"

INTERFACE(munmap)

#define OPENBSD_SOURCE   "OpenBSD sys/uvm/uvm_mmap.c sys_munmap()"
#define DRAGONFLY_SOURCE "DragonFly sys/vm/vm_mmap.c sys_munmap()"
#define ZERO_LENGTH      "a length of zero is no error"
#define HOLE             "a range with an unmapped page fails with EINVAL"

static void
hole_is_invalid(void)
{
	deviates(OPENBSD, HOLE, OPENBSD_SOURCE);
	deviates(DRAGONFLY, HOLE, DRAGONFLY_SOURCE);
}

CASE(len_zero_einval, SHALL, "A length of zero fails with EINVAL", "POSIX.1-2017 munmap() ERRORS", "FreeBSD munmap(2)",
    "macOS munmap(2)")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 2 * page_size());

	deviates(NETBSD, ZERO_LENGTH, "NetBSD sys/uvm/uvm_mmap.c sys_munmap()");
	deviates(OPENBSD, ZERO_LENGTH, OPENBSD_SOURCE);
	deviates(DRAGONFLY, ZERO_LENGTH, DRAGONFLY_SOURCE);
	CHECK_FAILS(EINVAL, -1, munmap(p, 0));
	CHECK_FAILS(EINVAL, -1, munmap(&p[page_size()], 0));
	CHECK_PATTERN('m', p, 2 * page_size());
}

CASE(no_mapping_no_effect, SHALL, "Unmapping where nothing is mapped is no error and does nothing",
    "POSIX.1-2017 munmap() DESCRIPTION", "Linux mmap(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());
	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));

	hole_is_invalid();
	CHECK_SUCCEEDS(munmap(&p[page_size()], page_size()));

	CHECK_PATTERN('m', p, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(no_mapping_no_effect__over_4_gib, SHALL, "Unmapping where nothing is mapped is no error, in a range of any size",
    "POSIX.1-2017 munmap() DESCRIPTION", "Linux mmap(2)", NEEDS_64_BIT_ADDRESSES)
{
	const size_t size = (size_t)((uint64_t)5 << 30);
	char *p = free_range(size);

	hole_is_invalid();
	CHECK_SUCCEEDS(munmap(p, size));
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

CASE(range_with_hole__first, SHALL, "A range with unmapped pages is no error, and its other pages are unmapped",
    "POSIX.1-2017 munmap() DESCRIPTION")
{
	unmap_around_hole(1);
}

CASE(range_with_hole__middle, SHALL, "A range with unmapped pages is no error, and its other pages are unmapped",
    "POSIX.1-2017 munmap() DESCRIPTION")
{
	unmap_around_hole(2);
}

CASE(range_with_hole__last, SHALL, "A range with unmapped pages is no error, and its other pages are unmapped",
    "POSIX.1-2017 munmap() DESCRIPTION")
{
	unmap_around_hole(4);
}

CASE(several_mappings, SHALL, "A range may hold several mappings and parts of them: all its pages are unmapped",
    "POSIX.1-2017 munmap() DESCRIPTION")
{
	const size_t page = page_size();
	const int access = PROT_READ | PROT_WRITE;
	char *p = map_anonymous(8 * page, MAP_PRIVATE);
	REQUIRE(mmap(&p[2 * page], 2 * page, access, MAP_FIXED | MAP_SHARED, nameless_file(2 * page), 0) != MAP_FAILED);
	REQUIRE(
	    mmap(&p[4 * page], 3 * page, access, MAP_FIXED | MAP_SHARED, object_create(3 * page).fd, 0) != MAP_FAILED);
	pattern_store('m', p, 8 * page);

	CHECK_SUCCEEDS(munmap(&p[page], 4 * page));

	for (size_t i = 1; i < 5; i++)
		CHECK_UNMAPPED(&p[i * page], page);
	CHECK_PATTERN('m', p, page);
	CHECK_PATTERN_FROM('m', 5 * page, &p[5 * page], 3 * page);
}

CASE(unaligned_address, MAY, "An address that is no multiple of the page size fails with EINVAL or is rounded down",
    "POSIX.1-2017 munmap() ERRORS", "Linux mmap(2)", "FreeBSD munmap(2)", "macOS munmap(2)", OPENBSD_SOURCE)
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 3 * page_size());

	errno = 0;
	int result = munmap(&p[page_size() + 1], page_size() - 1);
	int error = errno;

	if (result == 0) {
		CHECK_UNMAPPED(&p[page_size()], page_size());
	} else {
		CHECK_EQ(-1, result);
		CHECK_EQ(EINVAL, error);
		CHECK_PATTERN_FROM('m', page_size(), &p[page_size()], page_size());
	}
	observed("unaligned-address", "%s", result == 0 ? "rounded down" : errno_name(error));
	CHECK_PATTERN('m', p, page_size());
	CHECK_PATTERN_FROM('m', 2 * page_size(), &p[2 * page_size()], page_size());
}

CASE(outside_space_einval, SHALL, "A range outside the address space fails with EINVAL and unmaps nothing",
    "POSIX.1-2017 munmap() ERRORS", "FreeBSD munmap(2)", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('m', p, 2 * page_size());
	/* Nobody has the last page, not even where (s390x) the kernel's addresses are apart from those of processes. */
	char *last_page = (char *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */

	CHECK_FAILS(EINVAL, -1, munmap(last_page, page_size()));
	CHECK_FAILS(EINVAL, -1, munmap(address_of_kernel(), 128 * page_size()));
	CHECK_FAILS(EINVAL, -1, munmap(p, SIZE_MAX - page_size() + 1)); /* the end wraps around */
	deviates(FREEBSD, "a length that rounds up to zero is no error", "FreeBSD sys/vm/vm_mmap.c kern_munmap()");
	deviates(NETBSD, "a length that rounds up to zero is no error", "NetBSD sys/uvm/uvm_mmap.c sys_munmap()");
	CHECK_FAILS(EINVAL, -1, munmap(p, SIZE_MAX)); /* rounding up wraps around */

	CHECK_PATTERN('m', p, 2 * page_size());
	CHECK_STORE_OK(&p[2 * page_size() - 1]);
}
