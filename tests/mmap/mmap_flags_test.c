/* SPDX-License-Identifier: BSD-2-Clause */

/* Flags of mmap() that single platforms have: exact addresses without replacing, checked, locked, huge, guarded ranges. */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "fault.h"
#include "huge_pages.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_flags)

enum { READ_WRITE = PROT_READ | PROT_WRITE };

/* Map a page of the pattern at this address, where nothing is. */
static void
occupy(char *address)
{
	REQUIRE(mmap(address, page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == address);
	pattern_store('o', address, page_size());
}

CASE(fixed_noreplace, DOCUMENTED,
    "MAP_FIXED_NOREPLACE fails with EEXIST when any page of the range is mapped, and maps nothing then",
    "Linux mmap(2)")
{
	struct object o = object_create(3 * page_size());

	for (size_t used = 0; used < 3; used++) {
		char *p = free_range(3 * page_size());
		occupy(&p[used * page_size()]);

		CHECK_FAILS(EEXIST, MAP_FAILED,
		    mmap(p, 3 * page_size(), READ_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, o.fd, 0));

		for (size_t i = 0; i < 3; i++)
			if (i == used)
				CHECK_PATTERN('o', &p[i * page_size()], page_size());
			else
				CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, &p[i * page_size()]);
		unmap(&p[used * page_size()], page_size());
	}
}

CASE(fixed_noreplace__free, DOCUMENTED, "MAP_FIXED_NOREPLACE maps exactly at the address when the range is free",
    "Linux mmap(2)")
{
	struct object o = object_create(page_size());
	char *p = free_range(3 * page_size());
	occupy(p);
	occupy(&p[2 * page_size()]);

	CHECK_EQ(
	    &p[page_size()], mmap(&p[page_size()], page_size(), READ_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, o.fd, 0));

	CHECK_STORE_OK(&p[page_size()]);
	CHECK_PATTERN('o', p, page_size());
	CHECK_PATTERN('o', &p[2 * page_size()], page_size());
}

