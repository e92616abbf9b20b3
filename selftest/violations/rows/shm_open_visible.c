/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects as files of /dev/shm, on Linux. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "platform/object_place.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_in_place(const char *path)
{
	return strncmp(path, "/dev/shm/", 9) == 0 && path[9] != '\0';
}

static struct stat
status_by_path(const struct object *o)
{
	struct stat status = { 0 };
	char path[64];

	if (!object_path(o->name, path, sizeof(path)) || stat(path, &status) == -1)
		return (struct stat){ 0 };
	return status;
}

static int
open_by_path(const struct object *o, int flags)
{
	char path[64];

	return object_path(o->name, path, sizeof(path)) ? open(path, flags, 0600) : -1;
}

static struct stat *
told(const struct call *c)
{
	return c->buffer;
}

VIOLATION(stat_of_object_file_rounds_size, "shm_open.visible-in-dev-shm", "-", STAT,
    FALSIFIES(is_in_place(c->name), told(c)->st_size = (off_t)((size_t)told(c)->st_size / page_size() * page_size())))
{
	struct object o = object_create(page_size() + 1);

	return status_by_path(&o).st_size == (off_t)page_size();
}

VIOLATION(stat_of_object_file_adds_to_mode, "shm_open.visible-in-dev-shm", "-", STAT,
    FALSIFIES(is_in_place(c->name), told(c)->st_mode |= 0022))
{
	struct object o = object_create(0);

	return (status_by_path(&o).st_mode & 0777) == 0622;
}

VIOLATION(stat_of_object_file_shows_another_user, "shm_open.visible-in-dev-shm", "-", STAT,
    FALSIFIES(is_in_place(c->name), told(c)->st_uid++))
{
	struct object o = object_create(0);

	return status_by_path(&o).st_uid == geteuid() + 1;
}

VIOLATION(stat_of_object_file_shows_another_inode, "shm_open.visible-in-dev-shm", "-", STAT,
    FALSIFIES(is_in_place(c->name), told(c)->st_ino++))
{
	struct object o = object_create(0);

	return status_by_path(&o).st_ino == status_of(o.fd).st_ino + 1;
}

VIOLATION(stat_of_object_file_enoent, "shm_open.visible-in-dev-shm", "-", STAT, REFUSES(is_in_place(c->name), ENOENT))
{
	struct object o = object_create(1);

	return status_by_path(&o).st_size == 0;
}

static void
open_copy(struct call *c)
{
	int fd = real_shm_open(c->name + 8, O_RDONLY, 0);

	c->result = copy_of(fd);
	real_close(fd);
	fill((int)c->result, file_size((int)c->result) - 1, file_size((int)c->result), 0);
}

VIOLATION(open_of_object_file_lacks_last_byte, "shm_open.visible-in-dev-shm", "-", OPEN,
    REPLACES(is_in_place(c->name) && (c->flags & O_CREAT) == 0, open_copy(c)))
{
	struct object o = object_create(1);
	char byte = 'b';

	pwrite(o.fd, &byte, 1, 0);
	return pread(open_by_path(&o, O_RDWR), &byte, 1, 0) == 1 && byte == 0;
}

static bool
was_made_as_file(const char *name)
{
	const struct known_object *known = known_object_named(name);

	return known != NULL && known->was_made_as_file;
}

static int
open_of_file(struct object o, int flags)
{
	int fd = open_by_path(&o, O_CREAT | O_EXCL | O_RDWR);

	if (fd == -1)
		return -1;
	pwrite(fd, "f", 1, 0);
	return shm_open(o.name, flags, 0600);
}

VIOLATION(shm_open_finds_no_file, "shm_open.file-in-dev-shm-opens", "-", SHM_OPEN,
    REFUSES(c->flags == O_RDWR && was_made_as_file(c->name), ENOENT))
{
	return open_of_file(object_name(), O_RDWR) == -1;
}

VIOLATION(shm_open_excl_takes_file, "shm_open.file-in-dev-shm-opens", "-", SHM_OPEN,
    CHANGES((c->flags & O_EXCL) != 0 && was_made_as_file(c->name), c->flags &= ~O_EXCL))
{
	return open_of_file(object_name(), O_CREAT | O_EXCL | O_RDWR) != -1;
}

static void
open_cleared_copy(struct call *c)
{
	int fd = real_shm_open(c->name, O_RDONLY, 0);

	c->result = copy_of(fd);
	real_close(fd);
	fill((int)c->result, 0, file_size((int)c->result), 0);
}

VIOLATION(shm_open_of_file_has_other_content, "shm_open.file-in-dev-shm-opens", "-", SHM_OPEN,
    REPLACES(c->flags == O_RDWR && was_made_as_file(c->name), open_cleared_copy(c)))
{
	char byte = 'b';
	int fd = open_of_file(object_name(), O_RDWR);

	return pread(fd, &byte, 1, 0) == 1 && byte == 0;
}

VIOLATION(shm_unlink_leaves_file, "shm_open.file-in-dev-shm-opens", "-", SHM_UNLINK,
    SKIPS(was_made_as_file(c->name) && has_object(c->name)))
{
	struct object o = object_name();

	open_of_file(o, O_RDWR);
	return shm_unlink(o.name) == 0 && open_by_path(&o, O_RDWR) != -1;
}

VIOLATION(unlink_of_object_file_skipped, "shm_open.file-in-dev-shm-opens", "-", UNLINK, SKIPS(is_in_place(c->name)))
{
	struct object o = object_create(0);
	char path[64];

	return object_path(o.name, path, sizeof(path)) && unlink(path) == 0 && shm_open(o.name, O_RDWR, 0) != -1;
}

static void
protect_mappings_of_objects(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd != -1 && is_object(ranges[i].fd))
			real_mprotect(ranges[i].start, ranges[i].length, PROT_READ);
}

VIOLATION(unlink_of_object_file_protects_mappings, "shm_open.file-in-dev-shm-opens", "-", UNLINK,
    FALSIFIES(is_in_place(c->name), protect_mappings_of_objects()))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);
	char path[64];

	return object_path(o.name, path, sizeof(path)) && unlink(path) == 0 && fault_of_store(p, 'x').signal != 0;
}
