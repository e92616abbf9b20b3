/* SPDX-License-Identifier: BSD-2-Clause */

/* Names that shm_unlink() removes or not. */

#include <limits.h>

#include "objects.h"
#include "real.h"
#include "users.h"
#include "violation.h"

static bool
is_sized(const char *name)
{
	const struct known_object *known = known_object_named(name);

	return known != NULL && known->size > 0;
}

VIOLATION(
    shm_unlink_skipped_in_use, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK, SKIPS(descriptor_of(c->name) != -1))
{
	struct object o = object_create(0);

	return shm_unlink(o.name) == 0 && shm_open(o.name, O_RDWR, 0) != -1;
}

VIOLATION(shm_unlink_skipped_when_closed, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK,
    SKIPS(is_sized(c->name) && descriptor_of(c->name) == -1))
{
	struct object o = object_create(1);

	close(o.fd);
	return shm_unlink(o.name) == 0 && shm_open(o.name, O_RDWR, 0) != -1;
}

static void
unlink_with_oldest(struct call *c)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	real_shm_unlink(c->name);
	real_shm_unlink(objects[0].name);
}

static void
unlink_with_newest(struct call *c)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	real_shm_unlink(c->name);
	real_shm_unlink(objects[count - 1].name);
}

static bool
is_one_of_three(const char *name)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	return count > 2 && strcmp(objects[1].name, name) == 0;
}

VIOLATION(shm_unlink_takes_object_made_before, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK,
    REPLACES(is_one_of_three(c->name), unlink_with_oldest(c)))
{
	struct object one = object_create(0);
	struct object two = object_create(0);
	struct object three = object_create(0);

	object_unlink(&two);
	return shm_open(one.name, O_RDWR, 0) == -1 && shm_open(three.name, O_RDWR, 0) != -1;
}

VIOLATION(shm_unlink_takes_object_made_after, "shm_unlink.removes-name-at-once", "-", SHM_UNLINK,
    REPLACES(is_one_of_three(c->name), unlink_with_newest(c)))
{
	struct object one = object_create(0);
	struct object two = object_create(0);
	struct object three = object_create(0);

	object_unlink(&two);
	return shm_open(one.name, O_RDWR, 0) != -1 && shm_open(three.name, O_RDWR, 0) == -1;
}

VIOLATION(shm_open_rdonly_finds_name_of_no_object, "shm_unlink.removes-name-at-once", "-", SHM_OPEN,
    ACCEPTS(c->flags == O_RDONLY && known_object_named(c->name) == NULL, ENOENT, new_object()))
{
	struct object o = object_name();

	return shm_open(o.name, O_RDONLY, 0) != -1;
}

VIOLATION(shm_open_of_unlinked_name_eacces, "shm_unlink.removes-name-at-once", "-", SHM_OPEN,
    MISTAKES(known_object_named(c->name) != NULL && known_object_named(c->name)->was_unlinked, ENOENT, EACCES))
{
	struct object o = object_create(0);

	object_unlink(&o);
	return shm_open(o.name, O_RDWR, 0) == -1 && errno == EACCES;
}

VIOLATION(shm_unlink_of_unused_name_works, "shm_unlink.enoent", "-", SHM_UNLINK,
    ACCEPTS(known_object_named(c->name) == NULL, ENOENT, 0))
{
	return shm_unlink(object_name().name) == 0;
}

VIOLATION(shm_unlink_works_twice, "shm_unlink.enoent", "-", SHM_UNLINK,
    ACCEPTS(known_object_named(c->name) != NULL && is_sized(c->name), ENOENT, 0))
{
	struct object o = object_create(1);

	object_unlink(&o);
	return shm_unlink(o.name) == 0;
}

VIOLATION(shm_unlink_of_unused_name_einval, "shm_unlink.enoent", "-", SHM_UNLINK,
    MISTAKES(known_object_named(c->name) == NULL, ENOENT, EINVAL))
{
	return shm_unlink(object_name().name) == -1 && errno == EINVAL;
}

static bool
unlinks(const struct object *o)
{
	return shm_unlink(o->name) == 0;
}

VIOLATION(shm_unlink_by_group_reports_success, "shm_unlink.eacces", "-", SHM_UNLINK,
    ACCEPTS(caller_to(c->name) == GROUP_MEMBER, EACCES, 0))
{
	return is_seen_by(GROUP_MEMBER, unlinks, object_of_owner(0600));
}

VIOLATION(shm_unlink_by_others_reports_success, "shm_unlink.failure-changes-nothing", "-", SHM_UNLINK,
    ACCEPTS(caller_to(c->name) == OTHER, EACCES, 0))
{
	return is_seen_by(OTHER, unlinks, object_of_owner(0600));
}

static bool
is_eperm(const struct object *o)
{
	return shm_unlink(o->name) == -1 && errno == EPERM;
}

VIOLATION(shm_unlink_by_others_eperm, "shm_unlink.eacces", "-", SHM_UNLINK,
    MISTAKES(caller_to(c->name) == OTHER, EACCES, EPERM))
{
	return is_seen_by(OTHER, is_eperm, object_of_owner(0600));
}

static bool
unlinks_long_name(void)
{
	char name[300];

	object_name_of_length(name, 247);
	(void)shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	return shm_unlink(name) == 0 && shm_open(name, O_RDWR, 0) == -1;
}

VIOLATION(shm_unlink_of_long_name_enametoolong, "shm_unlink.enametoolong-never-for-created", "-", SHM_UNLINK,
    REFUSES(strlen(c->name) > 240, ENAMETOOLONG))
{
	return !unlinks_long_name();
}

VIOLATION(shm_unlink_of_longest_name_skipped, "shm_unlink.enametoolong-never-for-created", "-", SHM_UNLINK,
    SKIPS(strlen(c->name) > NAME_MAX))
{
	char name[300];

	object_name_of_length(name, 255);
	return shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1 && shm_unlink(name) == 0 &&
	    shm_open(name, O_RDWR, 0) != -1;
}
