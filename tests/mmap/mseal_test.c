/* SPDX-License-Identifier: BSD-2-Clause */

/* mseal() of Linux: mappings that stay as they are until their process ends. */

#include <fcntl.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memfd.h"
#include "memory_cases.h"
#include "process.h"

#define MSEAL_MANUAL "Linux 6.10 Documentation/userspace-api/mseal.rst"

/* The system has it: not the 32-bit ones, nor an emulator of Linux. */
#define NEEDS_MSEAL NEED("mseal()", .ask = need_mseal)

static void
need_mseal(void)
{
	int result = raw_mseal(map_anonymous(page_size(), MAP_PRIVATE), page_size(), 1);

	need(result == -1 && errno == EINVAL, "no mseal() here: it fails with %s", errno_name(errno));
}

/* The page says that systems of 32 bits have no such call; the others count the addresses of their 32-bit processes in 64 bits. */
INTERFACE(mseal, NEEDS_64_BIT_ADDRESSES, NEEDS_MSEAL)

/* Three pages with a pattern, of which the middle one is sealed. */
static struct memory
sealed_in_middle(memory_kind *kind)
{
	struct memory m = memory_create(kind, 3 * page_size());

	pattern_store('m', m.start, m.size);
	CHECK_SUCCEEDS(raw_mseal(&m.start[page_size()], page_size(), 0));
	return m;
}

CASE_FOR_EACH_MAPPING(unmap_eperm, DOCUMENTED,
    "munmap() of a range with a sealed page fails with EPERM and unmaps nothing of the range", MSEAL_MANUAL,
    COVERS("mseal.ops"))
{
	struct memory m = sealed_in_middle(kind);

	CHECK_FAILS(EPERM, -1, munmap(&m.start[page_size()], page_size()));
	CHECK_FAILS(EPERM, -1, munmap(m.start, m.size));
	CHECK_FAILS(EPERM, -1, munmap(m.start, 2 * page_size()));

	CHECK_PATTERN('m', m.start, m.size);
	CHECK_STORE_OK(&m.start[page_size()]);
}

CASE_FOR_EACH_MAPPING(map_over_eperm, DOCUMENTED,
    "mmap() with MAP_FIXED over a sealed page fails with EPERM, and the page keeps what it holds", MSEAL_MANUAL,
    COVERS("mseal.ops"))
{
	struct memory m = sealed_in_middle(kind);

	CHECK_FAILS(EPERM, MAP_FAILED,
	    mmap(&m.start[page_size()], page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		-1, 0));

	CHECK_PATTERN('m', m.start, m.size);
}

CASE_FOR_EACH_MAPPING(remap_eperm, DOCUMENTED,
    "mremap() of a sealed page, or onto one, fails with EPERM, and the page keeps its place and what it holds",
    MSEAL_MANUAL, COVERS("mseal.ops"))
{
	struct memory m = sealed_in_middle(kind);
	char *sealed = &m.start[page_size()];
	char *other = map_anonymous(page_size(), MAP_PRIVATE);
	char *free = free_range(2 * page_size());

	CHECK_FAILS(EPERM, MAP_FAILED, mremap(sealed, page_size(), 2 * page_size(), MREMAP_MAYMOVE));
	CHECK_FAILS(EPERM, MAP_FAILED, mremap(sealed, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, free));
	CHECK_FAILS(EPERM, MAP_FAILED, mremap(other, page_size(), page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, sealed));

	CHECK_PATTERN('m', m.start, m.size);
}

CASE_FOR_EACH_MAPPING(protect_eperm, DOCUMENTED,
    "mprotect() of a sealed page fails with EPERM and changes nothing there, and works on the pages beside it",
    MSEAL_MANUAL, COVERS("mseal.ops mseal.split"))
{
	struct memory m = sealed_in_middle(kind);

	CHECK_FAILS(EPERM, -1, mprotect(&m.start[page_size()], page_size(), PROT_READ));
	CHECK_FAILS(EPERM, -1, mprotect(&m.start[page_size()], page_size(), PROT_NONE));
	CHECK_STORE_OK(&m.start[page_size()]);

	CHECK_SUCCEEDS(mprotect(m.start, page_size(), PROT_READ));
	CHECK_SUCCEEDS(mprotect(&m.start[2 * page_size()], page_size(), PROT_READ));
	CHECK(store_is_refused(m.start));
	CHECK(store_is_refused(&m.start[2 * page_size()]));
	CHECK_PATTERN('m', m.start, m.size);
}

