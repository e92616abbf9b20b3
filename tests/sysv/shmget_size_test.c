/* SPDX-License-Identifier: BSD-2-Clause */

/* The size of System V segments and what is in new ones: zeros. */

#include <stdint.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "ipc_deviations.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

static void
need_highest_size(void)
{
	need(is_over_shmmax(SIZE_MAX - page_size()), "needs a shmmax below the highest numbers of this process");
}

static void
need_largest_segment_alone(void)
{
	need(largest_segment_if_alone() != 0, "needs a limit on all segments that one segment reaches");
}

#define NEEDS_HIGHEST_SIZE NEED("a shmmax below the highest numbers", .ask = need_highest_size)
#define NEEDS_LARGEST_SEGMENT_ALONE \
	NEED("a limit on all segments that one segment can reach", .ask = need_largest_segment_alone)

INTERFACE(shmget, NEEDS_SEGMENTS)

CASE(einval_size_zero_create, SHALL, "Creating a segment of size 0 fails with EINVAL", "POSIX.1-2017 shmget() ERRORS",
    "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)", "DragonFly shmget(2)", "illumos shmget(2)",
    COVERS("shmget.size0 shmget.private_size0"))
{
	key_t key = segment_key();

	CHECK_FAILS(EINVAL, -1, segment_own(shmget(IPC_PRIVATE, 0, 0600)));
	CHECK_FAILS(EINVAL, -1, segment_own(shmget(IPC_PRIVATE, 0, IPC_CREAT | 0600)));
	CHECK_FAILS(EINVAL, -1, shmget(key, 0, IPC_CREAT | 0600));
	CHECK_FAILS(EINVAL, -1, shmget(key, 0, IPC_CREAT | IPC_EXCL | 0600));
}

CASE(einval_size_over_max, SHALL, "Creating a segment of more bytes than the system's maximum fails with EINVAL",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)", "DragonFly shmget(2)",
    "illumos shmget(2)", NEEDS_HIGHEST_SIZE)
{
	/* Rounding the first up to pages gives 0, and the second is a multiple of the page size. */
	const size_t sizes[] = { SIZE_MAX, SIZE_MAX - page_size() + 1 };
	key_t key = segment_key();

	for (size_t i = 0; i < nitems(sizes); i++) {
		CHECK_FAILS(EINVAL, -1, segment_own(shmget(IPC_PRIVATE, sizes[i], 0600)));
		CHECK_FAILS(EINVAL, -1, shmget(key, sizes[i], IPC_CREAT | 0600));
		CHECK_FAILS(EINVAL, -1, shmget(key, sizes[i], IPC_CREAT | IPC_EXCL | 0600));
	}
}

CASE(shmall_exceeded, MAY,
    "A segment that would bring the pages of all segments above the system's limit fails with ENOMEM or ENOSPC",
    "POSIX.1-2017 shmget() ERRORS", "NetBSD sys/kern/sysv_shm.c sys_shmget()",
    "OpenBSD sys/kern/sysv_shm.c shmget_allocate_segment()", "macOS bsd/kern/sysv_shm.c shmget_allocate_segment()",
    CHOICE("Linux shmget(2)", "beyond-limit-on-all", "ENOSPC"),
    CHOICE("NetBSD shmget(2)", "beyond-limit-on-all", "ENOMEM"),
    CHOICE("OpenBSD shmget(2)", "beyond-limit-on-all", "ENOMEM"),
    CHOICE("macOS shmget(2)", "beyond-limit-on-all", "ENOMEM"),
    CHOICE("FreeBSD sys/kern/sysv_shm.c shmget_allocate_segment()", "beyond-limit-on-all", "ENOMEM"),
    CHOICE("DragonFly sys/kern/sysv_shm.c shmget_allocate_segment()", "beyond-limit-on-all", "ENOMEM"),
    NEEDS_LARGEST_SEGMENT_ALONE)
{
	size_t largest = largest_segment_if_alone();
	segment_create(1);
	key_t key = segment_key();

	errno = 0;
	int id = shmget(key, largest, IPC_CREAT | 0600);
	int error = errno;
	if (id != -1)
		segment_own(id);

	CHECK_EQ(-1, id);
	CHECK(error == ENOMEM || error == ENOSPC);
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	observed("beyond-limit-on-all", "%s", errno_name(error));
}

