/* SPDX-License-Identifier: BSD-2-Clause */

/* What mappings of a POSIX shared memory object show when it has become smaller or larger under them. */

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(shm_object, NEEDS_OBJECTS)

#define MACOS_ONCE "an object can be given a size once only"
#define MACOS_SIZE "macOS bsd/kern/posix_shm.c pshm_truncate()"

#define OPENBSD_LOST   "the page with the new, smaller end loses what was stored by a mapping"
#define OPENBSD_SOURCE "OpenBSD sys/uvm/uvm_vnode.c uvm_vnp_setsize()"

/* An object of three pages with a pattern; its end is to be in the second one. */
static struct object
object_with_pattern(void)
{
	struct object o = object_create(3 * page_size());

	pattern_store(1, map_shared(o.fd, 3 * page_size()), 3 * page_size());
	return o;
}

CASE(shrink_partial_page_zero__at_once, SHALL,
    "When an object shrinks, its last page reads as zero behind the new end at once, in mappings old and new",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 ftruncate() DESCRIPTION",
    COVERS("ftruncate.partial_zero ftruncate.partial_zero_dirty"))
{
	const size_t page = page_size();
	const size_t end = page + 10;
	struct object o = object_with_pattern();
	char *dirty = map_shared(o.fd, 3 * page);
	char *clean = map_shared(o.fd, 3 * page);
	pattern_store(1, dirty, 3 * page);
	REQUIRE(clean[page] == dirty[page]);

	known_defect(MACOS, "", MACOS_ONCE, MACOS_SIZE);
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)end));

	known_defect(OPENBSD, "", OPENBSD_LOST, OPENBSD_SOURCE);
	CHECK_PATTERN(1, dirty, end);
	CHECK_BYTES(0, &dirty[end], 2 * page - end);
	CHECK_PATTERN(1, clean, end);
	CHECK_BYTES(0, &clean[end], 2 * page - end);
	CHECK_BYTES(0, (char *)map_shared(o.fd, 2 * page) + end, 2 * page - end);
}

CASE(sigbus_after_shrink__private, SHALL,
    "When an object shrinks, a private mapping keeps the page with the "
    "new end, and a page behind it that has no copy raises SIGBUS",
    "POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("ftruncate.private_partial_sigbus"))
{
	const size_t page = page_size();
	struct object o = object_with_pattern();
	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	char *loaded = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, o.fd, 0);
	REQUIRE(loaded != MAP_FAILED);
	char *untouched = map_private(o.fd, 3 * page);
	CHECK_PATTERN(1, loaded, 3 * page);

	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(page + 10)));

	known_defect(OPENBSD, "", OPENBSD_LOST, OPENBSD_SOURCE);
	CHECK_PATTERN(1, loaded, page + 10);
	CHECK_PATTERN(1, untouched, page + 10);
	int signals[] = { fault_of_load(&loaded[2 * page]).signal, fault_of_load(&untouched[2 * page]).signal };
	behind_end_deviates(o.fd, signals, 2);
	CHECK_EQ(SIGBUS, signals[0]);
	CHECK_EQ(SIGBUS, signals[1]);
}

CASE(shrink_private_copies, OBSERVED,
    "When an object shrinks, a private copy of a page behind the new end "
    "keeps its data or raises SIGBUS, and copies before the end stay",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", COVERS("ftruncate.private_copied_sigbus"))
{
	const size_t page = page_size();
	struct object o = object_with_pattern();
	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	char *p = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, o.fd, 0);
	REQUIRE(p != MAP_FAILED);
	pattern_store(2, p, 3 * page);

	REQUIRE_SUCCEEDS(ftruncate(o.fd, (off_t)page));

	CHECK_PATTERN(2, p, page);
	int signal = fault_of_load(&p[2 * page]).signal;
	observed("private-copy-behind-the-end", "%s", signal == 0 ? "stays" : signal == SIGBUS ? "SIGBUS" : "SIGSEGV");
	if (signal == 0)
		CHECK_PATTERN_FROM(2, 2 * page, &p[2 * page], page);
	else {
		behind_end_deviates(o.fd, &signal, 1);
		CHECK_EQ(SIGBUS, signal);
	}
	REQUIRE_SUCCEEDS(ftruncate(o.fd, (off_t)(3 * page)));
	CHECK_PATTERN(2, p, page);
	CHECK_BYTES(0, (char *)map_shared(o.fd, 3 * page) + page, 2 * page); /* no copy comes to the object */
}

CASE(growth_reaches_reads, DOCUMENTED,
    "read() gives what a mapping that was made before the object grew stores behind its old end", "Linux mmap(2)",
    "FreeBSD mmap(2)", "FreeBSD shm_open(2)", "NetBSD mmap(2)", COVERS("ftruncate.mapped_grow_write"))
{
	const size_t page = page_size();
	struct object o = object_create(10);
	char *p = map_shared(o.fd, 3 * page);

	REQUIRE_SUCCEEDS(ftruncate(o.fd, (off_t)(2 * page + 10)));
	pattern_store(1, p, 2 * page + 10);

	char *bytes = map_anonymous(3 * page, MAP_PRIVATE);
	CHECK_EQ(2 * page + 10, pread(object_open(&o, O_RDONLY), bytes, 3 * page, 0));
	CHECK_PATTERN(1, bytes, 2 * page + 10);
}
