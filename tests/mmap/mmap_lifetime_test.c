/* SPDX-License-Identifier: BSD-2-Clause */

/* How long a mapping keeps its file or object: after the descriptor is closed, and after the name is gone. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"

/* The sentences that the manuals of all platforms have. */
#define EVERY_MANUAL \
	"Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", \
	    "illumos mmap(2)"

CASE(close_keeps_mapping__file, SHALL,
    "After its descriptor is closed a mapping can still be loaded from and stored to", POSIX_DESCRIPTION, EVERY_MANUAL)
{
	struct file f = file_with_pattern(3);
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, f.fd, 0);
	REQUIRE(p != MAP_FAILED);

	REQUIRE(close(f.fd) == 0);

	CHECK_PATTERN('f', p, 3 * page_size());
	pattern_store('s', p, 3 * page_size());
	CHECK_SUCCEEDS(msync(p, 3 * page_size(), MS_SYNC));
	CHECK_PATTERN('s', content_of(open(f.name, O_RDONLY), 3 * page_size()), 3 * page_size());
}

CASE(close_keeps_mapping__object, SHALL,
    "After its descriptor is closed a mapping can still be loaded from and stored to", POSIX_DESCRIPTION, EVERY_MANUAL,
    NEEDS_OBJECTS)
{
	struct object o = object_create(3 * page_size());
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0);
	REQUIRE(p != MAP_FAILED);

	pattern_store('o', p, 3 * page_size());
	REQUIRE(close(o.fd) == 0);

	CHECK_PATTERN('o', p, 3 * page_size());
	pattern_store('s', p, 3 * page_size());
	CHECK_PATTERN('s', map_shared(object_open(&o, O_RDWR), 3 * page_size()), 3 * page_size());
}

CASE(close_keeps_mapping__descriptor_reused, SHALL,
    "A mapping stays one of its file when the number of its descriptor becomes that of another file", POSIX_DESCRIPTION,
    "Linux mmap(2)")
{
	struct file a = file_create(page_size());
	struct file b = file_create(page_size());
	char *p = map_shared(a.fd, page_size());
	int again = open(a.name, O_RDONLY);

	REQUIRE(dup2(b.fd, a.fd) == a.fd);
	pattern_store('a', p, page_size());
	CHECK_SUCCEEDS(msync(p, page_size(), MS_SYNC));
	CHECK_SUCCEEDS(munmap(p, page_size()));

	CHECK_PATTERN('a', content_of(again, page_size()), page_size());
	CHECK_BYTES(0, content_of(b.fd, page_size()), page_size());
}

static void
answer(void *arg)
{
	char *p = arg;

	CHECK_PATTERN('s', p, 2 * page_size());
	pattern_store('c', p, 2 * page_size());
}

CASE(unlink_keeps_mapping__file, SHALL, "A file without a name and a descriptor stays as long as it is mapped",
    POSIX_DESCRIPTION, "illumos mmap(2)", COVERS("mmap.ref_after_close"))
{
	struct file f = file_create(2 * page_size());
	char *p = map_shared(f.fd, 2 * page_size());

	REQUIRE(unlink(f.name) == 0);
	REQUIRE(close(f.fd) == 0);

	pattern_store('s', p, 2 * page_size());
	in_child(answer, p);
	CHECK_PATTERN('c', p, 2 * page_size());
	CHECK_SUCCEEDS(msync(p, 2 * page_size(), MS_SYNC));
}

CASE(unlink_keeps_mapping__object, SHALL, "An object without a name and a descriptor stays as long as it is mapped",
    POSIX_DESCRIPTION, NEEDS_OBJECTS)
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());

	object_unlink(&o);
	REQUIRE(close(o.fd) == 0);

	pattern_store('s', p, 2 * page_size());
	in_child(answer, p);
	CHECK_PATTERN('c', p, 2 * page_size());
}
