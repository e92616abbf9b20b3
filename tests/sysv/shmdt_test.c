/* SPDX-License-Identifier: BSD-2-Clause */

/* Detaching System V segments. What munmap() and mprotect() do to attachments: shmdt_parts_test.c. */

#include <unistd.h>

#include "attach_pages.h"
#include "case.h"
#include "clock.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "segment.h"

INTERFACE(shmdt, NEEDS_SEGMENTS)

CASE(detach_removes_mapping, SHALL, "After shmdt() no byte of the segment is in the address space",
    "POSIX.1-2017 shmdt() DESCRIPTION", ATTACH_PAGES, COVERS("shmdt.segv_after"))
{
	const size_t sizes[] = { 1, page_size(), page_size() + 1, 5 * page_size() };
	static const int flags[] = { 0, SHM_RDONLY };

	for (size_t i = 0; i < 2 * nitems(sizes); i++) {
		size_t size = sizes[i / 2];
		char *p = segment_attach(segment_create(size), NULL, flags[i % 2]);

		CHECK_BYTES(0, p, size);
		CHECK_SUCCEEDS(shmdt(p));
		CHECK_UNMAPPED(p, size);
	}
}

CASE(detach_removes_mapping__untouched, SHALL,
    "After shmdt() pages that were never touched are not in the address space either",
    "POSIX.1-2017 shmdt() DESCRIPTION", ATTACH_PAGES)
{
	char *p = segment_attach(segment_create(5 * page_size()), NULL, 0);
	p[2 * page_size()] = 'x';

	CHECK_SUCCEEDS(shmdt(p));

	CHECK_UNMAPPED(p, 5 * page_size());
}

CASE(detach_removes_mapping__between_mappings, SHALL,
    "shmdt() leaves what is mapped right before and right behind the segment", "POSIX.1-2017 shmdt() DESCRIPTION",
    NEEDS_SEGMENTS_THAT_STAY)
{
	size_t unit = attach_multiple();
	int id = segment_create(2 * unit - page_size() + 1);
	int protection = PROT_READ | PROT_WRITE;
	char *p = free_range(4 * unit);
	REQUIRE(mmap(p, 4 * unit, protection, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0) == p);
	unmap(p + unit, 2 * unit);
	pattern_store(1, p, unit);
	pattern_store(2, p + 3 * unit, unit);
	char *middle = segment_attach(id, p + unit, 0);

	CHECK_SUCCEEDS(shmdt(middle));

	CHECK_UNMAPPED(middle, 2 * unit);
	CHECK_PATTERN(1, p, unit);
	CHECK_PATTERN(2, p + 3 * unit, unit);
	CHECK_EQ(middle, shmat(id, middle, 0)); /* the addresses are free */
}

CASE(nattch_decremented, SHALL, "Each detach lowers shm_nattch by one, whatever the order",
    "POSIX.1-2017 shmdt() RETURN VALUE", "Linux shmop(2)", COVERS("shmdt.nattch shmdt.two_attaches"))
{
	int id = segment_create(page_size());
	void *first = segment_attach(id, NULL, 0);
	void *second = segment_attach(id, NULL, SHM_RDONLY);
	void *third = segment_attach(id, NULL, 0);

	CHECK_SUCCEEDS(shmdt(second));
	CHECK_EQ(2, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(first));
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(third));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

static void
detach(void *address)
{
	CHECK_SUCCEEDS(shmdt(address));
	CHECK_UNMAPPED(address, 3 * page_size());
}

