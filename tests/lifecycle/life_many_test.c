/* SPDX-License-Identifier: BSD-2-Clause */

/* Many processes and threads that use one memory, or one file, at the same time, again and again. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"

INTERFACE(life_many)

enum { WORKERS = 4, PAGES = 32 };

/* Numbers that jump about, the same in each run. */
static unsigned
next_number(unsigned *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 16;
}

struct work {
	char *p;
	unsigned number; /* of the worker */
	atomic_uint *arrived;
};

/* The word of a page: its number, and how often it was stored. A page in another's place, or an older one, is seen. */
static atomic_uint *
word_of(const struct work *w, unsigned page)
{
	return (atomic_uint *)(void *)(w->p + page * page_size() + 64);
}

enum { GENERATIONS = 60, SHIFT = 16 };

static void
store_and_look(void *arg)
{
	const struct work *w = arg;
	unsigned seen[PAGES] = { 0 };
	unsigned state = w->number;

	start_together(w->arrived, WORKERS);
	for (unsigned generation = 1; generation <= GENERATIONS; generation++) {
		for (unsigned page = w->number; page < PAGES; page += WORKERS)
			atomic_store(word_of(w, page), page << SHIFT | generation);
		for (int i = 0; i < PAGES; i++) {
			unsigned page = next_number(&state) % PAGES;
			unsigned word = atomic_load(word_of(w, page));

			CHECK(word == 0 || word >> SHIFT == page);
			CHECK((word & 0xffff) >= seen[page]);
			seen[page] = word & 0xffff;
		}
	}
}

CASE_FOR_EACH_MEMORY(pages_of_many, SHALL,
    "Four processes store in their pages of one memory and look at all: each page is in its place, and none gets older",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    COVERS("stress.mmap_file"))
{
	struct memory m = memory_create(kind, (PAGES + 1) * page_size());
	struct child c[WORKERS];
	struct work w = { .p = m.start, .arrived = map_anonymous(sizeof(*w.arrived), MAP_SHARED) };
	if (!CHECK_LOAD_OK(&m.start[PAGES * page_size()])) /* a child that dies keeps the others waiting */
		return;

	for (w.number = 0; w.number < WORKERS; w.number++)
		c[w.number] = child_start(store_and_look, &w);
	for (unsigned i = 0; i < WORKERS; i++)
		child_exits(&c[i]);

	for (unsigned page = 0; page < PAGES; page++)
		CHECK_EQ(page << SHIFT | GENERATIONS, atomic_load(word_of(&w, page)));
}

/* Each thread comes to each page, in an order of its own, by a load or by a store. */
static void *
fault_in_pages(void *arg)
{
	const struct work *w = arg;
	unsigned state = w->number + 1;
	unsigned first = next_number(&state) % PAGES;

	start_together(w->arrived, WORKERS);
	for (unsigned i = 0; i < PAGES; i++) {
		volatile char *page = w->p + (first + i * (2 * w->number + 1)) % PAGES * page_size();

		if (i % 2 == 0)
			(void)page[page_size() - 1];
		page[w->number] = (char)('a' + w->number);
	}
	return NULL;
}

static void
check_faulted(const char *p, unsigned char rest)
{
	for (unsigned page = 0; page < PAGES; page++) {
		for (unsigned i = 0; i < WORKERS; i++)
			CHECK_EQ((char)('a' + i), p[page * page_size() + i]);
		CHECK_BYTES(rest, &p[page * page_size() + WORKERS], page_size() - WORKERS);
	}
}

