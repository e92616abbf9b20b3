/* SPDX-License-Identifier: BSD-2-Clause */

/* Children that unmap and replace parts of what they inherit, and pass the rest on to children of their own. */

#include <stdint.h>
#include <unistd.h>

#include "case.h"
#include "existing_memory.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/statvfs.h"
#include "process.h"

INTERFACE(munmap)

/* Of five units the child takes away the second, and replaces the fourth. */
static void
check_passed_on(void *memory)
{
	const struct existing_memory *m = memory;
	const size_t unit = attach_multiple();

	CHECK_STAYS_FROM_TO(m, 0, unit);
	CHECK_UNMAPPED(m->at + unit, unit);
	CHECK_STAYS_FROM_TO(m, 2 * unit, 3 * unit);
	CHECK_PATTERN('c', m->at + 3 * unit, unit);
	CHECK_STAYS_FROM_TO(m, 4 * unit, 5 * unit);
}

static void
store_in_replacement(void *memory)
{
	const struct existing_memory *m = memory;

	check_passed_on(memory);
	pattern_store('g', m->at + 3 * attach_multiple(), attach_multiple());
	unmap(m->at + 2 * attach_multiple(), attach_multiple());
}

static void
change_inherited(void *memory)
{
	const struct existing_memory *m = memory;
	const size_t unit = attach_multiple();
	const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
	char *fourth = m->at + 3 * unit;

	CHECK_SUCCEEDS(munmap(m->at + unit, unit));
	REQUIRE(mmap(fourth, unit, PROT_READ | PROT_WRITE, flags, -1, 0) == fourth);
	pattern_store('c', fourth, unit);
	in_child(store_in_replacement, memory);
	check_passed_on(memory); /* nothing of what the grandchild has done */
}

CASE_FOR_EACH_EXISTING_MEMORY(other_process_unaffected, SHALL,
    "A child that unmaps and replaces parts of what it has inherited "
    "passes on what it has then, and its parent keeps all",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    "macOS munmap(2)")
{
	struct existing_memory m = existing_memory_create(kind, 5 * attach_multiple());
	existing_memory_place(&m, free_range(m.memory.size));

	in_child(change_inherited, &m);

	CHECK_STAYS(&m);
	CHECK_SHOWN_ELSEWHERE(&m);
	CHECK_SHARED_AS_BEFORE(&m);
}

/* Bytes that are free where objects are. */
static uintmax_t
free_space(void)
{
	struct statvfs place;

	REQUIRE(statvfs("/dev/shm", &place) == 0);
	return (uintmax_t)place.f_bfree * place.f_frsize;
}

static void
unmap_aliases(void *unused)
{
	(void)unused;
	const size_t size = 16 * page_size();
	mount_private_objects("size=16m,nr_inodes=100");
	uintmax_t before = free_space();
	struct object o = object_create(size);
	char *p = map_shared(o.fd, size);
	char *alias = map_shared(o.fd, size);
	pattern_store('a', p, size);
	object_unlink(&o);
	REQUIRE(close(o.fd) == 0);
	uintmax_t during = free_space();
	REQUIRE(during < before);

	CHECK_SUCCEEDS(munmap(p, size));
	CHECK_EQ(during, free_space());
	CHECK_PATTERN('a', alias, size);
	CHECK_SUCCEEDS(munmap(alias, size));
	CHECK_EQ(before, free_space());
}

CASE(alias_unaffected__space_returns, DOCUMENTED,
    "The last of two mappings of an object without a name keeps its memory, which is free when that is unmapped",
    "Linux shm_open(3)", "Linux shm_overview(7)", NEEDS_PRIVATE_OBJECTS, COVERS("munmap.last_alias_frees"))
{
	in_child(unmap_aliases, NULL);
}
