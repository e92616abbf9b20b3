/* SPDX-License-Identifier: BSD-2-Clause */

/* fallocate() of objects. */

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

#ifdef FALLOC_FL_PUNCH_HOLE

static bool
punches(const struct call *c)
{
	return is_object(c->fd) && (c->flags & FALLOC_FL_PUNCH_HOLE) != 0;
}

/* The byte at this place after a hole from 1 to 3 in four bytes of a page, all of which were 'x'. */
static char
byte_after_hole(size_t at)
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());

	memset(p, 'x', 2 * page_size());
	(void)fallocate(o.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1, 2);
	return p[at];
}

VIOLATION(fallocate_punches_no_hole, "shm_object.fallocate-punches-hole", "-", FALLOCATE, SKIPS(punches(c)))
{
	return byte_after_hole(1) == 'x';
}

VIOLATION(fallocate_punches_whole_first_page, "shm_object.fallocate-punches-hole", "-", FALLOCATE,
    FALSIFIES(punches(c), fill(c->fd, 0, c->offset, 0)))
{
	return byte_after_hole(0) == 0;
}

VIOLATION(fallocate_punches_up_to_end, "shm_object.fallocate-punches-hole", "-", FALLOCATE,
    FALSIFIES(punches(c), fill(c->fd, c->offset, file_size(c->fd), 0)))
{
	return byte_after_hole(3) == 0;
}

VIOLATION(fallocate_hole_einval, "shm_object.fallocate-punches-hole", "-", FALLOCATE, REFUSES(punches(c), EINVAL))
{
	return byte_after_hole(1) == 'x';
}

VIOLATION(fallocate_hole_cuts, "shm_object.fallocate-punches-hole", "-", FALLOCATE,
    FALSIFIES(punches(c) && c->offset > 0, real_ftruncate(c->fd, c->offset + (off_t)c->length)))
{
	struct object o = object_create(4);

	return fallocate(o.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1, 2) == 0 && size_of(o.fd) == 3;
}

VIOLATION(fallocate_hole_separates_mappings, "shm_object.fallocate-punches-hole", "-", FALLOCATE,
    FALSIFIES(punches(c), make_everything_private()))
{
	struct object o = object_create(4);
	char *p = map_shared(o.fd, 4);

	(void)fallocate(o.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1, 2);
	*p = 'n';
	return *(char *)map_shared(o.fd, 4) == 0;
}

VIOLATION(fallocate_ignores_keep_size, "shm_object.fallocate-keeps-size", "-", FALLOCATE,
    CHANGES(is_object(c->fd) && c->flags == FALLOC_FL_KEEP_SIZE, c->flags = 0))
{
	struct object o = object_create(1);

	return fallocate(o.fd, FALLOC_FL_KEEP_SIZE, 0, 2) == 0 && size_of(o.fd) == 2;
}

VIOLATION(fallocate_keep_size_eopnotsupp, "shm_object.fallocate-keeps-size", "-", FALLOCATE,
    REFUSES(is_object(c->fd) && c->flags == FALLOC_FL_KEEP_SIZE, EOPNOTSUPP))
{
	return fallocate(object_create(1).fd, FALLOC_FL_KEEP_SIZE, 0, 2) == -1;
}

VIOLATION(fallocate_keep_size_clears_first_byte, "shm_object.fallocate-keeps-size", "-", FALLOCATE,
    FALSIFIES(is_object(c->fd) && c->flags == FALLOC_FL_KEEP_SIZE, fill(c->fd, 0, 1, 0)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	*p = 'x';
	return fallocate(o.fd, FALLOC_FL_KEEP_SIZE, 0, 2) == 0 && *p == 0;
}

VIOLATION(fallocate_by_reading_descriptor_einval, "shm_object.fallocate-errors", "-", FALLOCATE,
    MISTAKES(is_object(c->fd), EBADF, EINVAL))
{
	struct object o = object_create(1);

	return fallocate(object_open(&o, O_RDONLY), 0, 0, 1) == -1 && errno == EINVAL;
}

VIOLATION(fallocate_of_no_bytes_works, "shm_object.fallocate-errors", "-", FALLOCATE,
    ACCEPTS(is_object(c->fd) && c->length == 0, EINVAL, 0))
{
	return fallocate(object_create(1).fd, 0, 0, 0) == 0;
}

VIOLATION(fallocate_of_negative_offset_efbig, "shm_object.fallocate-errors", "-", FALLOCATE,
    MISTAKES(is_object(c->fd) && c->offset < 0, EINVAL, EFBIG))
{
	return fallocate(object_create(1).fd, 0, -1, 2) == -1 && errno == EFBIG;
}

static void
empty_and_refuse(struct call *c)
{
	real_ftruncate(c->fd, 0);
	call_fail(c, EINVAL);
}

VIOLATION(fallocate_of_no_bytes_empties, "shm_object.fallocate-errors", "-", FALLOCATE,
    REPLACES(is_object(c->fd) && c->length == 0, empty_and_refuse(c)))
{
	struct object o = object_create(1);

	return fallocate(o.fd, 0, 0, 0) == -1 && size_of(o.fd) == 0;
}

#endif
