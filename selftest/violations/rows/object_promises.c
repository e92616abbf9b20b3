/* SPDX-License-Identifier: BSD-2-Clause */

/* Outcomes of calls about objects that POSIX leaves open and that manuals of Linux fix. */

#include <limits.h>

#include <sys/mman.h>

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "users.h"
#include "violation.h"

VIOLATION(shm_open_rdonly_trunc_keeps_size, "shm_open.trunc-rdonly-undefined", "-", SHM_OPEN,
    CHANGES(c->flags == (O_RDONLY | O_TRUNC), c->flags = O_RDONLY))
{
	struct object o = object_create(1);

	return shm_open(o.name, O_RDONLY | O_TRUNC, 0) != -1 && size_of(o.fd) == 1;
}

static bool
is_over_path_max(const struct call *c)
{
	return strlen(c->name) > PATH_MAX;
}

static const char *
name_over_path_max(void)
{
	static char name[PATH_MAX + 100];

	memset(name, 'x', sizeof(name) - 1);
	name[0] = '/';
	return name;
}

VIOLATION(
    shm_open_name_over_path_max_ebusy, "shm_open.enametoolong-path", "-", SHM_OPEN, REFUSES(is_over_path_max(c), EBUSY))
{
	return shm_open(name_over_path_max(), O_RDWR, 0) == -1 && errno == EBUSY;
}

VIOLATION(shm_unlink_name_too_long_ebusy, "shm_unlink.enametoolong", "-", SHM_UNLINK,
    REFUSES(strlen(c->name) > NAME_MAX + 1, EBUSY))
{
	return shm_unlink(name_over_path_max()) == -1 && errno == EBUSY;
}

static bool
is_as_long_as_names_may_be(const char *name)
{
	return strlen(name) == NAME_MAX;
}

static const char *
longest_name(void)
{
	static char name[300];

	object_name_of_length(name, NAME_MAX - 1);
	return name;
}

static void
create_elsewhere(struct call *c)
{
	c->result = new_object();
	real_close(real_shm_open(c->name, c->flags, c->mode));
}

VIOLATION(shm_open_loses_longest_name, "shm_open.name-max-accepted", "-", SHM_OPEN,
    REPLACES(call_creates(c) && is_as_long_as_names_may_be(c->name), create_elsewhere(c)))
{
	const char *name = longest_name();
	int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);

	set_size(fd, 1);
	return size_of(shm_open(name, O_RDWR, 0)) == 0;
}

VIOLATION(shm_unlink_of_longest_name_einval, "shm_open.name-max-accepted", "-", SHM_UNLINK,
    REFUSES(is_as_long_as_names_may_be(c->name), EINVAL))
{
	const char *name = longest_name();

	close(shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600));
	return shm_unlink(name) == -1;
}

VIOLATION(shm_open_refuses_root, "shm_open.root-bypasses-mode", "-", SHM_OPEN,
    REFUSES(caller_to(c->name) == SUPERUSER && mode_of_name(c->name) == 0, EACCES))
{
	struct object o = object_of_owner(0);

	return geteuid() == 0 && shm_open(o.name, O_RDWR, 0) == -1;
}

VIOLATION(shm_open_o_cloexec_clears_cloexec, "shm_open.other-flags", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_CLOEXEC) != 0, real_fcntl((int)c->result, F_SETFD, 0)))
{
	return fcntl(shm_open(object_create(0).name, O_RDWR | O_CLOEXEC, 0), F_GETFD) == 0;
}

VIOLATION(
    shm_open_o_cloexec_eacces, "shm_open.other-flags", "-", SHM_OPEN, REFUSES((c->flags & O_CLOEXEC) != 0, EACCES))
{
	return shm_open(object_create(0).name, O_RDWR | O_CLOEXEC, 0) == -1;
}

static void
open_another(struct call *c)
{
	c->result = copy_of(descriptor_of(c->name));
	fill((int)c->result, 0, 1, 'y');
}

