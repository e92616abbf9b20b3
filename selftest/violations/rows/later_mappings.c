/* SPDX-License-Identifier: BSD-2-Clause */

/* What mappings get wrong in calls that most programs make without a look at the result. */

#include <sys/resource.h>

#include "mmap.h"
#include "segment.h"

static bool
is_without_segments(void)
{
	return !known_any_segment() && known_ipc_namespaces() == 0;
}

VIOLATION(mmap_fixed_gives_next_page, "mmap.fixed-exact-address", "-", MMAP,
    FALSIFIES(is_fixed(c) && c->protection != PROT_NONE && is_without_segments(), c->result += (intptr_t)page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	return mmap(p, page_size(), PROT_READ, MAP_FIXED | PRIVATE_ANONYMOUS, -1, 0) == p + page_size();
}

VIOLATION(mmap_read_only_of_file_eacces, "mmap.eacces-shared-write", "-", MMAP,
    REFUSES(
	asks_shared_file(c) && c->protection == PROT_READ && access_mode(c->fd) == O_RDONLY && is_without_segments(),
	EACCES))
{
	struct file f = file_create(1);
	int fd = open(f.name, O_RDONLY);

	return mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED;
}

VIOLATION(mmap_of_megabytes_enomem, "mmap.enomem-rlimit-as", "-", MMAP,
    REFUSES(c->length >= (size_t)1 << 22 && is_without_segments(), ENOMEM))
{
	return mmap(NULL, (size_t)1 << 22, PROT_READ, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED;
}

VIOLATION(pread_of_file_differs, "mmap.tail-never-written", "-", PREAD,
    FALSIFIES(is_file(c->fd) && c->result > 0 && is_without_segments(), ((char *)c->buffer)[c->result - 1] ^= 1))
{
	char byte = 0;

	return pread(nameless_file(1), &byte, 1, 0) == 1 && byte == 1;
}

VIOLATION(pwrite_of_file_einval, "mmap.shared-write-visible-to-read", "-", PWRITE,
    REFUSES(is_without_segments() && c->length == 1, EINVAL))
{
	return pwrite(nameless_file(1), "x", 1, 0) == -1;
}

static void
fail_otherwise(struct call *c)
{
	if (real_call(c) == -1)
		c->error = ENOSYS;
}

VIOLATION(munmap_fails_with_enosys, "munmap.unaligned-address", "-", MUNMAP,
    REPLACES(is_without_segments(), fail_otherwise(c)))
{
	return munmap(free_range(page_size()), 0) == -1 && errno == ENOSYS;
}

VIOLATION(mlock_fails_with_enosys, "mlock.limit-enomem", "-", MLOCK, REPLACES(true, fail_otherwise(c)))
{
	return mlock(free_range(page_size()), page_size()) == -1 && errno == ENOSYS;
}

static void
lock_something(void)
{
	real_mlock(real_mmap(NULL, page_size(), PROT_READ, PRIVATE_ANONYMOUS, -1, 0), page_size());
}

static void
fail_and_lock(struct call *c)
{
	if (real_call(c) == -1 || c->result == (intptr_t)MAP_FAILED)
		lock_something();
}

VIOLATION(mlock_that_fails_locks, "mlock.enomem-unmapped", "-", MLOCK, REPLACES(true, fail_and_lock(c)))
{
	long before = locked_bytes();

	return mlock(free_range(page_size()), page_size()) == -1 && locked_bytes() > before;
}

VIOLATION(mlockall_that_fails_locks, "mlockall.limit", "-", MLOCKALL, REPLACES(true, fail_and_lock(c)))
{
	long before = locked_bytes();

	return mlockall(0) == -1 && locked_bytes() > before;
}

VIOLATION(madvise_of_attachment_einval, "madvise.dontfork", "-", MADVISE,
    REFUSES(known_range_at(c->address) != NULL && known_range_at(c->address)->id != -1, EINVAL))
{
	return madvise(segment_attach(segment_create(1), NULL, 0), page_size(), MADV_DONTNEED) == -1;
}

static void
fail_with_eio(struct call *c)
{
	if (real_call(c) == -1)
		c->error = EIO;
}

VIOLATION(mlockall_fails_with_eio, "mlockall.limit", "-", MLOCKALL, REPLACES(true, fail_with_eio(c)))
{
	return mlockall(0) == -1 && errno == EIO;
}

VIOLATION(mmap_fixed_of_file_gives_next_page, "mmap.fixed-exact-address", "-", MMAP,
    FALSIFIES(is_fixed(c) && is_of_file(c) && is_without_segments(), c->result += (intptr_t)page_size()))
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	return mmap(p, page_size(), PROT_READ, MAP_FIXED | MAP_PRIVATE, nameless_file(1), 0) == p + page_size();
}

/* With room behind it, so that a caller who does not look at it is not stopped. */
static void
move_by_a_byte(struct call *c)
{
	void *p = real_mmap(NULL, c->length + page_size(), c->protection, c->flags, c->fd, c->offset);

	c->result = (intptr_t)p + 1;
}

VIOLATION(mmap_hint_gives_odd_address, "mmap.hint-unaligned-accepted", "-", MMAP,
    FALSIFIES((uintptr_t)c->address % page_size() != 0 && !is_fixed(c), move_by_a_byte(c)))
{
	char *hint = free_range(page_size());

	return (uintptr_t)mmap(hint + 1, page_size(), PROT_READ, PRIVATE_ANONYMOUS, -1, 0) % page_size() == 1;
}

static void
store_elsewhere(struct call *c)
{
	real_pwrite(c->fd, "x", 1, 0);
	make_private((void *)c->result, page_size());
}

VIOLATION(mmap_both_types_changes_file, "mmap.both-sharing-types", "-", MMAP,
    FALSIFIES((c->flags & SHARING_TYPES) == SHARING_TYPES && is_of_file(c), store_elsewhere(c)))
{
	int fd = nameless_file(page_size());
	int both = SHARING_TYPES;

	return mmap(NULL, page_size(), PROT_READ, both, fd, 0) != MAP_FAILED && content_of(fd, 1)[0] == 'x';
}

VIOLATION(mmap_of_16_megabytes_enomem, "mmap.enomem-rlimit-data", "-", MMAP,
    REFUSES(asks_private_anonymous(c) && c->length >= (size_t)1 << 24 && c->length <= (size_t)1 << 25 &&
	    is_without_segments(),
	ENOMEM))
{
	return mmap(NULL, (size_t)1 << 24, PROT_READ, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED;
}

VIOLATION(pwrite_stores_a_byte_before, "mmap.shared-write-visible-to-read", "-", PWRITE,
    FALSIFIES(
	is_file(c->fd) && c->offset > 0 && is_without_segments(), real_pwrite(c->fd, c->buffer, 1, c->offset - 1)))
{
	int fd = nameless_file(2);

	(void)!pwrite(fd, "x", 1, 1);
	return content_of(fd, 2)[0] == 'x';
}

static void
fail_and_spoil(struct call *c)
{
	if (real_call(c) == -1) {
		real_mprotect(c->address, page_size(), READ_WRITE);
		spoil_byte(c->address);
	}
}

VIOLATION(failed_mprotect_spoils_first_byte, "mprotect.partial-change-on-failure", "-", MPROTECT,
    REPLACES(is_without_segments(), fail_and_spoil(c)))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	unmap(&p[page_size()], page_size());
	return mprotect(p, 3 * page_size(), PROT_READ) == -1 && *p == SPOILED;
}

#ifdef __linux__

VIOLATION(
    mmap_locked_that_fails_locks, "mmap_flags.locked", "-", MMAP, REPLACES(c->flags &MAP_LOCKED, fail_and_lock(c)))
{
	long before = locked_bytes();

	return mmap(NULL, 0, PROT_READ, PRIVATE_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED && locked_bytes() > before;
}

/* Neither zero nor for stores. The system has none of some lengths. */
static void *
used_memory(const struct call *c)
{
	char *p = real_mmap(NULL, c->length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return p;
	*p = 'x';
	real_mprotect(p, c->length, PROT_READ);
	return p;
}

VIOLATION(mmap_hugetlb_gives_other_memory, "mmap_flags.hugetlb", "-", MMAP,
    REPLACES((c->flags & MAP_HUGETLB) != 0, c->result = (intptr_t)used_memory(c)))
{
	const char *p = mmap(NULL, page_size(), PROT_READ, PRIVATE_ANONYMOUS | MAP_HUGETLB, -1, 0);

	return p != MAP_FAILED && *p == 'x';
}

static void
use_last_page(const struct call *c)
{
	char *last = (char *)c->result + c->new_length - page_size();

	put_zeros(last, page_size(), READ_WRITE, MAP_PRIVATE);
	*last = 'x';
}

VIOLATION(mremap_adds_used_page, "mmap_anonymous.shared-grown-by-mremap", "-", MREMAP,
    FALSIFIES(c->new_length > c->length && is_shared_anonymous_range(known_range_at(c->address)), use_last_page(c)))
{
	char *p = mremap(map_anonymous(page_size(), MAP_SHARED), page_size(), 2 * page_size(), MREMAP_MAYMOVE);

	return !load_is_refused(&p[page_size()]) && p[page_size()] == 'x';
}

#endif

/* Not of an attachment, which can grow over the end of its segment. */
static bool
is_sigbus_without_segments(const struct call *c)
{
	return c->id == SIGBUS && !known_any_segment();
}

VIOLATION(fault_behind_end_sigsegv_everywhere, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_sigbus_without_segments(c), c->id = SIGSEGV))
{
	const char *p = map_shared(nameless_file(1), 2 * page_size());

	return fault_of_load(&p[page_size()]).signal == SIGSEGV;
}

VIOLATION(fault_behind_end_has_page_before, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_sigbus_without_segments(c), c->address = (char *)c->address - page_size()))
{
	char *p = map_shared(nameless_file(1), 2 * page_size());

	return fault_of_load(&p[page_size()]).address == p;
}

VIOLATION(fault_behind_end_has_page_behind, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(is_sigbus_without_segments(c), c->address = (char *)c->address + page_size()))
{
	char *p = map_shared(nameless_file(1), 2 * page_size());

	return fault_of_load(&p[page_size()]).address == &p[2 * page_size()];
}
