/* SPDX-License-Identifier: BSD-2-Clause */

/* What madvise() refuses: the address, the advice, and pages that the advice does not apply to. */

#include <fcntl.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "object.h"
#include "platform/nitems.h"

INTERFACE(madvise)

CASE(unaligned_einval, DOCUMENTED,
    "madvise() at an address that is no multiple of the page size fails with EINVAL and drops nothing",
    "Linux madvise(2)", "illumos madvise(3C)", COVERS("madvise.unaligned"))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 3 * page_size());

	CHECK_FAILS(EINVAL, -1, madvise(&p[page_size() + 1], page_size() - 1, MADV_DONTNEED));
	CHECK_FAILS(EINVAL, -1, madvise(&p[1], page_size(), MADV_NORMAL));

	CHECK_PATTERN('p', p, 3 * page_size());
}

CASE(len_zero, DOCUMENTED, "madvise() with a length of zero succeeds and drops nothing", "Linux madvise(2)",
    COVERS("madvise.addr_len"))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 2 * page_size());

	CHECK_SUCCEEDS(madvise(p, 0, MADV_DONTNEED));
	CHECK_SUCCEEDS(madvise(&p[page_size()], 0, MADV_NORMAL));

	CHECK_PATTERN('p', p, 2 * page_size());
}

CASE(len_zero_einval, DOCUMENTED, "madvise() with a length of zero fails with EINVAL", "illumos madvise(3C)")
{
	CHECK_FAILS(EINVAL, -1, madvise(map_anonymous(page_size(), MAP_PRIVATE), 0, MADV_NORMAL));
}

CASE(unknown_advice_einval, DOCUMENTED, "madvise() with an advice that does not exist fails with EINVAL",
    "Linux madvise(2)", "FreeBSD madvise(2)", "NetBSD madvise(2)", "DragonFly madvise(2)", "macOS madvise(2)",
    "illumos madvise(3C)", COVERS("madvise.bad_advice"))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pattern_store('p', p, page_size());

	CHECK_FAILS(EINVAL, -1, madvise(p, page_size(), 1234));
	CHECK_FAILS(EINVAL, -1, madvise(p, page_size(), -1));

	CHECK_PATTERN('p', p, page_size());
}

CASE(enomem_unmapped, DOCUMENTED, "madvise() of a range with a page that is not mapped fails with ENOMEM",
    "Linux madvise(2)", "illumos madvise(3C)", COVERS("madvise.unmapped"))
{
	for (size_t hole = 0; hole < 3; hole++) {
		char *p = map_anonymous(3 * page_size(), MAP_SHARED);
		unmap(&p[hole * page_size()], page_size());

		CHECK_FAILS(ENOMEM, -1, madvise(p, 3 * page_size(), MADV_WILLNEED));
	}
}

CASE(enomem_unmapped__rest_done, DOCUMENTED,
    "madvise() of a range with a page that is not mapped fails with ENOMEM and still applies to the other pages",
    "Linux madvise(2)")
{
	char *p = map_anonymous(4 * page_size(), MAP_PRIVATE);
	pattern_store('p', p, 4 * page_size());
	unmap(&p[page_size()], page_size());

	CHECK_FAILS(ENOMEM, -1, madvise(p, 3 * page_size(), MADV_DONTNEED));

	CHECK_BYTES(0, p, page_size());
	CHECK_BYTES(0, &p[2 * page_size()], page_size());
	CHECK_PATTERN_FROM('p', 3 * page_size(), &p[3 * page_size()], page_size());
}

CASE(einval_unmapped, DOCUMENTED, "madvise() of a range with a page that is not mapped fails with EINVAL",
    "macOS madvise(2)")
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	unmap(&p[page_size()], page_size());

	CHECK_FAILS(EINVAL, -1, madvise(p, 3 * page_size(), MADV_RANDOM));
}

CASE(locked_einval, DOCUMENTED,
    "MADV_DONTNEED and MADV_REMOVE of a range with a locked page fail with EINVAL and drop nothing of that page",
    "Linux 2.6.16 madvise(2)", NEEDS_LOCKABLE_PAGES(2), COVERS("madvise.remove_einval madvise.dontneed_locked"))
{
	char *private = map_anonymous(page_size(), MAP_PRIVATE);
	char *shared = map_anonymous(page_size(), MAP_SHARED);
	pattern_store('p', private, page_size());
	pattern_store('s', shared, page_size());
	REQUIRE(mlock(private, page_size()) == 0);
	REQUIRE(mlock(shared, page_size()) == 0);

	CHECK_FAILS(EINVAL, -1, madvise(private, page_size(), MADV_DONTNEED));
	CHECK_FAILS(EINVAL, -1, madvise(shared, page_size(), MADV_REMOVE));

	CHECK_PATTERN('p', private, page_size());
	CHECK_PATTERN('s', shared, page_size());
}

CASE(remove_eacces, DOCUMENTED,
    "MADV_REMOVE of a private mapping, or of a shared one that "
    "cannot be writable, fails with EACCES and removes nothing",
    "Linux 2.6.16 madvise(2)", NEEDS_OBJECTS, COVERS("madvise.remove_einval"))
{
	struct object o = object_create(page_size());
	char *writable = map_shared(o.fd, page_size());
	char *private = map_private(o.fd, page_size());
	char *read_only = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0);
	REQUIRE(read_only != MAP_FAILED);
	pattern_store('w', writable, page_size());

	CHECK_FAILS(EACCES, -1, madvise(private, page_size(), MADV_REMOVE));
	CHECK_FAILS(EACCES, -1, madvise(read_only, page_size(), MADV_REMOVE));

	CHECK_PATTERN('w', writable, page_size());
}