CASE(failed_create_leaves_no_key, SHALL, "A creation that fails leaves the key without a segment and free for use",
    "POSIX.1-2017 shmget() ERRORS")
{
	key_t key = segment_key();

	const size_t too_large = is_over_shmmax(SIZE_MAX) ? SIZE_MAX : 0;

	for (int i = 0; i < 4; i++) {
		CHECK_FAILS(
		    EINVAL, -1, shmget(key, i % 2 == 0 ? 0 : too_large, IPC_CREAT | (i < 2 ? 0 : IPC_EXCL) | 0600));
		CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	}

	int id = segment_own(shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600));
	CHECK_NE(-1, id);
	CHECK_EQ(page_size(), segment_stat(id).shm_segsz);
}

CASE(einval_existing_smaller, SHALL, "Asking for more bytes than the key's segment has fails with EINVAL",
    "POSIX.1-2017 shmget() ERRORS", "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD shmget(2)", "OpenBSD shmget(2)",
    "DragonFly shmget(2)", "macOS shmget(2)", "illumos shmget(2)", COVERS("shmget.bigger_existing"))
{
	const size_t sizes[] = { 101, page_size(), page_size() + 1, SIZE_MAX };
	key_t key = segment_key();
	int id = segment_create_with_key(key, 100, 0600); /* its last page has room for the 101st byte */
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 100);

	size_deviates();
	for (size_t i = 0; i < nitems(sizes); i++) {
		CHECK_FAILS(EINVAL, -1, shmget(key, sizes[i], 0));
		CHECK_FAILS(EINVAL, -1, shmget(key, sizes[i], 0600));
		CHECK_FAILS(EINVAL, -1, shmget(key, sizes[i], IPC_CREAT | 0600));
	}

	CHECK_PATTERN(1, p, 100);
	CHECK_EQ(100, segment_stat(id).shm_segsz);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(existing_smaller_request_ok, SHALL,
    "Asking for at most the bytes that the key's segment has finds it and does not resize it",
    "POSIX.1-2017 shmget() ERRORS", COVERS("shmget.smaller_existing"))
{
	const size_t size = 2 * page_size() + 100;
	const size_t sizes[] = { 1, page_size(), page_size() + 100, size - 1, size };
	key_t key = segment_key();
	int id = segment_create_with_key(key, size, 0600);

	size_deviates();
	for (size_t i = 0; i < nitems(sizes); i++) {
		CHECK_EQ(id, shmget(key, sizes[i], 0600));
		CHECK_EQ(size, segment_stat(id).shm_segsz);
	}

	char *p = segment_attach(id, NULL, 0);
	CHECK_BYTES(0, p, size);
}

CASE(existing_size_zero_ok, SHALL, "Size 0 finds the key's segment, whatever size it has",
    "POSIX.1-2017 shmget() ERRORS", "NetBSD shmget(2)", "macOS shmget(2)", "illumos shmget(2)",
    COVERS("shmget.lookup_size0"))
{
	const size_t sizes[] = { 1, page_size(), 3 * page_size() };

	size_deviates();
	for (size_t i = 0; i < nitems(sizes); i++) {
		key_t key = segment_key();
		int id = segment_create_with_key(key, sizes[i], 0600);

		CHECK_EQ(id, shmget(key, 0, 0));
		CHECK_EQ(id, shmget(key, 0, 0600));
		CHECK_EQ(sizes[i], segment_stat(id).shm_segsz);
	}
}

