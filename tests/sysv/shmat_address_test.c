/* SPDX-License-Identifier: BSD-2-Clause */

/* The addresses at which segments are attached: rounding, high and low addresses, and the heap. */

#include <stdint.h>

#include "attach_pages.h"
#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "existing_memory.h"
#include "platform/unistd.h"
#include "process.h"
#include "segment.h"

static void
need_shmlba_above_page(void)
{
	need(attach_multiple() > page_size(), "needs a SHMLBA above the page size");
}

#define NEEDS_SHMLBA_ABOVE_PAGE NEED("a SHMLBA above the page size", .ask = need_shmlba_above_page)

INTERFACE(shmat, NEEDS_SEGMENTS)

static char *
address(uintptr_t number)
{
	return (char *)number; /* NOLINT(performance-no-int-to-ptr) */
}

static bool
is_above_4gib(const void *p)
{
	return (uint64_t)(uintptr_t)p >> 32 != 0;
}

CASE(rnd_rounds_down__between_neighbours, SHALL,
    "SHM_RND rounds shmaddr down to the multiple of SHMLBA at or below it, also between mappings",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES)
{
	size_t unit = attach_multiple();
	const size_t offsets[] = { 0, 1, unit - 1 };
	int id = segment_create(page_size());
	segment_attach(id, NULL, 0);
	struct existing_memory below = existing_memory_create(ANONYMOUS_PRIVATE, unit);
	struct existing_memory above = existing_memory_create(ANONYMOUS_PRIVATE, unit);
	char *base = free_range(3 * unit);
	existing_memory_place(&below, base);
	existing_memory_place(&above, base + 2 * unit);

	for (size_t i = 0; i < 2 * nitems(offsets); i++) {
		char *p = shmat(id, base + unit + offsets[i / 2], SHM_RND | (i % 2 == 0 ? 0 : SHM_RDONLY));
		REQUIRE(p != (void *)-1);
		CHECK_EQ(base + unit, p);
		CHECK_BYTES(0, p, page_size());
		CHECK_STAYS(&below);
		CHECK_STAYS(&above);
		segment_detach(p);
	}
}

CASE(einval_unaligned__page_multiple, MAY,
    "A shmaddr that is a multiple of the page size and not of "
    "SHMLBA fails with EINVAL, or the segment is attached there",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "Linux shmop(2)", NEEDS_SHMLBA_ABOVE_PAGE,
    COVERS("BS17"))
{
	int id = segment_create(page_size());
	char *at = (char *)free_range(2 * attach_multiple()) + page_size();

	errno = 0;
	char *p = shmat(id, at, 0);
	int error = errno;
	CHECK(p == at || (p == (void *)-1 && error == EINVAL));
	CHECK_EQ(p == (void *)-1 ? 0 : 1, segment_stat(id).shm_nattch);
	observed("attach-at-page", "%s", p == (void *)-1 ? errno_name(error) : "attached");
	CHECK_EQ(at - page_size(), shmat(id, at, SHM_RND));
}

CASE(einval_unaligned__inside_attachment, SHALL,
    "A shmaddr inside a page of an attachment fails with EINVAL, and the attachment stays as it is",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", ATTACH_PAGES)
{
	const size_t offsets[] = { 1, sizeof(int), sizeof(void *), page_size() / 2, page_size() - 1, page_size() + 1 };
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size());

	for (size_t i = 0; i < nitems(offsets); i++) {
		CHECK_FAILS(EINVAL, (void *)-1, shmat(id, p + offsets[i], 0));
		CHECK_FAILS(EINVAL, (void *)-1, shmat(id, p + offsets[i], SHM_RDONLY));
	}

	CHECK_PATTERN(1, p, 2 * page_size());
	CHECK_EQ(1, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(p));
}

