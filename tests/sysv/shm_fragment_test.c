/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Attachments whose pages differ in protection, locks or advice. A kernel that keeps such a mapping in pieces, one for each run
 * of equal pages, may count the pieces: Linux does. They are still one attachment.
 */

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "segment.h"

INTERFACE(shmat, NEEDS_SEGMENTS)

enum { PAGES = 6 };

/* What is done to a page. Returns 0, or -1 where the system cannot. */
typedef int page_change(char *page);

static int
lock(char *page)
{
	return mlock(page, page_size());
}

static int
advise(char *page)
{
	return madvise(page, page_size(), MADV_RANDOM);
}

static int
dismiss(char *page)
{
	return madvise(page, page_size(), MADV_DONTNEED);
}

static int
protect(char *page)
{
	return mprotect(page, page_size(), PROT_READ);
}

static int
make_alike(char *page)
{
	if (mprotect(page, page_size(), PROT_READ) == -1)
		return -1;
	return mprotect(page, page_size(), PROT_READ | PROT_WRITE);
}

static unsigned long
count_of(int id)
{
	return (unsigned long)segment_stat(id).shm_nattch;
}

/* Do it to a page in the middle of an attachment, and once more, which changes nothing. Another attachment stays as it is. */
static void
check_pieces(page_change *change, const char *key)
{
	size_t size = PAGES * page_size();
	int id = segment_create(size);
	char *other = segment_attach(id, NULL, 0);
	char *p = segment_attach(id, NULL, 0);
	unsigned long count[2];
	pattern_store(1, other, size);

	for (int i = 0; i < 2; i++) {
		bool is_done = change(p + 2 * page_size()) == 0;

		need(is_done, "needs this call for a page of an attachment: %s", errno_name(errno));
		count[i] = count_of(id) - 1;
		CHECK(count[i] >= 1);
		CHECK(count[i] <= 3);
		CHECK_PATTERN(1, p, 2 * page_size());
		CHECK_PATTERN_FROM(1, 3 * page_size(), p + 3 * page_size(), 3 * page_size());
	}
	CHECK_EQ(count[0], count[1]);
	CHECK_SUCCEEDS(shmdt(p));

	CHECK_UNMAPPED(p, size);
	CHECK_EQ(1, count_of(id));
	CHECK_PATTERN(1, other, size);
	for (size_t at = 0; at < size; at += page_size())
		CHECK_STORE_OK(other + at);
	observed(key, "counted as %lu, once more as %lu", count[0], count[1]);
}

CASE(nattch_of_pieces__mlock, OBSERVED,
    "An attachment with a locked page counts as one, two or three, and is detached as one",
    "POSIX.1-2017 mlock() DESCRIPTION", "POSIX.1-2024 mlock() DESCRIPTION", "Linux ipc/shm.c shm_open()",
    NEEDS_LOCKABLE_PAGES(1), COVERS("shmat.nattch_fragments_mlock shmat.nattch_fragments_mlock2"))
{
	check_pieces(lock, "pieces-by-mlock");
}

CASE(nattch_of_pieces__madvise, OBSERVED,
    "An attachment with advice for one page counts as one, two or three, and is detached as one", "Linux madvise(2)",
    "Linux ipc/shm.c shm_open()", COVERS("shmat.nattch_fragments_madvise shmat.nattch_fragments_madvise2"))
{
	check_pieces(advise, "pieces-by-madvise");
}

CASE(nattch_of_pieces__dontneed, OBSERVED,
    "An attachment with MADV_DONTNEED for one page counts as one, two or three, and is detached as one",
    "Linux madvise(2)", "Linux ipc/shm.c shm_open()", COVERS("shmat.nattch_dontneed"))
{
	check_pieces(dismiss, "pieces-by-dontneed");
}

CASE(nattch_of_pieces__mprotect, OBSERVED,
    "An attachment with one read-only page counts as one, two or three, and is detached as one",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux ipc/shm.c shm_open()",
    COVERS("shmat.nattch_fragments_mprotect shmdt.isolation"))
{
	check_pieces(protect, "pieces-by-mprotect");
}

CASE(nattch_of_pieces__mprotect_and_back, OBSERVED,
    "An attachment whose pages are alike again counts as one, two or three, and is detached as one",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux ipc/shm.c shm_open()")
{
	check_pieces(make_alike, "pieces-by-mprotect-and-back");
}

CASE(nattch_of_pieces__every_page, OBSERVED,
    "Changing the protection of single pages and undoing it, "
    "several times, does not raise an attachment's count further",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux ipc/shm.c shm_open()", COVERS("shmat.mprotect_nattch_leak"))
{
	int id = segment_create(PAGES * page_size());
	char *p = segment_attach(id, NULL, 0);
	unsigned long first = 0;

	for (int round = 0; round < 8; round++) {
		for (size_t i = 0; i < PAGES; i += 2) {
			bool is_done = protect(p + i * page_size()) == 0;

			need(is_done, "needs mprotect() for a page of an attachment: %s", errno_name(errno));
		}
		CHECK(count_of(id) >= 1);
		CHECK(count_of(id) <= PAGES);
		CHECK_SUCCEEDS(mprotect(p, PAGES * page_size(), PROT_READ | PROT_WRITE));
		if (round == 0)
			first = count_of(id);
		CHECK_EQ(first, count_of(id));
	}
	CHECK_SUCCEEDS(shmdt(p));

	CHECK_EQ(0, count_of(id));
	CHECK_UNMAPPED(p, PAGES * page_size());
	observed("pieces-when-alike-again", "%lu", first);
}

CASE(nattch_of_pieces__several, OBSERVED,
    "An attachment with one page unmapped and another read-only is detached as one, or shmdt() fails with EINVAL",
    "POSIX.1-2017 mprotect() DESCRIPTION", "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION",
    "Linux ipc/shm.c shm_close()")
{
	int id = segment_create(4 * page_size());
	char *other = segment_attach(id, NULL, 0);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, other, 4 * page_size());
	bool is_done = munmap(p + page_size(), page_size()) == 0 && protect(p + 2 * page_size()) == 0;
	need(is_done, "needs munmap() and mprotect() for a page of an attachment: %s", errno_name(errno));
	unsigned long count = count_of(id) - 1;
	CHECK(count >= 1);
	CHECK(count <= 3);
	CHECK_UNMAPPED(p + page_size(), page_size());
	CHECK_PATTERN_FROM(1, 2 * page_size(), p + 2 * page_size(), 2 * page_size());

	errno = 0;
	int result = shmdt(p);
	int error = errno;

	CHECK(result == 0 || error == EINVAL);
	if (result == 0) {
		CHECK_UNMAPPED(p, 4 * page_size());
		CHECK_EQ(1, count_of(id));
	}
	CHECK_PATTERN(1, other, 4 * page_size());
	observed("pieces-by-munmap-and-mprotect", "counted as %lu, shmdt() %s", count,
	    result == 0 ? "succeeds" : errno_name(error));
}
