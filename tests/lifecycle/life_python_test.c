/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What CPython relies on: mappings as byte strings that can be resized, Modules/mmapmodule.c, and semaphores that are the
 * locks of multiprocessing, Modules/_multiprocessing/semaphore.c.
 */

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "memory_cases.h"
#include "named_semaphore.h"
#include "process.h"

INTERFACE(life_python)

/* What a size leaves of the last one is there, and zeros are behind that. */
static void
resize(void *memory)
{
	struct memory m = *(struct memory *)memory;
	const size_t page = page_size();
	const size_t large = has_room(m.fd, 3 << 20) ? (2 << 20) + page : PAGES_OF_CASE * page;
	const size_t sizes[] = { 3 * page, page, 2 * page, large, 3 * page };

	pattern_store('m', m.start, m.size);
	for (size_t i = 0; i < nitems(sizes); i++) {
		const size_t kept = sizes[i] < m.size ? sizes[i] : m.size;

		REQUIRE_SUCCEEDS(ftruncate(m.fd, (off_t)sizes[i]));
		m.start = mremap(m.start, m.size, sizes[i], MREMAP_MAYMOVE);
		REQUIRE(m.start != MAP_FAILED);
		m.size = sizes[i];
		CHECK_EQ(sizes[i], size_of(m.fd));
		CHECK_PATTERN('m', m.start, kept);
		CHECK_BYTES(0, &m.start[kept], m.size - kept);
		pattern_store('m', m.start, m.size);
		CHECK_EQ(0, memcmp(m.start, content_of(m.fd, m.size), m.size));
	}
}

CASE(resize__file, DOCUMENTED,
    "ftruncate() and then mremap() resize a file and its mapping: both have the new size, the data left, and zeros",
    "Linux mremap(2)", "Linux truncate(2)")
{
	struct memory m = file_memory(page_size());

	in_child(resize, &m);
}

CASE(resize__object, DOCUMENTED,
    "ftruncate() and then mremap() resize an object and its mapping: both have the new size, the data left, and zeros",
    "Linux mremap(2)", "Linux truncate(2)", NEEDS_OBJECTS)
{
	struct memory m = object_memory(page_size());

	in_child(resize, &m);
}

#define GIB(n) ((uintmax_t)(n) << 30)
#define NEEDS_LARGE_FILES \
	NEEDS_64_BIT_ADDRESSES, NEEDS_64_BIT_OFFSETS, NEEDS_ADDRESSES(GIB(5)), NEEDS_FILES_OF_BYTES(GIB(5))

/* Few pages are stored to, the others take no memory. Where a number is cut to 31 or 32 bits, two places are one. */
static void
check_both_sides(int fd)
{
	const size_t page = page_size();
	const size_t two = (size_t)GIB(2);
	const size_t four = (size_t)GIB(4);
	const size_t size = four + 2 * page + 1;
	const size_t places[] = { 0, page, two - page - 1, two - 1, two, two + page, four - page, four - 1, four,
		four + page, size - 1 };

	int error = ftruncate(fd, (off_t)size) == 0 ? 0 : errno;

	need(error != EFBIG && error != EINVAL && error != ENOSPC && error != ENOMEM, "nothing of 4 GiB here: %s",
	    errno_name(error));
	REQUIRE(error == 0);
	char *p = map_shared(fd, size);
	for (size_t i = 0; i < nitems(places); i++)
		CHECK_BYTES(0, &p[places[i]], 1);
	for (size_t i = 0; i < nitems(places); i++)
		REQUIRE(fault_of_store(&p[places[i]], (char)(i + 1)).signal == 0);

	CHECK_EQ(size, size_of(fd));
	for (size_t i = 0; i < nitems(places); i++) {
		const char *window = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, (off_t)(places[i] / page * page));
		REQUIRE(window != MAP_FAILED);

		CHECK_EQ(i + 1, p[places[i]]);
		CHECK_EQ(i + 1, window[places[i] % page]);
	}
	CHECK_SUCCEEDS(munmap(&p[two], two + page));
	CHECK_UNMAPPED(&p[two], page);
	CHECK_UNMAPPED(&p[four], page);
	CHECK_BYTES(4, &p[two - 1], 1);
	CHECK_BYTES(10, &p[four + page], 1);
}

