/* SPDX-License-Identifier: BSD-2-Clause */

/* Attaching a segment over or beside existing memory of each kind. */

#include <stdint.h>

#include "attach_pages.h"
#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shmat, NEEDS_SEGMENTS)

static char *
address(uintptr_t number)
{
	return (char *)number; /* NOLINT(performance-no-int-to-ptr) */
}

CASE(einval_occupied, MAY, "A shmaddr whose range overlaps a mapping fails with EINVAL or ENOMEM and the mapping stays",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS",
    CHOICE("Linux shmop(2)", "attach-over-mapping", "EINVAL"),
    CHOICE("FreeBSD 12.1 shmat(2)", "attach-over-mapping", "ENOMEM"))
{
	size_t unit = attach_multiple();
	int id = segment_create(3 * unit);
	char *base = free_range(5 * unit);
	char *old = base + 2 * unit;

	REQUIRE(mmap(old, unit, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0) == old);
	pattern_store(1, old, unit);

	for (size_t i = 0; i < 3; i++) { /* the range's last unit, its middle and its first are taken */
		CHECK_FAILS_AS_TAKEN(shmat(id, base + i * unit, 0));
		CHECK_PATTERN(1, old, unit);
		CHECK_STORE_OK(old);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, old - unit);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, old + unit);
	}
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	errno = 0;
	shmat(id, old, 0);
	observed("attach-over-mapping", "%s", errno_name(errno));
}

CASE(einval_occupied__by_attachment, MAY,
    "A shmaddr at which a segment is attached fails with EINVAL or ENOMEM and the attachment stays",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", "FreeBSD 12.1 shmat(2)",
    COVERS("shmat.overlap"))
{
	int id = segment_create(page_size());
	int other = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, page_size());

	CHECK_FAILS_AS_TAKEN(shmat(other, p, 0));
	CHECK_FAILS_AS_TAKEN(shmat(id, p, 0));

	CHECK_PATTERN(1, p, page_size());
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_EQ(0, segment_stat(other).shm_nattch);
	CHECK_SUCCEEDS(shmdt(p));
}

static void
attach_over_mapping(int error)
{
	int id = segment_create(page_size());
	char *mapped = map_anonymous(3 * attach_multiple(), MAP_PRIVATE);
	char *at = mapped + attach_multiple() - (uintptr_t)mapped % attach_multiple();

	CHECK_FAILS(error, (void *)-1, shmat(id, at, 0));
	CHECK_FAILS(error, (void *)-1, shmat(id, at, SHM_RDONLY));
	CHECK_FAILS(error, (void *)-1, shmat(id, at + 1, SHM_RND));
	CHECK_BYTES(0, mapped, 3 * attach_multiple());
}

CASE(einval_occupied__einval, DOCUMENTED, "Where something is mapped at shmaddr, shmat() fails with EINVAL",
    "Linux shmop(2)", "illumos usr/src/uts/common/os/shm.c shmat()")
{
	attach_over_mapping(EINVAL);
}

CASE(einval_occupied__enomem, DOCUMENTED, "Where something is mapped at shmaddr, shmat() fails with ENOMEM",
    "FreeBSD shmat(2) ERRORS", "NetBSD sys/uvm/uvm_map.c", "OpenBSD sys/uvm/uvm_map.c uvm_map()",
    "DragonFly sys/kern/sysv_shm.c sys_shmat()", "macOS bsd/kern/sysv_shm.c shmat()")
{
	taken_address_defect();
	attach_over_mapping(ENOMEM);
}

