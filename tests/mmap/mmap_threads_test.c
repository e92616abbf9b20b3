/* SPDX-License-Identifier: BSD-2-Clause */

/* What one thread maps, replaces and unmaps while another loads from it, or maps memory of its own. */

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "accessor.h"
#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "memory_cases.h"
#include "process.h"
#include "volume.h"

INTERFACE(mmap)

enum { ROUNDS = 20 };

CASE_FOR_EACH_MAPPING(replaces_previous_in_fixed__by_thread, SHALL,
    "When MAP_FIXED has returned, another thread that was loading from the page loads what is there now",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", "FreeBSD mmap(2)",
    "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", "illumos mmap(2)")
{
	const int flags = MAP_FIXED | MAP_SHARED;
	struct memory old = memory_create(kind, page_size());
	int new = nameless_file(page_size());
	memset(map_shared(new, page_size()), 'n', page_size());

	for (unsigned i = 0; i < volume(ROUNDS); i++) {
		char *p = map_aligned(page_size());
		struct accessor other;

		REQUIRE(mmap(p, old.size, PROT_READ | PROT_WRITE, flags | (old.fd == -1 ? MAP_ANONYMOUS : 0), old.fd,
			    0) == p);
		p[0] = 'o';
		accessor_start(&other, p, LOADS);
		CHECK_EQ(p, mmap(p, page_size(), PROT_READ, flags, new, 0));
		/* No document says that there is a mapping at every moment. */
		CHECK(accessor_end(&other).signal == SIGSEGV || other.byte == 'n');
		CHECK_BYTES('n', p, page_size());
		unmap(p, page_size());
	}
}

/* A window that is there at times, and a thread that looks at it all the time. */
struct window {
	char *page;
	atomic_uint mapped;       /* the number of the mapping that is there; 0: none is, or it is about to go */
	atomic_uint seen;         /* the last number that was the same before and after a look */
	atomic_uint wrong_faults; /* looks that faulted though the page was there all the while */
	atomic_uint wrong_bytes;  /* looks that loaded another byte than that of the mapping */
	atomic_bool is_over;
	volatile char byte;
};

static void
load_byte(void *argument)
{
	struct window *w = argument;

	w->byte = *(volatile char *)w->page;
}

static void *
look_again_and_again(void *argument)
{
	struct window *w = argument;

	while (!atomic_load(&w->is_over)) {
		unsigned before = atomic_load(&w->mapped);
		int signal = fault_of_body(load_byte, w).signal;

		if (before == 0 || atomic_load(&w->mapped) != before)
			continue;
		if (signal != 0)
			atomic_fetch_add(&w->wrong_faults, 1);
		else if (w->byte != (char)before)
			atomic_fetch_add(&w->wrong_bytes, 1);
		atomic_store(&w->seen, before);
	}
	return NULL;
}

static void
show_for_a_while(struct window *w, const struct memory *m, unsigned number)
{
	int flags = MAP_FIXED | MAP_SHARED | (m->fd == -1 ? MAP_ANONYMOUS : 0);

	REQUIRE(mmap(w->page, m->size, PROT_READ | PROT_WRITE, flags, m->fd, 0) == w->page);
	memset(w->page, (int)number, m->size);
	atomic_store(&w->mapped, number);
	while (atomic_load(&w->seen) != number)
		sched_yield();
	atomic_store(&w->mapped, 0);
	unmap(w->page, m->size);
}

CASE_FOR_EACH_MAPPING(shown_to_thread, SHALL,
    "While one thread maps and unmaps a page again and again, each load of another "
    "thread in between finds the page and its bytes",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)", COVERS("mmap.map_read_race"),
    /* Its allocator takes what is free for a moment. */
    NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER))
{
	struct memory m = memory_create(kind, page_size());
	struct window w = { .page = free_range(page_size()) };
	pthread_t looker;

	thread_start(&looker, look_again_and_again, &w);
	for (unsigned number = 1; number <= volume(2 * ROUNDS); number++)
		show_for_a_while(&w, &m, number);
	atomic_store(&w.is_over, true);
	REQUIRE_SUCCEEDS(pthread_join(looker, NULL));

	CHECK_EQ(0, atomic_load(&w.wrong_faults));
	CHECK_EQ(0, atomic_load(&w.wrong_bytes));
}

enum { PLACEHOLDER_PAGES = 13, PLACEHOLDERS = 400 };

/* What the system gives whoever asks for memory of the size of the placeholder. */
static void *
map_other_memory(void *is_over)
{
	size_t size = PLACEHOLDER_PAGES * page_size();

	while (!atomic_load((atomic_bool *)is_over)) {
		char *p = map_anonymous(size, MAP_PRIVATE);

		memset(p, 'x', size);
		unmap(p, size);
	}
	return NULL;
}

/* Map over a range without access, and fill it. Returns a null pointer if it is not there, or not zero. */
static char *
filled_placeholder(void)
{
	size_t size = PLACEHOLDER_PAGES * page_size();
	char *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(p != MAP_FAILED);

	if (!CHECK_EQ(p, mmap(p, size, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) ||
	    !CHECK_BYTES(0, p, size))
		return NULL;
	return memset(p, 'p', size);
}

CASE(placeholder_keeps_range, SHALL,
    "MAP_FIXED over memory without access takes that range, whatever another thread maps and unmaps at the same time",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", "Linux mmap(2)",
    COVERS("mmap.reprotect_race"))
{
	size_t size = PLACEHOLDER_PAGES * page_size();
	atomic_bool is_over = false;
	pthread_t other;

	thread_start(&other, map_other_memory, &is_over);
	char *p = filled_placeholder();
	for (unsigned i = 1; i < volume(PLACEHOLDERS) && p != NULL; i++) {
		char *next = filled_placeholder();
		bool is_kept = CHECK_BYTES('p', p, size);

		unmap(p, size);
		p = is_kept ? next : NULL;
	}
	atomic_store(&is_over, true);
	REQUIRE_SUCCEEDS(pthread_join(other, NULL));
}
