/* SPDX-License-Identifier: BSD-2-Clause */

/* Files of a hugetlbfs. The direct checks mount one, and see nothing where they may not. */

#ifdef __linux__

#include <sys/statvfs.h>

#include "direct_check.h"
#include "huge.h"
#include "huge_files.h"
#include "platform/capability.h"

static bool
maps_file(const struct call *c)
{
	return asks_huge(c) && asks_shared_file(c) && !is_memfd(c->fd);
}

/* What the check gives in a child with a hugetlbfs of one huge page. */
static bool
is_seen_in_hugetlbfs(bool (*check)(void *))
{
	return has_capability(CAPABILITY_SYS_ADMIN) && has_huge_pages(1) && is_seen_by(SAME_USER, check, NULL);
}

static char *
map_file(int flags)
{
	mount_huge_files(1);
	return mmap(NULL, huge_size(), READ_WRITE, MAP_SHARED | flags, huge_file_create("file", 2 * huge_size()), 0);
}

static bool
finds_spoiled_file(void *unused)
{
	(void)unused;
	return *map_file(0) == 'x';
}

VIOLATION(mmap_of_hugetlbfs_file_spoils_it, "mmap_hugetlbfs.file-kept", "-", MMAP,
    FALSIFIES(maps_file(c), *start_of(c) = 'x'))
{
	return is_seen_in_hugetlbfs(finds_spoiled_file);
}

static bool
finds_read_only_file(void *unused)
{
	(void)unused;
	return fault_of_store(map_file(0), 's').signal == SIGSEGV;
}

VIOLATION(mmap_of_hugetlbfs_file_read_only, "mmap_hugetlbfs.above-size", "-", MMAP,
    CHANGES(maps_file(c), c->protection = PROT_READ))
{
	return is_seen_in_hugetlbfs(finds_read_only_file);
}

/* The pages of a mapping go to the first that touches them, in another. */
static bool
finds_no_reserved_page(void *unused)
{
	char *reserved = map_file(0);
	const int flags = MAP_SHARED | MAP_NORESERVE;
	char *other = mmap(NULL, huge_size(), READ_WRITE, flags, huge_file_open("file"), (off_t)huge_size());

	(void)unused;
	*other = 'x';
	return fault_of_store(reserved, 's').signal == SIGBUS;
}

VIOLATION(mmap_of_hugetlbfs_file_reserves_nothing, "mmap_hugetlbfs.noreserve-sigbus", "-", MMAP,
    CHANGES(maps_file(c), c->flags |= MAP_NORESERVE))
{
	return is_seen_in_hugetlbfs(finds_no_reserved_page);
}

static struct statvfs *
told_room(const struct call *c)
{
	struct statvfs *room = c->buffer;

	return room->f_frsize > page_size() && room->f_frsize == huge_size() ? room : NULL;
}

static struct statvfs
room(void)
{
	struct statvfs room = { 0 };

	mount_huge_files(1);
	statvfs(huge_files_directory, &room);
	return room;
}

static bool
finds_small_unit(void *unused)
{
	(void)unused;
	return room().f_frsize == page_size();
}

VIOLATION(statvfs_of_hugetlbfs_counts_small_pages, "mmap_hugetlbfs.room", "-", STATVFS,
    FALSIFIES(told_room(c) != NULL, told_room(c)->f_frsize = page_size()))
{
	return is_seen_in_hugetlbfs(finds_small_unit);
}

static bool
finds_page_more(void *unused)
{
	(void)unused;
	return room().f_blocks == 2;
}

VIOLATION(statvfs_of_hugetlbfs_counts_a_page_more, "mmap_hugetlbfs.room", "-", STATVFS,
    FALSIFIES(told_room(c) != NULL, told_room(c)->f_blocks++))
{
	return is_seen_in_hugetlbfs(finds_page_more);
}

static bool
finds_nothing_free(void *unused)
{
	(void)unused;
	return room().f_bfree == 0;
}

VIOLATION(statvfs_of_hugetlbfs_knows_nothing_free, "mmap_hugetlbfs.room", "-", STATVFS,
    FALSIFIES(told_room(c) != NULL, told_room(c)->f_bfree = 0))
{
	return is_seen_in_hugetlbfs(finds_nothing_free);
}

static bool
finds_all_free(void *unused)
{
	struct statvfs room;

	(void)unused;
	*map_file(0) = 'x';
	return statvfs(huge_files_directory, &room) == 0 && room.f_bfree == 1;
}

VIOLATION(statvfs_of_hugetlbfs_knows_all_free, "mmap_hugetlbfs.room", "-", STATVFS,
    FALSIFIES(told_room(c) != NULL, told_room(c)->f_bfree = told_room(c)->f_blocks))
{
	return is_seen_in_hugetlbfs(finds_all_free);
}

static bool
finds_other_error(void *unused)
{
	(void)unused;
	mount_huge_files(1);
	return mmap(NULL, 2 * huge_size(), READ_WRITE, MAP_SHARED, huge_file_create("file", 2 * huge_size()), 0) ==
	    MAP_FAILED &&
	    errno == ENOSPC;
}

VIOLATION(
    mmap_above_size_of_hugetlbfs_enospc, "mmap_hugetlbfs.above-size", "-", MMAP, MISTAKES(maps_file(c), ENOMEM, ENOSPC))
{
	return is_seen_in_hugetlbfs(finds_other_error);
}

#endif