VIOLATION(shm_open_o_cloexec_opens_another, "shm_open.other-flags", "-", SHM_OPEN,
    REPLACES((c->flags & O_CLOEXEC) != 0 && descriptor_of(c->name) != -1, open_another(c)))
{
	return *(char *)map_shared(shm_open(object_create(1).name, O_RDWR | O_CLOEXEC, 0), 1) == 'y';
}

VIOLATION(ftruncate_by_reading_descriptor_ebadf, "shm_object.readonly-descriptor", "-", FTRUNCATE,
    MISTAKES(is_object(c->fd) && is_for_reading(c->fd), EINVAL, EBADF))
{
	struct object o = object_create(1);

	return ftruncate(object_open(&o, O_RDONLY), 0) == -1 && errno == EBADF;
}

static void
seek(int fd, off_t to)
{
	real_make((struct call){ .interface = LSEEK, .fd = fd, .offset = to, .command = SEEK_SET });
}

VIOLATION(ftruncate_moves_offset_to_end, "shm_object.ftruncate-keeps-offset", "-", FTRUNCATE,
    FALSIFIES(is_object(c->fd), seek(c->fd, c->offset)))
{
	struct object o = object_create(0);

	set_size(o.fd, 1);
	return lseek(o.fd, 0, SEEK_CUR) == 1;
}

static void
size_and_keep_times(struct call *c)
{
	struct stat status;

	real_fstat(c->fd, &status);
	c->result = real_ftruncate(c->fd, c->offset);
	futimens(c->fd, (struct timespec[]){ status.st_atim, status.st_mtim });
}

VIOLATION(ftruncate_of_object_keeps_times, "shm_object.ftruncate-marks-modification", "-", FTRUNCATE,
    REPLACES(is_object(c->fd) && c->offset >= 0, size_and_keep_times(c)))
{
	const struct timespec long_ago = { .tv_sec = 1 };
	struct object o = object_create(0);

	futimens(o.fd, (struct timespec[]){ long_ago, long_ago });
	set_size(o.fd, 1);
	return status_of(o.fd).st_mtime == 1;
}

static void
spoil_behind_end(struct call *c)
{
	off_t size = file_size(c->fd);

	if (size % (off_t)page_size() != 0)
		memset((char *)c->result + size, 'y', page_size() - (size_t)size % page_size());
}

VIOLATION(mmap_of_object_spoils_bytes_behind_end, "shm_object.write-past-end-in-page", "-", MMAP,
    FALSIFIES(is_object(c->fd) && c->flags == MAP_SHARED && (c->protection & PROT_WRITE) != 0 &&
	    c->length <= page_size() && c->offset == 0,
	spoil_behind_end(c)))
{
	return ((char *)map_shared(object_create(1).fd, 1))[1] == 'y';
}

VIOLATION(posix_fallocate_by_reading_descriptor_einval, "shm_object.posix-fallocate-errors", "-", POSIX_FALLOCATE,
    MISTAKES(is_object(c->fd), EBADF, EINVAL))
{
	struct object o = object_create(1);

	return posix_fallocate(object_open(&o, O_RDONLY), 0, 1) == EINVAL;
}

VIOLATION(posix_fallocate_of_no_bytes_works, "shm_object.posix-fallocate-errors", "-", POSIX_FALLOCATE,
    ACCEPTS(is_object(c->fd) && c->length == 0, EINVAL, 0))
{
	return posix_fallocate(object_create(1).fd, 0, 0) == 0;
}

VIOLATION(posix_fallocate_of_negative_offset_efbig, "shm_object.posix-fallocate-errors", "-", POSIX_FALLOCATE,
    MISTAKES(is_object(c->fd) && c->offset < 0, EINVAL, EFBIG))
{
	return posix_fallocate(object_create(1).fd, -1, 2) == EFBIG;
}

static void
empty_and_refuse(struct call *c)
{
	real_ftruncate(c->fd, 0);
	call_fail(c, EINVAL);
}

