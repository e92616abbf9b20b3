/* SPDX-License-Identifier: BSD-2-Clause */

/* Several processes or threads that come to the same pages at once: after fork, during fork, and for the first time. */

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_process)

#define FORK_SOURCES "POSIX.1-2017 fork() DESCRIPTION", "Linux fork(2)", "illumos fork(2)"

enum { ROUNDS = 8, RACERS = 3, PAGES = 8 };

/* The case's memory, of one page more, and what keeps the racers in step: of each round one of everything, which all share. */
struct race {
	struct memory memory;
	struct round {
		atomic_uint ready;
		atomic_uint done;
	} * round;
	int racer; /* 0 is the case itself */
};

static struct race
race_create(memory_kind *kind)
{
	struct round *rounds = map_anonymous((ROUNDS + PAGES) * sizeof(*rounds), MAP_SHARED);

	return (struct race){ .memory = memory_create(kind, (PAGES + 1) * page_size()), .round = rounds };
}

/* A racer without the memory, which the page more tells, would keep the others waiting: it counts as arrived everywhere. */
static bool
has_memory(struct race *r)
{
	if (CHECK_LOAD_OK(&r->memory.start[PAGES * page_size()]))
		return true;
	for (int i = 0; i < PAGES; i++) {
		atomic_fetch_add(&r->round[i].ready, 1);
		atomic_fetch_add(&r->round[i].done, 1);
	}
	return false;
}

/* All store, each its own pattern, and when all have stored, look whether it is there. */
static void
store_with_others(void *arg)
{
	struct race *r = arg;

	if (!has_memory(r))
		return;
	start_together(&r->round->ready, RACERS);
	pattern_store('0' + r->racer, r->memory.start, r->memory.size);
	start_together(&r->round->done, RACERS);
	CHECK_PATTERN('0' + r->racer, r->memory.start, r->memory.size);
}

CASE_FOR_EACH_PRIVATE_MEMORY(fork_private_snapshot__both_at_once, SHALL,
    "Parent and children that store to the same private pages at the same time each find what they stored themselves",
    FORK_SOURCES, NEEDS_FILES_OF_PAGES(9))
{
	struct race r = race_create(kind);
	pattern_store('o', r.memory.start, r.memory.size / 2); /* the rest nobody has touched */

	for (int i = 0; i < ROUNDS; i++, r.round++) {
		struct child c[RACERS];

		for (r.racer = 1; r.racer < RACERS; r.racer++)
			c[r.racer] = child_start(store_with_others, &r);
		r.racer = 0;
		store_with_others(&r);
		for (int racer = 1; racer < RACERS; racer++)
			child_exits(&c[racer]);
	}
}

/* Which bytes of each page are a racer's. */
static size_t
byte_of(int racer, size_t page)
{
	return page * page_size() + (size_t)racer * 64;
}

/* Each page is a round: nobody has touched it when all store to it. */
static void
touch(const struct race *r, size_t page)
{
	start_together(&r->round[page].ready, RACERS);
	r->memory.start[byte_of(r->racer, page)] = (char)('0' + r->racer);
}

static void
touch_with_others(void *arg)
{
	struct race *r = arg;

	if (!has_memory(r))
		return;
	for (size_t page = 0; page < PAGES; page++)
		touch(r, page);
}

static void
check_all_touched(const struct race *r)
{
	for (size_t page = 0; page < PAGES; page++) {
		if (!CHECK_LOAD_OK(&r->memory.start[page * page_size()]))
			return;
		for (int racer = 0; racer < RACERS; racer++)
			CHECK_EQ('0' + racer, r->memory.start[byte_of(racer, page)]);
		CHECK_BYTES(0, &r->memory.start[byte_of(RACERS, page)], page_size() - byte_of(RACERS, 0));
	}
	CHECK_BYTES(0, &r->memory.start[PAGES * page_size()], page_size());
}

CASE_FOR_EACH_MEMORY(fork_shared_stays_shared__first_at_once, SHALL,
    "Parent and children that are at the same time the first to touch a shared page touch the same page",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    "Linux mmap(2)", "illumos mmap(2)", NEEDS_FILES_OF_PAGES(9), COVERS("fork.concurrent_first_fault"))
{
	struct race r = race_create(kind);
	struct child c[RACERS];

	for (r.racer = 1; r.racer < RACERS; r.racer++)
		c[r.racer] = child_start(touch_with_others, &r);
	r.racer = 0;
	touch_with_others(&r);
	for (int racer = 1; racer < RACERS; racer++)
		child_exits(&c[racer]);

	check_all_touched(&r);
}

static void *
touch_in_thread(void *arg)
{
	struct race *r = arg;

	for (size_t page = 0; page < PAGES; page++)
		touch(r, page);
	return NULL;
}

static void
threads_touch(memory_kind *kind)
{
	struct race r[RACERS] = { race_create(kind) };
	pthread_t threads[RACERS];

	for (int racer = 1; racer < RACERS; racer++) {
		r[racer] = r[0];
		r[racer].racer = racer;
		thread_start(&threads[racer], touch_in_thread, &r[racer]);
	}
	touch_in_thread(&r[0]);
	for (int racer = 1; racer < RACERS; racer++)
		REQUIRE_SUCCEEDS(pthread_join(threads[racer], NULL));

	check_all_touched(&r[0]);
}

CASE_FOR_EACH_PRIVATE_MEMORY(threads_first_touch, SHALL,
    "Threads that are at the same time the first to touch a page of private memory touch the same page",
    "POSIX.1-2017 XBD 3.5 Address Space", NEEDS_FILES_OF_PAGES(9))
{
	threads_touch(kind);
}

