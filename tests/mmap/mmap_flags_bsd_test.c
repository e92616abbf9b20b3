/* SPDX-License-Identifier: BSD-2-Clause */

/* Flags of mmap() that only platforms other than Linux have: alignment, guards, and addresses that are to be free. */

#include <signal.h>
#include <stdint.h>
#include <string.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_flags)

enum { READ_WRITE = PROT_READ | PROT_WRITE };

CASE(aligned, DOCUMENTED, "MAP_ALIGNED(n) maps at a multiple of 2 to the power n", "FreeBSD mmap(2)", "NetBSD mmap(2)")
{
	for (unsigned bits = 16; bits <= 24; bits += 4) {
		char *p = mmap(NULL, page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_ALIGNED(bits), -1, 0);

		REQUIRE(p != MAP_FAILED);
		CHECK_EQ(0, (uintptr_t)p % ((uintptr_t)1 << bits));
		CHECK_STORE_OK(p);
	}
}

CASE(aligned__within_page, DOCUMENTED, "MAP_ALIGNED(n) of less than a page fails with EINVAL", "FreeBSD mmap(2)")
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;

	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, flags | MAP_ALIGNED(4), -1, 0));
}

static const int exclusively = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_EXCL;

CASE(excl, DOCUMENTED, "MAP_FIXED with MAP_EXCL fails when a page of the range is mapped, and leaves it as it was",
    "FreeBSD mmap(2)")
{
	char *p = free_range(3 * page_size());
	occupy_page(&p[page_size()]);

	CHECK_EQ(MAP_FAILED, mmap(p, 3 * page_size(), READ_WRITE, exclusively, -1, 0));

	CHECK_PATTERN('o', &p[page_size()], page_size());
	CHECK_EQ(SIGSEGV, fault_of_load(p).signal);
	CHECK_EQ(SIGSEGV, fault_of_load(&p[2 * page_size()]).signal);
}

CASE(excl__einval, DOCUMENTED, "MAP_FIXED with MAP_EXCL fails with EINVAL when the range is mapped", "FreeBSD mmap(2)")
{
	char *p = free_range(page_size());
	occupy_page(p);

	known_defect(FREEBSD, "", "ENOMEM, not EINVAL", "FreeBSD sys/vm/vm_mmap.c vm_mmap_to_errno()");
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(p, page_size(), READ_WRITE, exclusively, -1, 0));
}

CASE(excl__without_fixed, DOCUMENTED, "MAP_EXCL without MAP_FIXED fails with EINVAL", "FreeBSD mmap(2)")
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_EXCL;

	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, flags, -1, 0));
}

CASE(guard, DOCUMENTED, "Every access to a range made with MAP_GUARD faults, until MAP_FIXED maps something there",
    "FreeBSD mmap(2)")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_NONE, MAP_GUARD, -1, 0);
	REQUIRE(p != MAP_FAILED);

	for (size_t page = 0; page < 3; page++) {
		CHECK_EQ(SIGSEGV, fault_of_load(&p[page * page_size()]).signal);
		CHECK_EQ(SIGSEGV, fault_of_store(&p[(page + 1) * page_size() - 1], 'g').signal);
	}
	CHECK_NE(&p[page_size()],
	    mmap(&p[page_size()], page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)); /* but a hint */

	occupy_page(&p[page_size()]);
	CHECK_EQ(SIGSEGV, fault_of_load(p).signal);
	CHECK_EQ(SIGSEGV, fault_of_load(&p[2 * page_size()]).signal);
}

CASE(guard__einval, DOCUMENTED,
    "MAP_GUARD with a protection, an offset, a descriptor, MAP_ANON or a sharing type fails with EINVAL",
    "FreeBSD mmap(2)")
{
	int fd = nameless_file(page_size());

	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_GUARD, -1, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_GUARD, -1, (off_t)page_size()));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_GUARD, fd, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_GUARD | MAP_ANON, -1, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_GUARD | MAP_SHARED, -1, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_NONE, MAP_GUARD | MAP_PRIVATE, -1, 0));
}

