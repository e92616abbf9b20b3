/* SPDX-License-Identifier: BSD-2-Clause */

/* Detaching System V segments after munmap() or mprotect() of the attachment or parts of it, which POSIX leaves open. */

#include "case.h"
#include "fault.h"
#include "segment.h"

INTERFACE(shmdt, NEEDS_SEGMENTS)

CASE(munmap_detaches, OBSERVED, "munmap() of a whole attachment counts as a detach, or leaves shm_nattch as it is",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", COVERS("shmdt.after_munmap"))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 3 * page_size());
	bool unmapped = munmap(p, 3 * page_size()) == 0;
	need(unmapped, "needs munmap() for an attachment: %s", errno_name(errno));

	unsigned long count = (unsigned long)segment_stat(id).shm_nattch;
	errno = 0;
	int result = shmdt(p);
	int error = errno;

	CHECK(count <= 1);
	CHECK(result == 0 || (result == -1 && error == EINVAL));
	CHECK_UNMAPPED(p, 3 * page_size());
	observed("munmap-of-attachment", "shm_nattch %lu, then shmdt() %s", count,
	    result == 0 ? "succeeds" : errno_name(error));
	p = segment_attach(id, NULL, 0);
	CHECK_PATTERN(1, p, 3 * page_size());
}

/* Unmap one page of three. The others stay as they are, and all go if shmdt() then succeeds. */
static void
check_without_page(size_t page, const char *key)
{
	size_t size = 3 * page_size();
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	char *whole = segment_attach(id, NULL, 0);
	pattern_store(1, p, size);
	bool unmapped = munmap(p + page * page_size(), page_size()) == 0;
	need(unmapped, "needs munmap() for a part of an attachment: %s", errno_name(errno));

	CHECK_UNMAPPED(p + page * page_size(), page_size());
	for (size_t i = 0; i < 3; i++)
		if (i != page)
			CHECK_PATTERN_FROM(1, i * page_size(), p + i * page_size(), page_size());
	unsigned long parts = (unsigned long)segment_stat(id).shm_nattch;

	errno = 0;
	int result = shmdt(p);
	int error = errno;
	CHECK(result == 0 || (result == -1 && error == EINVAL));
	if (result == 0)
		CHECK_UNMAPPED(p, size);
	CHECK_PATTERN(1, whole, size);
	observed(key, "shm_nattch %lu for 2 attachments, then shmdt() %s and leaves %lu", parts,
	    result == 0 ? "succeeds" : errno_name(error), (unsigned long)segment_stat(id).shm_nattch);
}

CASE(partial_munmap__first_page, OBSERVED,
    "After munmap() of the first page of an attachment shmdt() detaches the rest, or fails with EINVAL",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	check_without_page(0, "munmap-of-first-page");
}

CASE(partial_munmap__middle_page, OBSERVED,
    "After munmap() of a middle page of an attachment shmdt() detaches the rest, or fails with EINVAL",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", COVERS("shmdt.after_partial_munmap"))
{
	check_without_page(1, "munmap-of-middle-page");
}

CASE(partial_munmap__last_page, OBSERVED,
    "After munmap() of the last page of an attachment shmdt() detaches the rest, or fails with EINVAL",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	check_without_page(2, "munmap-of-last-page");
}

CASE(split_by_mprotect, OBSERVED,
    "shmdt() detaches the whole of an attachment whose pages have different protections by mprotect()",
    "POSIX.1-2017 mprotect() DESCRIPTION")
{
	int id = segment_create(4 * page_size());
	char *p = segment_attach(id, NULL, 0);
	bool protected = mprotect(p + page_size(), page_size(), PROT_READ) == 0;
	need(protected, "needs mprotect() for an attachment: %s", errno_name(errno));
	CHECK(store_is_refused(p + page_size()));
	observed("mprotect-of-a-part", "shm_nattch %lu for 1 attachment", (unsigned long)segment_stat(id).shm_nattch);

	CHECK_SUCCEEDS(shmdt(p));

	CHECK_UNMAPPED(p, 4 * page_size());
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(partial_munmap__removed, OBSERVED,
    "A removed segment lives as long as a part of its attachment, "
    "and a shmdt() that works ends all parts and the segment",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION", COVERS("shmat.nattch_fragments_munmap"))
{
	size_t size = 3 * page_size();
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, size);
	segment_remove(id);
	bool unmapped = munmap(p + page_size(), page_size()) == 0;
	need(unmapped, "needs munmap() for a part of an attachment: %s", errno_name(errno));

	CHECK_PATTERN(1, p, page_size());
	CHECK_PATTERN_FROM(1, 2 * page_size(), p + 2 * page_size(), page_size());
	errno = 0;
	int result = shmdt(p);
	int error = errno;
	CHECK(result == 0 || (result == -1 && error == EINVAL));
	if (result == 0) {
		CHECK_UNMAPPED(p, size);
		CHECK_DESTROYED(id);
	}
	observed("detach-of-removed-parts", "%s", result == 0 ? "succeeds" : errno_name(error));
}

CASE(split_by_mprotect__no_access, OBSERVED,
    "mprotect() takes all access from a page of an attachment "
    "and gives it back, and the data stay, or mprotect() fails",
    "POSIX.1-2017 mprotect() DESCRIPTION", COVERS("BS89"))
{
	size_t size = 4 * page_size();
	int id = segment_create(size);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);
	pattern_store(1, p, size);
	bool protected = mprotect(p + page_size(), page_size(), PROT_NONE) == 0;
	need(protected, "needs mprotect() for an attachment: %s", errno_name(errno));

	CHECK(load_is_refused(p + page_size()));
	pattern_store(2, q, size);
	REQUIRE(mprotect(p + page_size(), page_size(), PROT_READ | PROT_WRITE) == 0);
	CHECK_PATTERN(2, p, size);
	CHECK_SUCCEEDS(shmdt(p));
	CHECK_UNMAPPED(p, size);
}