static void
fault_by_threads(char *p)
{
	pthread_t threads[WORKERS];
	struct work w[WORKERS];
	atomic_uint arrived = 0;

	for (unsigned i = 0; i < WORKERS; i++) {
		w[i] = (struct work){ .p = p, .number = i, .arrived = &arrived };
		thread_start(&threads[i], fault_in_pages, &w[i]);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		REQUIRE_SUCCEEDS(pthread_join(threads[i], NULL));
}

CASE_FOR_EACH_MEMORY(faults_of_threads, SHALL,
    "Four threads that touch the pages of new memory at the same time find one page each: no store of theirs is lost",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION",
    "POSIX.1-2017 XBD 4.12 Memory Synchronization", COVERS("stress.mm_faults"))
{
	struct memory m = memory_create(kind, (PAGES + 1) * page_size());
	if (!CHECK_LOAD_OK(&m.start[PAGES * page_size()])) /* the page more: the others nobody touches before */
		return;

	fault_by_threads(m.start);

	check_faulted(m.start, 0);
}

CASE(faults_of_threads__private_copies, SHALL,
    "Four threads that store in private pages of a file at the same time get one copy each: no store of theirs is lost",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 XBD 4.12 Memory Synchronization", COVERS("stress.mm_faults"))
{
	size_t size = PAGES * page_size();
	int fd = nameless_file(size);
	char *shared = map_shared(fd, size);
	memset(shared, 'f', size);
	char *p = map_private(fd, size);

	fault_by_threads(p);

	check_faulted(p, 'f');
	CHECK_BYTES('f', shared, size);
}

/* CHECK_BYTES() is not for threads: the handlers of faults are the process's. */
static bool
all_are(const char *p, char byte, size_t size)
{
	return p[0] == byte && memcmp(p, p + 1, size - 1) == 0;
}

enum { ROUNDS = 150, LARGEST = 16 };

static void *
map_store_unmap(void *arg)
{
	const struct work *w = arg;
	unsigned state = w->number;
	char byte = (char)('a' + w->number);

	start_together(w->arrived, WORKERS);
	for (int i = 0; i < ROUNDS; i++) {
		size_t size = (1 + next_number(&state) % LARGEST) * page_size();
		char *p = map_anonymous(size, i % 2 == 0 ? MAP_PRIVATE : MAP_SHARED);

		CHECK(all_are(p, 0, size));
		memset(p, byte, size);
		CHECK(all_are(p, byte, size));
		unmap(p, size);
	}
	return NULL;
}

CASE(mappings_of_threads, SHALL,
    "Four threads map, fill and unmap memory of many sizes at "
    "the same time: all is zero at first, and no other's later",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 munmap() DESCRIPTION", "Linux mmap(2)",
    COVERS("stress.mmap_threads"))
{
	pthread_t threads[WORKERS];
	struct work w[WORKERS];
	atomic_uint arrived = 0;

	for (unsigned i = 0; i < WORKERS; i++) {
		w[i] = (struct work){ .number = i, .arrived = &arrived };
		thread_start(&threads[i], map_store_unmap, &w[i]);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		REQUIRE_SUCCEEDS(pthread_join(threads[i], NULL));
}

CASE(file_mapped_again_and_again, SHALL,
    "A file that is mapped, stored to and unmapped 200 times has each time what the mappings before have stored",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 munmap() DESCRIPTION", COVERS("stress.mmap_loop"))
{
	size_t size = 3 * page_size();
	struct file f = file_create(size);
	unsigned char last = 0;

	for (int i = 0; i < 200; i++) {
		char *p = map_shared(f.fd, size);

		CHECK_BYTES(last, p, size);
		last = (unsigned char)(i + 1);
		memset(p, last, size);
		unmap(p, size);
	}
}

struct growth {
	int fd;
	atomic_uint *written; /* pages */
	atomic_uint *arrived;
};

static void
write_pages(void *arg)
{
	const struct growth *g = arg;
	char *page = map_anonymous(page_size(), MAP_PRIVATE);

	start_together(g->arrived, WORKERS);
	for (unsigned i = 0; i < PAGES; i++) {
		memset(page, 'a' + (int)(i % 26), page_size());
		REQUIRE(write(g->fd, page, page_size()) == (ssize_t)page_size());
		atomic_store(g->written, i + 1);
	}
}

static void
map_what_is_written(void *arg)
{
	const struct growth *g = arg;
	unsigned pages = 0;

	start_together(g->arrived, WORKERS);
	while (pages < PAGES) {
		pages = atomic_load(g->written);
		if (pages == 0)
			continue;
		char *p = map_shared(g->fd, pages * page_size());
		for (unsigned i = 0; i < pages; i++)
			CHECK_BYTES('a' + i % 26, p + i * page_size(), page_size());
		unmap(p, pages * page_size());
	}
}

CASE(file_grows, SHALL, "While write() makes a file grow, three processes that map it find all that is written so far",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 write() DESCRIPTION", COVERS("stress.mmap_grow"))
{
	struct growth g = { .fd = file_create(PAGES * page_size()).fd }; /* there is room for it */
	set_size(g.fd, 0);
	g.written = map_anonymous(2 * sizeof(*g.written), MAP_SHARED);
	g.arrived = g.written + 1;
	struct child c[WORKERS];

	for (unsigned i = 0; i < WORKERS; i++)
		c[i] = child_start(i == 0 ? write_pages : map_what_is_written, &g);
	for (unsigned i = 0; i < WORKERS; i++)
		child_exits(&c[i]);
}

CASE(writes_beside_mapping, SHALL,
    "One write over pages that are mapped and pages that are not reaches all, in whatever order they lie",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2017 write() DESCRIPTION", COVERS("stress.mmap_write_mix"))
{
	size_t size = 6 * page_size();
	struct file f = file_create(size);
	char *data = map_anonymous(size, MAP_PRIVATE);
	char *odd[3];
	pattern_store(1, data, size);
	for (size_t i = 0; i < nitems(odd); i++) {
		odd[i] = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, f.fd, (off_t)((2 * i + 1) * page_size()));
		REQUIRE(odd[i] != MAP_FAILED);
		CHECK_LOAD_OK(odd[i]);
	}

	CHECK_EQ(size - 2, pwrite(f.fd, data + 1, size - 2, 1));

	for (size_t i = 0; i < 2; i++)
		CHECK_PATTERN_FROM(1, (2 * i + 1) * page_size(), odd[i], page_size());
	CHECK_PATTERN_FROM(1, 1, content_of(f.fd, size) + 1, size - 2);
	for (off_t at = 0; at < (off_t)size; at++)
		if (at % (off_t)page_size() < 2 || at % (off_t)page_size() == (off_t)page_size() - 1)
			REQUIRE(pwrite(f.fd, "x", 1, at) == 1);
	for (size_t i = 0; i < nitems(odd); i++) {
		CHECK_BYTES('x', odd[i], 2);
		CHECK_EQ('x', odd[i][page_size() - 1]);
	}
}
