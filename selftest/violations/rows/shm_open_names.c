/* SPDX-License-Identifier: BSD-2-Clause */

/* What shm_open() takes for the same name, and which names it refuses how. */

#include <ctype.h>
#include <strings.h>

#include "guardian.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_refused_with(const char *name, int error)
{
	return shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1 && errno == error;
}

VIOLATION(shm_open_empty_name_enoent, "shm_open.einval-unsupported-name", "-", SHM_OPEN,
    MISTAKES(c->name[0] == '\0', EINVAL, ENOENT))
{
	return is_refused_with("", ENOENT);
}

VIOLATION(shm_open_slash_alone_eisdir, "shm_open.einval-unsupported-name", "-", SHM_OPEN,
    MISTAKES(strcmp(c->name, "/") == 0, EINVAL, EISDIR))
{
	return is_refused_with("/", EISDIR);
}

VIOLATION(shm_open_two_dots_eacces, "shm_open.einval-unsupported-name", "-", SHM_OPEN,
    MISTAKES(strcmp(c->name, "/..") == 0, EINVAL, EACCES))
{
	return shm_open("/..", O_RDWR, 0) == -1 && errno == EACCES;
}

VIOLATION(shm_open_inner_slash_enoent, "shm_open.einval-unsupported-name", "-", SHM_OPEN,
    MISTAKES(c->name[0] == '/' && c->name[1] != '.' && strchr(c->name + 1, '/') != NULL, EINVAL, ENOENT))
{
	return is_refused_with("/shmcheck.none/b", ENOENT);
}

VIOLATION(shm_open_escaping_name_eperm, "shm_open.einval-unsupported-name", "-", SHM_OPEN,
    MISTAKES(strncmp(c->name, "/../", 4) == 0, EINVAL, EPERM))
{
	return is_refused_with("/../shmcheck.none", EPERM);
}

/* The first object known whose name is like this one's and another. */
static const char *
name_like(const char *name, bool (*are_alike)(const char *, const char *))
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	for (size_t i = 0; i < count; i++)
		if (!objects[i].was_unlinked && strcmp(objects[i].name, name) != 0 && are_alike(objects[i].name, name))
			return objects[i].name;
	return NULL;
}

static bool
end_alike(const char *one, const char *two)
{
	size_t length = strlen(one);

	return length > 30 && length == strlen(two) && strncmp(one, two, length - 1) == 0;
}

static bool
begin_alike(const char *one, const char *two)
{
	return strlen(two) + 1 == strlen(one) && strncmp(one, two, strlen(two)) == 0;
}

static bool
are_same_letters(const char *one, const char *two)
{
	return strcasecmp(one, two) == 0;
}

/* A name as long as all systems allow. */
static void
create_long(char *name)
{
	object_name_of_length(name, 247);
	set_size(shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600), 1);
}

VIOLATION(shm_open_ignores_last_byte_of_long_name, "shm_open.name-max-accepted", "-", SHM_OPEN,
    CHANGES(
	(c->flags & O_CREAT) == 0 && name_like(c->name, end_alike) != NULL, c->name = name_like(c->name, end_alike)))
{
	char name[300];

	create_long(name);
	name[strlen(name) - 1] ^= 1;
	return shm_open(name, O_RDWR, 0) != -1;
}

VIOLATION(shm_open_finds_object_by_part_of_name, "shm_open.name-max-accepted", "-", SHM_OPEN,
    CHANGES((c->flags & O_CREAT) == 0 && name_like(c->name, begin_alike) != NULL,
	c->name = name_like(c->name, begin_alike)))
{
	char name[300];

	create_long(name);
	name[strlen(name) - 1] = '\0';
	return shm_open(name, O_RDWR, 0) != -1;
}

static struct object
in_upper_case(struct object o)
{
	for (char *at = o.name; *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	guardian_owns_object_name(o.name);
	return o;
}

VIOLATION(shm_open_ignores_case, "shm_open.name-case-sensitive", "-", SHM_OPEN,
    CHANGES((c->flags & O_CREAT) == 0 && name_like(c->name, are_same_letters) != NULL,
	c->name = name_like(c->name, are_same_letters)))
{
	return shm_open(in_upper_case(object_create(0)).name, O_RDWR, 0) != -1;
}

VIOLATION(shm_open_excl_ignores_case, "shm_open.name-case-sensitive", "-", SHM_OPEN,
    REFUSES((c->flags & O_EXCL) != 0 && name_like(c->name, are_same_letters) != NULL, EEXIST))
{
	return shm_open(in_upper_case(object_create(0)).name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1;
}

VIOLATION(shm_unlink_ignores_case, "shm_open.name-case-sensitive", "-", SHM_UNLINK,
    CHANGES(name_like(c->name, are_same_letters) != NULL && !has_object(c->name),
	c->name = name_like(c->name, are_same_letters)))
{
	struct object o = object_create(0);

	shm_unlink(in_upper_case(o).name);
	return shm_open(o.name, O_RDWR, 0) == -1;
}

static void
open_same_letters(struct call *c)
{
	c->result = real_shm_open(name_like(c->name, are_same_letters), O_RDWR, 0);
}

VIOLATION(shm_open_creat_finds_other_case, "shm_open.name-case-sensitive", "-", SHM_OPEN,
    REPLACES((c->flags & O_CREAT) != 0 && name_like(c->name, are_same_letters) != NULL, open_same_letters(c)))
{
	struct object o = object_create(1);

	return size_of(shm_open(in_upper_case(o).name, O_CREAT | O_EXCL | O_RDWR, 0600)) == 1;
}