CASE(shared_validate_unknown, DOCUMENTED,
    "MAP_SHARED_VALIDATE with a flag that does not exist fails with EOPNOTSUPP, and is MAP_SHARED without",
    "Linux mmap(2)")
{
	const int unknown = 1 << 22;
	struct object o = object_create(page_size());
	char *shared = map_shared(o.fd, page_size());

	CHECK_FAILS(
	    EOPNOTSUPP, MAP_FAILED, mmap(NULL, page_size(), READ_WRITE, MAP_SHARED_VALIDATE | unknown, o.fd, 0));

	char *p = mmap(NULL, page_size(), READ_WRITE, MAP_SHARED_VALIDATE, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	p[page_size() - 1] = 'v';
	CHECK_EQ('v', shared[page_size() - 1]);
}

CASE(
    populate, DOCUMENTED, "MAP_POPULATE makes all pages of an object resident that nobody has touched", "Linux mmap(2)")
{
	struct object o = object_create(4 * page_size());
	char before[4];
	char after[4];
	REQUIRE(mincore(map_shared(o.fd, 4 * page_size()), 4 * page_size(), (void *)before) == 0);

	char *p = mmap(NULL, 4 * page_size(), READ_WRITE, MAP_SHARED | MAP_POPULATE, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	REQUIRE(mincore(p, 4 * page_size(), (void *)after) == 0);

	CHECK_BYTES(0, before, 4); /* or the flag had nothing to do */
	CHECK_BYTES(1, after, 4);
	CHECK_BYTES(0, p, 4 * page_size());
}

/* vm.overcommit_memory of Linux is 2: the flag is ignored then, proc(5). */
static bool
memory_is_always_reserved(void)
{
	char digit = '0';
	int fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);

	if (fd == -1)
		return false;
	if (read(fd, &digit, 1) != 1)
		digit = '0';
	close(fd);
	return digit == '2';
}

CASE(noreserve, DOCUMENTED, "MAP_NORESERVE maps far more than is used, 64 GiB, of which a few pages can be touched",
    "Linux mmap(2)", "illumos mmap(2)", NEEDS_64_BIT_ADDRESSES)
{
	need(!memory_is_always_reserved(), "vm.overcommit_memory is 2");
	struct rlimit limit;
	REQUIRE(getrlimit(RLIMIT_AS, &limit) == 0);
	need(limit.rlim_cur == RLIM_INFINITY, "needs addresses without a limit: RLIMIT_AS is set");
	size_t size = (size_t)(UINT64_C(64) << 30);

	char *p = mmap(NULL, size, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[size / 2]);
	CHECK_STORE_OK(&p[size - 1]);
}

CASE(locked, DOCUMENTED, "MAP_LOCKED locks the new pages, and munmap() takes that back", "Linux mmap(2)",
    "NetBSD mmap(2)", NEEDS_LOCKABLE_PAGES(2))
{
	struct object o = object_create(2 * page_size());
	long before = locked_bytes();

	char *p = mmap(NULL, 2 * page_size(), READ_WRITE, MAP_SHARED | MAP_LOCKED, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_BYTES(0, p, 2 * page_size());
	if (before != -1)
		CHECK_EQ(before + (long)(2 * page_size()), locked_bytes());

	unmap(p, 2 * page_size());
	if (before != -1)
		CHECK_EQ(before, locked_bytes());
}

static void
map_locked_above_limit(void *unused)
{
	(void)unused;
	const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_LOCKED;
	need(locked_bytes() != -1, "this platform does not tell how much memory is locked");
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());

	CHECK_FAILS(EAGAIN, MAP_FAILED, mmap(NULL, 3 * page_size(), READ_WRITE, flags, -1, 0));
	CHECK_EQ(0, locked_bytes());

	CHECK_NE(MAP_FAILED, mmap(NULL, 2 * page_size(), READ_WRITE, flags, -1, 0));
	CHECK_FAILS(EAGAIN, MAP_FAILED, mmap(NULL, 1, READ_WRITE, flags, -1, 0));
	CHECK_EQ((long)(2 * page_size()), locked_bytes());
}

CASE(locked__above_limit, DOCUMENTED,
    "MAP_LOCKED by an ordinary user fails with EAGAIN above RLIMIT_MEMLOCK, counting what is locked, and works up to "
    "it",
    "Linux mmap(2)")
{
	struct rlimit limit;
	REQUIRE(getrlimit(RLIMIT_MEMLOCK, &limit) == 0);
	need(limit.rlim_max >= (rlim_t)(2 * page_size()), "needs two pages that may be locked");

	as_user(plain_user(), map_locked_above_limit, NULL);
}

CASE(hugetlb, DOCUMENTED,
    "MAP_HUGETLB gives zero-filled memory aligned to the size of huge pages, or fails with ENOMEM when none is free",
    "Linux mmap(2)")
{
	size_t huge = huge_page_size();
	if (huge == 0)
		end_skipped("this kernel has no huge pages");

	errno = 0;
	char *p = mmap(NULL, huge, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	int error = errno;

	if (p == MAP_FAILED) {
		CHECK_EQ(ENOMEM, error);
	} else {
		CHECK_EQ(0, (uintptr_t)p % huge);
		CHECK_BYTES(0, p, huge);
		CHECK_STORE_OK(&p[huge - 1]);
		CHECK_SUCCEEDS(munmap(p, huge));
	}
	observed("huge-page", "%s", p == MAP_FAILED ? errno_name(error) : "mapped");
}

CASE(excl, DOCUMENTED, "MAP_FIXED with MAP_EXCL fails when a page of the range is mapped, and leaves it as it was",
    "FreeBSD mmap(2)")
{
	char *p = free_range(3 * page_size());
	occupy(&p[page_size()]);

	/* Manuals and kernels of different years name different errors. */
	CHECK_FAILS_IN(EINVAL, ENOMEM, EEXIST, MAP_FAILED,
	    mmap(p, 3 * page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_EXCL, -1, 0));

	CHECK_PATTERN('o', &p[page_size()], page_size());
	CHECK_EQ(SIGSEGV, fault_of_load(p).signal);
	CHECK_EQ(SIGSEGV, fault_of_load(&p[2 * page_size()]).signal);
}

CASE(guard, DOCUMENTED, "Every access to a range made with MAP_GUARD faults, until MAP_FIXED maps something there",
    "FreeBSD mmap(2)")
{
	char *p = mmap(NULL, 3 * page_size(), PROT_NONE, MAP_GUARD, -1, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_EQ(SIGSEGV, fault_of_load(p).signal);
	CHECK_EQ(SIGSEGV, fault_of_store(&p[3 * page_size() - 1], 'g').signal);
	CHECK_NE(&p[page_size()],
	    mmap(&p[page_size()], page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)); /* but a hint */

	occupy(&p[page_size()]);
	CHECK_EQ(SIGSEGV, fault_of_load(p).signal);
	CHECK_EQ(SIGSEGV, fault_of_load(&p[2 * page_size()]).signal);
}

CASE(tryfixed_netbsd, DOCUMENTED, "MAP_TRYFIXED maps at the address when it is free, and elsewhere when it is in use",
    "NetBSD mmap(2)")
{
	char *p = free_range(2 * page_size());
	occupy(p);

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
	occupy(p);

	CHECK_EQ(MAP_FAILED, mmap(p, page_size(), READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_TRYFIXED, -1, 0));

	CHECK_PATTERN('o', p, page_size());
}

CASE(map_stack_openbsd, DOCUMENTED,
    "MAP_STACK is accepted for private anonymous memory to read and write alone, else it fails with EINVAL",
    "OpenBSD sys/uvm/uvm_mmap.c")
{
	const size_t size = 4 * page_size();
	const int private = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK;

	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, size, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_STACK, -1, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, size, PROT_READ, private, -1, 0));
	CHECK_NE(MAP_FAILED, mmap(NULL, size, READ_WRITE, private, -1, 0));
}