CASE(advise_eperm, DOCUMENTED,
    "MADV_DONTNEED and MADV_FREE of sealed private memory that may not be written fail with EPERM and drop nothing",
    MSEAL_MANUAL, COVERS("mseal.madvise"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());
	REQUIRE(mprotect(p, 2 * page_size(), PROT_READ) == 0);
	REQUIRE(raw_mseal(p, 2 * page_size(), 0) == 0);

	CHECK_FAILS(EPERM, -1, madvise(p, 2 * page_size(), MADV_DONTNEED));
	CHECK_FAILS(EPERM, -1, madvise(&p[page_size()], page_size(), MADV_FREE));

	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK_SUCCEEDS(madvise(p, 2 * page_size(), MADV_RANDOM));
}

CASE(seal_again, DOCUMENTED,
    "To seal memory that is sealed, with more around it, succeeds, and all of it is sealed then", MSEAL_MANUAL,
    COVERS("mseal.ok"))
{
	struct memory m = sealed_in_middle(anonymous_memory);

	CHECK_SUCCEEDS(raw_mseal(&m.start[page_size()], page_size(), 0));
	CHECK_SUCCEEDS(raw_mseal(m.start, m.size, 0));

	for (size_t page = 0; page < 3; page++)
		CHECK_FAILS(EPERM, -1, munmap(&m.start[page * page_size()], page_size()));
	CHECK_PATTERN('m', m.start, m.size);
}

CASE(size_rounded_up, DOCUMENTED, "The size is rounded up to pages: one byte of a page seals the page, and no other",
    MSEAL_MANUAL, COVERS("mseal.args"))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	CHECK_SUCCEEDS(raw_mseal(p, page_size() + 1, 0));

	CHECK_FAILS(EPERM, -1, munmap(&p[page_size()], page_size()));
	CHECK_SUCCEEDS(munmap(&p[2 * page_size()], page_size()));
}

CASE(einval, DOCUMENTED,
    "An address inside a page, a flag, and a range that wraps around fail with EINVAL and seal nothing", MSEAL_MANUAL,
    COVERS("mseal.args"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	CHECK_FAILS(EINVAL, -1, raw_mseal(&p[1], page_size(), 0));
	CHECK_FAILS(EINVAL, -1, raw_mseal(p, page_size(), 1));
	CHECK_FAILS(EINVAL, -1, raw_mseal(p, SIZE_MAX - page_size(), 0));

	CHECK_SUCCEEDS(munmap(p, 2 * page_size()));
}

CASE(enomem_unmapped, DOCUMENTED,
    "A range with a page that is not mapped, at its start, inside "
    "or at its end, fails with ENOMEM and nothing is sealed",
    MSEAL_MANUAL, COVERS("mseal.args"))
{
	for (size_t hole = 0; hole < 3; hole++) {
		char *p = map_anonymous(3 * page_size(), MAP_SHARED);
		unmap(&p[hole * page_size()], page_size());

		CHECK_FAILS(ENOMEM, -1, raw_mseal(p, 3 * page_size(), 0));

		CHECK_SUCCEEDS(munmap(p, 3 * page_size()));
	}
}

static void
map_and_seal(void *descriptor)
{
	char *p = map_shared(*(int *)descriptor, page_size());

	CHECK_SUCCEEDS(raw_mseal(p, page_size(), 0));
	*p = 's';
}

CASE(exit_unmaps, DOCUMENTED, "A sealed mapping goes when its process ends", MSEAL_MANUAL, NEEDS_SEALS)
{
	int fd = memfd_sealable(page_size());

	in_child(map_and_seal, &fd);

	CHECK_SUCCEEDS(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE)); /* nobody has it mapped for writing */
}