VIOLATION(posix_fallocate_of_no_bytes_empties, "shm_object.posix-fallocate-errors", "-", POSIX_FALLOCATE,
    REPLACES(is_object(c->fd) && c->length == 0, empty_and_refuse(c)))
{
	struct object o = object_create(1);

	return posix_fallocate(o.fd, 0, 0) == EINVAL && size_of(o.fd) == 0;
}

VIOLATION(posix_fallocate_of_negative_offset_empties, "shm_object.posix-fallocate-errors", "-", POSIX_FALLOCATE,
    REPLACES(is_object(c->fd) && c->offset < 0, empty_and_refuse(c)))
{
	struct object o = object_create(1);

	return posix_fallocate(o.fd, -1, 2) == EINVAL && size_of(o.fd) == 0;
}

static off_t
end_of(const struct call *c)
{
	return c->offset + (off_t)c->length;
}

static bool
is_inside(const struct call *c)
{
	return is_object(c->fd) && c->offset >= 0 && c->length > 0 && end_of(c) < file_size(c->fd);
}

static void
cut_there(struct call *c)
{
	real_ftruncate(c->fd, end_of(c));
	c->result = 0;
}

VIOLATION(posix_fallocate_inside_cuts, "shm_object.posix-fallocate-reserves", "-", POSIX_FALLOCATE,
    REPLACES(is_inside(c), cut_there(c)))
{
	struct object o = object_create(2);

	return posix_fallocate(o.fd, 0, 1) == 0 && size_of(o.fd) == 1;
}

VIOLATION(posix_fallocate_inside_einval, "shm_object.posix-fallocate-reserves", "-", POSIX_FALLOCATE,
    REFUSES(is_inside(c), EINVAL))
{
	return posix_fallocate(object_create(2).fd, 0, 1) == EINVAL;
}

/* More than any machine has. */
static bool
reports_room_for_all(void)
{
	return posix_fallocate(object_create(0).fd, 0, (off_t)(sizeof(off_t) > 4 ? INT64_C(1) << 50 : INT32_MAX)) == 0;
}

VIOLATION(posix_fallocate_without_room_reports_success, "shm_object.tmpfs-size", "-", POSIX_FALLOCATE,
    ACCEPTS(is_object(c->fd), ENOSPC, 0))
{
	return reports_room_for_all();
}

#ifdef F_GET_SEALS

VIOLATION(fcntl_get_seals_of_object_enotty, "memfd_create.seals-on-shm-open-object", "-", FCNTL,
    REFUSES(c->command == F_GET_SEALS && is_object(c->fd), ENOTTY))
{
	return fcntl(object_create(0).fd, F_GET_SEALS) == -1 && errno == ENOTTY;
}

static bool
is_neither_object_nor_memfd(int fd)
{
	return !is_object(fd) && !is_memfd(fd);
}

VIOLATION(fcntl_get_seals_of_others_is_none, "memfd_create.seals-on-regular-file", "-", FCNTL,
    REPLACES(c->command == F_GET_SEALS && is_neither_object_nor_memfd(c->fd), c->result = 0))
{
	return fcntl(nameless_file(1), F_GET_SEALS) == 0;
}

VIOLATION(fcntl_add_seals_to_others_reports_success, "memfd_create.seals-on-regular-file", "-", FCNTL,
    REPLACES(c->command == F_ADD_SEALS && is_neither_object_nor_memfd(c->fd), c->result = 0))
{
	return fcntl(nameless_file(1), F_ADD_SEALS, F_SEAL_SHRINK) == 0;
}

VIOLATION(fcntl_add_seals_to_object_enotty, "memfd_create.seals-on-shm-open-object", "-", FCNTL,
    REFUSES(c->command == F_ADD_SEALS && is_object(c->fd), ENOTTY))
{
	return fcntl(object_create(0).fd, F_ADD_SEALS, F_SEAL_GROW) == -1 && errno == ENOTTY;
}

#endif
