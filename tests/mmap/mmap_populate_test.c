/* SPDX-License-Identifier: BSD-2-Clause */

/* MAP_POPULATE of Linux with each protection and sharing, and where it has nothing to bring. */

#include <signal.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_populate)

enum { READ_WRITE = PROT_READ | PROT_WRITE };

/* How many of three pages are in memory. */
static unsigned
resident_pages(void *start)
{
	char resident[3];

	REQUIRE(mincore(start, 3 * page_size(), (void *)resident) == 0);
	return (resident[0] & 1U) + (resident[1] & 1U) + (resident[2] & 1U);
}

static char *
map_populated(int protection, int flags, int fd)
{
	char *p = mmap(NULL, 3 * page_size(), protection, flags | MAP_POPULATE, fd, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

CASE(each_protection, DOCUMENTED, "MAP_POPULATE works with each protection and sharing, and brings what can be loaded",
    "Linux 2.6.23 mmap(2)", NEEDS_OBJECTS, COVERS("mmap.populate"))
{
	const int protections[] = { PROT_READ, READ_WRITE, PROT_NONE };
	const int sharing[] = { MAP_SHARED, MAP_PRIVATE };

	for (unsigned i = 0; i < nitems(protections); i++)
		for (unsigned j = 0; j < nitems(sharing); j++) {
			struct object o = object_create(3 * page_size());
			char *p = map_populated(protections[i], sharing[j], o.fd);
			char *q = map_populated(protections[i], sharing[j] | MAP_ANONYMOUS, -1);

			if (protections[i] == PROT_NONE) {
				CHECK(load_is_refused(p));
				CHECK(load_is_refused(q));
				continue;
			}
			CHECK_EQ(3, resident_pages(p));
			CHECK_EQ(3, resident_pages(q));
			CHECK_BYTES(0, p, 3 * page_size());
			CHECK_BYTES(0, q, 3 * page_size());
		}
}

static void
check_behind_end(int fd, char *p)
{
	CHECK_BYTES(0, p, page_size());
	CHECK_EQ(SIGBUS, fault_of_load(&p[page_size()]).signal);
	CHECK_EQ(SIGBUS, fault_of_store(&p[3 * page_size() - 1], 's').signal);
	CHECK_STORE_OK(p);
	CHECK_EQ(page_size(), size_of(fd));
}

CASE(behind_end__file, DOCUMENTED,
    "MAP_POPULATE of a range that ends behind the end of the file works, and adds nothing", "Linux 2.5.46 mmap(2)",
    COVERS("mmap.populate_short"))
{
	int fd = nameless_file(page_size());

	check_behind_end(fd, map_populated(READ_WRITE, MAP_SHARED, fd));
	check_behind_end(fd, map_populated(READ_WRITE, MAP_PRIVATE, fd));
}

CASE(behind_end__object, DOCUMENTED,
    "MAP_POPULATE of a range that ends behind the end of the object works, and adds nothing", "Linux 2.5.46 mmap(2)",
    NEEDS_OBJECTS)
{
	int fd = object_create(page_size()).fd;

	check_behind_end(fd, map_populated(READ_WRITE, MAP_SHARED, fd));
	check_behind_end(fd, map_populated(READ_WRITE, MAP_PRIVATE, fd));
}

static void
store_in_file(void *fd)
{
	pattern_store('l', map_shared(*(int *)fd, 3 * page_size()), 3 * page_size());
}

CASE(private_copy, OBSERVED,
    "A private mapping that was populated shows later stores of another process, or has its own copy, in each page",
    "Linux mmap(2)", NEEDS_PLATFORM(LINUX), COVERS("mmap.populate_private_cow"))
{
	int fd = nameless_file_with_pattern(3);
	char *p = map_populated(READ_WRITE, MAP_PRIVATE, fd);

	in_child(store_in_file, &fd);

	unsigned char first = (unsigned char)*p;
	observed("populated-page", "%s", first == 'f' ? "is a copy" : "shows the change");
	CHECK_PATTERN(first == 'f' ? 'f' : 'l', p, 3 * page_size());
	pattern_store('p', p, 3 * page_size());
	CHECK_PATTERN('l', map_shared(fd, 3 * page_size()), 3 * page_size());
}
