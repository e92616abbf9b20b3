/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Thousands of mappings, one after another, that use up nothing: descriptors, regions, addresses and what counts against the
 * limits of a process. Of the memory itself a system tells the sum over all processes only, which others change meanwhile:
 * that is measured where a case has a file system of its own, see life_posix_many_test.c.
 */

#include <string.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "instrument.h"
#include "mapping.h"
#include "memfd.h"
#include "memory_cases.h"
#include "process.h"
#include "regions.h"
#include "volume.h"

INTERFACE(life_many)

enum { MIB = 1024 * 1024, ROUNDS = 2000, ROUNDS_PER_CHILD = 20 };

/* What a process has. Where it cannot be told it is 0. */
struct belongings {
	int descriptor; /* the next one */
	struct regions regions;
};

static struct belongings
belongings(void)
{
	return (struct belongings){ next_descriptor(), regions_now() };
}

static void
check_same(const struct belongings *before)
{
	struct belongings after = belongings();

	CHECK_EQ(before->descriptor, after.descriptor);
	CHECK_EQ(before->regions.count, after.regions.count);
	CHECK_EQ(before->regions.pages, after.regions.pages);
}

/* Where the system has such a limit, all rounds together need far more. */
static void
limit_if_possible(int resource)
{
	struct rlimit limit;

	if (resource == -1 || getrlimit(resource, &limit) == -1)
		return;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > 128 * MIB)
		limit.rlim_cur = 128 * MIB;
	(void)setrlimit(resource, &limit);
}

static void
touch_all(void *start)
{
	for (size_t at = 0; at < MIB; at += MIB / 4)
		((char *)start)[at] = 'c';
}

/* What lives: new memory each time, or new mappings of one file, which is made empty each time. */
struct subject {
	memory_kind *kind;
	int fd;
	int sharing; /* of mappings of the file */
};

static struct memory
subject_map(const struct subject *s)
{
	if (s->kind != NULL)
		return memory_create(s->kind, MIB);
	set_size(s->fd, 0);
	set_size(s->fd, MIB);
	return (struct memory){ .start = s->sharing == MAP_SHARED ? map_shared(s->fd, MIB) : map_private(s->fd, MIB),
		.size = MIB,
		.fd = -1 };
}

/* One life of a mapping of a megabyte, a few pages of which are touched, by a child first at times. */
static bool
live_once(const struct subject *s, bool has_child)
{
	struct memory m = subject_map(s);
	bool is_right = true;

	for (size_t at = 0; at < MIB; at += MIB / 4)
		is_right &= CHECK_EQ(0, m.start[at]);
	if (has_child)
		in_child(touch_all, m.start);
	touch_all(m.start);
	unmap(m.start, m.size);
	if (m.fd != -1)
		close(m.fd);
	return is_right;
}

static void
live_many_times(void *subject)
{
	const struct subject *s = subject;

	limit_if_possible(RLIMIT_AS);
	limit_if_possible(RLIMIT_DATA);
	live_once(s, true);
	struct belongings before = belongings();
	for (unsigned i = 1; i <= volume(s->kind != NULL ? ROUNDS : ROUNDS / 4); i++) /* a file is slow */
		if (!live_once(s, i % ROUNDS_PER_CHILD == 0))
			break;
	check_same(&before);
}

/* Instruments keep regions of their own. */
#define NEEDS_OWN_MEMORY NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER | THREAD_SANITIZER | VALGRIND)

