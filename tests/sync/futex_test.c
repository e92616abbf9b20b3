/* SPDX-License-Identifier: BSD-2-Clause */

/* futex() of Linux: who sleeps on a word of shared memory is found by what the memory is, not by where it is mapped. */

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>

#include "case.h"
#include "mapping.h"
#include "memfd.h"
#include "memory_cases.h"
#include "platform/futex.h"
#include "process.h"

INTERFACE(futex)

/* Two words of a memory, where one mapping of it has them. */
struct words {
	volatile uint32_t first;
	volatile uint32_t second;
};

/* The same memory once more, at another address. */
static struct words *
alias_of(const struct memory *m)
{
	return m->id == -1 ? map_shared(m->fd, m->size) : segment_attach(m->id, NULL, 0);
}

static void
sleep_on_first(void *words)
{
	struct words *w = words;

	CHECK_EQ(0, futex_wait(&w->first, 0));
}

/*
 * Linux may wake a sleeper for nothing, who then sleeps on the first word again: kernel/futex/waitwake.c futex_wait(). Returns
 * whether it did not.
 */
static bool
moves_and_wakes(struct words *w, struct words *alias, struct words *unrelated)
{
	struct child c = child_start(sleep_on_first, alias);
	int moved = 0;
	int woken = 0;

	while (moved == 0 && woken == 0 && child_runs_on(&c)) { /* it may not sleep yet */
		moved = futex_move(&w->first, &w->second, 0);
		if (moved == 0)
			woken = futex_wake(&alias->second); /* it was moved, and not counted */
		sched_yield();
	}
	CHECK_EQ(1, moved);
	CHECK_EQ(0, futex_wake(&unrelated->second));
	woken += futex_wake(&alias->second);
	if (woken == 0 && futex_wake(&alias->first) == 1) {
		child_exits(&c);
		return false;
	}
	CHECK_EQ(1, woken);
	CHECK_EQ(0, futex_wake(&w->second));
	child_exits(&c);
	return true;
}

static void
check_aliases(memory_kind *kind)
{
	struct memory m = memory_create(kind, page_size());
	struct memory other = memory_create(kind, page_size());
	struct words *alias = alias_of(&m);
	bool stays = false;

	for (int sleeper = 0; sleeper < 8 && !stays; sleeper++)
		stays = moves_and_wakes((struct words *)m.start, alias, (struct words *)other.start);
	CHECK(stays);
}

#define CASE_OF_ALIAS(variant, kind, ...) \
	CASE(found_by_alias__##variant, DOCUMENTED, \
	    "A process that sleeps on a futex word of shared memory is moved and woken through another mapping of " \
	    "the memory, and not through other memory", \
	    "Linux futex(2)", COVERS("mmap.futex_alias"), __VA_ARGS__) \
	{ \
		check_aliases(kind); \
	}

CASE_OF_ALIAS(file, file_memory, "Linux futex(7)")
CASE_OF_ALIAS(object, object_memory, "Linux futex(7)", NEEDS_OBJECTS)
CASE_OF_ALIAS(memfd, memfd_memory, "Linux futex(7)", NEEDS_MEMFD)
CASE_OF_ALIAS(segment, segment_memory, "Linux futex(7)", NEEDS_SEGMENTS)

/* With a value that the word does not have: it fails, and tells whether the word can be slept on. */
static void
observe_wait(const char *key, const void *word)
{
	REQUIRE(word != MAP_FAILED);
	CHECK_FAILS_IN(EAGAIN, EFAULT, EACCES, -1, futex_wait(word, 1));
	observed(key, "%s", errno_name(errno));
}

CASE(wait_on_read_only, OBSERVED,
    "FUTEX_WAIT on memory that can only be read is accepted, or fails with EFAULT or EACCES", "Linux futex(2)",
    NEEDS_PLATFORM(LINUX), COVERS("mmap.futex_ro"))
{
	struct memory zero = memory_create(dev_zero_memory, page_size());
	int file = nameless_file(page_size());

	observe_wait("zero-shared", mmap(NULL, page_size(), PROT_READ, MAP_SHARED, zero.fd, 0));
	observe_wait("zero-private", mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, zero.fd, 0));
	observe_wait("file-shared", mmap(NULL, page_size(), PROT_READ, MAP_SHARED, file, 0));
	observe_wait("file-private", mmap(NULL, page_size(), PROT_READ, MAP_PRIVATE, file, 0));
	observe_wait("no-access", mmap(NULL, page_size(), PROT_NONE, MAP_SHARED, file, 0));
}
