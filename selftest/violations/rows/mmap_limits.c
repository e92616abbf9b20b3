/* SPDX-License-Identifier: BSD-2-Clause */

/* The errors of mmap() for what is too much. */

#include <stdint.h>
#include <unistd.h>

#include <sys/resource.h>

#include "mmap.h"

static off_t
last_page_of_all(void)
{
	return (off_t)(((uintmax_t)1 << (8 * sizeof(off_t) - 1)) - page_size());
}

static void *
map_behind_maximum(int sharing)
{
	return mmap(NULL, 2 * page_size(), PROT_READ, sharing, nameless_file(1), last_page_of_all());
}

VIOLATION(mmap_behind_offset_maximum_accepted, "mmap.eoverflow", "-", MMAP,
    ACCEPTS(asks_shared_file(c) && c->offset == last_page_of_all(), EOVERFLOW, some_memory(c)))
{
	return map_behind_maximum(MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_behind_offset_maximum_enomem, "mmap.eoverflow", "-", MMAP,
    MISTAKES(asks_private_file(c) && c->offset == last_page_of_all(), EOVERFLOW, ENOMEM))
{
	return map_behind_maximum(MAP_PRIVATE) == MAP_FAILED && errno == ENOMEM;
}

VIOLATION(mmap_behind_offset_maximum_grows_file, "mmap.eoverflow", "-", MMAP,
    CHANGES(asks_shared_file(c) && c->offset == last_page_of_all(), real_ftruncate(c->fd, (off_t)(2 * page_size()))))
{
	int fd = nameless_file(1);

	(void)mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, fd, last_page_of_all());
	return size_of(fd) != 1;
}

/* More than half of all addresses. */
static bool
is_too_long(const struct call *c)
{
	return c->length > SIZE_MAX / 2 && !is_fixed(c);
}

static void *
map_too_much(int sharing)
{
	return mmap(NULL, SIZE_MAX - 16 * page_size() + 1, PROT_NONE, sharing | MAP_ANON, -1, 0);
}

VIOLATION(mmap_too_long_memory_einval, "mmap.enomem-too-long", "B217", MMAP,
    MISTAKES(is_too_long(c) && asks_private_anonymous(c), ENOMEM, EINVAL))
{
	return map_too_much(MAP_PRIVATE) == MAP_FAILED && errno == EINVAL;
}

VIOLATION(mmap_too_long_memory_eperm, "mmap.enomem-too-long", "B113", MMAP,
    MISTAKES(is_too_long(c) && asks_shared_anonymous(c), ENOMEM, EPERM))
{
	return map_too_much(MAP_SHARED) == MAP_FAILED && errno == EPERM;
}

VIOLATION(mmap_too_long_memory_granted, "mmap.enomem-too-long", "B067", MMAP,
    CHANGES(is_too_long(c) && !is_of_file(c) && c->length < SIZE_MAX - page_size(), c->length = page_size()))
{
	return map_too_much(MAP_PRIVATE) != MAP_FAILED;
}

VIOLATION(mmap_length_wraps_around, "mmap.enomem-too-long", "B028", MMAP,
    CHANGES(c->length == SIZE_MAX && !is_of_file(c), c->length = page_size()))
{
	return mmap(NULL, SIZE_MAX, PROT_NONE, PRIVATE_ANONYMOUS, -1, 0) != MAP_FAILED;
}

VIOLATION(mmap_length_of_file_wraps_around, "mmap.enomem-too-long", "B028", MMAP,
    CHANGES(c->length == SIZE_MAX && is_of_file(c), c->length = page_size()))
{
	return mmap(NULL, SIZE_MAX, PROT_NONE, MAP_PRIVATE, nameless_file(1), 0) != MAP_FAILED;
}

VIOLATION(mmap_too_long_file_efault, "mmap.enomem-too-long", "-", MMAP,
    MISTAKES(is_too_long(c) && is_of_file(c) && c->length < SIZE_MAX - page_size(), ENOMEM, EFAULT))
{
	return mmap(NULL, SIZE_MAX - 16 * page_size() + 1, PROT_NONE, MAP_PRIVATE, nameless_file(1), 0) == MAP_FAILED &&
	    errno == EFAULT;
}