CASE(low__first_4_gib, DOCUMENTED, "MAP_32BIT maps in the first 4 GiB of the addresses", "DragonFly mmap(2)",
    "illumos mmap(2)", NEEDS_64_BIT_ADDRESSES)
{
	char *p = mmap(NULL, page_size(), READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK((uintptr_t)p <= UINT32_MAX);
	CHECK_STORE_OK(p);
}

CASE(tryfixed_netbsd, DOCUMENTED, "MAP_TRYFIXED maps at the address when it is free, and elsewhere when it is in use",
    "NetBSD mmap(2)")
{
	char *p = free_range(2 * page_size());
	occupy_page(p);

	char *elsewhere = mmap(p, page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_TRYFIXED, -1, 0);
	char *there = mmap(&p[page_size()], page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_TRYFIXED, -1, 0);

	CHECK_NE(MAP_FAILED, elsewhere);
	CHECK_NE(p, elsewhere);
	CHECK_EQ(&p[page_size()], there);
	CHECK_PATTERN('o', p, page_size());
}

CASE(tryfixed_dragonfly, DOCUMENTED, "MAP_TRYFIXED fails when the range is in use, and leaves it as it was",
    "DragonFly mmap(2)")
{
	char *p = free_range(page_size());
	occupy_page(p);

	CHECK_EQ(MAP_FAILED, mmap(p, page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_TRYFIXED, -1, 0));

	CHECK_PATTERN('o', p, page_size());
}

CASE(map_stack_openbsd, DOCUMENTED,
    "MAP_STACK works for private anonymous memory with PROT_READ "
    "and PROT_WRITE, and fails with EINVAL for other memory",
    "OpenBSD sys/uvm/uvm_mmap.c")
{
	const size_t size = 4 * page_size();
	const int private = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK;

	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, size, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_STACK, -1, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, size, PROT_READ, private, -1, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, size, READ_WRITE, private, -1, 0));
}

static void
store_first_page(void *start)
{
	pattern_store('c', start, page_size());
}

/* Returns the first of two pages that a child has stored to, which another mapping of fd shows, too. */
static const char *
check_shared_with(int flag, int fd)
{
	const int flags = MAP_SHARED | flag | (fd == -1 ? MAP_ANONYMOUS : 0);
	char *p = mmap(NULL, 2 * page_size(), READ_WRITE, flags, fd, 0);
	REQUIRE(p != MAP_FAILED);
	const char *other = fd == -1 ? p : map_shared(fd, 2 * page_size());

	in_child(store_first_page, p);
	CHECK_PATTERN('c', other, page_size());
	CHECK_BYTES(0, &other[page_size()], page_size());
	CHECK_SUCCEEDS(munmap(p, 2 * page_size()));
	return other;
}

CASE(nosync, DOCUMENTED, "MAP_NOSYNC maps files and objects, and is as coherent as without it", "FreeBSD mmap(2)",
    "DragonFly mmap(2)", NEEDS_OBJECTS)
{
	struct object o = object_create(2 * page_size());
	int file = nameless_file(2 * page_size());

	const char *p = check_shared_with(MAP_NOSYNC, file);
	CHECK_EQ(0, memcmp(p, content_of(file, page_size()), page_size()));
	check_shared_with(MAP_NOSYNC, o.fd);
}

CASE(hassemaphore, DOCUMENTED,
    "MAP_HASSEMAPHORE maps anonymous memory and objects, which processes share as without it", "NetBSD mmap(2)",
    "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", NEEDS_OBJECTS)
{
	struct object o = object_create(2 * page_size());

	check_shared_with(MAP_HASSEMAPHORE, -1);
	check_shared_with(MAP_HASSEMAPHORE, o.fd);
}