/* Both ways to attach, since the first access may be what fills the memory. */
static void
check_new_is_zero(size_t size)
{
	static const int flags[] = { 0, SHM_RDONLY };
	key_t key = segment_key();

	for (size_t i = 0; i < nitems(flags); i++) {
		int id = segment_own(shmget(key, size, IPC_CREAT | IPC_EXCL | 0600));

		REQUIRE(id != -1);
		char *p = segment_attach(id, NULL, flags[i]);
		CHECK_BYTES(0, p, size);
		segment_detach(p);
		segment_remove(id);
	}
}

CASE(zero_fill__one_byte, SHALL, "A new segment of one byte reads as zero", "POSIX.1-2017 shmget() DESCRIPTION",
    "Linux shmget(2)")
{
	check_new_is_zero(1);
}

CASE(zero_fill__page_less_one, SHALL, "A new segment of a page less one byte reads as zero in every byte",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)")
{
	check_new_is_zero(page_size() - 1);
}

CASE(zero_fill__page, SHALL, "A new segment of a page reads as zero in every byte", "POSIX.1-2017 shmget() DESCRIPTION",
    "Linux shmget(2)")
{
	check_new_is_zero(page_size());
}

CASE(zero_fill__page_and_one, SHALL, "A new segment of a page and one byte reads as zero in every byte",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)")
{
	check_new_is_zero(page_size() + 1);
}

CASE(zero_fill__many_pages, SHALL, "A new segment of many pages reads as zero in every byte",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", COVERS("BS6"))
{
	check_new_is_zero(67 * page_size() + 3);
}

CASE(zero_fill__private, SHALL, "A new segment made with IPC_PRIVATE reads as zero in every byte",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)")
{
	guard_segments();
	int id = segment_own(shmget(IPC_PRIVATE, 3 * page_size(), 0600));

	REQUIRE(id != -1);
	char *p = segment_attach(id, NULL, 0);
	CHECK_BYTES(0, p, 3 * page_size());
}

static void
read_first(void *arg)
{
	char *p = segment_attach(*(int *)arg, NULL, 0);

	for (size_t at = 0; at < 8 * page_size(); at += 2 * page_size())
		CHECK_BYTES(0, &p[at], page_size());
	pattern_store(1, p, page_size());
}

CASE(zero_fill__touched_by_another_process_first, SHALL,
    "A new segment reads as zero, apart from what was stored, in the process that touches a page first and in another",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)")
{
	int id = segment_create(8 * page_size());
	char *p = segment_attach(id, NULL, 0);

	in_child(read_first, &id);

	CHECK_PATTERN(1, p, page_size());
	CHECK_BYTES(0, p + page_size(), 7 * page_size());
}

CASE(zero_fill_after_reuse, SHALL, "A new segment has nothing of the data of a segment that was removed before",
    "POSIX.1-2017 shmget() DESCRIPTION")
{
	for (int round = 0; round < 16; round++) {
		int id = segment_create(32 * page_size());
		unsigned char *p = segment_attach(id, NULL, 0);

		CHECK_BYTES(0, p, 32 * page_size());
		pattern_store((unsigned char)round, p, 32 * page_size());
		segment_detach(p);
		segment_remove(id);
	}
}

CASE(zero_fill_after_reuse__same_key, SHALL,
    "A new segment has nothing of the data of a destroyed segment that had the same key",
    "POSIX.1-2017 shmget() DESCRIPTION")
{
	key_t key = segment_key();

	for (int round = 0; round < 16; round++) {
		int id = segment_create_with_key(key, 32 * page_size(), 0600);
		unsigned char *p = segment_attach(id, NULL, 0);

		CHECK_BYTES(0, p, 32 * page_size());
		pattern_store((unsigned char)round, p, 32 * page_size());
		segment_remove(id);
		segment_detach(p);
	}
}

static void
store_and_end(void *arg)
{
	int id = *(int *)arg;
	char *p = segment_attach(id, NULL, 0);
	char *q = map_anonymous(32 * page_size(), MAP_PRIVATE);

	segment_remove(id);
	pattern_store(1, p, 32 * page_size());
	pattern_store(2, q, 32 * page_size());
}

CASE(zero_fill_after_reuse__of_ended_process, SHALL,
    "A new segment has nothing of the data of a process that ended, of its segments or of its other memory",
    "POSIX.1-2017 shmget() DESCRIPTION")
{
	for (int round = 0; round < 4; round++) {
		int old = segment_create(32 * page_size());
		in_child(store_and_end, &old);

		int id = segment_create(64 * page_size());
		char *p = segment_attach(id, NULL, SHM_RDONLY);
		CHECK_BYTES(0, p, 64 * page_size());
		segment_detach(p);
		segment_remove(id);
	}
}

/* In a child: what a segment that is too small has behind its end is other memory of the process. */
static void
use_all_bytes(void *size_of_segment)
{
	const size_t size = *(size_t *)size_of_segment;
	int id = segment_own(shmget(segment_key(), size, IPC_CREAT | 0600));

	REQUIRE(id != -1);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RDONLY);
	if (CHECK_STORE_OK(&p[0]) && CHECK_STORE_OK(&p[size - 1])) {
		pattern_store(1, p, size);
		CHECK_PATTERN(1, q, size);
	}
}

