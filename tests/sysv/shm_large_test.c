/* SPDX-License-Identifier: BSD-2-Clause */

/* System V segments of megabytes, and many of them one after the other. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "file.h"
#include "interruption.h"
#include "ipc_namespace.h"
#include "linux_shmctl.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"

INTERFACE(shm_process, NEEDS_SEGMENTS)

/* A large page of most machines: what is smaller than this, or begins in one, is mapped in another way. */
static const size_t large = (size_t)2 << 20;

static size_t
size(void)
{
	return 2 * large + page_size();
}

/* Attach the segment at a multiple of the large page. */
static char *
attach_aligned(int id)
{
	uintptr_t start = (uintptr_t)free_range(size() + large);
	char *at = (char *)((start + large - 1) / large * large);
	char *p = segment_attach(id, at, 0);

	CHECK_EQ(at, p);
	return p;
}

struct rest {
	char *p;
	size_t from; /* what is unmapped */
	size_t to;
};

static void
check_rest(unsigned char seed, const struct rest *r)
{
	CHECK_PATTERN(seed, r->p, r->from);
	CHECK_PATTERN_FROM(seed, r->to, r->p + r->to, size() - r->to);
}

static void
use_rest(void *arg)
{
	const struct rest *r = arg;

	check_rest(1, r);
	CHECK(load_is_refused(r->p + r->from));
	CHECK(load_is_refused(r->p + r->to - page_size()));
	r->p[size() - 1] = 'c';
}

static void
unmap_part(size_t from, size_t to)
{
	int id = segment_create(size());
	struct rest r = { attach_aligned(id), from, to };
	char *whole = segment_attach(id, NULL, 0);
	pattern_store(1, r.p, size());

	bool unmapped = munmap(r.p + from, to - from) == 0;
	need(unmapped, "needs munmap() for a part of an attachment: %s", errno_name(errno));

	CHECK_UNMAPPED(r.p + from, to - from);
	in_child(use_rest, &r);
	CHECK_EQ('c', whole[size() - 1]);
	pattern_store(2, whole, size());
	check_rest(2, &r);
}

CASE(large_attachment__without_first_half, OBSERVED,
    "After munmap() of the first 2 MiB of an attachment of 4 MiB and a page, the rest is in its place and shared",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	unmap_part(page_size(), large);
}

CASE(large_attachment__without_a_page, OBSERVED,
    "After munmap() of a page in the midst of an attachment of 4 MiB and a page, the rest is in its place and shared",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	unmap_part(large + large / 2, large + large / 2 + page_size());
}

CASE(large_attachment__without_unaligned_half, OBSERVED,
    "After munmap() of 2 MiB from the second page on of an attachment of 4 MiB and a page, the rest is in its place",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	unmap_part(page_size(), large + page_size());
}

static void
answer(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	CHECK_BYTES(0, p, size());
	pause_for_parent();
	CHECK_PATTERN(1, p, size());
	pattern_store(2, p, size());
}

CASE(both_directions__megabytes, SHALL,
    "Parent and child store in a segment of 4 MiB and a page, at different addresses, and the other finds each byte",
    "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2024 shmat() DESCRIPTION", "Linux shmop(2)")
{
	int id = segment_create(size());
	struct child c = child_start(answer, &id);
	child_reaches_pause(&c);

	char *p = attach_aligned(id);
	pattern_store(1, p, size());
	child_goes_on(&c);
	child_exits(&c);
	CHECK_PATTERN(2, p, size());
}

CASE(large_attachment__replaced_inside, DOCUMENTED,
    "SHM_REMAP puts 2 MiB into an attachment of 4 MiB and a page, at a large page or beside, and the rest stays",
    "Linux shmop(2)")
{
	for (size_t i = 0; i < 2; i++) {
		size_t at = large / 2 * i + (1 - i) * attach_multiple();
		int id = segment_create(size());
		char *p = attach_aligned(id);
		int other = segment_create(large);
		pattern_store(1, p, size());

		CHECK_EQ(p + at, shmat(other, p + at, SHM_REMAP));
		CHECK_BYTES(0, p + at, large);
		pattern_store(2, p + at, large);
		CHECK_PATTERN(1, p, at);
		CHECK_PATTERN_FROM(1, at + large, p + at + large, size() - at - large);
		CHECK_PATTERN(1, segment_attach(id, NULL, SHM_RDONLY), size());
	}
}

