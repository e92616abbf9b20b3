/* SPDX-License-Identifier: BSD-2-Clause */

/* Sizes that an object is not given. */

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_negative(const struct call *c)
{
	return c->offset < 0 && is_object(c->fd);
}

VIOLATION(ftruncate_of_object_to_negative_size_works, "shm_object.einval-negative", "-", FTRUNCATE,
    ACCEPTS(is_negative(c), EINVAL, 0))
{
	return ftruncate(object_create(1).fd, -1) == 0;
}

VIOLATION(ftruncate_of_object_to_negative_size_efbig, "shm_object.einval-negative", "-", FTRUNCATE,
    MISTAKES(is_negative(c), EINVAL, EFBIG))
{
	return ftruncate(object_create(1).fd, -1) == -1 && errno == EFBIG;
}

static void
clear_and_refuse(struct call *c)
{
	fill(c->fd, 0, file_size(c->fd), 0);
	call_fail(c, EINVAL);
}

VIOLATION(ftruncate_to_negative_size_clears_object, "shm_object.einval-negative", "-", FTRUNCATE,
    REPLACES(is_negative(c), clear_and_refuse(c)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	*p = 'x';
	return ftruncate(o.fd, -1) == -1 && *p == 0;
}

static void
size_by_another(struct call *c)
{
	int fd = open_again(c->fd, O_RDWR);

	c->result = real_ftruncate(fd, c->offset);
	real_close(fd);
}

static bool
grows_by_reading(const struct call *c)
{
	return is_object(c->fd) && is_for_reading(c->fd) && c->offset > file_size(c->fd);
}

VIOLATION(ftruncate_grows_object_by_reading_descriptor, "shm_object.readonly-descriptor", "B175", FTRUNCATE,
    REPLACES(grows_by_reading(c) && file_size(c->fd) > 0, size_by_another(c)))
{
	struct object o = object_create(1);

	ftruncate(object_open(&o, O_RDONLY), 2);
	return size_of(o.fd) == 2;
}

VIOLATION(ftruncate_sizes_new_object_by_reading_descriptor, "shm_object.readonly-descriptor", "-", FTRUNCATE,
    REPLACES(grows_by_reading(c) && file_size(c->fd) == 0, size_by_another(c)))
{
	struct object o = object_create(0);

	ftruncate(object_open(&o, O_RDONLY), 2);
	return size_of(o.fd) == 2;
}

VIOLATION(ftruncate_by_reading_descriptor_eacces, "shm_object.readonly-descriptor", "-", FTRUNCATE,
    MISTAKES(is_object(c->fd) && c->offset == 0, EINVAL, EACCES))
{
	struct object o = object_create(1);

	return ftruncate(object_open(&o, O_RDONLY), 0) == -1 && errno == EACCES;
}

VIOLATION(ftruncate_by_reading_descriptor_reports_success, "shm_object.readonly-descriptor", "-", FTRUNCATE,
    SKIPS(is_object(c->fd) && is_for_reading(c->fd) && c->offset < file_size(c->fd)))
{
	struct object o = object_create(1);

	return ftruncate(object_open(&o, O_RDONLY), 0) == 0;
}
