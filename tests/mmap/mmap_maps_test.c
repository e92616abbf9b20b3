/* SPDX-License-Identifier: BSD-2-Clause */

/* What /proc/self/maps lists of a mapping: its protection, whether it is shared, of what file it is, and from where. */

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "regions.h"

INTERFACE(mmap)

static void
check_list_of(int protection, int sharing, int fd)
{
	char permissions[5] = "---p";
	char *p = mmap(NULL, 2 * page_size(), protection, sharing | (fd == -1 ? MAP_ANONYMOUS : 0), fd, 0);

	need(p != MAP_FAILED || (protection & PROT_EXEC) == 0, "needs memory that may be executed: mmap() gives %s",
	    errno_name(errno));
	REQUIRE(p != MAP_FAILED);
	if ((protection & PROT_READ) != 0)
		permissions[0] = 'r';
	if ((protection & PROT_WRITE) != 0)
		permissions[1] = 'w';
	if ((protection & PROT_EXEC) != 0)
		permissions[2] = 'x';
	if (sharing == MAP_SHARED)
		permissions[3] = 's';
	CHECK_LISTED(permissions, p, 2 * page_size());
}

/* One case for each protection. */
#define CASE_OF_LIST(protections, protection) \
	CASE(listed__##protections, DOCUMENTED, \
	    "/proc/self/maps lists a mapping with the protection that it was " \
	    "mapped with, as private or as shared, and no other", \
	    "Linux proc(5)", NEEDS_LIST_OF_REGIONS, COVERS("mmap.proc_maps_perms")) \
	{ \
		list_with(protection); \
	}

static void
list_with(int protection)
{
	int fd = nameless_file(2 * page_size());

	check_list_of(protection, MAP_PRIVATE, -1);
	check_list_of(protection, MAP_SHARED, -1);
	check_list_of(protection, MAP_PRIVATE, fd);
	check_list_of(protection, MAP_SHARED, fd);
}

CASE_OF_LIST(none, PROT_NONE)
CASE_OF_LIST(read, PROT_READ)
CASE_OF_LIST(write, PROT_WRITE)
CASE_OF_LIST(read_write, PROT_READ | PROT_WRITE)
CASE_OF_LIST(exec, PROT_EXEC)
CASE_OF_LIST(read_exec, PROT_READ | PROT_EXEC)
CASE_OF_LIST(write_exec, PROT_WRITE | PROT_EXEC)
CASE_OF_LIST(all, PROT_READ | PROT_WRITE | PROT_EXEC)

CASE_FOR_EACH_MAPPING(listed_in_part, DOCUMENTED,
    "After mprotect() of a page in the middle /proc/self/maps lists that page as it is now, and those beside it as "
    "before",
    "Linux proc(5)", NEEDS_LIST_OF_REGIONS)
{
	struct memory m = memory_create(kind, 3 * page_size());
	char *middle = &m.start[page_size()];

	REQUIRE(mprotect(middle, page_size(), PROT_READ) == 0);
	CHECK_LISTED("rw-s", m.start, page_size());
	CHECK_LISTED("r--s", middle, page_size());
	CHECK_LISTED("rw-s", &middle[page_size()], page_size());

	REQUIRE(mprotect(middle, page_size(), PROT_READ | PROT_WRITE) == 0);
	CHECK_LISTED("rw-s", m.start, 3 * page_size());
}

/* A tmpfs has inodes of its own; other file systems, which lie on others, may list the inode of these. */
CASE(listed_file, DOCUMENTED,
    "/proc/self/maps lists a mapping of an object with the inode of the object and the offset in it", "Linux proc(5)",
    NEEDS_LIST_OF_REGIONS, NEEDS_OBJECTS_AS_FILES)
{
	struct object o = object_create(3 * page_size());
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, o.fd, (off_t)(2 * page_size()));
	REQUIRE(p != MAP_FAILED);

	struct region r = region_at(p);

	CHECK_EQ(status_of(o.fd).st_ino, r.inode);
	CHECK_EQ(2 * page_size(), r.offset);
	CHECK_EQ((uintptr_t)p, r.start);
	CHECK_EQ((uintptr_t)p + page_size(), r.end);
}

struct pair {
	struct memory first;
	struct memory second;
};

static void
store_in_both(void *argument)
{
	const struct pair *two = argument;

	CHECK_PATTERN(1, two->first.start, two->first.size);
	CHECK_PATTERN(2, two->second.start, two->second.size);
	pattern_store(3, two->first.start, two->first.size);
	pattern_store(4, two->second.start, two->second.size);
}

CASE(two_are_apart, SHALL,
    "Two shared mappings of anonymous memory are two memories: a store in one shows in all processes, and not in the "
    "other",
    "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", COVERS("mmap.anon_shared_independent"))
{
	struct pair two = { memory_create(anonymous_memory, 2 * page_size()),
		memory_create(anonymous_memory, 2 * page_size()) };

	pattern_store(1, two.first.start, two.first.size);
	CHECK_BYTES(0, two.second.start, two.second.size);
	pattern_store(2, two.second.start, two.second.size);
	in_child(store_in_both, &two);
	CHECK_PATTERN(3, two.first.start, two.first.size);
	CHECK_PATTERN(4, two.second.start, two.second.size);
}

static void
observe_inodes(memory_kind *kind)
{
	struct memory m = memory_create(kind, page_size());
	uintmax_t first = region_at(m.start).inode;
	uintmax_t second = region_at(memory_create(kind, page_size()).start).inode;
	uintmax_t device = m.fd == -1 ? 0 : status_of(m.fd).st_ino;

	CHECK(first != second || first == device);
	observed("inodes-of-two", "%s", first != second ? "differ" : first == 0 ? "none" : "that of the device");
}

CASE(listed_apart__anonymous, OBSERVED,
    "/proc/self/maps lists two shared mappings of anonymous memory with different inodes, or with none",
    "Linux proc(5)", NEEDS_LIST_OF_REGIONS, COVERS("mmap.anon_shared_independent"))
{
	observe_inodes(anonymous_memory);
}

CASE(listed_apart__dev_zero, OBSERVED,
    "/proc/self/maps lists two shared mappings of /dev/zero with different inodes, or with that of the device",
    "Linux proc(5)", NEEDS_LIST_OF_REGIONS, COVERS("mmap.anon_shared_independent"))
{
	observe_inodes(dev_zero_memory);
}
