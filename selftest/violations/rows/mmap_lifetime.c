/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings whose descriptor is closed, whose descriptor is used again, whose file has lost its name. */

#include "mmap.h"

/* The mapping by a descriptor that is about to be closed, of a file with or without a name. */
static struct known_range *
range_to_close(const struct call *c, bool (*is_of_kind)(int), bool has_name)
{
	struct known_range *range = range_of_descriptor(c->fd, is_shared_file_range);

	return range != NULL && range->protection == READ_WRITE && is_of_kind(c->fd) &&
		(real_status_of(c->fd).st_nlink > 0) == has_name
	    ? range
	    : NULL;
}

VIOLATION(close_makes_mapping_of_file_private, "mmap.close-keeps-mapping", "-", CLOSE,
    CHANGES(range_to_close(c, is_file, true) != NULL, make_range_private(range_to_close(c, is_file, true))))
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());

	close(f.fd);
	*p = 's';
	return *content_of(open(f.name, O_RDONLY), 1) == 0;
}

VIOLATION(close_makes_mapping_of_object_private, "mmap.close-keeps-mapping", "-", CLOSE,
    CHANGES(range_to_close(c, is_object, true) != NULL, make_range_private(range_to_close(c, is_object, true))))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	close(o.fd);
	*p = 's';
	return *(char *)map_shared(object_open(&o, O_RDWR), 1) == 0;
}

static void
clear_last_page(const struct known_range *range)
{
	put_zeros(range->start + range->length - page_size(), page_size(), READ_WRITE, MAP_PRIVATE);
}

VIOLATION(close_loses_last_page, "mmap.close-keeps-mapping", "-", CLOSE,
    CHANGES(range_to_close(c, is_file, true) != NULL, clear_last_page(range_to_close(c, is_file, true))))
{
	struct file f = file_with_pattern(2);
	const char *p = map_shared(f.fd, 2 * page_size());

	close(f.fd);
	return p[0] != 0 && p[page_size()] == 0 && p[page_size() + 1] == 0;
}

/* The mapping by a descriptor that becomes that of another file. */
static struct known_range *
range_to_reuse(const struct call *c)
{
	return range_of_descriptor(c->id, is_shared_file_range);
}

static void
map_other_file(const struct call *c)
{
	const struct known_range *range = range_to_reuse(c);

	put_file(range->start, range->length, range->protection, MAP_SHARED, c->id, range->offset);
}

/* Store through a mapping of a file after its descriptor has become that of another, which is the result. */
static int
store_after_reuse(char **p)
{
	int other = nameless_file(page_size());
	int fd = nameless_file(page_size());

	*p = map_shared(fd, page_size());
	dup2(other, fd);
	**p = 's';
	return other;
}

VIOLATION(dup2_moves_mapping_to_other_file, "mmap.close-keeps-mapping", "B269", DUP2,
    FALSIFIES(range_to_reuse(c) != NULL, map_other_file(c)))
{
	char *p;

	return *content_of(store_after_reuse(&p), 1) == 's';
}

static const struct known_range *
range_to_write(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	bool is_whole = is_shared_file_range(range) && is_file(range->fd) && range->length <= file_bytes(range->fd);

	return is_whole && range->length < COPIED_AT_MOST ? range : NULL;
}

static void
write_by_descriptor(const struct call *c)
{
	const struct known_range *range = range_to_write(c);

	real_pwrite(range->fd, range->start, range->length, range->offset);
}

VIOLATION(munmap_writes_to_reused_descriptor, "mmap.close-keeps-mapping", "B269", MUNMAP,
    CHANGES(range_to_write(c) != NULL, write_by_descriptor(c)))
{
	char *p;
	int other = store_after_reuse(&p);

	munmap(p, page_size());
	return *content_of(other, 1) == 's';
}

/* The mapping of the file whose status is this. */
static const struct known_range *
range_of_status(const struct stat *status)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++) {
		const struct stat other = real_status_of(ranges[i].fd);

		if (is_shared_file_range(&ranges[i]) && other.st_ino == status->st_ino &&
		    other.st_dev == status->st_dev)
			return &ranges[i];
	}
	return NULL;
}

static const struct known_range *
range_of_file_name(const char *name)
{
	struct stat status;
	struct call stat = { .interface = STAT, .name = name, .buffer = &status };

	return real_call(&stat) == 0 ? range_of_status(&status) : NULL;
}

static const struct known_range *
range_of_object_name(const char *name)
{
	int fd = real_shm_open(name, O_RDONLY, 0);
	const struct stat status = real_status_of(fd);

	real_close(fd);
	return fd == -1 ? NULL : range_of_status(&status);
}

/* Whether a child and its parent have each their own of what is mapped. */
static bool
is_private_now(char *p)
{
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

VIOLATION(unlink_makes_mapping_private, "mmap.unlink-keeps-mapping", "-", UNLINK,
    CHANGES(range_of_file_name(c->name) != NULL, make_range_private(range_of_file_name(c->name))))
{
	struct file f = file_create(page_size());
	char *p = map_shared(f.fd, page_size());

	unlink(f.name);
	return is_private_now(p);
}

VIOLATION(shm_unlink_makes_mapping_private, "mmap.unlink-keeps-mapping", "-", SHM_UNLINK,
    CHANGES(range_of_object_name(c->name) != NULL, make_range_private(range_of_object_name(c->name))))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	object_unlink(&o);
	return is_private_now(p);
}

VIOLATION(close_of_nameless_file_makes_mapping_private, "mmap.unlink-keeps-mapping", "-", CLOSE,
    CHANGES(range_to_close(c, is_file, false) != NULL, make_range_private(range_to_close(c, is_file, false))))
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	close(fd);
	return is_private_now(p);
}

VIOLATION(close_of_nameless_object_makes_mapping_private, "mmap.unlink-keeps-mapping", "-", CLOSE,
    CHANGES(range_to_close(c, is_object, false) != NULL, make_range_private(range_to_close(c, is_object, false))))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	object_unlink(&o);
	close(o.fd);
	return is_private_now(p);
}