CASE(free_shared_einval, DOCUMENTED, "MADV_FREE of shared memory, or of a file, fails with EINVAL and frees nothing",
    "Linux 4.5 madvise(2)", NEEDS_OBJECTS, COVERS("madvise.free_file"))
{
	int fd = object_create(page_size()).fd;
	char *anonymous = map_anonymous(page_size(), MAP_SHARED);
	char *object = map_shared(fd, page_size());
	pattern_store('a', anonymous, page_size());
	pattern_store('o', object, page_size());

	CHECK_FAILS(EINVAL, -1, madvise(anonymous, page_size(), MADV_FREE));
	CHECK_FAILS(EINVAL, -1, madvise(object, page_size(), MADV_FREE));
	CHECK_FAILS(EINVAL, -1, madvise(map_private(fd, page_size()), page_size(), MADV_FREE));

	CHECK_PATTERN('a', anonymous, page_size());
	CHECK_PATTERN('o', object, page_size());
}

CASE(populate_einval, DOCUMENTED,
    "MADV_POPULATE_READ or MADV_POPULATE_WRITE of pages that may not be read, or written, fails with EINVAL",
    "Linux 5.14 madvise(2)", COVERS("madvise.populate_prot"))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	REQUIRE(mprotect(p, page_size(), PROT_NONE) == 0);
	REQUIRE(mprotect(&p[page_size()], page_size(), PROT_READ) == 0);

	CHECK_FAILS(EINVAL, -1, madvise(p, page_size(), MADV_POPULATE_READ));
	CHECK_FAILS(EINVAL, -1, madvise(&p[page_size()], page_size(), MADV_POPULATE_WRITE));
	CHECK_SUCCEEDS(madvise(&p[page_size()], page_size(), MADV_POPULATE_READ));
}

static const int populating[] = { MADV_POPULATE_READ, MADV_POPULATE_WRITE };

/* One page of the pattern, and a mapping of three. */
static void
check_populate_behind_end(int fd, char *p)
{
	for (unsigned i = 0; i < nitems(populating); i++) {
		CHECK_FAILS(EFAULT, -1, madvise(p, 3 * page_size(), populating[i]));
		CHECK_FAILS(EFAULT, -1, madvise(&p[2 * page_size()], page_size(), populating[i]));
		CHECK_SUCCEEDS(madvise(p, page_size(), populating[i]));
	}

	CHECK_EQ(page_size(), size_of(fd));
	CHECK_PATTERN('e', p, page_size());
}

/* Those of a file of one page, private and shared. */
CASE(populate_efault, DOCUMENTED,
    "MADV_POPULATE_READ and MADV_POPULATE_WRITE fail with EFAULT, and "
    "raise no signal, where a page is behind the end of the file",
    "Linux 5.14 madvise(2)")
{
	int fd = nameless_file(page_size());
	char *shared = map_shared(fd, 3 * page_size());
	char *private = map_private(fd, 3 * page_size());
	pattern_store('e', shared, page_size());

	check_populate_behind_end(fd, shared);
	check_populate_behind_end(fd, private);
}

CASE(populate_efault__object, DOCUMENTED,
    "MADV_POPULATE_READ and MADV_POPULATE_WRITE fail with EFAULT, and raise no "
    "signal, where a page is behind the end of the object, until it grows",
    "Linux 5.14 madvise(2)", NEEDS_OBJECTS)
{
	int fd = object_create(page_size()).fd;
	char *p = map_shared(fd, 3 * page_size());
	pattern_store('e', p, page_size());

	check_populate_behind_end(fd, p);

	set_size(fd, (off_t)(3 * page_size()));
	for (unsigned i = 0; i < nitems(populating); i++)
		CHECK_SUCCEEDS(madvise(p, 3 * page_size(), populating[i]));
}

CASE(populate_enomem, DOCUMENTED,
    "MADV_POPULATE_READ and MADV_POPULATE_WRITE of a range with "
    "a page that is not mapped fail with ENOMEM and map none",
    "Linux 5.14 madvise(2)", COVERS("madvise.populate_holes"))
{
	for (unsigned i = 0; i < nitems(populating); i++)
		for (size_t hole = 0; hole < 3; hole++) {
			char *p = map_anonymous(3 * page_size(), MAP_SHARED);
			unmap(&p[hole * page_size()], page_size());

			CHECK_FAILS(ENOMEM, -1, madvise(p, 3 * page_size(), populating[i]));

			CHECK_UNMAPPED(&p[hole * page_size()], page_size());
		}
}

CASE(locked_einval__reclaim, DOCUMENTED,
    "MADV_COLD and MADV_PAGEOUT of a range with a locked page fail with EINVAL and drop nothing of that page",
    "Linux 5.4 madvise(2)", NEEDS_LOCKABLE_PAGES(1))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pattern_store('l', p, page_size());
	REQUIRE(mlock(p, page_size()) == 0);

	CHECK_FAILS(EINVAL, -1, madvise(p, page_size(), MADV_COLD));
	CHECK_FAILS(EINVAL, -1, madvise(p, page_size(), MADV_PAGEOUT));

	CHECK_PATTERN('l', p, page_size());
}
