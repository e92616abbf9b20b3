/* SPDX-License-Identifier: BSD-2-Clause */

/* Files of huge pages in a hugetlbfs of Linux that has few of them: a child of the case mounts it for itself. */

#include <errno.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "huge_files.h"
#include "huge_memory.h"
#include "platform/statvfs.h"
#include "process.h"

INTERFACE(mmap_hugetlbfs)

#define HUGE_PAGES_DOCUMENT "Linux Documentation/admin-guide/mm/hugetlbpage.rst"

static void
find_and_store(void *unused)
{
	const size_t size = 2 * huge_page_size();
	(void)unused;
	char *p = map_huge(NULL, size, MAP_SHARED, huge_file_open("file"), 0);

	CHECK_PATTERN(1, p, size);
	pattern_store(2, p, size);
}

static void
keep_in_file(void *unused)
{
	const size_t size = 2 * huge_page_size();
	(void)unused;
	mount_huge_files(2);
	int fd = huge_file_create("file", size);
	char *p = map_huge(NULL, size, MAP_SHARED, fd, 0);
	CHECK_BYTES(0, p, size);
	pattern_store(1, p, size);
	unmap(p, size);
	close(fd);

	in_child(find_and_store, NULL);

	CHECK_PATTERN(2, map_huge(NULL, size, MAP_SHARED, huge_file_open("file"), 0), size);
}

CASE(file_kept, DOCUMENTED,
    "A file of a hugetlbfs keeps what was stored while nobody has it mapped, and the next process finds it by its name",
    HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(2), NEEDS_HUGE_FILES, COVERS("mmap.huge_basic"))
{
	in_child(keep_in_file, NULL);
}

static struct statvfs
room(void)
{
	struct statvfs room;

	bool is_told = statvfs(huge_files_directory, &room) == 0;
	need(is_told || errno != EOVERFLOW, "needs a statvfs() whose words are wide enough: EOVERFLOW");
	REQUIRE(is_told);
	return room;
}

static void
use_up_room(void *unused)
{
	const size_t huge = huge_page_size();
	(void)unused;
	mount_huge_files(3);
	int fd = huge_file_create("file", 2 * huge);
	CHECK_EQ(huge, room().f_frsize);
	CHECK_EQ(3, room().f_blocks);
	CHECK_EQ(3, room().f_bfree);

	char *p = map_huge(NULL, 2 * huge, MAP_SHARED, fd, 0);
	pattern_store(1, p, 2 * huge);
	CHECK_EQ(1, room().f_bfree);

	huge_file_unlink("file");
	close(fd);
	CHECK_EQ(1, room().f_bfree); /* the mapping keeps them */
	unmap(p, 2 * huge);
	CHECK_EQ(3, room().f_bfree);
}

CASE(room, DOCUMENTED,
    "Huge pages of a file are taken from those that the option \"size\" gives a hugetlbfs, and come back when the name "
    "and "
    "the last mapping are gone",
    HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(3), NEEDS_HUGE_FILES, COVERS("mmap.huge_basic"))
{
	in_child(use_up_room, NULL);
}

static void
map_above_size(void *unused)
{
	const size_t huge = huge_page_size();
	(void)unused;
	mount_huge_files(2);
	int fd = huge_file_create("file", 3 * huge);

	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, 3 * huge, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));

	CHECK_EQ(2, room().f_bfree);
	char *p = map_huge(NULL, 2 * huge, MAP_SHARED, fd, 0);
	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[2 * huge - 1]);
	CHECK_FAILS(ENOMEM, MAP_FAILED, mmap(NULL, huge, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(2 * huge)));
}

CASE(above_size, DOCUMENTED,
    "mmap() of more huge pages than the option \"size\" gives a hugetlbfs fails with ENOMEM, and of as many it works",
    HUGE_PAGES_DOCUMENT, "Linux mmap(2)", NEEDS_HUGE_PAGES(2), NEEDS_HUGE_FILES)
{
	in_child(map_above_size, NULL);
}

static void
want_reserved_page(void *unused)
{
	const size_t huge = huge_page_size();
	const int flags = MAP_SHARED | MAP_NORESERVE;
	(void)unused;
	mount_huge_files(2);
	char *reserved = map_huge(NULL, huge, MAP_SHARED, huge_file_create("reserved", huge), 0);
	char *p = mmap(NULL, 2 * huge, PROT_READ | PROT_WRITE, flags, huge_file_create("other", 2 * huge), 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_FAULTS(SIGBUS, BUS_ADRERR, &p[huge]);
	CHECK_LOAD_FAULTS(SIGBUS, BUS_ADRERR, &p[2 * huge - 1]);

	CHECK_STORE_OK(&reserved[0]);
	CHECK_STORE_OK(&reserved[huge - 1]);
	CHECK_STORE_OK(&p[huge - 1]);
}

CASE(noreserve_sigbus, DOCUMENTED,
    "A store to a MAP_NORESERVE mapping gets SIGBUS where the only huge page left is reserved for another mapping, "
    "which "
    "gets it",
    HUGE_PAGES_DOCUMENT, NEEDS_HUGE_PAGES(2), NEEDS_HUGE_FILES, COVERS("mmap.huge_noreserve_bus"))
{
	in_child(want_reserved_page, NULL);
}
