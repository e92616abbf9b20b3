/* SPDX-License-Identifier: BSD-2-Clause */

/* Arguments of mmap() that no program means to give: unknown bits, odd lengths, unaligned addresses and offsets. */

#include <stdint.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "memory_cases.h"
#include "process.h"

INTERFACE(mmap)

#define POSIX_ERRORS      "POSIX.1-2017 mmap() ERRORS", "POSIX.1-2024 mmap() ERRORS"
#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"
#define OPENBSD_SOURCE    "OpenBSD sys/uvm/uvm_mmap.c sys_mmap()"

enum { READ_WRITE = PROT_READ | PROT_WRITE };

/* Bits that no known system gives a meaning. */
enum { SPARE_PROT = 0x40000000, SPARE_FLAG = 0x200000 };

/* Whether there is a mapping that can be stored to, or none because of an error that calls an argument invalid. */
static void
check_ignored_or_refused(const char *key, char *p, int error)
{
	if (p == MAP_FAILED)
		CHECK(error == EINVAL || error == ENOTSUP || error == EOPNOTSUPP);
	else
		CHECK_STORE_OK(p);
	observed(key, "%s", p == MAP_FAILED ? errno_name(error) : "ignored");
}

static void *
map_again(const struct memory *m, int protection, int flags)
{
	errno = 0;
	return mmap(NULL, m->size, protection, MAP_SHARED | flags | (m->fd == -1 ? MAP_ANONYMOUS : 0), m->fd, 0);
}

CASE_FOR_EACH_MAPPING(prot_unknown_bits, OBSERVED,
    "mmap() ignores unknown bits of the protection, or fails with EINVAL or ENOTSUP",
    CHOICE("FreeBSD 11 mmap(2)", "unknown-protection", "EINVAL"), OPENBSD_SOURCE, COVERS("mmap.bad_prot"))
{
	struct memory m = memory_create(kind, page_size());
	char *p = map_again(&m, READ_WRITE | SPARE_PROT, 0);

	check_ignored_or_refused("unknown-protection", p, errno);
}

CASE_FOR_EACH_MAPPING(flags_unknown_bits, OBSERVED,
    "mmap() ignores unknown flags, or fails with EINVAL, ENOTSUP or EOPNOTSUPP",
    CHOICE("Linux mmap(2)", "unknown-flag", "ignored"), CHOICE("FreeBSD 11 mmap(2)", "unknown-flag", "EINVAL"),
    CHOICE("macOS 11 mmap(2)", "unknown-flag", "EINVAL"), OPENBSD_SOURCE, COVERS("mmap.bad_flag"))
{
	struct memory m = memory_create(kind, page_size());
	char *p = map_again(&m, READ_WRITE, SPARE_FLAG);

	check_ignored_or_refused("unknown-flag", p, errno);
}

CASE(enxio__fixed, MAY,
    "MAP_FIXED of a range far behind the end of a file fails with ENXIO or "
    "gives a mapping without a byte of the file; what is beside it stays",
    POSIX_ERRORS, POSIX_DESCRIPTION, CHOICE("FreeBSD mmap(2)", "fixed-behind-end", "maps"),
    CHOICE("illumos mmap(2)", "fixed-behind-end", "maps"), COVERS("mmap.enxio_fixed"))
{
	const size_t unit = attach_multiple();
	int fd = nameless_file(page_size());
	char *p = map_aligned(3 * unit);
	pattern_store('o', p, 3 * unit);

	errno = 0;
	char *q = mmap(&p[unit], unit, READ_WRITE, MAP_FIXED | MAP_SHARED, fd, (off_t)(1024 * unit));
	int error = errno;

	observed("fixed-behind-end", "%s", q == MAP_FAILED ? errno_name(error) : "maps");
	if (q == MAP_FAILED) {
		CHECK_RETURNS_ERROR(ENXIO, error);
	} else {
		int signals[] = { fault_of_load(&p[unit]).signal, fault_of_store(&p[unit], 's').signal };

		behind_end_deviates(fd, signals, 2);
		CHECK_EQ(&p[unit], q);
		CHECK_EQ(SIGBUS, signals[0]);
		CHECK_EQ(SIGBUS, signals[1]);
	}
	CHECK_PATTERN('o', p, unit);
	CHECK_PATTERN_FROM('o', 2 * unit, &p[2 * unit], unit);
	CHECK_EQ(page_size(), size_of(fd));
}

/* Lengths about the half of all that a number can tell, where it turns negative when it is taken for a signed one. */
static size_t
half_length(unsigned which)
{
	const size_t half = SIZE_MAX / 2 + 1;
	const size_t lengths[] = { half - page_size() - 1, half - page_size(), half - 1, half, half + 1,
		half + page_size(), SIZE_MAX - half / 2 };

	return which < nitems(lengths) ? lengths[which] : 0;
}

/*
 * The whole of it is there, or nothing. Few processes have room for it: some of 32 bits, and on Linux those of s390x. What is
 * shared is a file to some kernels, and half of all that a number can tell is longer than a file can be.
 */
