/* SPDX-License-Identifier: BSD-2-Clause */

/* Whom shm_open() refuses and whom it lets in. */

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "users.h"
#include "violation.h"

static bool
opens_rdonly(const struct object *o)
{
	return shm_open(o->name, O_RDONLY, 0) != -1;
}

static bool
opens_rdwr(const struct object *o)
{
	return shm_open(o->name, O_RDWR, 0) != -1;
}

static bool
is_refused_rdonly(const struct object *o)
{
	return shm_open(o->name, O_RDONLY, 0) == -1;
}

static bool
is_refused_rdwr(const struct object *o)
{
	return shm_open(o->name, O_RDWR, 0) == -1;
}

VIOLATION(shm_open_group_bits_let_owner_in, "shm_open.eacces-read", "-", SHM_OPEN,
    ACCEPTS(caller_to(c->name) == OWNER && (mode_of_name(c->name) & 0660) == 0060, EACCES, new_object()))
{
	return is_seen_by(OWNER, opens_rdonly, object_of_owner(0066));
}

VIOLATION(shm_open_other_bits_let_group_in, "shm_open.eacces-read", "-", SHM_OPEN,
    ACCEPTS(caller_to(c->name) == GROUP_MEMBER && (mode_of_name(c->name) & 0066) == 0006, EACCES, new_object()))
{
	return is_seen_by(GROUP_MEMBER, opens_rdonly, object_of_owner(0606));
}

VIOLATION(shm_open_group_bits_let_others_in, "shm_open.eacces-read", "-", SHM_OPEN,
    ACCEPTS(caller_to(c->name) == OTHER && (mode_of_name(c->name) & 0066) == 0060, EACCES, new_object()))
{
	return is_seen_by(OTHER, opens_rdonly, object_of_owner(0660));
}

VIOLATION(shm_open_execute_is_read, "shm_open.eacces-read", "-", SHM_OPEN,
    ACCEPTS((mode_of_name(c->name) & 0111) != 0, EACCES, new_object()))
{
	return is_seen_by(OWNER, opens_rdonly, object_of_owner(0111));
}

VIOLATION(shm_open_write_is_read, "shm_open.eacces-read", "-", SHM_OPEN,
    ACCEPTS((mode_of_name(c->name) & 06) == 02, EACCES, new_object()))
{
	return is_seen_by(OTHER, opens_rdwr, object_of_owner(0602));
}

VIOLATION(shm_open_owner_needs_no_permission, "shm_open.eacces-read", "-", SHM_OPEN,
    ACCEPTS(caller_to(c->name) == OWNER && mode_of_name(c->name) == 0, EACCES, new_object()))
{
	return is_seen_by(OWNER, opens_rdonly, object_of_owner(0));
}

static bool
is_eperm(const struct object *o)
{
	return is_refused_rdwr(o) && errno == EPERM;
}

VIOLATION(shm_open_of_others_eperm, "shm_open.eacces-read", "-", SHM_OPEN,
    MISTAKES(caller_to(c->name) == OTHER, EACCES, EPERM))
{
	return is_seen_by(OTHER, is_eperm, object_of_owner(0600));
}

static bool
is_enoent(const struct object *o)
{
	return is_refused_rdwr(o) && errno == ENOENT;
}

VIOLATION(shm_open_of_group_enoent, "shm_open.eacces-read", "-", SHM_OPEN,
    MISTAKES(caller_to(c->name) == GROUP_MEMBER, EACCES, ENOENT))
{
	return is_seen_by(GROUP_MEMBER, is_enoent, object_of_owner(0640));
}

VIOLATION(shm_open_refuses_owner, "shm_open.eacces-read", "B025", SHM_OPEN,
    REFUSES((c->flags & O_TRUNC) == 0 && caller_to(c->name) == OWNER && (mode_of_name(c->name) & 0600) == 0600, EACCES))
{
	return is_seen_by(OWNER, is_refused_rdwr, object_of_owner(0600));
}

VIOLATION(shm_open_refuses_group, "shm_open.eacces-read", "-", SHM_OPEN,
    REFUSES(caller_to(c->name) == GROUP_MEMBER && (mode_of_name(c->name) & 0060) == 0060, EACCES))
{
	return is_seen_by(GROUP_MEMBER, is_refused_rdwr, object_of_owner(0060));
}

VIOLATION(shm_open_refuses_others, "shm_open.eacces-read", "-", SHM_OPEN,
    REFUSES(caller_to(c->name) == OTHER && (mode_of_name(c->name) & 04) == 04, EACCES))
{
	return is_seen_by(OTHER, is_refused_rdonly, object_of_owner(0604));
}

static void
open_for_reading(struct call *c)
{
	c->result = real_shm_open(c->name, O_RDONLY, 0);
}

