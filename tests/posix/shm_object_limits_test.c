/* SPDX-License-Identifier: BSD-2-Clause */

/* How large a POSIX shared memory object may become, and what happens when memory for it runs out. */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "process.h"

#define NEEDS_SIZE_WITHOUT_MEMORY NEED("sizes that take no memory", .ask = need_size_without_memory)

static void
need_size_without_memory(void)
{
	need(!platform_is(MACOS), "macOS takes memory in the kernel to describe an object of that size");
}

INTERFACE(shm_object, NEEDS_OBJECTS)

CASE(huge_length, OBSERVED,
    "A size for which no system has memory is set, or fails with EFBIG, EINVAL, ENOSPC or ENOMEM and changes nothing",
    "POSIX.1-2017 ftruncate() ERRORS", NEEDS_SIZE_WITHOUT_MEMORY, COVERS("BS63"))
{
	const off_t huge = sizeof(off_t) > 4 ? (off_t)(INT64_C(1) << 62) : INT32_MAX - 1;
	struct object o = object_create(0);

	errno = 0;
	int result = ftruncate(o.fd, huge);

	observed("huge-size", "%s", result == 0 ? "set" : errno_name(errno));
	if (result == 0)
		CHECK_EQ(huge, size_of(o.fd));
	else {
		CHECK(errno == EFBIG || errno == EINVAL || errno == ENOSPC || errno == ENOMEM);
		CHECK_EQ(0, size_of(o.fd));
	}
	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)page_size()));
}

static volatile sig_atomic_t sigxfsz_count;

static void
count_sigxfsz(int signal)
{
	(void)signal;
	sigxfsz_count++;
}

static void
grow_over_limit(void *object)
{
	const struct object *o = object;
	REQUIRE(signal(SIGXFSZ, count_sigxfsz) != SIG_ERR);
	limit_to(RLIMIT_FSIZE, 2 * page_size());

	errno = 0;
	int result = ftruncate(o->fd, (off_t)(3 * page_size()));

	observed("size-over-rlimit-fsize", "%s, %s", result == 0 ? "set" : errno_name(errno),
	    sigxfsz_count > 0 ? "with SIGXFSZ" : "no signal");
	CHECK_EQ(result == 0 ? 3 * page_size() : 0, size_of(o->fd));
	if (result == -1) {
		CHECK_EQ(errno == EINVAL ? EINVAL : EFBIG, errno);
		CHECK_SUCCEEDS(ftruncate(o->fd, (off_t)(2 * page_size()))); /* what the limit allows */
	} else
		CHECK_EQ(0, sigxfsz_count);
}

CASE(rlimit_fsize, OBSERVED,
    "A size over RLIMIT_FSIZE is set in full, or fails with EFBIG or EINVAL and changes nothing",
    "POSIX.1-2017 ftruncate() DESCRIPTION",
    CHOICE("illumos truncate(3C)", "size-over-rlimit-fsize", "EFBIG, with SIGXFSZ or EINVAL, with SIGXFSZ"))
{
	struct object o = object_create(0);

	in_child(grow_over_limit, &o);
}

static void
mount_sixteen_pages(void)
{
	char options[64];

	snprintf(options, sizeof(options), "size=%zu", 16 * page_size());
	mount_private_objects(options);
}

static void
store_until_full(void *object)
{
	const struct object *o = object;
	mount_sixteen_pages();
	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	set_size(fd, (off_t)(64 * page_size()));
	char *p = map_shared(fd, 64 * page_size());
	size_t stored = 0;

	while (stored < 64 && fault_of_store(&p[stored * page_size()], (char)(stored + 1)).signal == 0)
		stored++;

	observed("pages-stored-of-16", "%zu", stored);
	CHECK(stored > 0);
	if (stored < 64)
		CHECK_EQ(SIGBUS, fault_of_store(&p[stored * page_size()], 'x').signal);
	for (size_t i = 0; i < stored; i++)
		CHECK_EQ(i + 1, (unsigned char)p[i * page_size()]);
}

CASE(lazy_allocation_sigbus, MAY,
    "A store to a page for which no memory is left works or raises SIGBUS, and the data stored before stay",
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_PRIVATE_OBJECTS, COVERS("BS70"))
{
	struct object o = object_name();

	in_child(store_until_full, &o);
}

static void
reserve_in_small_place(void *objects)
{
	const struct object *o = objects;
	mount_sixteen_pages();
	int fd = shm_open(o[0].name, O_CREAT | O_EXCL | O_RDWR, 0600);
	int other = shm_open(o[1].name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);
	REQUIRE(other != -1);

	CHECK_RETURNS_ERROR(ENOSPC, posix_fallocate(fd, 0, (off_t)(64 * page_size())));
	observed("size-after-refused-posix-fallocate", "%jd",
	    (intmax_t)size_of(fd)); /* C libraries may write to each page */
	REQUIRE_SUCCEEDS(ftruncate(fd, 0));
	CHECK_RETURNS_ERROR(0, posix_fallocate(fd, 0, (off_t)(8 * page_size())));
	CHECK_EQ(8 * page_size(), size_of(fd));

	/* What another object takes of the rest takes nothing of what is reserved. */
	for (int pages = 1; posix_fallocate(other, 0, (off_t)(pages * (long)page_size())) == 0;)
		pages++;
	char *p = map_shared(fd, 8 * page_size());
	for (size_t at = 0; at < 8 * page_size(); at += page_size())
		CHECK_STORE_OK(&p[at]);
}

