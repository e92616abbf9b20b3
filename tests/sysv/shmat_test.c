/* SPDX-License-Identifier: BSD-2-Clause */

/* Attaching System V segments: the address, and the errors. */

#include <limits.h>
#include <stdint.h>

#include "attach_pages.h"
#include "case.h"
#include "fault.h"
#include "file.h"
#include "mapping.h"
#include "process.h"
#include "segment.h"
#include "segment_limits.h"

INTERFACE(shmat, NEEDS_SEGMENTS)

CASE(null_address_chosen, SHALL, "With a null shmaddr the system picks the address of the attachment",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES, COVERS("shmat.null_addr"))
{
	int id = segment_create(page_size());

	char *p = shmat(id, NULL, 0);

	REQUIRE(p != (void *)-1);
	CHECK_NE(NULL, p);
	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[page_size() - 1]);
}

CASE(null_address_chosen__among_mappings, SHALL,
    "The address that the system picks for an attachment has nothing else mapped or attached",
    "POSIX.1-2017 shmat() DESCRIPTION", "Linux shmop(2)", "illumos shmop(2)")
{
	enum { ATTACHMENTS = 4 };
	size_t size = 2 * page_size() + 1;
	char *attached[ATTACHMENTS];
	char *mapped[ATTACHMENTS];

	for (int i = 0; i < ATTACHMENTS; i++) {
		int id = segment_create(size);

		mapped[i] = map_anonymous(size, MAP_PRIVATE);
		pattern_store((unsigned char)i, mapped[i], size);
		attached[i] = shmat(id, NULL, 0);
		REQUIRE(attached[i] != (void *)-1);
		CHECK_BYTES(0, attached[i], size);
		pattern_store((unsigned char)(100 + i), attached[i], size);
	}

	for (int i = 0; i < ATTACHMENTS; i++) {
		CHECK_PATTERN(i, mapped[i], size);
		CHECK_PATTERN(100 + i, attached[i], size);
	}
}

CASE(chosen_address_aligned, DOCUMENTED, "The address that the system picks is a multiple of the page size",
    "Linux shmop(2)")
{
	const size_t sizes[] = { 1, page_size() + 1, 3 * page_size() };

	for (size_t i = 0; i < nitems(sizes); i++) {
		void *p = shmat(segment_create(sizes[i]), NULL, 0);

		REQUIRE(p != (void *)-1);
		CHECK_EQ(0, (uintptr_t)p % page_size());
	}
}

CASE(exact_address, SHALL, "With a shmaddr of the right alignment the segment starts exactly there",
    "POSIX.1-2017 shmat() DESCRIPTION", ATTACH_PAGES, COVERS("shmat.aligned_addr"))
{
	static const int flags[] = { 0, SHM_RDONLY, SHM_RND };
	int id = segment_create(3 * page_size());
	char *elsewhere = segment_attach(id, NULL, 0);
	pattern_store(1, elsewhere, 3 * page_size());

	for (size_t i = 0; i < nitems(flags); i++) {
		char *at = free_range(3 * page_size());

		REQUIRE(shmat(id, at, flags[i]) == at);
		CHECK_PATTERN(1, at, 3 * page_size());
		segment_detach(at);
		CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, at);
	}
}

CASE(rnd_rounds_down, SHALL, "SHM_RND rounds shmaddr down to a multiple of SHMLBA", "POSIX.1-2017 shmat() DESCRIPTION",
    ATTACH_PAGES, COVERS("shmat.shm_rnd"))
{
	size_t multiple = attach_multiple();
	const size_t offsets[] = { 1, 17, multiple / 2, multiple - 1 };
	int id = segment_create(page_size());
	char *elsewhere = segment_attach(id, NULL, 0);
	*elsewhere = 'x';

	for (size_t i = 0; i < 2 * nitems(offsets); i++) {
		char *base = (char *)free_range(3 * multiple) + i % 2 * multiple;

		char *p = shmat(id, base + offsets[i / 2], SHM_RND);
		REQUIRE(p != (void *)-1);
		CHECK_EQ(base, p);
		CHECK_EQ('x', *p);
		segment_detach(p);
	}
}

