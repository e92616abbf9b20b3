/* SPDX-License-Identifier: BSD-2-Clause */

/* Who sees a store through a mapping: other mappings, processes, the file. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"

INTERFACE(mmap)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"

/* The sentences that the manuals of all platforms have. */
#define EVERY_MANUAL \
	"Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", \
	    "illumos mmap(2)"

/* The last integer of the range. */
static volatile int *
last_integer(void *start, size_t size)
{
	return (volatile int *)(void *)((char *)start + size - sizeof(int));
}

enum { ROUNDS = 10 };

/* Both add one in turn; each finds what the other made of it. */
static void
count_after_parent(volatile int *counter)
{
	for (int i = 0; i < ROUNDS; i++) {
		pause_for_parent();
		CHECK_EQ(2 * i + 1, *counter);
		++*counter;
	}
}

static void
count_before_child(struct child *c, volatile int *counter)
{
	for (int i = 0; i < ROUNDS; i++) {
		child_reaches_pause(c);
		CHECK_EQ(2 * i, *counter);
		++*counter;
		child_goes_on(c);
	}
	child_reaches_end(c);
	CHECK_EQ(2 * ROUNDS, *counter);
	child_exits(c);
	CHECK_EQ(2 * ROUNDS, *counter);
}

PROGRAM(counter_in_file)
{
	int fd = open(argv[1], O_RDWR);
	REQUIRE(fd != -1);

	count_after_parent(last_integer(map_shared(fd, 2 * page_size()), 2 * page_size()));
}

CASE(shared_write_visible_to_mappings__unrelated_process_file, SHALL,
    "A store through MAP_SHARED is seen by a shared mapping of the file in an unrelated process", POSIX_DESCRIPTION,
    EVERY_MANUAL)
{
	struct file f = file_create(2 * page_size());
	volatile int *counter = last_integer(map_shared(f.fd, 2 * page_size()), 2 * page_size());
	struct child c = program_start("counter_in_file", f.name);

	count_before_child(&c, counter);
}

PROGRAM(counter_in_object)
{
	int fd = shm_open(argv[1], O_RDWR, 0);
	REQUIRE(fd != -1);

	count_after_parent(last_integer(map_shared(fd, 2 * page_size()), 2 * page_size()));
}

CASE(shared_write_visible_to_mappings__unrelated_process_object, SHALL,
    "A store through MAP_SHARED is seen by a shared mapping of the object in an unrelated process", POSIX_DESCRIPTION,
    EVERY_MANUAL, NEEDS_OBJECTS, COVERS("mmap.types_supported mmap.shared_shm_seen"))
{
	struct object o = object_create(2 * page_size());
	volatile int *counter = last_integer(map_shared(o.fd, 2 * page_size()), 2 * page_size());
	struct child c = program_start("counter_in_object", o.name);

	count_before_child(&c, counter);
}

static void
check_windows(int fd)
{
	const size_t page = page_size();
	char *low = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *high = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(2 * page));
	REQUIRE(low != MAP_FAILED);
	REQUIRE(high != MAP_FAILED);

	pattern_store('l', low, 4 * page);
	CHECK_PATTERN_FROM('l', 2 * page, high, 2 * page);
	pattern_store('h', high, 4 * page);
	CHECK_PATTERN('h', &low[2 * page], 2 * page);
	CHECK_PATTERN('l', low, 2 * page);
}

CASE(same_page_two_mappings__file, SHALL, "Two shared mappings of a file in a process show the same bytes",
    POSIX_DESCRIPTION, COVERS("mmap.alias_coherent"))
{
	check_windows(nameless_file(6 * page_size()));
}

CASE(same_page_two_mappings__object, SHALL, "Two shared mappings of an object in a process show the same bytes",
    POSIX_DESCRIPTION, NEEDS_OBJECTS)
{
	check_windows(object_create(6 * page_size()).fd);
}

CASE(shared_write_changes_file, SHALL, "A store through MAP_SHARED changes the file, and read() shows it after msync()",
    POSIX_DESCRIPTION, "Linux mmap(2)", "illumos mmap(2)", ALSO("msync.sync-completes-writes"),
    COVERS("mmap.shared_write_visible_read mmap.shared_write_visible"))
{
	struct file f = file_create(3 * page_size());
	char *p = mmap(NULL, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, f.fd, 0);
	REQUIRE(p != MAP_FAILED);

	pattern_store('s', p, 3 * page_size());
	REQUIRE(msync(p, 3 * page_size(), MS_SYNC) == 0);

	CHECK_PATTERN('s', content_of(f.fd, 3 * page_size()), 3 * page_size());
	CHECK_PATTERN('s', content_of(open(f.name, O_RDONLY), 3 * page_size()), 3 * page_size());
	CHECK_EQ(3 * page_size(), size_of(f.fd));
}

