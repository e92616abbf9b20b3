/* SPDX-License-Identifier: BSD-2-Clause */

/* The size of an object, and what its bytes are then. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static off_t
rounded_up(off_t size)
{
	return (size + (off_t)page_size() - 1) / (off_t)page_size() * (off_t)page_size();
}

static bool
sizes_named(const struct call *c)
{
	return c->offset >= 0 && is_object(c->fd) && !is_unlinked(c->fd) && !is_for_reading(c->fd);
}

static bool
grows(const struct call *c)
{
	return sizes_named(c) && file_size(c->fd) > 0 && c->offset > file_size(c->fd);
}

static bool
shrinks(const struct call *c)
{
	return sizes_named(c) && c->offset < file_size(c->fd);
}

/* It was larger once, and what it had then must be gone. */
static bool
regrows(const struct call *c)
{
	const struct known_object *known = known_object_of(c->fd);

	return grows(c) && known != NULL && known->greatest > file_size(c->fd);
}

static off_t
size_after(off_t first, off_t second)
{
	struct object o = object_create((size_t)first);

	ftruncate(o.fd, second);
	return size_of(o.fd);
}

VIOLATION(ftruncate_rounds_object_up_to_page, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    CHANGES(sizes_named(c) && c->offset > 0 && c->offset < (off_t)page_size(), c->offset = rounded_up(c->offset)))
{
	return size_after(0, 7) == (off_t)page_size();
}

VIOLATION(ftruncate_of_object_to_a_byte_more_skipped, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    SKIPS(grows(c) && c->offset == file_size(c->fd) + 1))
{
	return size_after(1, 2) == 1;
}

VIOLATION(ftruncate_sizes_object_once, "shm_object.ftruncate-sets-size", "B074", FTRUNCATE,
    REFUSES(sizes_named(c) && file_size(c->fd) > 0, EINVAL))
{
	return ftruncate(object_create(1).fd, 2) == -1;
}

VIOLATION(ftruncate_of_object_to_same_size_einval, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    REFUSES(sizes_named(c) && c->offset > 0 && c->offset == file_size(c->fd), EINVAL))
{
	return ftruncate(object_create(1).fd, 1) == -1;
}

VIOLATION(ftruncate_of_object_to_zero_skipped, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    SKIPS(sizes_named(c) && c->offset == 0))
{
	return size_after(1, 0) == 1;
}

VIOLATION(ftruncate_never_shrinks_object, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    SKIPS(shrinks(c) && c->offset > 0))
{
	return size_after(8, 7) == 8;
}

VIOLATION(ftruncate_limits_object_to_256_pages, "shm_object.ftruncate-sets-size", "-", FTRUNCATE,
    CHANGES(sizes_named(c) && c->offset > 256 * (off_t)page_size(), c->offset = 256 * (off_t)page_size()))
{
	return size_after(0, 257 * (off_t)page_size()) == 256 * (off_t)page_size();
}

VIOLATION(fstat_of_reading_descriptor_a_byte_less, "shm_object.ftruncate-sets-size", "-", FSTAT,
    FALSIFIES(is_object(c->fd) && is_for_reading(c->fd) && ((struct stat *)c->buffer)->st_size % 2 == 1,
	((struct stat *)c->buffer)->st_size--))
{
	struct object o = object_create(7);

	return size_of(object_open(&o, O_RDONLY)) == 6;
}

static void
size_and_fill(struct call *c, off_t from, off_t to)
{
	c->result = real_ftruncate(c->fd, c->offset);
	fill(c->fd, from, to, 's');
}

static char
byte_after(off_t first, off_t second, off_t third, size_t at)
{
	struct object o = object_create((size_t)first);

	fault_of_store(map_shared(o.fd, (size_t)first), 'a');
	set_size(o.fd, second);
	set_size(o.fd, third);
	return *((char *)map_shared(o.fd, (size_t)third) + at);
}

VIOLATION(ftruncate_grows_object_by_stale_page, "shm_object.growth-zero-filled", "-", FTRUNCATE,
    REPLACES(grows(c) && !regrows(c) && file_size(c->fd) == (off_t)page_size(),
	size_and_fill(c, file_size(c->fd), file_size(c->fd) + (off_t)page_size())))
{
	const off_t page = (off_t)page_size();

	return byte_after(page, page, 3 * page, page_size()) == 's';
}

VIOLATION(ftruncate_grows_object_by_stale_last_byte, "shm_object.growth-zero-filled", "-", FTRUNCATE,
    REPLACES(grows(c) && !regrows(c), size_and_fill(c, c->offset - 1, c->offset)))
{
	return byte_after(1, 1, 2, 1) == 's';
}

VIOLATION(ftruncate_growth_clears_object, "shm_object.growth-zero-filled", "-", FTRUNCATE,
    CHANGES(grows(c) && !regrows(c), fill(c->fd, 0, file_size(c->fd), 0)))
{
	return byte_after(1, 1, 2, 0) == 0;
}