CASE(rnd_null_ignored, SHALL, "SHM_RND has no effect with a null shmaddr", "POSIX.1-2017 shmat() DESCRIPTION",
    "illumos shmop(2)")
{
	int id = segment_create(2 * page_size());

	char *p = shmat(id, NULL, SHM_RND);
	char *ro = shmat(id, NULL, SHM_RND | SHM_RDONLY);

	REQUIRE(p != (void *)-1);
	REQUIRE(ro != (void *)-1);
	REQUIRE(p != NULL);
	REQUIRE(ro != NULL);
	p[page_size()] = 'x';
	CHECK_EQ('x', ro[page_size()]);
}

static void
attach_near_zero(void *arg)
{
	static const struct {
		int flag;
		const char *key;
	} ways[] = { { 0, "attach-rounded-to-zero" }, { SHM_REMAP, "attach-rounded-to-zero-with-remap" } };
	int id = *(int *)arg;

	for (size_t i = 0; i < nitems(ways); i++) {
		errno = 0;
		void *p = shmat(id, (void *)1, SHM_RND | ways[i].flag);
		int error = errno;

		if (p == (void *)-1) {
			CHECK_NE(0, error);
			CHECK_EQ(0, segment_stat(id).shm_nattch);
			observed(ways[i].key, "%s", errno_name(error));
			continue;
		}
		CHECK_EQ(1, segment_stat(id).shm_nattch);
		observed(ways[i].key, "attached at %s", p == NULL ? "zero" : "another address");
		CHECK_SUCCEEDS(shmdt(p));
	}
}

CASE(rnd_rounding_to_zero, OBSERVED,
    "At a shmaddr that SHM_RND rounds to zero the segment is attached, or shmat() fails",
    "POSIX.1-2017 shmat() DESCRIPTION", COVERS("BS18"))
{
	int id = segment_create(page_size());

	in_child(attach_near_zero, &id);
}

CASE(einval_unaligned, SHALL, "A shmaddr that is no multiple of SHMLBA fails with EINVAL without SHM_RND",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", ATTACH_PAGES, COVERS("shmat.unaligned"))
{
	const size_t offsets[] = { 1, 8, page_size() / 2, page_size() - 1 };
	int id = segment_create(page_size());
	char *base = free_range(2 * page_size());

	for (size_t i = 0; i < nitems(offsets); i++) {
		CHECK_FAILS(EINVAL, (void *)-1, shmat(id, base + offsets[i], 0));
		CHECK_FAILS(EINVAL, (void *)-1, shmat(id, base + offsets[i], SHM_RDONLY));
	}

	CHECK_EQ(0, segment_stat(id).shm_nattch);
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, base);
}

CASE(einval_bad_id__removed, SHALL, "The identifier of a removed segment fails with EINVAL or EIDRM",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", ATTACH_PAGES)
{
	int id = segment_create(page_size());
	segment_remove(id);

	CHECK_FAILS_AS_REMOVED((void *)-1, shmat(id, NULL, 0));
}

CASE(einval_bad_id__never_valid, SHALL, "A negative number and INT_MAX, which are no identifiers, fail with EINVAL",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", ATTACH_PAGES,
    COVERS("shmat.bad_id shmat.huge_bad_id"))
{
	static const int ids[] = { -1, -2, INT_MIN, INT_MAX };
	char *at = free_range(page_size());
	guard_segments();

	for (size_t i = 0; i < nitems(ids); i++) {
		CHECK_FAILS(EINVAL, (void *)-1, shmat(ids[i], NULL, 0));
		CHECK_FAILS(EINVAL, (void *)-1, shmat(ids[i], at, SHM_RDONLY));
	}
	CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, at);
}