/* Memory whose pages a thread numbers without end, one round after the other, until it is told to stop. */
struct numbering {
	struct memory memory;
	atomic_uint rounds;
	atomic_bool is_over;
};

static volatile unsigned *
number_of_page(const struct numbering *n, size_t page)
{
	return (volatile unsigned *)(void *)&n->memory.start[page * page_size()];
}

static void *
number_pages(void *arg)
{
	struct numbering *n = arg;

	for (unsigned round = 1; !atomic_load(&n->is_over); round++) {
		for (size_t page = 0; page < PAGES; page++)
			*number_of_page(n, page) = round;
		atomic_store(&n->rounds, round);
	}
	return NULL;
}

/* When this returns the thread has stored to each page at least once more. */
static void
await_two_rounds(struct numbering *n)
{
	unsigned before = atomic_load(&n->rounds);

	while (atomic_load(&n->rounds) - before < 2)
		sched_yield();
}

static void
find_numbers_unchanged(void *arg)
{
	const struct numbering *n = arg;
	unsigned numbers[PAGES];

	for (size_t page = 0; page < PAGES; page++)
		numbers[page] = *number_of_page(n, page);
	pause_for_parent();
	for (size_t page = 0; page < PAGES; page++)
		CHECK_EQ(numbers[page], *number_of_page(n, page));
}

CASE_FOR_EACH_PRIVATE_MEMORY(fork_private_snapshot__while_thread_stores, SHALL,
    "What a thread of the parent stores in private memory while and "
    "after another thread forks does not change the child's memory",
    FORK_SOURCES, NEEDS_FILES_OF_PAGES(9))
{
	struct numbering n = { .memory = memory_create(kind, PAGES * page_size()) };
	pthread_t thread;
	thread_start(&thread, number_pages, &n);

	for (int i = 0; i < ROUNDS; i++) {
		struct child c = child_start(find_numbers_unchanged, &n);

		child_reaches_pause(&c);
		await_two_rounds(&n);
		child_goes_on(&c);
		child_exits(&c);
	}
	atomic_store(&n.is_over, true);
	REQUIRE_SUCCEEDS(pthread_join(thread, NULL));
}

/* A read() that waits for bytes in a pipe when its process forks. */
struct reading {
	int ends[2];
	char *memory;
	size_t size;
};

static void *
read_all(void *arg)
{
	const struct reading *r = arg;

	for (size_t got = 0; got < r->size;) {
		ssize_t now = read(r->ends[0], &r->memory[got], r->size - got);

		if (now <= 0)
			break;
		got += (size_t)now;
	}
	return NULL;
}

static void
find_old(void *arg)
{
	const struct reading *r = arg;

	close(r->ends[1]); /* so that the parent's read() ends when the parent closes its own */
	pause_for_parent();
	CHECK_PATTERN('o', r->memory, r->size);
}

CASE(fork_private_snapshot__read_under_way, SHALL,
    "What a read() that was under way at fork stores in private memory is the parent's, and not the child's",
    FORK_SOURCES, COVERS("fork.cow_kernel_buffer"))
{
	struct reading r = { .memory = map_anonymous(3 * page_size(), MAP_PRIVATE), .size = 3 * page_size() };
	pthread_t thread;
	REQUIRE(pipe(r.ends) == 0);
	pattern_store('o', r.memory, r.size);
	char *bytes = map_anonymous(r.size, MAP_PRIVATE);
	pattern_store('r', bytes, r.size);
	thread_start(&thread, read_all, &r);
	struct child c = child_start(find_old, &r);

	child_reaches_pause(&c);
	REQUIRE(write(r.ends[1], bytes, r.size) == (ssize_t)r.size);
	REQUIRE(close(r.ends[1]) == 0);
	REQUIRE_SUCCEEDS(pthread_join(thread, NULL));
	CHECK_PATTERN('r', r.memory, r.size);
	child_goes_on(&c);
	child_exits(&c);
}

static void
look_at_once(void *arg)
{
	struct race *r = arg;

	start_together(&r->round->ready, 2);
	CHECK_PATTERN('o', r->memory.start, r->memory.size);
	pause_for_parent();
	CHECK_PATTERN('o', r->memory.start, r->memory.size);
}

static void
unmap_while_child_looks(memory_kind *kind)
{
	struct round *round = map_anonymous(ROUNDS * sizeof(struct round), MAP_SHARED);

	for (int i = 0; i < ROUNDS; i++) {
		struct race r = { .memory = memory_create(kind, PAGES * page_size()), .round = &round[i] };
		pattern_store('o', r.memory.start, r.memory.size);
		struct child c = child_start(look_at_once, &r);

		start_together(&r.round->ready, 2);
		unmap(r.memory.start, r.memory.size);
		child_reaches_pause(&c);
		child_goes_on(&c);
		child_exits(&c);
	}
}

CASE(fork_parent_unmaps__anonymous, SHALL,
    "A child finds the memory that it inherited while its parent unmaps it at the same time", FORK_SOURCES,
    "POSIX.1-2017 munmap() DESCRIPTION", COVERS("fork.shadow_race"))
{
	unmap_while_child_looks(anonymous_memory);
}

CASE(fork_parent_unmaps__private, SHALL,
    "A child finds the memory that it inherited while its parent unmaps it at the same time", FORK_SOURCES,
    "POSIX.1-2017 munmap() DESCRIPTION", COVERS("fork.shadow_race"))
{
	unmap_while_child_looks(private_anonymous_memory);
}