static void
check_half(size_t length, int flags, int fd)
{
	errno = 0;
	char *p = mmap(NULL, length, PROT_READ, flags, fd, 0);
	int error = errno;

	if (p == MAP_FAILED) {
		CHECK(error == ENOMEM || (fd != -1 && error == EOVERFLOW) ||
		    (fd == -1 && (flags & MAP_SHARED) != 0 && length > SIZE_MAX / 2 && error == EINVAL));
		return;
	}
	CHECK_EQ(fd == -1 ? 0 : SIGBUS, fault_of_load(&p[length - 1]).signal);
	unmap(p, length);
}

CASE(enomem_too_long__half_of_space, SHALL,
    "mmap() with a length of about half of the address space maps all of it or fails with ENOMEM", POSIX_ERRORS,
    "Linux mmap(2)", NEEDS_NO_INSTRUMENT(THREAD_SANITIZER), COVERS("mmap.odd_sizes"))
{
	int fd = nameless_file(page_size());

	known_defect(FREEBSD, "", "a length above the offset maximum fails with EINVAL",
	    "FreeBSD sys/kern/vfs_vnops.c vn_mmap()");
	for (unsigned i = 0; half_length(i) != 0; i++) {
		check_half(half_length(i), MAP_PRIVATE | MAP_ANONYMOUS, -1);
		check_half(half_length(i), MAP_SHARED | MAP_ANONYMOUS, -1);
		check_half(half_length(i), MAP_PRIVATE, fd);
		check_half(half_length(i), MAP_SHARED, fd);
	}
	CHECK_EQ(page_size(), size_of(fd));
}

/* One combination of what is aligned and what is not. */
struct odd_call {
	size_t address; /* beyond the start of a page; where MAP_FIXED is not set, of the hint */
	off_t offset;   /* beyond a page of the file */
	size_t length;
};

static void
check_odd_call(const struct odd_call *c, int fixed)
{
	const size_t unit = attach_multiple();
	int fd = nameless_file_with_pattern(2 * unit / page_size());
	char *at = map_aligned(3 * unit);
	bool is_odd = (fixed != 0 && c->address != 0) || c->offset != 0;
	pattern_store('o', at, 3 * unit);

	errno = 0;
	char *p = mmap(&at[unit + c->address], c->length, PROT_READ, fixed | MAP_SHARED, fd, (off_t)unit + c->offset);
	int error = errno;

	if (p == MAP_FAILED) {
		CHECK_RETURNS_ERROR(EINVAL, error);
		CHECK(is_odd);
		CHECK_PATTERN('o', at, 3 * unit);
		return;
	}
	CHECK_PATTERN_FROM('f', unit + (size_t)c->offset, p, c->length);
	CHECK_PATTERN('o', at, unit);
	if (fixed == 0)
		CHECK_PATTERN('o', at, 3 * unit);
	else
		CHECK_EQ(&at[unit + c->address], p);
	if (!is_odd)
		CHECK_PATTERN_FROM('o', 2 * unit, &at[2 * unit], unit);
}

/* Each of address and offset on a page, just behind its start and just before its end; lengths of one byte and more. */
static void
check_odd_calls(int fixed)
{
	const size_t beyond[] = { 0, 1, page_size() - 1 };

	for (unsigned i = 0; i < nitems(beyond); i++)
		for (unsigned j = 0; j < nitems(beyond); j++) {
			check_odd_call(&(struct odd_call){ beyond[i], (off_t)beyond[j], 1 }, fixed);
			check_odd_call(&(struct odd_call){ beyond[i], (off_t)beyond[j], page_size() / 2 + 1 }, fixed);
		}
}

CASE(odd_addresses_and_offsets__fixed, MAY,
    "MAP_FIXED with an address or an offset inside a page fails with EINVAL and "
    "changes nothing, or maps exactly there; an odd length is rounded up",
    POSIX_ERRORS, POSIX_DESCRIPTION, "macOS mmap(2)", COVERS("mmap.unaligned_table"))
{
	check_odd_calls(MAP_FIXED);
}

CASE(odd_addresses_and_offsets__hint, MAY,
    "mmap() with an offset inside a page fails with EINVAL or maps from there; "
    "a hint inside a page and an odd length are accepted",
    POSIX_ERRORS, POSIX_DESCRIPTION, "macOS mmap(2)", COVERS("mmap.unaligned_table"))
{
	check_odd_calls(0);
}

static void
map_page_zero(void *unused)
{
	const int flags = MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS;
	(void)unused;
	need(before(LINUX, "4.17") == 0, "needs MAP_FIXED_NOREPLACE");

	errno = 0;
	char *p = mmap(NULL, page_size(), PROT_READ, flags, -1, 0);
	int error = errno;

	if (p == MAP_FAILED)
		CHECK(error == EPERM || error == EACCES || error == EINVAL || error == ENOMEM);
	else
		CHECK(p == NULL);
	observed("page-zero", "%s", p == MAP_FAILED ? errno_name(error) : "maps");
}

CASE(null_page_protected__noreplace, OBSERVED,
    "MAP_FIXED_NOREPLACE at address zero maps there or fails with EPERM, EACCES, EINVAL or ENOMEM",
    "Linux 4.17 mmap(2)", NEEDS_PLATFORM(LINUX), NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER | THREAD_SANITIZER),
    NEEDS_PLAIN_USER, COVERS("mmap.fixed_null_eperm"))
{
	as_user(plain_user(), map_page_zero, NULL);
}