CASE(exact_address__first_attachment, SHALL,
    "A new segment that is first attached at an address of the "
    "caller's choice reads as zero there, and changes no mapping",
    ALSO("shmget.zero-fill"), "POSIX.1-2017 shmat() DESCRIPTION", "POSIX.1-2017 shmget() DESCRIPTION")
{
	size_t size = 3 * page_size() + 1;
	int id = segment_create(size);
	char *mapped = map_anonymous(4 * page_size(), MAP_PRIVATE);
	pattern_store(1, mapped, size);
	char *at = free_range(4 * page_size());

	REQUIRE(shmat(id, at, 0) == at);
	CHECK_BYTES(0, at, size);
	CHECK_PATTERN(1, mapped, size);
	pattern_store(2, at, size);
	CHECK_PATTERN(1, mapped, size);
	CHECK_PATTERN(2, segment_attach(id, NULL, SHM_RDONLY), size);
}

CASE(exact_address__just_detached, SHALL,
    "A segment that is attached where another was just detached shows its own data", "POSIX.1-2017 shmat() DESCRIPTION",
    "POSIX.1-2017 shmdt() DESCRIPTION")
{
	size_t size = 2 * page_size();
	int ids[] = { segment_create(size), segment_create(size) };
	char *elsewhere[] = { segment_attach(ids[0], NULL, 0), segment_attach(ids[1], NULL, 0) };
	char *at = free_range(size);
	pattern_store(0, elsewhere[0], size);
	pattern_store(1, elsewhere[1], size);

	for (int i = 0; i < 8; i++) {
		REQUIRE(shmat(ids[i % 2], at, 0) == at);
		CHECK_PATTERN(i, at, size);
		pattern_store((unsigned char)(i + 2), at, size);
		CHECK_PATTERN(i + 2, elsewhere[i % 2], size);
		CHECK_PATTERN(i + 1, elsewhere[(i + 1) % 2], size); /* as it was left one round before */
		CHECK_SUCCEEDS(shmdt(at));
	}
}

CASE(exact_address__above_4gib, SHALL,
    "shmat() returns an address above 4 GiB with all its bits, and all bytes of the segment are there",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES, NEEDS_64_BIT_ADDRESSES)
{
	enum { ATTACHMENTS = 6 };
	size_t size = page_size() + 1;
	size_t step = 2 * (size / attach_multiple() + 1) * attach_multiple();
	int id = segment_create(size);
	char *base = free_range(ATTACHMENTS * step);
	need(is_above_4gib(base), "needs free addresses above 4 GiB");

	for (size_t i = 0; i < ATTACHMENTS; i++) {
		REQUIRE(shmat(id, base + i * step, i % 2 == 0 ? 0 : SHM_RND) == base + i * step);
		pattern_store((unsigned char)i, base + i * step, size);
		CHECK_PATTERN(i, base, size);
	}
	CHECK_EQ(ATTACHMENTS, segment_stat(id).shm_nattch);
	for (size_t i = 0; i < ATTACHMENTS; i++)
		CHECK_SUCCEEDS(shmdt(base + i * step));
}

