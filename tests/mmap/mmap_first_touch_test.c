/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory that had data before: given back and taken again, cut off and grown again, behind a hole, in a hole that was punched.
 * Whoever touches a page of it first, and however, finds zeros, and what is not stored stays zero.
 */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "memfd.h"
#include "memory_cases.h"
#include "platform/fcntl.h"
#include "process.h"

INTERFACE(mmap_first_touch)

/* The pages that are touched: each in its own way, and one not at all. */
enum touch { LOAD, STORE, READ_CALL, WRITE_CALL, CHILD_LOAD, CHILD_STORE, NOTHING, PAGES };

static char *
page_of(const struct memory *m, enum touch how)
{
	return m->start + (size_t)how * page_size();
}

/* The byte is there, in the middle of its page, and the rest of the page is zero. */
static void
check_alone(const char *page, char byte)
{
	const size_t middle = page_size() / 2;

	CHECK_BYTES(0, page, middle);
	CHECK_EQ(byte, page[middle]);
	CHECK_BYTES(0, &page[middle + 1], page_size() - middle - 1);
}

static void
touch_in_child(void *memory)
{
	const struct memory *m = memory;

	CHECK_BYTES(0, page_of(m, CHILD_LOAD), page_size());
	page_of(m, CHILD_STORE)[page_size() / 2] = 'c';
	check_alone(page_of(m, CHILD_STORE), 'c');
}

/* What write() takes from the page. */
static void
check_written(char *page)
{
	int file = nameless_file(page_size());

	CHECK_EQ(page_size(), write(file, page, page_size()));
	CHECK_BYTES(0, content_of(file, page_size()), page_size());
	close(file);
}

static void
check_first_touch(struct memory *m, int sharing)
{
	const size_t middle = page_size() / 2;
	int byte = nameless_file_with_pattern(1);

	in_child(touch_in_child, m);
	check_alone(page_of(m, CHILD_STORE), sharing == MAP_SHARED ? 'c' : 0);
	CHECK_BYTES(0, page_of(m, LOAD), page_size());
	page_of(m, STORE)[middle] = 's';
	check_alone(page_of(m, STORE), 's');
	CHECK_EQ(1, read(byte, page_of(m, READ_CALL) + middle, 1));
	check_alone(page_of(m, READ_CALL), *content_of(byte, 1));
	check_written(page_of(m, WRITE_CALL));
	CHECK_BYTES(0, page_of(m, CHILD_LOAD), page_size());
	CHECK_BYTES(0, page_of(m, NOTHING), page_size());
	close(byte);
}

enum { DIRTY_PAGES = 64 };

/* Fill it and give it back, with all that it has. False: it cannot be filled. */
static bool
use_and_give_back(struct memory m, bool is_file)
{
	if (!CHECK_STORE_OK(m.start))
		return false;
	memset(m.start, 0xa5, m.size);
	if (m.id != -1) {
		segment_detach(m.start);
		segment_remove(m.id);
		return true;
	}
	unmap(m.start, m.size);
	if (is_file) /* it may still have a name */
		REQUIRE_SUCCEEDS(ftruncate(m.fd, 0));
	if (m.fd != -1)
		close(m.fd);
	return true;
}

static void
check_taken_again(memory_kind *kind, int sharing, bool is_file)
{
	const size_t sizes[] = { DIRTY_PAGES, PAGES };

	for (unsigned i = 0; i < nitems(sizes); i++) {
		if (!use_and_give_back(memory_create(kind, sizes[i] * page_size()), is_file))
			return;

		struct memory m = memory_create(kind, PAGES * page_size());
		check_first_touch(&m, sharing);
	}
}

#define CASE_AGAIN(variant, kind, sharing, is_file, ...) \
	CASE(taken_again__##variant, SHALL, \
	    "Memory that is taken after filled memory was given back is zero, whoever touches a page of it first, " \
	    "and how", \
	    __VA_ARGS__) \
	{ \
		check_taken_again(kind, sharing, is_file); \
	}

#define ANONYMOUS_SOURCES "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "NetBSD mmap(2)"
#define FILE_SOURCES \
	"POSIX.1-2017 ftruncate() DESCRIPTION", "POSIX.1-2024 ftruncate() DESCRIPTION", "Linux truncate(2)", \
	    "POSIX.1-2017 mmap() DESCRIPTION"

CASE_AGAIN(anonymous, anonymous_memory, MAP_SHARED, false, ANONYMOUS_SOURCES)
CASE_AGAIN(private_anonymous, private_anonymous_memory, MAP_PRIVATE, false, ANONYMOUS_SOURCES)
CASE_AGAIN(dev_zero, dev_zero_memory, MAP_SHARED, false, ANONYMOUS_SOURCES)
CASE_AGAIN(
    segment, segment_memory, MAP_SHARED, false, "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", NEEDS_SEGMENTS)
CASE_AGAIN(file, file_memory, MAP_SHARED, true, FILE_SOURCES)
CASE_AGAIN(private_file, private_file_memory, MAP_PRIVATE, true, FILE_SOURCES)

/* An object of macOS cannot be cut off, and stays until its name is gone. */
static void
need_objects_that_shrink(void)
{
	int result = ftruncate(object_create(page_size()).fd, 0);

	need(result == 0, "needs objects whose size can change: ftruncate() gives %s", errno_name(errno));
}

#define NEEDS_OBJECTS_THAT_SHRINK NEED("objects whose size can change", .ask = need_objects_that_shrink)