CASE(posix_fallocate_reserves, DOCUMENTED,
    "posix_fallocate() reserves memory for the pages of an object, or returns ENOSPC", "Linux posix_fallocate(3)",
    "Linux fallocate(2)", NEEDS_PRIVATE_OBJECTS)
{
	struct object o[] = { object_name(), object_name() };

	in_child(reserve_in_small_place, o);
}

CASE(posix_fallocate_reserves__grows, OBSERVED,
    "posix_fallocate() makes an object larger by zeros and keeps its data, or fails and leaves size and data",
    "POSIX.1-2017 posix_fallocate() DESCRIPTION", "FreeBSD posix_fallocate(2)", "NetBSD posix_fallocate(2)",
    "DragonFly 6.1 posix_fallocate(2)")
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());
	pattern_store(1, p, page_size());

	int error = posix_fallocate(o.fd, 0, (off_t)(3 * page_size()));

	observed("posix-fallocate", "%s", error == 0 ? "works" : errno_name(error));
	CHECK_EQ(error == 0 ? 3 * page_size() : page_size(), size_of(o.fd));
	CHECK_PATTERN(1, p, page_size());
	if (error == 0) {
		CHECK_BYTES(0, (char *)map_shared(o.fd, 3 * page_size()) + page_size(), 2 * page_size());
		CHECK_RETURNS_ERROR(0, posix_fallocate(o.fd, 0, (off_t)page_size()));
		CHECK_EQ(3 * page_size(), size_of(o.fd)); /* what is inside makes nothing smaller */
	}
}

CASE(posix_fallocate_reserves__from_offset, OBSERVED,
    "posix_fallocate() from an offset makes an object end behind its range, or fails and leaves size and data",
    "POSIX.1-2017 posix_fallocate() DESCRIPTION", COVERS("posix_fallocate.shm"))
{
	const size_t page = page_size();
	struct object o = object_create(page);
	char *p = map_shared(o.fd, page);
	pattern_store(1, p, page);

	int error = posix_fallocate(o.fd, (off_t)(2 * page), 10);

	observed("posix-fallocate-from-offset", "%s", error == 0 ? "works" : errno_name(error));
	CHECK_EQ(error == 0 ? 2 * page + 10 : page, size_of(o.fd));
	CHECK_PATTERN(1, p, page);
	if (error == 0)
		CHECK_BYTES(0, (char *)map_shared(o.fd, 3 * page) + page, page + 10);
}

CASE(posix_fallocate_errors, DOCUMENTED,
    "posix_fallocate() returns EBADF for a descriptor opened with O_RDONLY, and EINVAL for a negative offset",
    "Linux posix_fallocate(3)", "Linux fallocate(2)", "FreeBSD posix_fallocate(2)", "NetBSD posix_fallocate(2)",
    "DragonFly 6.1 posix_fallocate(2)", "illumos posix_fallocate(3C)")
{
	struct object o = object_create(page_size());
	int reading = object_open(&o, O_RDONLY);

	CHECK_RETURNS_ERROR(EBADF, posix_fallocate(reading, 0, (off_t)(2 * page_size())));
	CHECK_RETURNS_ERROR(EINVAL, posix_fallocate(o.fd, -1, (off_t)(2 * page_size())));

	CHECK_EQ(page_size(), size_of(o.fd));
}

CASE(posix_fallocate_errors__no_bytes, DOCUMENTED, "posix_fallocate() returns EINVAL for no bytes",
    "Linux posix_fallocate(3)", "Linux fallocate(2)", "FreeBSD posix_fallocate(2)", "DragonFly 6.1 posix_fallocate(2)",
    "illumos posix_fallocate(3C)")
{
	struct object o = object_create(page_size());

	CHECK_RETURNS_ERROR(EINVAL, posix_fallocate(o.fd, (off_t)page_size(), 0));

	CHECK_EQ(page_size(), size_of(o.fd));
}

static void
reserve_what_the_place_has(void *object)
{
	const struct object *o = object;
	char options[64];
	snprintf(options, sizeof(options), "size=%zu", 16 * page_size() - 1);
	mount_private_objects(options);
	int fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	REQUIRE(fd != -1);

	CHECK_RETURNS_ERROR(0, posix_fallocate(fd, 0, (off_t)(16 * page_size())));
	CHECK_RETURNS_ERROR(ENOSPC, posix_fallocate(fd, (off_t)(16 * page_size()), 1));
	CHECK_SUCCEEDS(ftruncate(fd, (off_t)(15 * page_size())));
	CHECK_RETURNS_ERROR(0, posix_fallocate(fd, 0, (off_t)(16 * page_size())));
}

CASE(tmpfs_size, DOCUMENTED,
    "A place that is mounted with a size holds as many pages, "
    "part of a page counted as one, and what shrinks frees some",
    "Linux tmpfs(5)", NEEDS_PRIVATE_OBJECTS)
{
	struct object o = object_name();

	in_child(reserve_what_the_place_has, &o);
}
