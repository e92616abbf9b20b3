/* SPDX-License-Identifier: BSD-2-Clause */

/* <sys/mman.h>: what it alone makes visible. */

/* This header comes first: it must make all of this visible by itself. */
#include "platform/mman_alone.h"

static const int protections[] = { PROT_READ, PROT_WRITE, PROT_EXEC };
static const int no_protection = PROT_NONE;
static const int map_flags[] = { MAP_SHARED, MAP_PRIVATE, MAP_FIXED };
static const int sync_flags[] = { MS_ASYNC, MS_SYNC, MS_INVALIDATE };
static const int lock_flags[] = { MCL_CURRENT, MCL_FUTURE };
static const int advices[] = { POSIX_MADV_NORMAL, POSIX_MADV_SEQUENTIAL, POSIX_MADV_RANDOM, POSIX_MADV_WILLNEED,
	POSIX_MADV_DONTNEED };
static void *const map_failed = MAP_FAILED;

static const struct functions {
	void *(*map)(void *, size_t, int, int, int, off_t);
	int (*unmap)(void *, size_t);
	int (*protect)(void *, size_t, int);
	int (*sync)(void *, size_t, int);
	int (*lock)(const void *, size_t);
	int (*unlock)(const void *, size_t);
	int (*lock_all)(int);
	int (*unlock_all)(void);
	int (*advise)(void *, size_t, int);
	int (*unlink)(const char *);
} functions = { mmap, munmap, mprotect, msync, mlock, munlock, mlockall, munlockall, posix_madvise, shm_unlink };

/* macOS declares it with an ellipsis. */
static const size_t size_of_descriptor = sizeof(shm_open("/", 0, (TYPE_OF_MODE)0));

#include "case.h"
#include "distinct_bits.h"
#include "mapping.h"
#include "object.h"

INTERFACE(mmap_header)

#define HEADER "POSIX.1-2017 <sys/mman.h>", "POSIX.1-2024 <sys/mman.h>"

static void
check_distinct(const int *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			CHECK_NE(values[i], values[j]);
}

CASE(constants, SHALL,
    "<sys/mman.h> alone makes visible every PROT_, MAP_, MS_, MCL_ and POSIX_MADV_ constant, and they differ", HEADER,
    COVERS("mman_h.exists mman_h.prot mman_h.map_flags mman_h.ms_flags mman_h.mcl_flags mman_h.posix_madv"))
{
	/* That this file compiles is most of it. */
	check_distinct_bits(protections, nitems(protections));
	CHECK_EQ(0, no_protection & (protections[0] | protections[1] | protections[2]));
	check_distinct_bits(map_flags, nitems(map_flags));
	check_distinct(sync_flags, nitems(sync_flags)); /* one may be zero */
	check_distinct_bits(lock_flags, nitems(lock_flags));
	check_distinct(advices, nitems(advices));
}

CASE(map_failed, SHALL, "MAP_FAILED is what a failed mmap() returns, and no address of a mapping", HEADER,
    COVERS("mman_h.map_failed"))
{
	CHECK_FAILS(EBADF, map_failed, functions.map(NULL, page_size(), PROT_READ, MAP_SHARED, -1, 0));
	CHECK_NE(map_failed, functions.map(NULL, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(functions, SHALL,
    "<sys/mman.h> alone declares its functions with the types mode_t, off_t and size_t, and they can be called", HEADER,
    COVERS("mman_h.types mman_h.prototypes"))
{
	const int fd = nameless_file(page_size());
	char *p = functions.map(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(p != map_failed);

	CHECK_SUCCEEDS(functions.sync(p, page_size(), MS_SYNC));
	CHECK_RETURNS_ERROR(0, functions.advise(p, page_size(), POSIX_MADV_NORMAL));
	CHECK_SUCCEEDS(functions.protect(p, page_size(), PROT_READ));
	CHECK_SUCCEEDS(functions.unmap(p, page_size()));
	REQUIRE(functions.lock != NULL);
	REQUIRE(functions.unlock != NULL);
	REQUIRE(functions.lock_all != NULL);
	REQUIRE(functions.unlock_all != NULL);
	REQUIRE(functions.unlink != NULL);
	REQUIRE(size_of_descriptor == sizeof(int));
	known_defect(OPENBSD, "", "<sys/mman.h> does not define mode_t", "OpenBSD sys/sys/mman.h");
	REQUIRE(MMAN_DEFINES_MODE_T);
}
