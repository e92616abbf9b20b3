/* SPDX-License-Identifier: BSD-2-Clause */

/* The end of a file or an object at 0, 1, a page less 1, a page and a page and 1 bytes: what a longer mapping shows. */

#include <signal.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_end)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"
#define SENTENCE \
	"Behind the end the last page is zero and can be stored to, whole pages raise SIGBUS, and the size stays"

enum { PAGES = 3 };

/* The sizes, in pages and bytes more. */
static const struct {
	size_t pages;
	int bytes;
} sizes[] = { { 0, 0 }, { 0, 1 }, { 1, -1 }, { 1, 0 }, { 1, 1 } };

static size_t
size_number(unsigned i)
{
	return sizes[i].pages * page_size() + (size_t)sizes[i].bytes;
}

/* Whole pages behind the end, the first byte of each and the last one. */
static void
check_behind(int fd, char *p, size_t size)
{
	for (size_t at = (size + page_size() - 1) / page_size() * page_size(); at < PAGES * page_size();
	     at += page_size()) {
		struct fault load = fault_of_load(&p[at]);
		struct fault store = fault_of_store(&p[at + page_size() - 1], 's');
		const int signals[] = { load.signal, store.signal };

		behind_end_deviates(fd, signals, 2);
		CHECK_EQ(SIGBUS, load.signal);
		CHECK_EQ(SIGBUS, store.signal);
		if (!fault_codes_tell() || load.signal == 0 || store.signal == 0)
			continue;
		CHECK(load.code == BUS_ADRERR || load.code == BUS_OBJERR);
		CHECK(is_address_of_fault(load, &p[at]));
		CHECK(store.code == BUS_ADRERR || store.code == BUS_OBJERR);
		CHECK(is_address_of_fault(store, &p[at + page_size() - 1]));
	}
}

/* The file or object has the pattern up to its end. */
static void
check_end(int fd, size_t size, int sharing)
{
	const size_t end_of_page = (size + page_size() - 1) / page_size() * page_size();
	char *p = mmap(NULL, PAGES * page_size(), PROT_READ | PROT_WRITE, sharing, fd, 0);
	REQUIRE(p != MAP_FAILED);

	CHECK_BYTES(0, &p[size], end_of_page - size);
	check_behind(fd, p, size);
	if (size == 0)
		return;
	pattern_store('e', p, end_of_page);
	CHECK_EQ(size, size_of(fd));
	char *shared = map_shared(fd, size);
	if (sharing == MAP_SHARED)
		CHECK_PATTERN('e', shared, size);
	else
		CHECK_PATTERN('f', shared, size);
}

static void
check_ends_of_file(int sharing)
{
	for (unsigned i = 0; i < nitems(sizes); i++)
		check_end(size_number(i) == 0 ? nameless_file(0) : file_with_bytes(size_number(i)).fd, size_number(i),
		    sharing);
}

static void
check_ends_of_object(int sharing)
{
	known_defect(MACOS, "", "a range that is larger than the object fails with EINVAL",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	for (unsigned i = 0; i < nitems(sizes); i++) {
		size_t size = size_number(i);
		struct object o = object_create(size);

		if (size > 0)
			pattern_store('f', map_shared(o.fd, size), size);
		check_end(o.fd, size, sharing);
	}
}

CASE(table__file_shared, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_ends_of_file(MAP_SHARED);
}

CASE(table__file_private, SHALL, SENTENCE, POSIX_DESCRIPTION)
{
	check_ends_of_file(MAP_PRIVATE);
}

CASE(table__object_shared, SHALL, SENTENCE, POSIX_DESCRIPTION, NEEDS_OBJECTS,
    COVERS("mmap.tail_shm mmap.sigbus_objerr BS77"))
{
	check_ends_of_object(MAP_SHARED);
}

CASE(table__object_private, SHALL, SENTENCE, POSIX_DESCRIPTION, NEEDS_OBJECTS)
{
	check_ends_of_object(MAP_PRIVATE);
}

static void
grow(void *fd)
{
	set_size(*(int *)fd, (off_t)(PAGES * page_size()));
	pattern_store('g', map_shared(*(int *)fd, PAGES * page_size()), PAGES * page_size());
}

/* POSIX leaves open whether an older mapping shows what is added. */
static void
check_growth(int fd)
{
	char *p = map_shared(fd, PAGES * page_size());
	int signal = fault_of_load(&p[page_size()]).signal;
	if (signal == 0)
		behind_end_deviates(fd, &signal, 1);
	CHECK_EQ(SIGBUS, signal);

	in_child(grow, &fd);

	for (size_t at = page_size(); at < PAGES * page_size(); at += page_size()) {
		struct fault f = fault_of_load(&p[at]);

		observed(at == page_size() ? "page-that-faulted" : "other-page", "%s",
		    f.signal == 0 ? "shows" : signal_name(f.signal));
		if (f.signal == 0)
			CHECK_PATTERN_FROM('g', at, &p[at], page_size());
		else
			CHECK_EQ(SIGBUS, f.signal);
	}
}

CASE(grown_by_other_process__file, MAY,
    "When another process makes a file longer, an older mapping shows the new pages, or they still raise SIGBUS",
    POSIX_DESCRIPTION)
{
	check_growth(nameless_file(page_size()));
}

CASE(grown_by_other_process__object, MAY,
    "When another process makes an object longer, an older mapping shows the new pages, or they still raise SIGBUS",
    POSIX_DESCRIPTION, NEEDS_OBJECTS, COVERS("BS78"))
{
	known_defect(MACOS, "", "a range that is larger than the object fails with EINVAL",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	check_growth(object_create(page_size()).fd);
}