static uintmax_t
soft_limit(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

enum { MIB = 1024 * 1024 };

/* With the limit lowered. The hard limit stays. */
static void *
map_under_limit(int resource, rlim_t soft, size_t length, int protection, int flags, int fd)
{
	limit_to(resource, soft);
	return mmap(NULL, length, protection, flags, fd, 0);
}

static bool
is_over_address_limit(const struct call *c)
{
	return c->length > soft_limit(RLIMIT_AS);
}

static void
raise_address_limit(struct call *c)
{
	struct rlimit old;
	struct rlimit more;

	getrlimit(RLIMIT_AS, &old);
	more = (struct rlimit){ .rlim_cur = old.rlim_max, .rlim_max = old.rlim_max };
	real_make((struct call){ .interface = SETRLIMIT, .command = RLIMIT_AS, .buffer = &more });
	real_call(c);
	real_make((struct call){ .interface = SETRLIMIT, .command = RLIMIT_AS, .buffer = &old });
}

VIOLATION(mmap_memory_above_address_limit, "mmap.enomem-rlimit-as", "B067", MMAP,
    REPLACES(!is_of_file(c) && is_over_address_limit(c), raise_address_limit(c)))
{
	return map_under_limit(RLIMIT_AS, 64 * MIB, 128 * MIB, PROT_NONE, PRIVATE_ANONYMOUS, -1) != MAP_FAILED;
}

VIOLATION(mmap_file_above_address_limit, "mmap.enomem-rlimit-as", "-", MMAP,
    REPLACES(is_of_file(c) && is_over_address_limit(c), raise_address_limit(c)))
{
	return map_under_limit(RLIMIT_AS, 64 * MIB, 128 * MIB, PROT_READ, MAP_SHARED, nameless_file(1)) != MAP_FAILED;
}

VIOLATION(mmap_above_address_limit_eagain, "mmap.enomem-rlimit-as", "-", MMAP,
    MISTAKES(is_over_address_limit(c), ENOMEM, EAGAIN))
{
	return map_under_limit(RLIMIT_AS, 64 * MIB, 128 * MIB, PROT_NONE, PRIVATE_ANONYMOUS, -1) == MAP_FAILED &&
	    errno == EAGAIN;
}

static bool
is_over_data_limit(const struct call *c)
{
	return c->length > soft_limit(RLIMIT_DATA);
}

VIOLATION(mmap_above_data_limit_granted, "mmap.enomem-rlimit-data", "-", MMAP,
    CHANGES(asks_private_anonymous(c) && is_over_data_limit(c), c->protection &= ~PROT_WRITE))
{
	return map_under_limit(RLIMIT_DATA, 8 * MIB, 16 * MIB, READ_WRITE, PRIVATE_ANONYMOUS, -1) != MAP_FAILED;
}

VIOLATION(
    mmap_above_data_limit_eagain, "mmap.enomem-rlimit-data", "-", MMAP, MISTAKES(is_over_data_limit(c), ENOMEM, EAGAIN))
{
	return map_under_limit(RLIMIT_DATA, 8 * MIB, 16 * MIB, READ_WRITE, PRIVATE_ANONYMOUS, -1) == MAP_FAILED &&
	    errno == EAGAIN;
}

VIOLATION(mmap_shared_counts_as_data, "mmap.enomem-rlimit-data", "-", MMAP,
    REFUSES(asks_shared(c) && is_over_data_limit(c), ENOMEM))
{
	return map_under_limit(RLIMIT_DATA, 8 * MIB, 16 * MIB, READ_WRITE, MAP_SHARED, nameless_file(1)) == MAP_FAILED;
}

VIOLATION(mmap_read_only_counts_as_data, "mmap.enomem-rlimit-data", "-", MMAP,
    REFUSES(asks_private_file(c) && c->protection == PROT_READ && is_over_data_limit(c), ENOMEM))
{
	return map_under_limit(RLIMIT_DATA, 8 * MIB, 16 * MIB, PROT_READ, MAP_PRIVATE, nameless_file(1)) == MAP_FAILED;
}

/* What is too much to be locked is mapped and not locked. */
static void *
memory_without_lock(const struct call *c)
{
	void *p;

	real_make((struct call){ .interface = MUNLOCKALL });
	p = some_memory(c);
	real_make((struct call){ .interface = MLOCKALL, .flags = MCL_FUTURE });
	return p;
}

/* In a process of an ordinary user: the body's result is its exit status. */
static bool
is_seen_as_user(bool (*body)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0)
			user_become(OTHER);
		_exit(body() ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

static void *
map_with_future_locked(int sharing)
{
	limit_to(RLIMIT_MEMLOCK, 2 * page_size());
	mlockall(MCL_FUTURE);
	return mmap(NULL, 16 * page_size(), READ_WRITE, sharing | MAP_ANON, -1, 0);
}

static bool
private_is_granted(void)
{
	return map_with_future_locked(MAP_PRIVATE) != MAP_FAILED;
}

VIOLATION(mmap_private_above_lock_limit, "mmap.eagain-mlockall-future", "-", MMAP,
    ACCEPTS(asks_private_anonymous(c) && c->length > soft_limit(RLIMIT_MEMLOCK), EAGAIN, memory_without_lock(c)))
{
	return is_seen_as_user(private_is_granted);
}

static bool
shared_is_granted(void)
{
	return map_with_future_locked(MAP_SHARED) != MAP_FAILED;
}

VIOLATION(mmap_shared_above_lock_limit, "mmap.eagain-mlockall-future", "-", MMAP,
    ACCEPTS(asks_shared_anonymous(c) && c->length > 8 * page_size() && c->length > soft_limit(RLIMIT_MEMLOCK), EAGAIN,
	memory_without_lock(c)))
{
	return is_seen_as_user(shared_is_granted);
}

static bool
error_is_eperm(void)
{
	return map_with_future_locked(MAP_PRIVATE) == MAP_FAILED && errno == EPERM;
}

VIOLATION(mmap_above_lock_limit_eperm, "mmap.eagain-mlockall-future", "-", MMAP,
    MISTAKES(asks_private_anonymous(c) && c->length > soft_limit(RLIMIT_MEMLOCK), EAGAIN, EPERM))
{
	return is_seen_as_user(error_is_eperm);
}

static bool
error_is_enomem(void)
{
	return map_with_future_locked(MAP_PRIVATE) == MAP_FAILED && errno == ENOMEM;
}

VIOLATION(mmap_above_lock_limit_enomem, "mmap.eagain-mlockall-future", "-", MMAP,
    MISTAKES(asks_private_anonymous(c) && c->length > soft_limit(RLIMIT_MEMLOCK), EAGAIN, ENOMEM))
{
	return is_seen_as_user(error_is_enomem);
}
