/* SPDX-License-Identifier: BSD-2-Clause */

/* What goes through segments, and what it must leave alone: tests/sysv/shm_data_test.c. */

#include "segments.h"
#include "direct_check.h"

/* The second of two attachments of a segment. */
static struct known_range *
second_of_two(size_t least_size)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = count; i-- > 0;)
		if (ranges[i].id != -1 && known_attachments(ranges[i].id) > 1 && known_segment(ranges[i].id) != NULL &&
		    known_segment(ranges[i].id)->size >= least_size && (ranges[i].flags & SHM_RDONLY) == 0)
			return &ranges[i];
	return NULL;
}

static bool
is_child_with_two(const struct call *c, size_t least_size)
{
	return c->result == 0 && second_of_two(least_size) != NULL;
}

/* Two attachments, of which a child stores by the second at the offset; whether the first shows it not. */
static bool
child_stores_apart(size_t size, size_t offset)
{
	int id = segment_create(size);
	char *first = segment_attach(id, NULL, 0);
	char *second = segment_attach(id, NULL, 0);
	pid_t child = fork();

	if (child == 0) {
		second[offset] = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return first[offset] != 'c';
}

VIOLATION(fork_gives_second_attachment_as_copy, "shm_process.both-directions", "-", FORK,
    FALSIFIES(is_child_with_two(c, 1), make_private(second_of_two(1)->start, second_of_two(1)->length)))
{
	return child_stores_apart(1, 0);
}

VIOLATION(fork_gives_last_byte_as_copy, "shm_process.both-directions", "-", FORK,
    FALSIFIES(is_child_with_two(c, page_size() + 1) &&
	    known_segment(second_of_two(page_size() + 1)->id)->size == page_size() + 1,
	make_private(second_of_two(page_size() + 1)->start + page_size(), page_size())))
{
	return child_stores_apart(page_size() + 1, page_size()) && !child_stores_apart(page_size() + 1, 0);
}

VIOLATION(fork_gives_page_32_as_copy, "shm_process.both-directions", "B136", FORK,
    FALSIFIES(is_child_with_two(c, 33 * page_size()),
	make_private(second_of_two(33 * page_size())->start + 32 * page_size(), page_size())))
{
	return child_stores_apart(33 * page_size(), 32 * page_size()) && !child_stores_apart(33 * page_size(), 0);
}

/* A process attaches what another made, for the second time, and has not inherited the first. */
static bool
is_second_in_child(const struct call *c)
{
	const struct known_range *first = attachment_of(c->id, 0);

	return first != NULL && !first->is_inherited && known_segment(c->id) != NULL &&
	    known_segment(c->id)->creator != getpid() && known_attachments(c->id) == 1 && size_for(c) > 4 * page_size();
}

static bool
has_two_that_differ(void *id)
{
	char *p = segment_attach(*(int *)id, NULL, 0);
	char *q = segment_attach(*(int *)id, NULL, 0);

	*q = 'q';
	return *p != 'q';
}

VIOLATION(shmat_again_in_child_is_copy, "shm_process.both-directions", "-", SHMAT,
    FALSIFIES(is_second_in_child(c), make_private((void *)c->result, size_for(c))))
{
	int id = segment_create(5 * page_size());

	return is_seen_by(SAME_USER, has_two_that_differ, &id);
}

/* A large read-only attachment. */
static struct known_range *
large_rdonly(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && ranges[i].flags & SHM_RDONLY && ranges[i].length > 4 * page_size())
			return &ranges[i];
	return NULL;
}

static void
take_snapshot(char *start, size_t length)
{
	make_private(start, length);
	real_mprotect(start, length, PROT_READ);
}

VIOLATION(fork_gives_last_rdonly_page_as_snapshot, "shm_process.fork-shares-writes", "-", FORK,
    FALSIFIES(c->result == 0 && large_rdonly() != NULL,
	take_snapshot(large_rdonly()->start + large_rdonly()->length - page_size(), page_size())))
{
	int id = segment_create(5 * page_size());
	char *p = segment_attach(id, NULL, 0);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	pid_t child = fork();

	if (child == 0) {
		p[4 * page_size()] = 'c';
		_exit(ro[4 * page_size()] == 'c');
	}
	int status;
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool
has_lost(void *p)
{
	return *(char *)p == 0;
}

static bool
has_child_that_lost(void *p)
{
	return is_seen_by(SAME_USER, has_lost, p);
}

/* The second of two attachments of three pages that the process was given by fork. */
static struct known_range *
inherited_of_two(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = count; i-- > 0;)
		if (ranges[i].id != -1 && ranges[i].is_inherited && known_attachments(ranges[i].id) > 1 &&
		    ranges[i].length > page_size())
			return &ranges[i];
	return NULL;
}

