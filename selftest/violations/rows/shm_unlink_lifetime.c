/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of an object without a name. What has its name then: shm_unlink_recreate.c. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* Ranges of the object that this process has open by the descriptor. */
static void
separate_mappings(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].flags & MAP_SHARED && ranges[i].fd != -1 && are_same(ranges[i].fd, fd))
			make_private(ranges[i].start, ranges[i].length);
}

static void
unlink_and_separate(struct call *c)
{
	separate_mappings(descriptor_of(c->name));
	real_shm_unlink(c->name);
}

VIOLATION(shm_unlink_makes_mappings_private, "shm_unlink.object-lives-until-unreferenced", "-", SHM_UNLINK,
    REPLACES(descriptor_of(c->name) != -1 && is_mapped(descriptor_of(c->name)), unlink_and_separate(c)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	object_unlink(&o);
	*p = 'x';
	return *(char *)map_shared(o.fd, 1) == 0;
}

static bool
maps_without_descriptor(const void *address)
{
	const struct known_range *range = known_range_at(address);

	return range != NULL && range->flags & MAP_SHARED && range->fd > 2 && !is_open(range->fd);
}

static bool
maps_megabyte_without_descriptor(const struct call *c)
{
	return c->length >= 1024 * 1024 && maps_without_descriptor(c->address);
}

VIOLATION(munmap_clears_object_without_descriptor, "shm_unlink.object-lives-until-unreferenced", "-", MUNMAP,
    CHANGES(maps_without_descriptor(c->address), memset(c->address, 0, c->length)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);
	char *q = map_shared(o.fd, 1);

	close(o.fd);
	*p = 'x';
	munmap(p, 1);
	return *q == 0;
}

/* By its descriptor or its mapping, when both are given up. */
static bool
is_still_there(bool is_unlinked_empty)
{
	struct object o = object_create(is_unlinked_empty ? 0 : 1024 * 1024);
	struct stat status;
	char *p;

	object_unlink(&o);
	set_size(o.fd, 1024 * 1024);
	p = map_shared(o.fd, 1024 * 1024);
	p[0] = 'x';
	close(o.fd);
	if (fstat(o.fd, &status) == 0)
		return true;
	munmap(p, 1024 * 1024);
	return fault_of_load(p).signal == 0;
}

static bool
was_unlinked_empty(int fd)
{
	const struct known_object *known = known_object_of(fd);

	return known != NULL && known->was_unlinked_empty;
}

VIOLATION(close_leaks_object_unlinked_empty, "shm_unlink.object-lives-until-unreferenced", "B155", CLOSE,
    SKIPS(was_unlinked_empty(c->fd)))
{
	return is_still_there(true);
}

VIOLATION(munmap_leaks_unlinked_object, "shm_unlink.object-lives-until-unreferenced", "-", MUNMAP,
    SKIPS(maps_megabyte_without_descriptor(c)))
{
	return is_still_there(false);
}

static bool
is_last_mapped(int fd)
{
	return is_object(fd) && other_descriptor(fd) == -1 && is_mapped(fd);
}

static void
separate_last_pages(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].flags & MAP_SHARED && ranges[i].fd == fd)
			make_private(ranges[i].start + ranges[i].length - page_size(), page_size());
}

static bool
shares_after_close(size_t at)
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());
	int other = object_open(&o, O_RDWR);
	char *q = map_shared(other, 2 * page_size());

	close(other);
	close(o.fd);
	p[at] = 'x';
	return q[at] == 'x';
}

VIOLATION(close_of_last_descriptor_makes_mappings_private, "shm_unlink.mapping-alone-keeps", "-", CLOSE,
    CHANGES(is_last_mapped(c->fd), separate_mappings(c->fd)))
{
	return !shares_after_close(0);
}

VIOLATION(close_of_last_descriptor_makes_last_page_private, "shm_unlink.mapping-alone-keeps", "-", CLOSE,
    CHANGES(is_last_mapped(c->fd), separate_last_pages(c->fd)))
{
	return shares_after_close(0) && !shares_after_close(page_size());
}

static bool
is_open_and_not_mapped(const char *name)
{
	int fd = descriptor_of(name);

	return fd != -1 && !is_mapped(fd) && file_size(fd) > 0;
}

static void
unlink_and_clear(struct call *c, off_t from)
{
	int fd = descriptor_of(c->name);

	fill(fd, from, file_size(fd), 0);
	real_shm_unlink(c->name);
}

