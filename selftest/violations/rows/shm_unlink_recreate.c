/* SPDX-License-Identifier: BSD-2-Clause */

/* The object that has the name of an unlinked one. */

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* The unlinked object that had the name and is open here, or -1. */
static int
old_object(const char *name)
{
	const struct known_object *known = known_object_named(name);

	for (int fd = 0; known != NULL && known->was_unlinked && fd < 64; fd++)
		if (known_object_of(fd) == known)
			return fd;
	return -1;
}

static void
open_old(struct call *c)
{
	c->result = open_again(old_object(c->name), O_RDWR);
}

static int
recreated(char byte, int flags, struct object *old)
{
	int fd;

	*old = object_create(1);
	*(char *)map_shared(old->fd, 1) = byte;
	object_unlink(old);
	fd = shm_open(old->name, O_CREAT | O_RDWR | flags, 0600);
	if (fd != -1)
		object_own(old, fd);
	return fd;
}

VIOLATION(shm_open_recreates_old_object, "shm_unlink.recreate-gives-new-object", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDWR) && old_object(c->name) != -1, open_old(c)))
{
	struct object o;
	int fd = recreated('o', 0, &o);

	return size_of(fd) == 1 && *(char *)map_shared(fd, 1) == 'o';
}

static void
create_with_old_size(struct call *c)
{
	c->result = real_shm_open(c->name, c->flags, c->mode);
	real_ftruncate((int)c->result, file_size(old_object(c->name)));
}

VIOLATION(shm_open_recreates_with_old_size, "shm_unlink.recreate-gives-new-object", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDWR) && old_object(c->name) != -1, create_with_old_size(c)))
{
	struct object o;
	int fd = recreated('o', 0, &o);

	return size_of(fd) == 1 && *(char *)map_shared(fd, 1) == 0;
}

VIOLATION(shm_open_clears_old_object, "shm_unlink.recreate-gives-new-object", "-", SHM_OPEN,
    CHANGES(c->flags == (O_CREAT | O_RDWR) && old_object(c->name) != -1,
	fill(old_object(c->name), 0, file_size(old_object(c->name)), 0)))
{
	struct object o;

	recreated('o', 0, &o);
	return *(char *)map_shared(o.fd, 1) == 0;
}

VIOLATION(shm_open_excl_sees_old_object, "shm_unlink.recreate-with-excl-succeeds", "-", SHM_OPEN,
    REFUSES((c->flags & O_EXCL) != 0 && old_object(c->name) != -1, EEXIST))
{
	struct object o;

	return recreated('o', O_EXCL, &o) == -1;
}

VIOLATION(shm_open_excl_clears_old_object, "shm_unlink.recreate-with-excl-succeeds", "-", SHM_OPEN,
    CHANGES((c->flags & O_EXCL) != 0 && old_object(c->name) != -1,
	fill(old_object(c->name), 0, file_size(old_object(c->name)), 0)))
{
	struct object o;

	recreated('o', O_EXCL, &o);
	return *(char *)map_shared(o.fd, 1) == 0;
}

static bool
had_name_before(const char *name)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	for (size_t i = 0; i < count; i++)
		if (objects[i].was_unlinked && strcmp(objects[i].name, name) == 0)
			return has_object(name);
	return false;
}

VIOLATION(shm_unlink_of_recreated_name_skipped, "shm_unlink.recreate-with-excl-succeeds", "-", SHM_UNLINK,
    SKIPS(had_name_before(c->name)))
{
	struct object o;

	recreated('o', O_EXCL, &o);
	return shm_unlink(o.name) == 0 && shm_open(o.name, O_RDWR, 0) != -1;
}