VIOLATION(fork_of_child_gives_zeros, "shm_process.fork-inherits", "B136", FORK,
    FALSIFIES(c->result == 0 && inherited_of_two() != NULL,
	put_zeros(inherited_of_two()->start, 3 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int id = segment_create(3 * page_size());
	segment_attach(id, NULL, 0);
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	return !is_seen_by(SAME_USER, has_lost, p) && is_seen_by(SAME_USER, has_child_that_lost, p);
}

VIOLATION(pread_into_attachment_private, "shm_process.system-calls", "-", PREAD,
    CHANGES(attachment_at(c->buffer) != NULL && attachment_at(c->buffer)->protection == (PROT_READ | PROT_WRITE),
	make_private(attachment_at(c->buffer)->start, attachment_at(c->buffer)->length)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	int fd = nameless_file(1);

	return pwrite(fd, "x", 1, 0) == 1 && pread(fd, p, 1, 0) == 1 && *p == 'x' &&
	    *(char *)segment_attach(id, NULL, 0) != 'x';
}

VIOLATION(pread_into_attachment_loses_last_byte, "shm_process.system-calls", "-", PREAD,
    FALSIFIES(attachment_at(c->buffer) != NULL && c->result > 1, ((char *)c->buffer)[c->result - 1] = 0))
{
	char *p = segment_attach(segment_create(2), NULL, 0);
	int fd = nameless_file(1);

	return pwrite(fd, "xy", 2, 0) == 2 && pread(fd, p, 2, 0) == 2 && p[0] == 'x' && p[1] == 0;
}

/* Write zeros in the place of what the attachment has. */
static void
write_zeros(struct call *c)
{
	void *zeros = real_mmap(NULL, c->length, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0);

	c->buffer = zeros;
	real_call(c);
	real_munmap(zeros, c->length);
}

VIOLATION(pwrite_from_attachment_writes_zeros, "shm_process.system-calls", "-", PWRITE,
    REPLACES(attachment_at(c->buffer) != NULL && attachment_at(c->buffer)->flags & SHM_RDONLY, write_zeros(c)))
{
	int id = segment_create(1);
	char byte = 'b';
	int fd = nameless_file(1);

	*(char *)segment_attach(id, NULL, 0) = 'x';
	return pwrite(fd, segment_attach(id, NULL, SHM_RDONLY), 1, 0) == 1 && pread(fd, &byte, 1, 0) == 1 && byte == 0;
}

VIOLATION(pwrite_from_untouched_attachment_refused, "shm_process.system-calls", "-", PWRITE,
    REFUSES(attachment_at(c->buffer) != NULL && !is_resident(c->buffer), EFAULT))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return pwrite(nameless_file(1), p, 1, 0) == -1;
}

/*
 * In a child that waits while its parent attaches a segment: memory that it has mapped itself. No process can do this
 * to another, so that it is done when the child goes on.
 */
static struct known_range *
harmed(void)
{
	size_t range_count;
	size_t count;
	struct known_range *ranges = known_ranges(&range_count);
	const struct known_segment *segment = known_segments(&count);

	if (is_first_process() || count != 1 || segment->creator == getpid() || known_attachments(segment->id) > 0 ||
	    real_status(segment->id).shm_nattch != 1)
		return NULL;
	for (size_t i = 0; i < range_count; i++)
		if (ranges[i].flags & MAP_FIXED && !ranges[i].is_inherited && ranges[i].id == -1 &&
		    ranges[i].length == whole_pages(segment->size))
			return &ranges[i];
	return NULL;
}

VIOLATION(shmat_clears_memory_of_other_process, "shm_process.attach-in-caller-only", "B223", READ,
    FALSIFIES(harmed() != NULL, put_zeros(harmed()->start, harmed()->length, PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int id = segment_create(page_size());
	char *at = free_range(page_size());
	int ends[2];
	int status;
	pid_t child = pipe(ends) == 0 ? fork() : -1;

	if (child == 0) {
		char go;
		char *p = mmap(at, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0);
		*p = 'c';
		_exit(read(ends[0], &go, 1) != 1 || *p == 'c');
	}
	segment_attach(id, at, 0);
	return write(ends[1], "g", 1) == 1 && waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(shmdt_of_large_leaves_range_reserved, "shm_process.detach-gives-addresses-back", "B043", SHMDT,
    FALSIFIES(attachment_at(c->address) != NULL && attachment_at(c->address)->length >= (size_t)1 << 22,
	real_mmap(c->address, attachment_at(c->address)->length, PROT_NONE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0)))
{
	char *p = segment_attach(segment_create((size_t)1 << 22), NULL, 0);

	return shmdt(p) == 0 && fault_of_load(p).code == SEGV_ACCERR;
}

/* A private mapping of two pages, which is none of the segment's. */
static struct known_range *
other_memory(void)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == -1 && ranges[i].fd == -1 && ranges[i].flags & MAP_PRIVATE &&
		    ranges[i].protection == (PROT_READ | PROT_WRITE) && ranges[i].length > page_size())
			return &ranges[i];
	return NULL;
}

static void
lose_other_memory(void)
{
	put_zeros(other_memory()->start, other_memory()->length, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

static unsigned
removed_segments(void)
{
	unsigned removed = 0;
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		removed += segments[i].was_removed;
	return removed;
}

static char *
memory_beside_segments(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	*p = 'm';
	for (int i = 0; i < 12; i++) {
		int id = segment_create(1);
		char *attached = segment_attach(id, NULL, 0);

		segment_remove(id);
		segment_detach(attached);
	}
	return p;
}

VIOLATION(shmdt_of_removed_takes_other_memory, "shm_process.life-cycle", "B002", SHMDT,
    FALSIFIES(attachment_at(c->address) != NULL && is_removed(attachment_at(c->address)->id) &&
	    removed_segments() > 10 && other_memory() != NULL,
	lose_other_memory()))
{
	return *memory_beside_segments() == 0;
}

/* Memory that counts as locked stays when an attachment goes that was locked. */
static void
keep_lock(size_t length)
{
	void *p = real_mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (p != MAP_FAILED)
		real_mlock(p, length);
}

VIOLATION(shmdt_keeps_lock_charged, "shm_process.detach-releases-locks", "-", SHMDT,
    FALSIFIES(attachment_at(c->address) != NULL && attachment_at(c->address)->locks > 0, keep_lock(page_size())))
{
	long before = locked_bytes();
	char *p = segment_attach(segment_create(1), NULL, 0);

	return mlock(p, page_size()) == 0 && shmdt(p) == 0 && locked_bytes() > before;
}