static bool
keeps_byte_after_unlink(off_t at)
{
	struct object o = object_create(2 * page_size());
	char byte = 'x';

	pwrite(o.fd, &byte, 1, at);
	object_unlink(&o);
	pread(o.fd, &byte, 1, at);
	return byte == 'x';
}

VIOLATION(shm_unlink_clears_unmapped_object, "shm_unlink.descriptor-alone-keeps", "-", SHM_UNLINK,
    REPLACES(is_open_and_not_mapped(c->name), unlink_and_clear(c, 0)))
{
	return !keeps_byte_after_unlink(0);
}

VIOLATION(shm_unlink_clears_all_but_first_page, "shm_unlink.descriptor-alone-keeps", "-", SHM_UNLINK,
    REPLACES(is_open_and_not_mapped(c->name), unlink_and_clear(c, (off_t)page_size())))
{
	return keeps_byte_after_unlink(0) && !keeps_byte_after_unlink((off_t)page_size());
}

static bool
is_object_without_name(int fd)
{
	return is_object(fd) && is_unlinked(fd);
}

VIOLATION(ftruncate_of_unlinked_object_einval, "shm_unlink.ftruncate-after-unlink", "-", FTRUNCATE,
    REFUSES(is_object_without_name(c->fd) && file_size(c->fd) > 0, EINVAL))
{
	struct object o = object_create(1);

	object_unlink(&o);
	return ftruncate(o.fd, 2) == -1;
}

VIOLATION(ftruncate_of_object_unlinked_empty_einval, "shm_unlink.ftruncate-after-unlink", "-", FTRUNCATE,
    REFUSES(is_object_without_name(c->fd) && file_size(c->fd) == 0, EINVAL))
{
	struct object o = object_create(0);

	object_unlink(&o);
	return ftruncate(o.fd, 1) == -1;
}

VIOLATION(ftruncate_of_unlinked_object_a_byte_more, "shm_unlink.ftruncate-after-unlink", "-", FTRUNCATE,
    CHANGES(is_object_without_name(c->fd) && file_size(c->fd) > 0, c->offset++))
{
	struct object o = object_create(1);

	object_unlink(&o);
	return ftruncate(o.fd, 2) == 0 && size_of(o.fd) == 3;
}

static void
grow_stale(struct call *c)
{
	off_t size = file_size(c->fd);

	c->result = real_ftruncate(c->fd, c->offset);
	fill(c->fd, size, c->offset, 's');
}

VIOLATION(ftruncate_grows_unlinked_object_by_stale_bytes, "shm_unlink.ftruncate-after-unlink", "-", FTRUNCATE,
    REPLACES(is_object_without_name(c->fd) && c->offset > file_size(c->fd), grow_stale(c)))
{
	struct object o = object_create(1);

	object_unlink(&o);
	set_size(o.fd, 2);
	return ((char *)map_shared(o.fd, 2))[1] == 's';
}

/* Another process has unlinked it, as far as this one knows. */
static bool
was_unlinked_elsewhere(int fd)
{
	const struct known_object *known = known_object_of(fd);

	return known != NULL && !known->was_unlinked && is_unlinked(fd);
}

VIOLATION(mmap_of_object_unlinked_elsewhere_private, "shm_unlink.other-process-mapping-unaffected", "-", MMAP,
    CHANGES(c->flags == MAP_SHARED && was_unlinked_elsewhere(c->fd), c->flags = MAP_PRIVATE))
{
	struct object o = object_create(1);
	int status;

	if (fork() == 0)
		_exit(shm_unlink(o.name));
	wait(&status);
	*(char *)map_shared(o.fd, 1) = 'x';
	return *(char *)map_shared(o.fd, 1) == 0;
}

static bool
is_of_another(const char *name)
{
	const struct known_object *known = known_object_named(name);

	return (known == NULL || known->creator != getpid()) && has_object(name);
}

static void
unlink_and_clear_as_other(struct call *c)
{
	int fd = real_shm_open(c->name, O_RDWR, 0);

	fill(fd, 0, file_size(fd), 0);
	real_close(fd);
	real_shm_unlink(c->name);
}

VIOLATION(shm_unlink_clears_object_of_another_process, "shm_unlink.other-process-mapping-unaffected", "-", SHM_UNLINK,
    REPLACES(is_of_another(c->name), unlink_and_clear_as_other(c)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);
	int status;

	*p = 'x';
	if (fork() == 0)
		_exit(shm_unlink(o.name));
	wait(&status);
	return *p == 0;
}
