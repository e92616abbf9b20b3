/* SPDX-License-Identifier: BSD-2-Clause */

/* The data in System V segments: every byte gets across, in both directions, and no other memory changes. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(shm_process, NEEDS_SEGMENTS)

struct exchange {
	int id;
	size_t size;
	char *inherited[2]; /* null pointers: the child makes its own */
};

static void
answer(void *arg)
{
	const struct exchange *e = arg;
	char *p = e->inherited[0] != NULL ? e->inherited[0] : segment_attach(e->id, NULL, 0);
	char *q = e->inherited[1] != NULL ? e->inherited[1] : segment_attach(e->id, NULL, 0);

	pause_for_parent();
	CHECK_PATTERN(1, p, e->size);
	CHECK_PATTERN(1, q, e->size);
	pattern_store(2, q, e->size);
	pause_for_parent();
	CHECK_PATTERN(3, q, e->size);
	CHECK_PATTERN(3, p, e->size);
	pattern_store(4, p, e->size);
}

/* Parent and child have two attachments each, and store by one and look by both. */
static void
exchange(struct exchange e, char *p, char *q)
{
	struct child c = child_start(answer, &e);

	child_reaches_pause(&c);
	if (p == NULL) {
		p = segment_attach(e.id, NULL, 0);
		q = segment_attach(e.id, NULL, 0);
	}
	pattern_store(1, p, e.size);
	child_goes_on(&c);
	child_reaches_pause(&c);
	CHECK_PATTERN(2, p, e.size);
	CHECK_PATTERN(2, q, e.size);
	pattern_store(3, q, e.size);
	child_goes_on(&c);
	child_reaches_end(&c);
	CHECK_PATTERN(4, q, e.size);
	CHECK_PATTERN(4, p, e.size);
	child_exits(&c);
}

static void
exchange_inherited(size_t size, bool is_touched)
{
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);

	if (is_touched)
		pattern_store(9, q, size);
	exchange((struct exchange){ id, size, { p, q } }, p, q);
}

#define BOTH_DIRECTIONS \
	"Parent and child store through one of two attachments, and the other finds each byte through both: "
#define BOTH_SOURCES \
	"POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION", \
	    "Linux shmop(2)"

CASE(both_directions__one_byte, SHALL, BOTH_DIRECTIONS "one byte, untouched before fork()", BOTH_SOURCES)
{
	exchange_inherited(1, false);
}

CASE(both_directions__page_less_one, SHALL, BOTH_DIRECTIONS "a page less one byte, untouched before fork()",
    BOTH_SOURCES)
{
	exchange_inherited(page_size() - 1, false);
}

CASE(both_directions__page, SHALL, BOTH_DIRECTIONS "a page, untouched before fork()", BOTH_SOURCES)
{
	exchange_inherited(page_size(), false);
}

CASE(both_directions__page_and_one, SHALL, BOTH_DIRECTIONS "a page and one byte, untouched before fork()", BOTH_SOURCES)
{
	exchange_inherited(page_size() + 1, false);
}

CASE(both_directions__many_pages, SHALL, BOTH_DIRECTIONS "many pages, untouched before fork()", BOTH_SOURCES)
{
	exchange_inherited(33 * page_size() + 7, false);
}

CASE(both_directions__touched_before_fork, SHALL, BOTH_DIRECTIONS "many pages, all of them touched before fork()",
    BOTH_SOURCES)
{
	exchange_inherited(33 * page_size() + 7, true);
}

CASE(both_directions__attached_after_fork, SHALL, BOTH_DIRECTIONS "each attaches after fork()",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "Linux shmop(2)",
    COVERS("shmat.cross_process_data"))
{
	size_t size = 5 * page_size() + 1;

	exchange((struct exchange){ .id = segment_create(size), .size = size }, NULL, NULL);
}

struct reading {
	const char *ro;
	size_t size;
};

static void
look_in_turn(void *arg)
{
	const struct reading *r = arg;

	pause_for_parent();
	CHECK_PATTERN(1, r->ro, r->size);
	pause_for_parent();
	CHECK_PATTERN(2, r->ro, r->size);
}