CASE(nattch_decremented__by_child, SHALL,
    "A child that detaches what it inherited lowers shm_nattch by one, and its exit does not lower it again",
    "POSIX.1-2017 shmdt() RETURN VALUE", "Linux shmop(2)", COVERS("fork.shm_nattch_inherit"))
{
	int id = segment_create(3 * page_size());
	void *p = segment_attach(id, NULL, 0);
	struct child c = child_start(detach, p);

	child_reaches_end(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);

	child_exits(&c);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(dtime_set, SHALL, "A detach sets shm_dtime to the current time, and neither shm_atime nor shm_ctime",
    "POSIX.1-2017 shmdt() RETURN VALUE", "Linux shmop(2)")
{
	int id = segment_create(page_size());
	void *p = segment_attach(id, NULL, 0);
	const struct shmid_ds attached = segment_stat(id);
	CHECK_EQ(0, attached.shm_dtime);

	time_t before = coarse_time();
	CHECK_SUCCEEDS(shmdt(p));
	time_t after = coarse_time();

	CHECK_TIME_BETWEEN(before, after, segment_stat(id).shm_dtime);
	CHECK_EQ(attached.shm_atime, segment_stat(id).shm_atime);
	CHECK_EQ(attached.shm_ctime, segment_stat(id).shm_ctime);
}

CASE(lpid_set_on_detach, DOCUMENTED, "A detach sets shm_lpid to the process ID of the caller", "Linux shmop(2)",
    "illumos usr/src/uts/common/os/shm.c shm_detach()")
{
	int id = segment_create(3 * page_size());
	void *p = segment_attach(id, NULL, 0);
	struct child c = child_start(detach, p);

	child_reaches_end(&c);
	CHECK_EQ(c.pid, segment_stat(id).shm_lpid);

	CHECK_SUCCEEDS(shmdt(p));
	CHECK_EQ(getpid(), segment_stat(id).shm_lpid);
	child_exits(&c);
}

CASE(einval_not_attached, SHALL, "An address at which no segment starts fails with EINVAL, and what is there stays",
    "POSIX.1-2017 shmdt() ERRORS", ATTACH_PAGES, COVERS("shmdt.not_attached shmdt.not_shm_mapping shmdt.null"))
{
	static char buffer[1];
	size_t size = 2 * page_size();
	int id = segment_create(size);
	char *private = map_anonymous(size, MAP_PRIVATE);
	char *shared = map_anonymous(size, MAP_SHARED);
	char *file = map_shared(nameless_file(size), size);
	char *mapped[] = { private, shared, file };

	for (int attached = 0; attached < 2; attached++) { /* with no segment attached, and with one */
		CHECK_FAILS(EINVAL, -1, shmdt(NULL));
		CHECK_FAILS(EINVAL, -1, shmdt((void *)-1));
		CHECK_FAILS(EINVAL, -1, shmdt(buffer));
		CHECK_FAILS(EINVAL, -1, shmdt(&size));
		CHECK_FAILS(EINVAL, -1, shmdt(free_range(size)));
		CHECK_FAILS(EINVAL, -1, shmdt(address_of_kernel()));
		for (size_t i = 0; i < nitems(mapped); i++) {
			pattern_store((unsigned char)i, mapped[i], size);
			CHECK_FAILS(EINVAL, -1, shmdt(mapped[i]));
			CHECK_FAILS(EINVAL, -1, shmdt(mapped[i] + page_size()));
			CHECK_PATTERN(i, mapped[i], size);
		}
		CHECK_EQ(attached, segment_stat(id).shm_nattch);
		segment_attach(id, NULL, 0);
	}
}

CASE(einval_not_attached__object, SHALL,
    "The address of a mapped shared memory object fails with EINVAL, and object and segment stay",
    "POSIX.1-2017 shmdt() ERRORS", ATTACH_PAGES)
{
	int id = segment_create(2 * page_size());
	char *segment = segment_attach(id, NULL, 0);
	char *object = map_shared(object_create(2 * page_size()).fd, 2 * page_size());
	pattern_store(1, object, 2 * page_size());
	pattern_store(2, segment, 2 * page_size());

	CHECK_FAILS(EINVAL, -1, shmdt(object));

	CHECK_PATTERN(1, object, 2 * page_size());
	CHECK_PATTERN(2, segment, 2 * page_size());
}

CASE(einval_inside_segment, SHALL, "An address inside an attachment, but not its start, fails with EINVAL",
    "POSIX.1-2017 shmdt() ERRORS", "Linux shmop(2)", NETBSD_ATTACH_PAGES, "illumos shmop(2)",
    COVERS("shmdt.unaligned shmdt.interior BS23"))
{
	size_t size = 3 * page_size();
	const size_t offsets[] = { 1, 8, page_size() - 1, page_size(), 2 * page_size(), size - 1, size };
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, size);

	for (size_t i = 0; i < nitems(offsets); i++)
		CHECK_FAILS(EINVAL, -1, shmdt(p + offsets[i]));

	CHECK_PATTERN(1, p, size);
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(einval_twice, SHALL, "A second detach of an address fails with EINVAL and detaches nothing else",
    "POSIX.1-2017 shmdt() ERRORS", ATTACH_PAGES)
{
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);

	CHECK_SUCCEEDS(shmdt(p));
	CHECK_FAILS(EINVAL, -1, shmdt(p));
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_STORE_OK(q);

	CHECK_SUCCEEDS(shmdt(q));
	CHECK_FAILS(EINVAL, -1, shmdt(q));
	CHECK_FAILS(EINVAL, -1, shmdt(p));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(einval_twice__mapped_meanwhile, SHALL,
    "A second detach of an address where memory has been mapped since fails with EINVAL and leaves that memory",
    "POSIX.1-2017 shmdt() ERRORS", ATTACH_PAGES)
{
	size_t size = 2 * page_size();
	int protection = PROT_READ | PROT_WRITE;
	char *p = segment_attach(segment_create(size), free_range(size), 0);
	CHECK_SUCCEEDS(shmdt(p));
	REQUIRE(mmap(p, size, protection, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0) == p);
	pattern_store(1, p, size);

	CHECK_FAILS(EINVAL, -1, shmdt(p));

	CHECK_PATTERN(1, p, size);
}

CASE(one_of_many, SHALL, "Detaching one attachment leaves the others of the process usable",
    "POSIX.1-2017 shmdt() DESCRIPTION", ATTACH_PAGES)
{
	size_t size = 3 * page_size();
	int id = segment_create(size);
	char *first = segment_attach(id, NULL, 0);
	char *second = segment_attach(id, NULL, 0);
	char *third = segment_attach(id, NULL, SHM_RDONLY);
	char *other = segment_attach(segment_create(size), NULL, 0);
	pattern_store(1, second, size);
	pattern_store(9, other, size);

	CHECK_SUCCEEDS(shmdt(second));

	CHECK_PATTERN(1, first, size);
	pattern_store(2, first, size);
	CHECK_PATTERN(2, third, size);
	CHECK_PATTERN(9, other, size);
	CHECK_UNMAPPED(second, size);
}

CASE(one_of_many__side_by_side, SHALL, "Detaching one of two attachments whose ranges touch leaves the other whole",
    "POSIX.1-2017 shmdt() DESCRIPTION")
{
	size_t size = 3 * attach_multiple();
	int id = segment_create(size);

	for (int which = 0; which < 2; which++) {
		char *range = free_range(2 * size);
		char *stays = segment_attach(id, which == 0 ? range + size : range, 0);
		char *goes = segment_attach(id, which == 0 ? range : range + size, 0);
		pattern_store(1, goes, size);

		CHECK_SUCCEEDS(shmdt(goes));

		CHECK_UNMAPPED(goes, size);
		CHECK_PATTERN(1, stays, size);
		CHECK_EQ(1, segment_stat(id).shm_nattch);
		segment_detach(stays);
	}
}

PROGRAM(later_reader)
{
	REQUIRE(argc == 2);
	char *p = segment_attach((int)number_from(argv[1]), NULL, SHM_RDONLY);

	CHECK_PATTERN(1, p, 3 * page_size());
}

CASE(content_survives_last_detach, SHALL, "A segment that nobody has attached keeps its data until it is removed",
    "POSIX.1-2017 shmdt() DESCRIPTION", NETBSD_ATTACH_PAGES, "illumos shmop(2)", NEEDS_SEGMENTS_THAT_STAY,
    COVERS("shmdt.data_persists"))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());

	CHECK_SUCCEEDS(shmdt(p));

	CHECK_EQ(0, segment_stat(id).shm_nattch);
	struct child c = program_start("later_reader", number_text(id).text);
	child_exits(&c);
	p = segment_attach(id, NULL, 0);
	CHECK_PATTERN(1, p, 3 * page_size());
}