CASE(null_address_chosen__whole, SHALL,
    "At each address that the system picks the pages of the segment are there, and shmdt() takes the address",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", ATTACH_PAGES)
{
	enum { ATTACHMENTS = 6, PAGES = 7 };
	int id = segment_create(PAGES * page_size());
	char *p[ATTACHMENTS];

	for (int i = 0; i < ATTACHMENTS; i++) {
		p[i] = segment_attach(id, NULL, 0);
		for (size_t at = 0; at < PAGES * page_size(); at += page_size()) {
			CHECK_STORE_OK(p[i] + at);
			CHECK_STORE_OK(p[i] + at + page_size() - 1);
		}
	}
	for (int i = 0; i < ATTACHMENTS; i++)
		CHECK_SUCCEEDS(shmdt(p[i]));
}

/* Where the system takes a hint. A null pointer where it does not. */
static char *
free_range_below_4gib(size_t size)
{
	size_t unit = attach_multiple();

	for (uintptr_t hint = 1; hint < 15; hint++) {
		char *p = mmap(address(hint << 28), size + unit, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);

		if (p == MAP_FAILED)
			continue;
		unmap(p, size + unit);
		p += (unit - (uintptr_t)p % unit) % unit;
		if (!is_above_4gib(p + size))
			return p;
	}
	return NULL;
}

CASE(exact_address__below_4gib, SHALL, "A segment can be attached at an address below 4 GiB, used and detached",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES)
{
	size_t size = 2 * page_size() + 1;
	int id = segment_create(size);
	char *elsewhere = segment_attach(id, NULL, 0);
	char *at = free_range_below_4gib(3 * page_size());
	need(at != NULL, "needs free addresses below 4 GiB");

	REQUIRE(shmat(id, at, 0) == at);
	CHECK_BYTES(0, at, size);
	pattern_store(1, at, size);
	CHECK_PATTERN(1, elsewhere, size);
	CHECK_SUCCEEDS(shmdt(at));
	CHECK_UNMAPPED(at, size);
}

/* At an address that the system picked and that is free again. */
static void
check_attaches_again(int id, char *p)
{
	errno = 0;
	char *again = shmat(id, p, 0);

	/* There SHMLBA is several pages, and without an address the system looks at the page size alone. */
	if (again == (void *)-1 && errno == EINVAL && (uintptr_t)p % attach_multiple() != 0)
		deviates(LINUX, "an address that the system picked is refused, as it is no multiple of SHMLBA",
		    "Linux shmop(2)");
	CHECK_EQ(p, again);
}

CASE(null_address_chosen__again, SHALL,
    "Where the system has attached a segment, and it is detached, the caller can have it attached again",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES)
{
	size_t size = 2 * page_size() + 1;
	int id = segment_create(size);
	char *elsewhere = segment_attach(id, NULL, 0);
	pattern_store(1, elsewhere, size);

	for (int i = 0; i < 3; i++) {
		char *p = segment_attach(id, NULL, i % 2 == 0 ? 0 : SHM_RDONLY);

		segment_detach(p);
		check_attaches_again(id, p);
		CHECK_PATTERN(1, p, size);
	}
}

CASE(null_address_chosen__top_bit, SHALL,
    "An address with the top bit set can be used, detached, and chosen by the caller",
    "POSIX.1-2017 shmat() RETURN VALUE", "POSIX.1-2024 shmat() RETURN VALUE", "POSIX.1-2017 shmdt() RETURN VALUE")
{
	enum { ATTACHMENTS = 6 };
	size_t size = 2 * page_size();
	int id = segment_create(size);
	char *p = NULL;

	for (int i = 0; i < ATTACHMENTS && (intptr_t)p >= 0; i++)
		p = segment_attach(id, NULL, 0);
	need((intptr_t)p < 0, "needs addresses with the top bit set");
	unsigned long count = (unsigned long)segment_stat(id).shm_nattch;
	pattern_store(1, p, size);

	CHECK_SUCCEEDS(shmdt(p));
	CHECK_EQ(count - 1, segment_stat(id).shm_nattch);
	CHECK_UNMAPPED(p, size);
	check_attaches_again(id, p);
}

static void
attach_at_low_addresses(void *arg)
{
	static const int flags[] = { 0, SHM_RDONLY, SHM_RND, SHM_REMAP };
	int id = *(int *)arg;

	for (size_t i = 0; i < 2 * nitems(flags); i++) {
		char *at = address((1 + i % 2) * attach_multiple());
		int flag = flags[i / 2];

		errno = 0;
		char *p = shmat(id, flag == SHM_RND ? at + 1 : at, flag);
		if (p == (void *)-1) {
			CHECK_NE(0, errno);
			CHECK_EQ(0, segment_stat(id).shm_nattch);
			continue;
		}
		CHECK_EQ(at, p);
		CHECK_SUCCEEDS(shmdt(p));
	}
}

CASE(exact_address__low, SHALL, "A segment is attached exactly at the lowest multiples of SHMLBA, or not at all",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES, NEEDS_SEGMENTS_THAT_STAY,
    COVERS("shmat.low_addr_not_moved shmat.low_remap"))
{
	int id = segment_create(page_size());

	in_child(attach_at_low_addresses, &id);
}

static void
remap_near_zero(void *arg)
{
	static const int flags[] = { 0, SHM_RDONLY };
	int id = *(int *)arg;

	for (size_t i = 0; i < nitems(flags); i++) {
		CHECK_FAILS(EINVAL, (void *)-1, shmat(id, address(1), SHM_RND | SHM_REMAP | flags[i]));
		CHECK_FAILS(
		    EINVAL, (void *)-1, shmat(id, address(attach_multiple() - 1), SHM_RND | SHM_REMAP | flags[i]));
	}
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

/* CVE-2017-5669. Without SHM_REMAP the system may attach there: rnd_rounding_to_zero. */
CASE(rnd_rounding_to_zero__with_remap, DOCUMENTED,
    "A shmaddr that SHM_RND rounds to zero fails with EINVAL with SHM_REMAP", "Linux shmop(2)",
    "Linux ipc/shm.c do_shmat()", NEEDS_SEGMENTS_THAT_STAY, COVERS("shmat.remap_null"))
{
	int id = segment_create(page_size());

	in_child(remap_near_zero, &id);
}

CASE(unknown_flags, OBSERVED, "shmat() ignores flags that are not its own, or fails",
    "POSIX.1-2017 shmat() DESCRIPTION", COVERS("shmat.unknown_flags_ignored"))
{
	static const struct {
		int flags;
		const char *key;
	} rows[] = { { IPC_CREAT | IPC_EXCL | 0600, "attach-with-flags-of-shmget" },
		{ 1 << 27, "attach-with-unknown-flag" } };
	int id = segment_create(2 * page_size());
	char *elsewhere = segment_attach(id, NULL, 0);
	pattern_store(1, elsewhere, 2 * page_size());

	for (size_t i = 0; i < nitems(rows); i++) {
		errno = 0;
		char *p = shmat(id, NULL, rows[i].flags);
		int error = errno;

		CHECK_EQ(p == (void *)-1 ? 1 : 2, segment_stat(id).shm_nattch);
		observed(rows[i].key, "%s", p == (void *)-1 ? errno_name(error) : "attached");
		if (p == (void *)-1)
			continue;
		CHECK_PATTERN(1, p, 2 * page_size());
		CHECK_STORE_OK(p);
		CHECK_SUCCEEDS(shmdt(p));
	}
}

CASE(brk_not_altered, DOCUMENTED, "An attachment does not move the end of the heap", "Linux shmop(2)")
{
	int id = segment_create(2 * page_size());
	void *const addresses[] = { free_range(2 * page_size()), NULL };

	for (size_t i = 0; i < nitems(addresses); i++) {
		void *before = sbrk(0);
		void *p = shmat(id, addresses[i], 0);
		void *after = sbrk(0);

		REQUIRE(p != (void *)-1);
		CHECK_EQ(before, after);
	}
}

static void
attach_above_heap(void *arg)
{
	size_t unit = attach_multiple();
	int id = *(int *)arg;
	char *end = sbrk(0);
	need(end != (void *)-1, "needs sbrk()");
	char *at = end + (unit - (uintptr_t)end % unit) + unit;

	errno = 0;
	char *p = shmat(id, at, 0);
	observed("attach-above-heap", "%s", p == (void *)-1 ? errno_name(errno) : "attached");
	if (p == (void *)-1)
		return;
	CHECK_EQ(at, p);
	pattern_store(1, p, page_size());
	bool has_grown = sbrk((intptr_t)(4 * unit)) != (void *)-1;
	CHECK_PATTERN(1, p, page_size());
	observed("heap-grows-to-attachment", "%s", has_grown ? "succeeds" : "fails");
	CHECK_EQ(1, segment_stat(id).shm_nattch);
}

CASE(above_brk, OBSERVED,
    "A segment can be attached right above the heap, which does not grow into it, or shmat() fails",
    "POSIX.1-2017 shmat() DESCRIPTION", NEEDS_SEGMENTS_THAT_STAY, COVERS("shmat.above_brk brk.over_shm"))
{
	int id = segment_create(page_size());

	in_child(attach_above_heap, &id);
}
