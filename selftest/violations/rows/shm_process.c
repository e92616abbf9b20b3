/* SPDX-License-Identifier: BSD-2-Clause */

/* What children of fork() have of the attachments. When processes end: shm_process_end.c. */

#include "effects.h"
#include "segments.h"

static bool
any(__attribute__((unused)) const struct known_range *range)
{
	return true;
}

/* Of more than two pages: not what processes have their locks in, for which they would wait for ever. */
static bool
is_long(const struct known_range *range)
{
	return range->length > 2 * page_size();
}

static bool
is_rdonly(const struct known_range *range)
{
	return range->flags & SHM_RDONLY;
}

static bool
is_inherited(const struct known_range *range)
{
	return range->is_inherited;
}

static void
for_attachments(bool (*is_meant)(const struct known_range *), void (*act)(struct known_range *))
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && is_meant(&ranges[i]))
			act(&ranges[i]);
}

static void
replace(struct known_range *range)
{
	put_zeros(range->start, range->length, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

static void
separate(struct known_range *range)
{
	if (!is_rdonly(range))
		make_private(range->start, range->length);
}

static void
replace_last_page(struct known_range *range)
{
	if (range->length > page_size())
		put_zeros(range->start + range->length - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

static void
attach_once_more(struct known_range *range)
{
	real_shmat(range->id, NULL, range->flags & SHM_RDONLY);
}

static void
make_writable(struct known_range *range)
{
	real_shmat(range->id, range->start, SHM_REMAP);
}

/* Whether a child finds it so. */
static bool
child_finds(bool (*is_so)(char *), char *argument)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(is_so(argument) ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool
is_zero(char *p)
{
	return *p == 0;
}

static bool
grandchild_finds_zero(char *p)
{
	return child_finds(is_zero, p);
}

static bool
can_be_stored_to(char *p)
{
	return !store_is_refused(p);
}

static bool
is_of_second_segment(const struct known_range *range)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1)
			return ranges[i].id != range->id;
	return false;
}

static bool
has(bool (*is_meant)(const struct known_range *))
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1 && is_meant(&ranges[i]))
			return true;
	return false;
}

VIOLATION(fork_child_lacks_second_segment, "shm_process.fork-inherits", "-", FORK,
    FALSIFIES(c->result == 0 && has(is_of_second_segment), for_attachments(is_of_second_segment, replace)))
{
	char *first = segment_attach(segment_create(1), NULL, 0);
	char *second = segment_attach(segment_create(1), NULL, 0);

	*first = *second = 'x';
	return child_finds(is_zero, second) && !child_finds(is_zero, first);
}

VIOLATION(fork_child_has_zeros, "shm_process.fork-inherits", "B136", FORK,
    FALSIFIES(c->result == 0 && has(is_long), for_attachments(is_long, replace)))
{
	char *p = segment_attach(segment_create(3 * page_size()), NULL, 0);

	*p = 'p';
	return child_finds(is_zero, p);
}

VIOLATION(fork_child_lacks_rdonly, "shm_process.fork-inherits", "-", FORK,
    FALSIFIES(c->result == 0 && has(is_rdonly), for_attachments(is_rdonly, replace)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	return child_finds(is_zero, segment_attach(id, NULL, SHM_RDONLY));
}

VIOLATION(fork_child_has_last_page_private, "shm_process.fork-shares-writes", "-", FORK,
    FALSIFIES(c->result == 0 && has(is_long), for_attachments(is_long, replace_last_page)))
{
	char *p = segment_attach(segment_create(3 * page_size()), NULL, 0);

	p[0] = p[2 * page_size()] = 'p';
	return child_finds(is_zero, p + 2 * page_size()) && !child_finds(is_zero, p);
}

VIOLATION(fork_makes_parents_private, "shm_process.fork-shares-writes", "B196", FORK,
    FALSIFIES(c->result > 0 && has(is_long), for_attachments(is_long, separate)))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);

	child_finds(is_zero, p);
	*p = 'p';
	return *(char *)segment_attach(id, NULL, 0) == 0;
}

VIOLATION(fork_makes_rdonly_writable, "shm_process.fork-rdonly-stays-rdonly", "-", FORK,
    FALSIFIES(c->result == 0 && has(is_rdonly), for_attachments(is_rdonly, make_writable)))
{
	return SHM_REMAP != 0 && child_finds(can_be_stored_to, segment_attach(segment_create(1), NULL, SHM_RDONLY));
}

static void
make_last_page_writable(struct known_range *range)
{
	make_private(range->start + range->length - page_size(), page_size());
}

VIOLATION(fork_makes_rdonly_last_page_writable, "shm_process.fork-rdonly-stays-rdonly", "-", FORK,
    FALSIFIES(c->result == 0 && has(is_rdonly), for_attachments(is_rdonly, make_last_page_writable)))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, SHM_RDONLY);

	return child_finds(can_be_stored_to, p + page_size()) && !child_finds(can_be_stored_to, p);
}

/* A child finds three attachments of the segment whose identifier is there, and which was attached once before fork. */
static bool
is_counted_twice(char *p)
{
	return segment_stat(*(int *)(void *)p).shm_nattch == 3;
}

VIOLATION(fork_counts_twice, "shmid_ds.fork-counts-nattch", "-", FORK,
    FALSIFIES(c->result == 0 && has(any), for_attachments(any, attach_once_more)))
{
	int id = segment_create(sizeof(id));
	char *p = segment_attach(id, NULL, 0);

	memcpy(p, &id, sizeof(id));
	return child_finds(is_counted_twice, p);
}

VIOLATION(fork_grandchild_lacks_attachments, "shmid_ds.fork-counts-nattch", "-", FORK,
    FALSIFIES(c->result == 0 && has(is_inherited), for_attachments(is_inherited, replace)))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	*p = 'p';
	return !child_finds(is_zero, p) && child_finds(grandchild_finds_zero, p);
}