CASE(einval_bad_id__replaced, SHALL,
    "The identifier of a removed segment fails with EINVAL or EIDRM when another segment has its key",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", ATTACH_PAGES)
{
	key_t key = segment_key();
	int old = segment_create_with_key(key, page_size(), 0600);
	segment_remove(old);
	int new = segment_create_with_key(key, page_size(), 0600);
	need(new != old, "needs identifiers that are not used again at once");

	CHECK_FAILS_AS_REMOVED((void *)-1, shmat(old, NULL, 0));

	CHECK_EQ(0, segment_stat(new).shm_nattch);
}

static void
need_shm_failed(void)
{
	const void *failed = SHM_FAILED;

	need(failed != NULL, "needs SHM_FAILED in <sys/shm.h>");
}

CASE(shm_failed, SHALL, "SHM_FAILED is the pointer that shmat() returns when it fails, (void *)-1",
    "POSIX.1-2024 <sys/shm.h>", "POSIX.1-2024 shmat() RETURN VALUE", "Linux shmop(2) HISTORY",
    NEED("SHM_FAILED", .ask = need_shm_failed))
{
	guard_segments();

	CHECK_EQ((void *)-1, SHM_FAILED);
	CHECK_FAILS(EINVAL, SHM_FAILED, shmat(-1, NULL, 0));
}

CASE(eidrm_removed_id, OBSERVED, "The identifier of a segment that its last detach destroyed gives EINVAL or EIDRM",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS",
    CHOICE("Linux shmop(2)", "attach-destroyed", "EINVAL or EIDRM"),
    CHOICE("FreeBSD shmat(2)", "attach-destroyed", "EINVAL"), CHOICE("NetBSD shmat(2)", "attach-destroyed", "EINVAL"),
    CHOICE("OpenBSD shmat(2)", "attach-destroyed", "EINVAL"),
    CHOICE("DragonFly shmat(2)", "attach-destroyed", "EINVAL"), CHOICE("macOS shmat(2)", "attach-destroyed", "EINVAL"),
    CHOICE("illumos shmop(2)", "attach-destroyed", "EINVAL"))
{
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	segment_remove(id);
	segment_detach(p);

	CHECK_FAILS_AS_REMOVED((void *)-1, shmat(id, NULL, 0));
	errno = 0;
	shmat(id, NULL, 0);
	observed("attach-destroyed", "%s", errno_name(errno));
}

static void
need_address_limit(void)
{
	need(address_limit_is_for_attachments(), "needs RLIMIT_AS that holds for attachments");
}

static void
need_attachment_limit(void)
{
	unsigned long long limit = attachments_of_process();

	need(limit != 0, "needs a limit on the attachments of a process that sysctl() tells");
	need(limit <= 4096, "needs a limit of at most 4096 attachments of a process, here it is %llu", limit);
}

#define NEEDS_ADDRESS_LIMIT    NEED("RLIMIT_AS that holds for attachments", .ask = need_address_limit)
#define NEEDS_ATTACHMENT_LIMIT NEED("a shmseg that sysctl() tells, of at most 4096", .ask = need_attachment_limit)

/*
 * Reservations of halving sizes under a limit on addresses, until none of the smallest size is left to have: they take
 * addresses and no memory. Bounded, as emulators that don't know the limit do take memory for them.
 */
static bool
reserve_addresses(size_t smallest)
{
	const size_t gigabyte = (size_t)1 << 30;
	unsigned reserved = 0;

	limit_to(RLIMIT_AS, gigabyte);
	for (size_t size = gigabyte; size >= smallest; size /= 2)
		while (mmap(NULL, size, PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0) != MAP_FAILED)
			if (++reserved == 64)
				return false;
	return true;
}

static void
attach_without_room(void *arg)
{
	int id = *(int *)arg;
	size_t size = segment_stat(id).shm_segsz;
	int fd = nameless_file(size);

	bool used_up = reserve_addresses(size) && mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED;
	need(used_up, "needs a limit on the addresses of a process");

	CHECK_FAILS(ENOMEM, (void *)-1, shmat(id, NULL, 0));
	CHECK_FAILS(ENOMEM, (void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_EQ(0, segment_stat(id).shm_nattch);
}

CASE(enomem_no_space, SHALL, "shmat() fails with ENOMEM when the process has no free addresses for the segment",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "FreeBSD shmat(2)", NETBSD_ATTACH_PAGES,
    "illumos shmop(2)", NEEDS_SEGMENTS_THAT_STAY, NEEDS_ADDRESS_LIMIT, COVERS("BS15"))
{
	int id = segment_create(64 * page_size());

	in_child(attach_without_room, &id);
}

static void
attach_beyond_limit(void *arg)
{
	int id = *(int *)arg;
	unsigned long long limit = attachments_of_process();
	void *last = NULL;

	for (unsigned long long i = 0; i < limit; i++) {
		last = shmat(id, NULL, i % 2 == 0 ? 0 : SHM_RDONLY);
		REQUIRE(last != (void *)-1);
	}

	CHECK_FAILS(EMFILE, (void *)-1, shmat(id, NULL, 0));
	CHECK_FAILS(EMFILE, (void *)-1, shmat(id, NULL, SHM_RDONLY));
	CHECK_EQ(limit, segment_stat(id).shm_nattch);
	CHECK_SUCCEEDS(shmdt(last));
	CHECK_NE((void *)-1, shmat(id, NULL, 0)); /* there is room for one again */
}

CASE(emfile_shmseg, SHALL, "shmat() fails with EMFILE when the process has as many attachments as it may have",
    "POSIX.1-2017 shmat() ERRORS", "POSIX.1-2024 shmat() ERRORS", "FreeBSD shmat(2) ERRORS", NETBSD_ATTACH_PAGES,
    "illumos shmop(2)", NEEDS_ATTACHMENT_LIMIT, COVERS("BS14"))
{
	int id = segment_create(1);

	in_child(attach_beyond_limit, &id);
}

CASE(remap_replaces, DOCUMENTED, "SHM_REMAP replaces what is mapped in the segment's range, and nothing beside it",
    "Linux shmop(2)", "FreeBSD 12.1 shmat(2)", COVERS("shmat.remap_replaces"))
{
	static const int flags[] = { 0, SHM_RND, SHM_RDONLY };
	size_t unit = attach_multiple();

	for (size_t i = 0; i < nitems(flags); i++) {
		int id = segment_create(2 * unit);
		char *old = free_range(4 * unit);
		int protection = PROT_READ | PROT_WRITE;

		REQUIRE(mmap(old, 4 * unit, protection, MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED, -1, 0) == old);
		pattern_store(1, old, 4 * unit);
		CHECK_EQ(old + unit, shmat(id, old + unit, SHM_REMAP | flags[i]));
		CHECK_BYTES(0, old + unit, 2 * unit);
		CHECK_PATTERN(1, old, unit);
		CHECK_PATTERN_FROM(1, 3 * unit, old + 3 * unit, unit);
		CHECK_EQ(1, segment_stat(id).shm_nattch);
		CHECK_SUCCEEDS(shmdt(old + unit));
	}
}

CASE(remap_null_einval, DOCUMENTED, "SHM_REMAP with a null shmaddr fails with EINVAL", "Linux shmop(2)",
    COVERS("shmat.remap_null_arg"))
{
	int id = segment_create(page_size());

	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, NULL, SHM_REMAP));
	CHECK_FAILS(EINVAL, (void *)-1, shmat(id, NULL, SHM_REMAP | SHM_RND));

	CHECK_EQ(0, segment_stat(id).shm_nattch);
}