VIOLATION(ftruncate_grows_page_of_object_by_stale_bytes, "shm_object.growth-zero-filled", "-", FTRUNCATE,
    REPLACES(grows(c) && !regrows(c) && c->offset < (off_t)page_size(), size_and_fill(c, file_size(c->fd), c->offset)))
{
	return byte_after(10, 10, 12, 11) == 's';
}

static bool
reuses_memory(const struct call *c)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);
	bool is_another = false;

	for (size_t i = 0; i < count; i++)
		is_another |= objects[i].was_unlinked && objects[i].size >= c->offset;
	return is_another && sizes_named(c) && file_size(c->fd) == 0 && c->offset > 0;
}

static char
byte_of_second(size_t size, size_t at)
{
	struct object o = object_create(size);

	object_unlink(&o);
	return *((char *)map_shared(object_create(size).fd, size) + at);
}

VIOLATION(ftruncate_new_object_has_old_memory, "shm_object.growth-zero-filled", "-", FTRUNCATE,
    REPLACES(reuses_memory(c), size_and_fill(c, 0, c->offset)))
{
	return byte_of_second(1, 0) == 's';
}

VIOLATION(ftruncate_new_object_has_old_last_page, "shm_object.growth-zero-filled", "-", FTRUNCATE,
    REPLACES(reuses_memory(c) && c->offset > (off_t)page_size(),
	size_and_fill(c, c->offset - (off_t)page_size(), c->offset)))
{
	return byte_of_second(2 * page_size(), page_size()) == 's';
}

VIOLATION(ftruncate_regrown_object_is_stale, "shm_object.shrink-discards", "-", FTRUNCATE,
    REPLACES(regrows(c) && file_size(c->fd) % (off_t)page_size() == 0, size_and_fill(c, file_size(c->fd), c->offset)))
{
	const off_t page = (off_t)page_size();

	return byte_after(3 * page, page, 3 * page, page_size()) == 's';
}

VIOLATION(ftruncate_regrown_object_has_stale_last_page, "shm_object.shrink-discards", "-", FTRUNCATE,
    REPLACES(regrows(c) && c->offset - file_size(c->fd) > (off_t)page_size(),
	size_and_fill(c, c->offset - (off_t)page_size(), c->offset)))
{
	const off_t page = (off_t)page_size();

	return byte_after(3 * page, page, 3 * page, 2 * page_size()) == 's';
}

VIOLATION(ftruncate_shrink_clears_page_that_stays, "shm_object.shrink-discards", "-", FTRUNCATE,
    CHANGES(shrinks(c) && c->offset == (off_t)page_size(), fill(c->fd, 0, c->offset, 0)))
{
	const off_t page = (off_t)page_size();

	return byte_after(2 * page, page, 2 * page, 0) == 0;
}

VIOLATION(ftruncate_regrown_object_has_stale_tail, "shm_object.shrink-partial-page-zero", "-", FTRUNCATE,
    REPLACES(regrows(c) && file_size(c->fd) < (off_t)page_size(), size_and_fill(c, file_size(c->fd), c->offset)))
{
	return byte_after(100, 10, 100, 10) == 's';
}

VIOLATION(ftruncate_regrown_object_has_stale_last_byte, "shm_object.shrink-partial-page-zero", "-", FTRUNCATE,
    REPLACES(regrows(c) && file_size(c->fd) < (off_t)page_size(), size_and_fill(c, c->offset - 1, c->offset)))
{
	return byte_after(100, 10, 100, 99) == 's';
}

static void
shrink_and_fill_in(struct call *c, bool from_last)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);
	size_t end = (size_t)rounded_up(c->offset);

	c->result = real_ftruncate(c->fd, c->offset);
	for (size_t i = 0; i < count; i++) {
		size_t first = from_last ? ranges[i].length - page_size() : end;

		if (ranges[i].fd == c->fd && ranges[i].length > first)
			real_mmap(ranges[i].start + first, ranges[i].length - first, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0);
	}
}

static bool
page_faults_after_shrink(size_t page)
{
	struct object o = object_create(3 * page_size());
	char *p = map_shared(o.fd, 3 * page_size());

	set_size(o.fd, 1);
	return fault_of_load(&p[page * page_size()]).signal != 0;
}

VIOLATION(ftruncate_leaves_memory_behind_end, "shm_object.sigbus-after-shrink", "-", FTRUNCATE,
    REPLACES(shrinks(c) && c->offset % (off_t)page_size() == 1, shrink_and_fill_in(c, false)))
{
	return !page_faults_after_shrink(1);
}

VIOLATION(ftruncate_leaves_last_page_behind_end, "shm_object.sigbus-after-shrink", "-", FTRUNCATE,
    REPLACES(shrinks(c) && c->offset % (off_t)page_size() == 1, shrink_and_fill_in(c, true)))
{
	return page_faults_after_shrink(1) && !page_faults_after_shrink(2);
}

VIOLATION(ftruncate_shrink_clears_last_byte, "shm_object.sigbus-after-shrink", "-", FTRUNCATE,
    CHANGES(shrinks(c) && c->offset % (off_t)page_size() == 1, fill(c->fd, c->offset - 1, c->offset, 0)))
{
	return byte_after(2, 1, 1, 0) == 0;
}