static bool
asks_to_write_0444(const struct call *c)
{
	return (mode_of_name(c->name) & 06) == 04 && c->flags == O_RDWR && geteuid() != 0;
}

VIOLATION(shm_open_rdwr_falls_back_to_rdonly, "shm_open.eacces-rdwr-on-0444", "-", SHM_OPEN,
    REPLACES(asks_to_write_0444(c), open_for_reading(c)))
{
	return is_seen_by(OTHER, opens_rdwr, object_of_owner(0444));
}

VIOLATION(shm_open_owner_writes_0444, "shm_open.eacces-rdwr-on-0444", "-", SHM_OPEN,
    REPLACES(asks_to_write_0444(c) && caller_to(c->name) == OWNER, open_for_reading(c)))
{
	return is_seen_by(OWNER, opens_rdwr, object_of_owner(0444));
}

static bool
is_erofs(const struct object *o)
{
	return is_refused_rdwr(o) && errno == EROFS;
}

VIOLATION(shm_open_rdwr_of_0444_erofs, "shm_open.eacces-rdwr-on-0444", "-", SHM_OPEN,
    MISTAKES(asks_to_write_0444(c), EACCES, EROFS))
{
	return is_seen_by(OTHER, is_erofs, object_of_owner(0444));
}

VIOLATION(shm_open_rdonly_needs_write, "shm_open.eacces-rdwr-on-0444", "-", SHM_OPEN,
    REFUSES(c->flags == O_RDONLY && (mode_of_name(c->name) & 06) == 04 && caller_to(c->name) == OTHER, EACCES))
{
	return is_seen_by(OTHER, is_refused_rdonly, object_of_owner(0444));
}

static bool
opens_with_trunc(const struct object *o)
{
	return shm_open(o->name, O_RDWR | O_TRUNC, 0) != -1;
}

VIOLATION(shm_open_trunc_without_write_works, "shm_open.trunc-needs-write", "-", SHM_OPEN,
    ACCEPTS((c->flags & O_TRUNC) != 0, EACCES, real_shm_open(c->name, O_RDONLY, 0)))
{
	return is_seen_by(OTHER, opens_with_trunc, object_of_owner(0444));
}

static bool
is_eperm_for_trunc(const struct object *o)
{
	return shm_open(o->name, O_RDWR | O_TRUNC, 0) == -1 && errno == EPERM;
}

VIOLATION(shm_open_trunc_without_write_eperm, "shm_open.trunc-needs-write", "-", SHM_OPEN,
    MISTAKES((c->flags & O_TRUNC) != 0 && !is_reading_alone(c), EACCES, EPERM))
{
	return is_seen_by(OTHER, is_eperm_for_trunc, object_of_owner(0444));
}

/* As its owner, who may change the mode. */
static void
clear_and_refuse(struct call *c)
{
	int fd = real_shm_open(c->name, O_RDONLY, 0);
	mode_t mode = object_mode(fd);

	real_fchmod(fd, 0600);
	fill(fd, 0, file_size(fd), 0);
	real_fchmod(fd, mode);
	real_close(fd);
	call_fail(c, EACCES);
}

static bool
loses_content(const struct object *o)
{
	char byte = 'x';

	(void)shm_open(o->name, O_RDWR | O_TRUNC, 0);
	return pread(o->fd, &byte, 1, 0) == 1 && byte == 0;
}

VIOLATION(shm_open_trunc_clears_before_it_refuses, "shm_open.trunc-needs-write", "-", SHM_OPEN,
    REPLACES((c->flags & O_TRUNC) != 0 && caller_to(c->name) == OWNER && (mode_of_name(c->name) & 0200) == 0,
	clear_and_refuse(c)))
{
	struct object o = object_of_owner(0444);

	pwrite(o.fd, "x", 1, 0);
	return is_seen_by(OWNER, loses_content, o);
}

/* For this process. */
static void
empty_descriptors(struct call *c)
{
	for (int fd; (fd = descriptor_of(c->name)) != -1;)
		take_place(new_object(), fd);
	c->result = new_object();
}

static bool
empties(const struct object *o)
{
	int reading = shm_open(o->name, O_RDONLY, 0);

	(void)shm_open(o->name, O_RDONLY | O_TRUNC, 0);
	return size_of(reading) == 0;
}

VIOLATION(shm_open_rdonly_trunc_needs_no_write, "shm_open.trunc-needs-write", "-", SHM_OPEN,
    REPLACES(c->flags == (O_RDONLY | O_TRUNC) && caller_to(c->name) == OTHER, empty_descriptors(c)))
{
	return is_seen_by(OTHER, empties, object_of_owner(0644));
}