CASE(min_size_usable, SHALL, "All bytes of the requested size can be stored to, and hold what was stored",
    "POSIX.1-2017 shmget() DESCRIPTION", "Linux shmget(2)", "FreeBSD shmget(2)", "DragonFly shmget(2)",
    "illumos shmget(2)")
{
	size_t sizes[] = { 1, page_size() - 1, page_size(), page_size() + 1, 5 * page_size() - 1 };

	for (size_t i = 0; i < nitems(sizes); i++)
		in_child(use_all_bytes, &sizes[i]);
}

CASE(rounding_to_page, DOCUMENTED, "The memory of a segment is rounded up to whole pages, its size is not",
    "Linux shmget(2)", "FreeBSD shmget(2)", "NetBSD sys/kern/sysv_shm.c sys_shmget()",
    "OpenBSD sys/kern/sysv_shm.c shmget_allocate_segment()", "DragonFly shmget(2)",
    "macOS bsd/kern/sysv_shm.c shmget_allocate_segment()", "illumos usr/src/uts/common/os/shm.c shmget()")
{
	const size_t sizes[] = { 1, 100, page_size() + 1 };

	size_deviates();
	for (size_t i = 0; i < nitems(sizes); i++) {
		size_t whole = (sizes[i] + page_size() - 1) / page_size() * page_size();
		int id = segment_own(shmget(segment_key(), sizes[i], IPC_CREAT | 0600));

		REQUIRE(id != -1);
		char *p = segment_attach(id, NULL, 0);
		CHECK_STORE_OK(&p[whole - 1]);
		CHECK_BYTES(0, p, whole);
		CHECK_EQ(sizes[i], segment_stat(id).shm_segsz);
	}
}

CASE(flag_noreserve, DOCUMENTED, "SHM_NORESERVE creates a segment that reads as zero and keeps what is stored",
    "Linux 2.6.15 shmget(2)")
{
	key_t key = segment_key();

	int id = segment_own(shmget(key, 3 * page_size(), IPC_CREAT | IPC_EXCL | SHM_NORESERVE | 0600));

	REQUIRE(id != -1);
	CHECK_EQ(0600, segment_stat(id).shm_perm.mode & 0777);
	char *p = segment_attach(id, NULL, 0);
	CHECK_BYTES(0, p, 3 * page_size());
	pattern_store(1, p, 3 * page_size());
	segment_detach(p);
	p = segment_attach(id, NULL, 0);
	CHECK_PATTERN(1, p, 3 * page_size());
}