CASE(last_detach_of_removed_destroys, SHALL,
    "A removed segment is there until its last detach, which destroys it and makes its identifier invalid",
    "POSIX.1-2017 shmctl() IPC_RMID", "Linux shmop(2)", "FreeBSD shmctl(2)")
{
	int id = segment_create(3 * page_size());
	char *first = segment_attach(id, NULL, 0);
	char *last = segment_attach(id, NULL, 0);
	pattern_store(1, first, 3 * page_size());
	segment_remove(id);

	CHECK_SUCCEEDS(shmdt(first));
	CHECK_PATTERN(1, last, 3 * page_size());
	CHECK_STORE_OK(last);

	CHECK_SUCCEEDS(shmdt(last));
	CHECK_UNMAPPED(last, 3 * page_size());
	CHECK_DESTROYED(id);
}

CASE(child_detach_keeps_parent, SHALL, "A child that detaches what it inherited leaves its parent's attachment",
    "POSIX.1-2017 shmdt() DESCRIPTION", COVERS("BS24"))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());

	in_child(detach, p);

	CHECK_PATTERN(1, p, 3 * page_size());
	for (size_t at = 0; at < 3 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
	CHECK_SUCCEEDS(shmdt(p));
}

static void
use_after_parent(void *arg)
{
	char *p = arg;

	pause_for_parent();
	CHECK_PATTERN(1, p, 3 * page_size());
	pattern_store(2, p, 3 * page_size());
}

CASE(child_detach_keeps_parent__other_way_round, SHALL,
    "A parent that detaches leaves the attachment that its child inherited", "POSIX.1-2017 shmdt() DESCRIPTION")
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	struct child c = child_start(use_after_parent, p);
	child_reaches_pause(&c);

	CHECK_SUCCEEDS(shmdt(p));
	child_goes_on(&c);
	child_reaches_end(&c);

	CHECK_EQ(1, segment_stat(id).shm_nattch);
	p = segment_attach(id, NULL, 0);
	CHECK_PATTERN(2, p, 3 * page_size());
	child_exits(&c);
}

static void
attach_and_detach(void *arg)
{
	segment_detach(segment_attach(*(int *)arg, NULL, 0));
}

CASE(failure_changes_nothing, SHALL,
    "A detach that fails returns -1 and leaves the status as it is, before the first detach and after one",
    "POSIX.1-2017 shmdt() RETURN VALUE", "illumos shmop(2)")
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);

	for (int i = 0; i < 2; i++) {
		const struct shmid_ds before = segment_stat(id);

		CHECK_EQ(-1, shmdt(p + page_size()));
		CHECK_EQ(-1, shmdt(p + 1));
		CHECK_EQ(-1, shmdt(NULL));
		CHECK_STATUS_UNCHANGED(before, id);
		in_child(attach_and_detach, &id); /* which sets shm_dtime, and shm_lpid to another process */
	}
	CHECK_STORE_OK(&p[page_size()]);
}