CASE_AGAIN(object, object_memory, MAP_SHARED, true, FILE_SOURCES, NEEDS_OBJECTS, NEEDS_OBJECTS_THAT_SHRINK)
CASE_AGAIN(
    private_object, private_object_memory, MAP_PRIVATE, true, FILE_SOURCES, NEEDS_OBJECTS, NEEDS_OBJECTS_THAT_SHRINK)
CASE_AGAIN(memfd, memfd_memory, MAP_SHARED, true, FILE_SOURCES, NEEDS_MEMFD)

/* The same file or object, mapped anew. */
static struct memory
map_anew(const struct memory *old, int sharing)
{
	struct memory m = *old;

	m.start = sharing == MAP_SHARED ? map_shared(m.fd, m.size) : map_private(m.fd, m.size);
	return m;
}

/* Cut off in the middle of the first page, which is zero behind that, too. */
static void
check_grown_again(memory_kind *kind, int sharing)
{
	const off_t ends[] = { 0, 1 };

	for (unsigned i = 0; i < nitems(ends); i++) {
		struct memory m = memory_create(kind, PAGES * page_size());

		memset(m.start, 0xa5, m.size);
		unmap(m.start, m.size);
		set_size(m.fd, ends[i]);
		set_size(m.fd, (off_t)m.size);
		if (ends[i] == 1)
			REQUIRE(pwrite(m.fd, "", 1, 0) == 1);
		struct memory again = map_anew(&m, sharing);
		check_first_touch(&again, sharing);
	}
}

#define CASE_GROWN(variant, kind, sharing, ...) \
	CASE(grown_again__##variant, SHALL, \
	    "What was filled, cut off and grown again is zero, whoever touches a page of it first, and how", \
	    FILE_SOURCES, __VA_ARGS__) \
	{ \
		check_grown_again(kind, sharing); \
	}

CASE_GROWN(file, file_memory, MAP_SHARED, "FreeBSD truncate(2)")
CASE_GROWN(private_file, file_memory, MAP_PRIVATE, "FreeBSD truncate(2)")
CASE_GROWN(object, object_memory, MAP_SHARED, NEEDS_OBJECTS_AS_FILES, NEEDS_OBJECTS_THAT_SHRINK)
CASE_GROWN(private_object, object_memory, MAP_PRIVATE, NEEDS_OBJECTS_AS_FILES, NEEDS_OBJECTS_THAT_SHRINK)
CASE_GROWN(memfd, memfd_memory, MAP_SHARED, NEEDS_MEMFD)

/* A file of one byte, and of another behind pages that nobody has written. */
static void
check_behind_gap(memory_kind *kind, int sharing)
{
	struct memory m = memory_create(kind, (PAGES + 1) * page_size());

	unmap(m.start, m.size);
	set_size(m.fd, 0);
	REQUIRE(pwrite(m.fd, "e", 1, (off_t)(PAGES * page_size())) == 1);
	struct memory again = map_anew(&m, sharing);
	check_first_touch(&again, sharing);
	CHECK_EQ('e', again.start[PAGES * page_size()]);
}

#define CASE_GAP(variant, kind, sharing, ...) \
	CASE(in_gap__##variant, SHALL, \
	    "The pages before a byte that is written behind the end are zero, whoever touches one of them first, and " \
	    "how", \
	    "POSIX.1-2017 lseek() DESCRIPTION", "POSIX.1-2017 mmap() DESCRIPTION", "Linux lseek(2)", __VA_ARGS__) \
	{ \
		check_behind_gap(kind, sharing); \
	}

CASE_GAP(file, file_memory, MAP_SHARED, "FreeBSD lseek(2)")
CASE_GAP(private_file, file_memory, MAP_PRIVATE, "FreeBSD lseek(2)")
CASE_GAP(object, object_memory, MAP_SHARED, NEEDS_OBJECTS_AS_FILES, NEEDS_OBJECTS_THAT_SHRINK)
CASE_GAP(memfd, memfd_memory, MAP_SHARED, NEEDS_MEMFD)

/* The mapping that filled the pages stays, and finds zeros where the hole is. */
static void
check_punched(memory_kind *kind, int sharing)
{
	struct memory m = memory_create(kind, (PAGES + 1) * page_size());
	const off_t size = (off_t)(PAGES * page_size());

	memset(m.start, 0xa5, m.size);
	int result = fallocate(m.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, size);
	need(result == 0, "needs holes: fallocate() gives %s", errno_name(errno));

	struct memory again = sharing == MAP_SHARED ? m : map_anew(&m, sharing);
	check_first_touch(&again, sharing);
	CHECK_BYTES(0xa5, &again.start[PAGES * page_size()], page_size());
	CHECK_EQ(m.size, size_of(m.fd));
}

#define CASE_PUNCHED(variant, kind, sharing, ...) \
	CASE(punched__##variant, DOCUMENTED, \
	    "Pages where FALLOC_FL_PUNCH_HOLE has made a hole are zero, whoever touches one of them first, and how", \
	    "Linux 2.6.38 fallocate(2)", __VA_ARGS__) \
	{ \
		check_punched(kind, sharing); \
	}

CASE_PUNCHED(file, file_memory, MAP_SHARED, "Linux lseek(2)")
CASE_PUNCHED(private_file, file_memory, MAP_PRIVATE, "Linux lseek(2)")
CASE_PUNCHED(object, object_memory, MAP_SHARED, NEEDS_OBJECTS)
CASE_PUNCHED(memfd, memfd_memory, MAP_SHARED, NEEDS_MEMFD)
