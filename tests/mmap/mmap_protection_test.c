/* SPDX-License-Identifier: BSD-2-Clause */

/* Every protection, every access, every kind of mapping: what mmap() allows and refuses. */

#include <signal.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"

INTERFACE(mmap_protection)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"
#define SENTENCE \
	"PROT_WRITE allows stores, which need it; PROT_READ allows loads; PROT_NONE refuses both, and what is " \
	"refused " \
	"changes nothing"

static void
check_store(struct fault f, int protection, const char *at)
{
	if ((protection & PROT_WRITE) != 0)
		CHECK_EQ(0, f.signal);
	else {
		CHECK_EQ(SIGSEGV, f.signal);
		CHECK(is_address_of_fault(f, at));
	}
}

static void
check_load(struct fault f, int protection, const char *at)
{
	if ((protection & PROT_READ) != 0)
		CHECK_EQ(0, f.signal);
	else if (protection == PROT_NONE) {
		CHECK_EQ(SIGSEGV, f.signal);
		CHECK(is_address_of_fault(f, at));
	}
}

/* The page was zero, and the byte in its middle is the one that could be stored. */
static void
check_page(const char *page, int protection)
{
	const size_t half = page_size() / 2;

	CHECK_BYTES(0, page, half);
	CHECK_EQ((protection & PROT_WRITE) != 0 ? 's' : 0, page[half]);
	CHECK_BYTES(0, &page[half + 1], page_size() - half - 1);
}

static void
check_protection(const struct memory *m, int flags, int protection, bool is_seen_elsewhere)
{
	char *p = mmap(NULL, 2 * page_size(), protection, flags, m->fd, 0);
	int error = p == MAP_FAILED ? errno : 0;
	char *first = &p[page_size() / 2];
	char *second = &p[page_size() + page_size() / 2];

	if (p == MAP_FAILED) {
		CHECK_NE(0, protection & PROT_EXEC); /* a mount or a policy may refuse that */
		CHECK(error == EPERM || error == EACCES || error == ENOTSUP);
		return;
	}
	/* One page is loaded first, the other one stored to. */
	struct fault load = fault_of_load(first);
	check_load(load, protection, first);
	check_store(fault_of_store(first, 's'), protection, first);
	check_store(fault_of_store(second, 's'), protection, second);
	check_load(fault_of_load(second), protection, second);

	/* After a store more may be allowed than before. */
	if (load.signal == 0) {
		check_page(p, protection);
		check_page(&p[page_size()], protection);
	}
	for (size_t page = 0; page < 2; page++)
		check_page(&m->start[page * page_size()], is_seen_elsewhere ? protection : PROT_NONE);
	unmap(p, 2 * page_size());
}

static void
check_each_protection(memory_kind *kind, int flags, bool is_seen_elsewhere)
{
	protection_signal_deviates();
	for (int bits = 0; bits < 8; bits++) {
		struct memory m = memory_create(kind, 2 * page_size());
		int protection = ((bits & 1) != 0 ? PROT_READ : PROT_NONE) |
		    ((bits & 2) != 0 ? PROT_WRITE : PROT_NONE) | ((bits & 4) != 0 ? PROT_EXEC : PROT_NONE);

		check_protection(&m, flags, protection, is_seen_elsewhere);
	}
}

CASE(table__anonymous_shared, SHALL, SENTENCE, POSIX_DESCRIPTION, COVERS("mmap.segv_si_addr"))
{
	check_each_protection(anonymous_memory, MAP_SHARED | MAP_ANONYMOUS, false);
}

CASE(table__anonymous_private, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_each_protection(anonymous_memory, MAP_PRIVATE | MAP_ANONYMOUS, false);
}

CASE(table__dev_zero_shared, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_each_protection(dev_zero_memory, MAP_SHARED, false);
}

CASE(table__dev_zero_private, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_each_protection(dev_zero_memory, MAP_PRIVATE, false);
}

CASE(table__file_shared, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_each_protection(file_memory, MAP_SHARED, true);
}

CASE(table__file_private, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_each_protection(file_memory, MAP_PRIVATE, false);
}

CASE(table__object_shared, SHALL, SENTENCE, POSIX_DESCRIPTION, NEEDS_OBJECTS)
{
	check_each_protection(object_memory, MAP_SHARED, true);
}

CASE(table__object_private, SHALL, SENTENCE, POSIX_DESCRIPTION, NEEDS_OBJECTS)
{
	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	check_each_protection(object_memory, MAP_PRIVATE, false);
}