CASE(fork_shares_writes__rdonly, SHALL,
    "An inherited attachment made with SHM_RDONLY shows what the parent stores later, in each page",
    "POSIX.1-2017 fork() DESCRIPTION", "POSIX.1-2017 shmat() DESCRIPTION")
{
	size_t size = 4 * page_size() + 1;
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	struct reading r = { segment_attach(id, NULL, SHM_RDONLY), size };
	struct child c = child_start(look_in_turn, &r);

	for (unsigned char seed = 1; seed <= 2; seed++) {
		child_reaches_pause(&c);
		pattern_store(seed, p, size);
		child_goes_on(&c);
	}
	child_exits(&c);
	CHECK_PATTERN(2, r.ro, size);
}

static void
store_as_grandchild(void *arg)
{
	char *at = *(char **)arg;

	CHECK_PATTERN(1, at, 3 * page_size());
	pattern_store(2, at, 3 * page_size());
}

static void
hand_on(void *arg)
{
	char *at = *(char **)arg;

	in_child(store_as_grandchild, arg);
	CHECK_PATTERN(2, at, 3 * page_size());
}

CASE(fork_inherits__grandchild, SHALL,
    "An attachment at an address of the caller's choice is at that address in the child and in the child's child",
    "POSIX.1-2017 fork() DESCRIPTION", "Linux shmop(2)", "illumos fork(2)")
{
	int id = segment_create(3 * page_size());
	char *elsewhere = segment_attach(id, NULL, 0);
	char *at = segment_attach(id, free_range(3 * page_size()), 0);
	pattern_store(1, at, 3 * page_size());

	in_child(hand_on, &at);

	CHECK_PATTERN(2, at, 3 * page_size());
	CHECK_PATTERN(2, elsewhere, 3 * page_size());
}

CASE(tail, OBSERVED,
    "The memory between the end of a segment and the end of its last page may be there or not, and be shared or not",
    "POSIX.1-2017 shmget() DESCRIPTION")
{
	size_t size = page_size() + 1;
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);
	char *last = p + 2 * page_size() - 1;
	need(fault_of_load(last).signal == 0, "needs memory behind the end of a segment: a load there raises a signal");
	bool is_zero = *last == 0;

	pattern_store(1, p, size);
	need(fault_of_store(last, 't').signal == 0, "needs memory behind the end of a segment that can be stored to");
	CHECK_PATTERN(1, q, size);
	CHECK_PATTERN(1, p, size);
	bool is_shared = q[2 * page_size() - 1] == 't';
	segment_detach(q);
	q = segment_attach(id, NULL, SHM_RDONLY);
	observed("tail-of-segment", "%s at first, %s between attachments, %s in a new one",
	    is_zero ? "zero" : "not zero", is_shared ? "shared" : "not shared",
	    q[2 * page_size() - 1] == 't' ? "kept" : "not kept");
	CHECK_PATTERN(1, q, size);
}

CASE(system_calls__into, SHALL,
    "All attachments show what pread() reads into one of them, in pages that nobody has touched",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 read() DESCRIPTION",
    "POSIX.1-2024 read() DESCRIPTION")
{
	size_t size = 3 * page_size();
	int fd = nameless_file_with_pattern(3);
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RDONLY);

	CHECK_EQ(size - 2, pread(fd, p + 1, size - 2, 1));

	CHECK_PATTERN_FROM('f', 1, p + 1, size - 2);
	CHECK_PATTERN_FROM('f', 1, q + 1, size - 2);
	CHECK_EQ(0, q[0]);
	CHECK_EQ(0, q[size - 1]);
}

CASE(system_calls__from, SHALL,
    "pwrite() from an attachment writes what was stored through another, and zeros where nobody has stored",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 write() DESCRIPTION",
    "POSIX.1-2024 write() DESCRIPTION")
{
	size_t size = 3 * page_size();
	int fd = nameless_file_with_pattern(3);
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RDONLY);

	CHECK_EQ(size, pwrite(fd, q, size, 0));
	CHECK_BYTES(0, content_of(fd, size), size);
	pattern_store(1, p, size - page_size());
	CHECK_EQ(size, pwrite(fd, q, size, 0));

	CHECK_PATTERN(1, content_of(fd, size), size - page_size());
	CHECK_BYTES(0, content_of(fd, size) + size - page_size(), page_size());
	CHECK_PATTERN(1, q, size - page_size());
}

static void
keep_memory(void *arg)
{
	char *at = *(char **)arg;
	size_t size = 3 * page_size();

	CHECK_UNMAPPED(at, size);
	char *p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0);
	REQUIRE(p == at);
	pattern_store(1, p, size);
	pause_for_parent();
	CHECK_PATTERN(1, p, size);
	unmap(p, size);
	pause_for_parent();
	CHECK_UNMAPPED(at, size);
}