/* A system call whose buffer begins in an attachment and ends behind it. */
CASE(system_calls__cut_off, OBSERVED,
    "pwrite() from the last page of an attachment and an unmapped page writes the one or fails with EFAULT",
    "POSIX.1-2017 write() DESCRIPTION", "POSIX.1-2024 write() DESCRIPTION", "Linux write(2)")
{
	char *at = free_range(4 * page_size());
	char *p = segment_attach(segment_create(2 * page_size()), at, 0);
	int fd = nameless_file(0);
	pattern_store(1, p, 2 * page_size());

	errno = 0;
	ssize_t written = pwrite(fd, p + page_size(), 2 * page_size(), 0);
	bool is_fault = written == -1 && errno == EFAULT;
	CHECK(is_fault || (written > 0 && written <= (ssize_t)page_size()));
	if (written > 0)
		CHECK_PATTERN_FROM(1, page_size(), content_of(fd, (size_t)written), (size_t)written);
	CHECK_PATTERN(1, p, 2 * page_size());
	observed("write-beyond-attachment", "%s", is_fault ? "EFAULT" : "a part");
}

enum { CYCLES = 200, TOUCHED = 8 };

static void
touch_inherited(void *arg)
{
	char *p = arg;

	CHECK_EQ('p', p[0]);
	p[(TOUCHED - 1) * page_size()] = 'c';
}

/* Made, attached twice, handed on by fork, touched by both, and removed before it is detached or after. */
static void
live_again_and_again(void *arg)
{
	key_t key = *(key_t *)arg;

	for (int i = 0; i < CYCLES; i++) {
		int id = segment_create_with_key(key, TOUCHED * page_size(), 0600);
		char *p = segment_attach(id, NULL, 0);
		char *q = segment_attach(id, NULL, SHM_RDONLY);

		if (!CHECK_LOAD_OK(p))
			return;
		CHECK_EQ(0, p[0]);
		p[0] = 'p';
		in_child(touch_inherited, p);
		CHECK_EQ('c', q[(TOUCHED - 1) * page_size()]);
		if (i % 2 == 0)
			segment_remove(id);
		segment_detach(p);
		segment_detach(q);
		if (i % 2 != 0)
			segment_remove(id);
		CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	}
}

CASE(life_cycle__hundreds, SHALL,
    "A key serves for 200 segments one after the other, which children inherit, and no descriptor is used up",
    "POSIX.1-2017 shmctl() DESCRIPTION", "POSIX.1-2017 shmdt() DESCRIPTION", "POSIX.1-2017 fork() DESCRIPTION",
    COVERS("stress.shm_sysv"), NEEDS_SEGMENTS_THAT_STAY)
{
	key_t key = segment_key();
	segment_remove(segment_create(1)); /* the harness opens what it needs */
	in_child(do_nothing, NULL);
	int before = next_descriptor();

	live_again_and_again(&key);

	CHECK_EQ(before, next_descriptor());
}

static void
live_within_limits(void *arg)
{
	struct shm_info info;

	enter_new_ipc_namespace();
	ipc_limit_set("shmmni", 1);
	ipc_limit_set("shmall", TOUCHED);
	live_again_and_again(arg);
	REQUIRE(shmctl(0, SHM_INFO, (void *)&info) >= 0);
	CHECK_EQ(0, info.used_ids);
	CHECK_EQ(0, info.shm_tot);
	CHECK_EQ(0, info.shm_rss);
}

CASE(life_cycle__hundreds_within_limits, DOCUMENTED,
    "200 segments one after the other, which children inherit, need no more than the limits allow for one at a time",
    "Linux shmget(2)", "Linux shmctl(2)", NEEDS_IPC_LIMITS)
{
	key_t key = segment_key();

	in_child(live_within_limits, &key);
}

static const char *
call_or_eintr(int id, size_t length, int round)
{
	static const char *told = "nothing fails";
	char *p;

	while ((p = shmat(id, NULL, 0)) == (void *)-1 && errno == EINTR)
		told = "shmat() fails with EINTR";
	REQUIRE(p != (void *)-1);
	for (size_t at = 0; at < length; at += length / 4) {
		CHECK_EQ(round, p[at]);
		p[at] = (char)(round + 1);
	}
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	while (shmdt(p) == -1) {
		REQUIRE(errno == EINTR);
		told = "shmdt() fails with EINTR";
	}
	CHECK_EQ(0, segment_stat(id).shm_nattch);
	return told;
}

static void
attach_while_interrupted_in(void *arg)
{
	const char *told = "";
	int id = *(int *)arg;

	interruptions_begin();
	for (int i = 0; i < 20; i++)
		told = call_or_eintr(id, 4 * large, i);
	interruptions_end();
	observed("attach-while-interrupted", "%s", told);
}

CASE(attach_while_interrupted, OBSERVED,
    "While signals come again and again, a segment of 8 MiB is attached and "
    "detached, or the call fails with EINTR and works when it is repeated",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", NEEDS_SEGMENTS_THAT_STAY)
{
	int id = segment_create(4 * large);

	in_child(attach_while_interrupted_in, &id);
}