#define CASE_OF_MANY(variant, ...) \
	CASE(mapped_many_times__##variant, SHALL, \
	    "After many hundreds of mappings that were stored to, shared with children and unmapped, a process has " \
	    "the " \
	    "descriptors, regions and addresses that it had before", \
	    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", NEEDS_OWN_MEMORY, \
	    NEEDS_ADDRESSES(MIB), NEEDS_WRITABLE_PAGES(256), __VA_ARGS__)

CASE_OF_MANY(private_anonymous, "Linux mmap(2)")
{
	in_child(live_many_times, &(struct subject){ .kind = private_anonymous_memory });
}

CASE_OF_MANY(anonymous, "Linux mmap(2)")
{
	in_child(live_many_times, &(struct subject){ .kind = anonymous_memory });
}

CASE_OF_MANY(dev_zero, "Linux mmap(2)")
{
	in_child(live_many_times, &(struct subject){ .kind = dev_zero_memory });
}

CASE_OF_MANY(memfd, NEEDS_MEMFD)
{
	in_child(live_many_times, &(struct subject){ .kind = memfd_memory });
}

CASE_OF_MANY(file, "Linux mmap(2)")
{
	struct subject s = { .fd = sparse_file(MIB), .sharing = MAP_SHARED };

	in_child(live_many_times, &s);
}

CASE_OF_MANY(private_file, "Linux mmap(2)")
{
	struct subject s = { .fd = sparse_file(MIB), .sharing = MAP_PRIVATE };

	in_child(live_many_times, &s);
}

enum { PAGES = 64 };

/* Protect parts of it, which jump about, and then all of it for reading and writing. */
static void
split_and_merge(const struct memory *m, unsigned *state)
{
	static const int protections[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE };

	for (unsigned i = 0; i < 50; i++) {
		unsigned number = (*state)++;
		size_t first = number * 7 % PAGES;
		size_t count = 1 + number * 5 % (PAGES - first);

		REQUIRE_SUCCEEDS(
		    mprotect(m->start + first * page_size(), count * page_size(), protections[number % 3]));
	}
	REQUIRE_SUCCEEDS(mprotect(m->start, m->size, PROT_READ | PROT_WRITE));
}

/* Each page apart from the next, whether what is alike again becomes one region or not. */
static void
split_whole(const struct memory *m)
{
	for (size_t at = 0; at < m->size; at += 2 * page_size())
		REQUIRE_SUCCEEDS(mprotect(m->start + at, page_size(), PROT_READ));
	REQUIRE_SUCCEEDS(mprotect(m->start, m->size, PROT_READ | PROT_WRITE));
}

CASE_FOR_EACH_MEMORY(protected_many_times, SHALL,
    "After thousands of mprotect() calls for its parts a mapping has its data, and the process no more regions",
    "POSIX.1-2017 mprotect() DESCRIPTION", "POSIX.1-2024 mprotect() DESCRIPTION", "Linux mprotect(2)", NEEDS_OWN_MEMORY)
{
	struct memory m = memory_create(kind, PAGES * page_size());
	unsigned state = 0;
	pattern_store('p', m.start, m.size);

	split_whole(&m);
	struct belongings before = belongings();
	while (state < volume(ROUNDS))
		split_and_merge(&m, &state);
	check_same(&before);
	CHECK_PATTERN('p', m.start, m.size);
}

/* Longer, shorter, to the other place and back. Of what is there the first page keeps its pattern. */
static char *
move_about(char *p, char *places)
{
	size_t half = 8 * page_size();

	p = mremap(p, 2 * page_size(), 4 * page_size(), MREMAP_MAYMOVE);
	REQUIRE(p != MAP_FAILED);
	p = mremap(p, 4 * page_size(), 2 * page_size(), 0);
	REQUIRE(p != MAP_FAILED);
	for (int i = 0; i < 2; i++) {
		char *to = &places[(size_t)(1 - i) * half];

		p = mremap(p, 2 * page_size(), 2 * page_size(), MREMAP_MAYMOVE | MREMAP_FIXED, to);
		REQUIRE(p == to);
	}
	return p;
}

static void
move_many_times(memory_kind *kind)
{
	struct memory m = memory_create(kind, 4 * page_size());
	char *places = free_range(16 * page_size());
	char *p = m.start;

	pattern_store('m', p, 2 * page_size());
	REQUIRE(munmap(&p[2 * page_size()], 2 * page_size()) == 0);
	p = move_about(p, places);
	struct belongings before = belongings();
	for (unsigned i = 0; i < volume(ROUNDS); i++)
		p = move_about(p, places);
	check_same(&before);
	CHECK_PATTERN('m', p, 2 * page_size());
}

CASE_FOR_EACH_MAPPING(remapped_many_times, DOCUMENTED,
    "After thousands of mremap() calls that grow, shrink and move it a mapping has its data, and the process no more "
    "regions and addresses",
    "Linux mremap(2)", NEEDS_OWN_MEMORY)
{
	move_many_times(kind);
}

CASE(remapped_many_times__private_anonymous, DOCUMENTED,
    "After thousands of mremap() calls that grow, shrink and move it a mapping has its data, and the process no more "
    "regions and addresses",
    "Linux mremap(2)", NEEDS_OWN_MEMORY)
{
	move_many_times(private_anonymous_memory);
}

/* In turn without access, by which it counts for less, and with access. */
static void
replace_many_times(__attribute__((unused)) void *unused)
{
	static const int protections[] = { PROT_READ | PROT_WRITE, PROT_NONE };
	char *p = map_anonymous(MIB, MAP_PRIVATE);

	limit_if_possible(RLIMIT_AS);
	limit_if_possible(RLIMIT_DATA);
	struct belongings before = belongings();
	for (unsigned i = 0; i < volume(2 * ROUNDS); i++) {
		const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;

		if (!CHECK_EQ(p, mmap(p, MIB, protections[i % 2], flags, -1, 0)))
			break;
		if (i % 2 == 0)
			*p = 'r';
	}
	REQUIRE(mmap(p, MIB, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == p);
	check_same(&before);
	CHECK_EQ(0, *p);
}

CASE(replaced_many_times, SHALL,
    "Memory that MAP_FIXED replaces thousands of times counts once against the limits of addresses and of data",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 getrlimit() RLIMIT_AS",
    NEEDS_OWN_MEMORY, NEEDS_ADDRESSES(MIB), COVERS("mmap.fixed_accounting"))
{
	in_child(replace_many_times, NULL);
}