CASE(attach_in_caller_only, SHALL,
    "An attach changes only the caller: another process keeps what it has at that address",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "Linux shmop(2)")
{
	size_t size = 3 * page_size();
	int id = segment_create(size);
	char *at = free_range(size);
	struct child c = child_start(keep_memory, &at);

	child_reaches_pause(&c);
	REQUIRE(shmat(id, at, 0) == at);
	CHECK_BYTES(0, at, size);
	pattern_store(2, at, size);
	child_goes_on(&c);
	child_reaches_pause(&c);
	CHECK_PATTERN(2, at, size);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	child_goes_on(&c);
	child_exits(&c);
	CHECK_PATTERN(2, at, size);
}

static void
attach_again_and_again(void *arg)
{
	enum { GIGABYTE = 1 << 30, TIMES = 1200 };
	int id = *(int *)arg;
	size_t size = segment_stat(id).shm_segsz;
	if (address_limit_is_for_attachments())
		limit_to(RLIMIT_AS, GIGABYTE);
	char *first = shmat(id, NULL, 0);
	need(first != (void *)-1, "needs addresses for a segment of 4 MiB: shmat() gives %s", errno_name(errno));
	first[size - 1] = 'x';

	for (int i = 0; i < TIMES; i++) {
		char *p = shmat(id, NULL, i % 2 == 0 ? 0 : SHM_RDONLY);
		REQUIRE(p != (void *)-1);
		if (i % 100 == 0)
			CHECK_EQ('x', p[size - 1]);
		REQUIRE(shmdt(p) == 0);
	}
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

/* 4 MiB, 1200 times: more than 32 bits can address, and than RLIMIT_AS allows where that is for attachments. */
CASE(detach_gives_addresses_back, SHALL,
    "A segment of 4 MiB can be attached and detached 1200 times one after the other",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create((size_t)1 << 22);

	in_child(attach_again_and_again, &id);
}

CASE(life_cycle__many, SHALL,
    "Segments that are made, used and removed one after the other change no other memory of the process",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION")
{
	enum { ROUNDS = 48, KEPT = 8 };
	size_t size = 2 * page_size();
	char *kept[KEPT] = { NULL };

	for (int i = 0; i < ROUNDS; i++) {
		int id = segment_create(size + (size_t)i);
		char *p = segment_attach(id, NULL, 0);
		CHECK_BYTES(0, p, size + (size_t)i);
		pattern_store((unsigned char)(100 + i), p, size);
		if (i % 2 == 0)
			segment_remove(id);
		if (kept[i % KEPT] != NULL) {
			CHECK_PATTERN(i - KEPT, kept[i % KEPT], size);
			unmap(kept[i % KEPT], size);
		}
		kept[i % KEPT] = map_anonymous(size, MAP_PRIVATE);
		CHECK_BYTES(0, kept[i % KEPT], size);
		pattern_store((unsigned char)i, kept[i % KEPT], size);
		CHECK_PATTERN(100 + i, p, size);
		segment_detach(p);
		if (i % 2 != 0)
			segment_remove(id);
	}

	for (int i = ROUNDS - KEPT; i < ROUNDS; i++)
		CHECK_PATTERN(i, kept[i % KEPT], size);
}

static void
need_locked_bytes(void)
{
	need(locked_bytes() != -1, "needs VmLck in /proc/self/status");
}

#define NEEDS_LOCKED_BYTES NEED("VmLck in /proc/self/status", .ask = need_locked_bytes)

CASE(detach_releases_locks, DOCUMENTED,
    "A detach unlocks the pages that mlock() locked, which no longer count as locked", "Linux mlock(2)",
    NEEDS_LOCKABLE_PAGES(3), NEEDS_LOCKED_BYTES, COVERS("shmdt.releases_mlock"))
{
	size_t size = 3 * page_size();
	long before = locked_bytes();
	int id = segment_create(size);
	segment_attach(id, NULL, 0);

	for (int i = 0; i < 2; i++) { /* all of it, and a part */
		char *p = segment_attach(id, NULL, 0);
		size_t length = size - (size_t)i * page_size();

		CHECK_SUCCEEDS(mlock(p, length));
		CHECK_EQ(before + (long)length, locked_bytes());
		CHECK_SUCCEEDS(shmdt(p));
		CHECK_EQ(before, locked_bytes());
	}
}