CASE(shared_write_visible_to_read, OBSERVED,
    "Without msync(), read() and write() of a file may differ from what a shared mapping shows",
    "POSIX.1-2017 mmap() APPLICATION USAGE", "POSIX.1-2024 mmap() APPLICATION USAGE",
    CHOICE("FreeBSD mmap(2)", "read-after-store", "agrees"), CHOICE("FreeBSD mmap(2)", "load-after-write", "agrees"),
    CHOICE("DragonFly mmap(2)", "read-after-store", "agrees"),
    CHOICE("DragonFly mmap(2)", "load-after-write", "agrees"), "illumos mmap(2)")
{
	int fd = nameless_file_with_pattern(1);
	char *p = map_shared(fd, page_size());
	char byte = 0;

	p[1] = 's';
	CHECK_EQ(1, pread(fd, &byte, 1, 1));
	CHECK_EQ(1, pwrite(fd, "w", 1, 2));
	char loaded = p[2];

	observed("read-after-store", "%s", byte == 's' ? "agrees" : "differs");
	observed("load-after-write", "%s", loaded == 'w' ? "agrees" : "differs");
	CHECK_EQ('s', p[1]);
}

/* In another process: the file, another mapping of it and another private one are as they were. */
static void
check_unchanged(void *fd)
{
	const size_t size = 3 * page_size();

	CHECK_PATTERN('f', map_shared(*(int *)fd, size), size);
	CHECK_PATTERN('f', map_private(*(int *)fd, size), size);
}

static void
store_privately(int fd)
{
	const size_t size = 3 * page_size();
	char *shared = map_shared(fd, size);
	pattern_store('f', shared, size);
	char *other = map_private(fd, size); /* POSIX leaves open whether it would see that otherwise */

	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_LOAD_OK(&p[0]); /* the first page is loaded before the store, the others are not */
	pattern_store('p', p, size);

	CHECK_PATTERN('p', p, size);
	CHECK_PATTERN('f', shared, size);
	CHECK_PATTERN('f', other, size);
	in_child(check_unchanged, &fd);
	unmap(p, size);
	CHECK_PATTERN('f', shared, size);
}

CASE(private_write_invisible__file, SHALL,
    "A store through MAP_PRIVATE is seen neither in the file nor by other mappings and processes", POSIX_DESCRIPTION,
    EVERY_MANUAL, COVERS("mmap.private_no_file_change"))
{
	int fd = nameless_file(3 * page_size());

	store_privately(fd);
	const char *bytes = reads_see_mappings() ? content_of(fd, 3 * page_size()) : map_shared(fd, 3 * page_size());
	CHECK_PATTERN('f', bytes, 3 * page_size());
}

CASE(private_write_invisible__object, SHALL,
    "A store through MAP_PRIVATE is seen neither in the object nor by other mappings and processes", POSIX_DESCRIPTION,
    EVERY_MANUAL, NEEDS_OBJECTS, COVERS("mmap.private_shm_unseen"))
{
	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	store_privately(object_create(3 * page_size()).fd);
}

CASE(private_write_on_rdonly_ok, SHALL,
    "MAP_PRIVATE with PROT_WRITE needs no descriptor that is open for writing, and stores leave the file as it is",
    POSIX_DESCRIPTION, "Linux mmap(2)", "illumos mmap(2)", COVERS("mmap.file_read mmap.private_write_ro_fd"))
{
	struct file f = file_with_pattern(2);
	int fd = open(f.name, O_RDONLY);
	REQUIRE(fd != -1);

	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	REQUIRE(p != MAP_FAILED);
	CHECK_PATTERN('f', p, 2 * page_size());
	pattern_store('p', p, 2 * page_size());

	CHECK_PATTERN('p', p, 2 * page_size());
	CHECK_PATTERN('f', content_of(f.fd, 2 * page_size()), 2 * page_size());
}

CASE(private_sees_later_changes, OBSERVED,
    "In pages without a store a private mapping shows later changes of the file, or what was there before",
    POSIX_DESCRIPTION, "Linux mmap(2)", CHOICE("NetBSD mmap(2)", "loaded-page", "shows the change"),
    CHOICE("NetBSD mmap(2)", "page-not-loaded", "shows the change"),
    CHOICE("illumos mmap(2)", "loaded-page", "shows the change"),
    CHOICE("illumos mmap(2)", "page-not-loaded", "shows the change"))
{
	int fd = nameless_file_with_pattern(2);
	char *shared = map_shared(fd, 2 * page_size());
	char *p = map_private(fd, 2 * page_size());
	CHECK_PATTERN('f', p, page_size()); /* the first page was loaded, the second was not */

	pattern_store('l', shared, 2 * page_size());
	observed("loaded-page", "%s", p[0] == shared[0] ? "shows the change" : "keeps what it was");
	observed(
	    "page-not-loaded", "%s", p[page_size()] == shared[page_size()] ? "shows the change" : "keeps what it was");
	CHECK(p[0] == shared[0] || (unsigned char)p[0] == 'f');
}

CASE(private_copied_page_stays, SHALL,
    "A page of a private mapping that was stored to does not show later changes of the file", POSIX_DESCRIPTION,
    "illumos mmap(2)")
{
	int fd = nameless_file_with_pattern(3);
	char *shared = map_shared(fd, 3 * page_size());
	char *p = map_private(fd, 3 * page_size());
	for (size_t at = 0; at < 3 * page_size(); at += page_size()) {
		const char byte = p[at];
		*(volatile char *)&p[at] = byte; /* the smallest store: what is there already */
	}

	pattern_store('l', shared, 3 * page_size());
	CHECK_EQ(1, pwrite(fd, "w", 1, 1));

	CHECK_PATTERN('f', p, 3 * page_size());
}