CASE(einval_occupied__rounded, MAY,
    "Where SHM_RND rounds to an address in use, shmat() fails with EINVAL or ENOMEM and attaches nowhere else",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	const size_t offsets[] = { 0, 1, unit - 1 };
	int id = segment_create(page_size());
	struct existing_memory old = existing_memory_create(FILE_SHARED, unit);
	char *base = free_range(3 * unit);
	existing_memory_place(&old, base + unit);

	taken_address_defect();
	for (size_t i = 0; i < nitems(offsets); i++) {
		CHECK_FAILS_AS_TAKEN(shmat(id, base + unit + offsets[i], SHM_RND));
		CHECK_STAYS(&old);
	}

	CHECK_UNMAPPED(base, unit);
	CHECK_UNMAPPED(base + 2 * unit, unit);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE_FOR_EACH_EXISTING_MEMORY(einval_occupied, MAY,
    "A range that overlaps with memory in use fails with EINVAL or ENOMEM, and what is there stays",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	int id = segment_create(2 * unit + 1);
	struct existing_memory old = existing_memory_create(kind, unit);
	char *base = free_range(6 * unit);
	existing_memory_place(&old, base + 2 * unit);

	taken_address_defect();
	for (size_t i = 0; i < 3; i++) { /* in use is where the last byte goes, the middle, the start */
		CHECK_FAILS_AS_TAKEN(shmat(id, base + i * unit, 0));
		CHECK_FAILS_AS_TAKEN(shmat(id, base + i * unit, SHM_RDONLY));
		CHECK_FAILS_AS_TAKEN(shmat(id, base + i * unit + 1, SHM_RND));
		CHECK_STAYS(&old);
	}

	CHECK_UNMAPPED(base, 2 * unit);
	CHECK_UNMAPPED(base + 3 * unit, unit + page_size());
	CHECK_SHOWN_ELSEWHERE(&old);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(einval_occupied__same_segment, MAY,
    "An attach over a part of an attachment of the same segment fails with EINVAL or ENOMEM, and that stays",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", "FreeBSD 12.1 shmat(2)")
{
	size_t unit = attach_multiple();
	int id = segment_create(2 * unit);
	char *base = free_range(4 * unit);
	char *p = segment_attach(id, base + unit, 0);
	pattern_store(1, p, 2 * unit);

	taken_address_defect();
	for (size_t i = 0; i < 3; i++) {
		CHECK_FAILS_AS_TAKEN(shmat(id, base + i * unit, 0));
		CHECK_FAILS_AS_TAKEN(shmat(id, base + i * unit, SHM_RDONLY));
		CHECK_PATTERN(1, p, 2 * unit);
		CHECK_STORE_OK(p);
	}

	CHECK_UNMAPPED(base, unit);
	CHECK_UNMAPPED(base + 3 * unit, unit);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_UNMAPPED(base, 4 * unit);
}

static char data[1 << 20];

static void
need_small_shmlba(void)
{
	need(3 * attach_multiple() <= sizeof(data), "needs a SHMLBA below %zu, here it is %zu", sizeof(data) / 3,
	    attach_multiple());
}

#define NEEDS_SMALL_SHMLBA NEED("a SHMLBA below a third of a megabyte", .ask = need_small_shmlba)

CASE(einval_occupied__program_data, MAY,
    "A shmaddr within the data of the program fails with EINVAL or ENOMEM, and the data stay",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", "FreeBSD 12.1 shmat(2)",
    NEEDS_SMALL_SHMLBA, COVERS("shmat.below_brk"))
{
	size_t unit = attach_multiple();
	int id = segment_create(page_size());
	char *at = data + (unit - (uintptr_t)data % unit);
	pattern_store(1, data, sizeof(data));

	taken_address_defect();
	CHECK_FAILS_AS_TAKEN(shmat(id, at, 0));
	CHECK_FAILS_AS_TAKEN(shmat(id, at + 1, SHM_RND));

	CHECK_PATTERN(1, data, sizeof(data));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

static bool
is_free(const char *start, size_t size)
{
	for (size_t at = 0; at < size; at += page_size())
		if (!load_is_refused(start + at))
			return false;
	return true;
}

/* The C library may have something of its own below: on DragonFly that of the first thread. */
static char *
lowest_free_unit(void)
{
	enum { UNITS = 16 };
	size_t unit = attach_multiple();

	for (uintptr_t i = 1; i <= UNITS; i++)
		if (is_free(address(i * unit), unit))
			return address(i * unit);
	end_skipped("needs one of the lowest %d multiples of SHMLBA with nothing mapped there", UNITS);
}

static void
attach_over_low_mapping(void *arg)
{
	int id = *(int *)arg;
	size_t unit = attach_multiple();
	char *low = lowest_free_unit();
	char *p = mmap(low, unit, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0);

	need(p == low, "needs the right to map low addresses: mmap() gives %s", errno_name(errno));
	pattern_store(1, low, unit);
	CHECK_FAILS_AS_TAKEN(shmat(id, low, 0));
	CHECK_FAILS_AS_TAKEN(shmat(id, low + 1, SHM_RND));
	CHECK_PATTERN(1, low, unit);
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(einval_occupied__low, MAY,
    "shmat() at one of the lowest multiples of SHMLBA, where the "
    "process has mapped memory, fails with EINVAL or ENOMEM",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", "FreeBSD 12.1 shmat(2)",
    NEEDS_SEGMENTS_THAT_STAY, COVERS("shmat.low_conflict"))
{
	int id = segment_create(page_size());

	taken_address_defect();
	in_child(attach_over_low_mapping, &id);
}

CASE(exact_address__between_neighbours, SHALL,
    "A segment fits exactly between memory in use on both sides, of each kind, and leaves it as it is",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES, NEEDS_OBJECTS, NEEDS_MEMFD)
{
	size_t unit = attach_multiple();
	int id = segment_create(2 * unit);
	segment_attach(id, NULL, 0);

	for (int kind = 0; kind < EXISTING_KINDS; kind++) {
		struct existing_memory below = existing_memory_create(kind, unit);
		struct existing_memory above = existing_memory_create(kind, unit);
		char *base = free_range(4 * unit);
		existing_memory_place(&below, base);
		existing_memory_place(&above, base + 3 * unit);

		REQUIRE(shmat(id, base + unit, 0) == base + unit);
		pattern_store((unsigned char)kind, base + unit, 2 * unit);
		CHECK_STAYS(&below);
		CHECK_STAYS(&above);
		CHECK_SUCCEEDS(shmdt(base + unit));
		CHECK_UNMAPPED(base + unit, 2 * unit);
		CHECK_STAYS(&below);
		CHECK_STAYS(&above);
	}
}