CASE(mapping_over_4_gib__file, SHALL,
    "A mapping of more than 4 GiB shows each byte of the file at its own place, on both sides of 2 and of 4 GiB",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_LARGE_FILES)
{
	char bytes[2];
	int fd = nameless_file(0);

	check_both_sides(fd);
	CHECK_EQ(2, pread(fd, bytes, 2, (off_t)GIB(4) - 1));
	CHECK_EQ(8, bytes[0]);
	CHECK_EQ(9, bytes[1]);
}

CASE(mapping_over_4_gib__object, SHALL,
    "A mapping of more than 4 GiB shows each byte of the object at its own place, on both sides of 2 and of 4 GiB",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_OBJECTS, NEEDS_LARGE_FILES)
{
	struct object o = object_create(0);

	check_both_sides(o.fd);
}

/* Move the middle of three pages by less than its length, down and up, over both borders. */
static void
move_with_overlap(void *start)
{
	char *p = start;

	memmove(&p[page_size() - 100], &p[page_size() - 50], page_size() + 100);
	memmove(&p[page_size() - 60], &p[page_size() - 100], page_size() + 100);
}

CASE_FOR_EACH_MEMORY(move_over_page_border, SHALL,
    "memmove() of bytes that overlap, over the borders of pages "
    "that another process shares, leaves there what it shall",
    "POSIX.1-2017 memmove() DESCRIPTION", "ISO C11 7.24.2.2", "POSIX.1-2017 mmap() DESCRIPTION")
{
	const size_t size = 3 * page_size();
	struct memory m = memory_create(kind, size);
	char *expected = map_anonymous(size, MAP_PRIVATE);

	pattern_store('m', m.start, 2 * page_size()); /* the third page is touched by the child first */
	pattern_store('m', expected, 2 * page_size());
	move_with_overlap(expected);
	in_child(move_with_overlap, m.start);

	CHECK_EQ(0, memcmp(expected, m.start, size));
}

enum { INCREMENTS = 2000, WORKERS = 3 };

struct counter {
	sem_t *lock;
	atomic_uint arrived;
	volatile unsigned value;
};

static void
increment(void *counter)
{
	struct counter *c = counter;

	start_together(&c->arrived, WORKERS);
	for (unsigned i = 0; i < INCREMENTS; i++) {
		while (sem_wait(c->lock) == -1)
			REQUIRE(errno == EINTR);
		unsigned value = c->value;
		if (i % 64 == 0)
			sched_yield(); /* invite the others, in case that nothing keeps them out */
		c->value = value + 1;
		REQUIRE_SUCCEEDS(sem_post(c->lock));
	}
}

CASE(named_semaphore_as_lock, SHALL,
    "A named semaphore that is unlinked as soon as it is made is a lock for all processes that inherit it",
    "POSIX.1-2017 sem_open() DESCRIPTION", "POSIX.1-2017 sem_unlink() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    "Linux sem_overview(7)", NEEDS_NAMED_SEMAPHORES, NEEDS_WAKES_OF_OTHERS)
{
	struct counter *c = map_anonymous(sizeof(*c), MAP_SHARED);
	struct semaphore_name name = semaphore_name();
	struct child workers[WORKERS];

	c->lock = sem_open(name.text, O_CREAT | O_EXCL, 0600, 1);
	REQUIRE(c->lock != SEM_FAILED);
	REQUIRE_SUCCEEDS(sem_unlink(name.text));
	for (size_t i = 0; i < WORKERS; i++)
		workers[i] = child_start(increment, c);
	for (size_t i = 0; i < WORKERS; i++)
		child_exits(&workers[i]);

	CHECK_EQ(WORKERS * INCREMENTS, c->value);
	CHECK_SUCCEEDS(sem_trywait(c->lock));
	CHECK_FAILS(EAGAIN, -1, sem_trywait(c->lock));
	CHECK_SUCCEEDS(sem_close(c->lock));
}