/* The object in whose mapping the address is, and the descriptor that was mapped. */
static const struct known_object *
object_at(const void *address, int *fd)
{
	const struct known_range *range = known_range_at(address);

	*fd = range == NULL ? -1 : range->fd;
	return range == NULL || !is_object(range->fd) ? NULL : known_object_of(range->fd);
}

static bool
was_cut_here(const void *address)
{
	int fd;
	const struct known_object *known = object_at(address, &fd);

	return known != NULL && known->size > 0 && known->size == file_size(fd);
}

static bool
was_cut_elsewhere(const void *address)
{
	int fd;
	const struct known_object *known = object_at(address, &fd);

	return known != NULL && file_size(fd) > 0 && known->size > file_size(fd);
}

static bool
was_always_empty(const void *address)
{
	int fd;
	const struct known_object *known = object_at(address, &fd);

	return known != NULL && known->greatest == 0;
}

VIOLATION(fault_behind_end_of_object_is_sigsegv, "shm_object.sigbus-after-shrink", "-", FAULT,
    FALSIFIES(c->id == SIGBUS && was_cut_here(c->address), c->id = SIGSEGV))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());

	set_size(o.fd, 1);
	return fault_of_load(&p[page_size()]).signal == SIGSEGV;
}

VIOLATION(fault_in_page_cut_off_elsewhere_is_sigsegv, "shm_object.sigbus-after-shrink", "-", FAULT,
    FALSIFIES(c->id == SIGBUS && was_cut_elsewhere(c->address), c->id = SIGSEGV))
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	int status;

	if (fork() == 0)
		_exit(ftruncate(o.fd, 1));
	wait(&status);
	return fault_of_load(&p[page_size()]).signal == SIGSEGV;
}

VIOLATION(fault_in_empty_object_is_sigsegv, "shm_object.sigbus-empty-object", "-", FAULT,
    FALSIFIES(c->id == SIGBUS && was_always_empty(c->address), c->id = SIGSEGV))
{
	return fault_of_load(map_shared(object_create(0).fd, 1)).signal == SIGSEGV;
}

static bool
maps_empty(const struct call *c)
{
	const struct known_object *known = known_object_of(c->fd);

	return c->flags & MAP_SHARED && known != NULL && known->greatest == 0 && file_size(c->fd) == 0;
}

VIOLATION(mmap_of_empty_object_gives_it_a_size, "shm_object.sigbus-empty-object", "-", MMAP,
    CHANGES(maps_empty(c) && c->length > page_size(), real_ftruncate(c->fd, (off_t)c->length)))
{
	struct object o = object_create(0);

	return fault_of_store(map_shared(o.fd, 2 * page_size()), 'x').signal == 0 && size_of(o.fd) > 0;
}

VIOLATION(mmap_of_empty_object_einval, "shm_object.sigbus-empty-object", "-", MMAP,
    REFUSES(maps_empty(c) && c->length > page_size(), EINVAL))
{
	return mmap(NULL, 2 * page_size(), PROT_READ, MAP_SHARED, object_create(0).fd, 0) == MAP_FAILED;
}

static void
map_memory(struct call *c)
{
	c->result = (intptr_t)real_mmap(c->address, c->length, c->protection, MAP_PRIVATE | MAP_ANON, -1, 0);
}

VIOLATION(mmap_of_empty_object_never_sees_it_grow, "shm_object.growth-makes-mapping-valid", "-", MMAP,
    REPLACES(maps_empty(c) && c->length > 2 * page_size(), map_memory(c)))
{
	struct object o = object_create(0);
	char *p = map_shared(o.fd, 3 * page_size());

	set_size(o.fd, 1);
	*(char *)map_shared(o.fd, 1) = 'x';
	return *p == 0;
}

VIOLATION(mmap_larger_than_object_einval, "shm_object.growth-makes-mapping-valid", "-", MMAP,
    REFUSES(is_object(c->fd) && file_size(c->fd) > 0 && (off_t)c->length > rounded_up(file_size(c->fd)), EINVAL))
{
	return mmap(NULL, page_size() + 1, PROT_READ, MAP_SHARED, object_create(1).fd, 0) == MAP_FAILED;
}

static void
keep_from_new_pages(const struct call *c)
{
	const struct known_object *known = known_object_of(c->fd);
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == c->fd && known->size > 0 && ranges[i].length > (size_t)rounded_up(known->size))
			real_mprotect(ranges[i].start + rounded_up(known->size),
			    ranges[i].length - (size_t)rounded_up(known->size), PROT_NONE);
}

VIOLATION(ftruncate_growth_leaves_page_invalid, "shm_object.growth-makes-mapping-valid", "-", FTRUNCATE,
    FALSIFIES(known_object_of(c->fd) != NULL && c->offset == (off_t)page_size() + 1, keep_from_new_pages(c)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, page_size() + 1);

	set_size(o.fd, (off_t)page_size() + 1);
	return fault_of_load(&p[page_size()]).signal != 0;
}
