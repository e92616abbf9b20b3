/* SPDX-License-Identifier: BSD-2-Clause */

/* Seals of objects, but those that keep from writing. */

#include <stdlib.h>

#include "effects.h"
#include "memfd_objects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
adds_seals(const struct call *c, int seals)
{
	return c->command == F_ADD_SEALS && ((int)c->argument & seals) == seals && is_memfd(c->fd);
}

static bool
gets_seals(const struct call *c)
{
	return c->command == F_GET_SEALS && is_memfd(c->fd);
}

static int
seals_after(int first, int second)
{
	int fd = memfd_sealable(1);

	seal(fd, first);
	seal(fd, second);
	return fcntl(fd, F_GET_SEALS);
}

VIOLATION(memfd_create_ignores_allow_sealing, "memfd_create.initial-seals", "-", MEMFD_CREATE,
    CHANGES(c->flags == MFD_ALLOW_SEALING, c->flags = 0))
{
	return fcntl(memfd_create("shmcheck", MFD_ALLOW_SEALING), F_GET_SEALS) == F_SEAL_SEAL;
}

VIOLATION(memfd_create_always_allows_sealing, "memfd_create.initial-seals", "-", MEMFD_CREATE,
    CHANGES(c->flags == 0, c->flags = MFD_ALLOW_SEALING))
{
	return seal(memfd_create("shmcheck", 0), F_SEAL_SHRINK) == 0;
}

VIOLATION(fcntl_get_seals_hides_seal_seal, "memfd_create.initial-seals", "-", FCNTL,
    FALSIFIES(gets_seals(c) && c->result == F_SEAL_SEAL, c->result = 0))
{
	return fcntl(memfd_create("shmcheck", 0), F_GET_SEALS) == 0;
}

VIOLATION(fcntl_adds_seals_to_unsealable, "memfd_create.initial-seals", "-", FCNTL,
    ACCEPTS(adds_seals(c, F_SEAL_SHRINK) && seals_of(c->fd) == F_SEAL_SEAL, EPERM, 0))
{
	return seal(memfd_create("shmcheck", 0), F_SEAL_SHRINK) == 0;
}

VIOLATION(fcntl_get_seals_shows_last_only, "memfd_create.seals-only-added", "-", FCNTL,
    FALSIFIES(gets_seals(c) && (c->result & F_SEAL_GROW), c->result &= ~F_SEAL_SHRINK))
{
	return seals_after(F_SEAL_SHRINK, F_SEAL_GROW) == F_SEAL_GROW;
}

VIOLATION(fcntl_add_no_seals_einval, "memfd_create.seals-only-added", "-", FCNTL,
    REFUSES(adds_seals(c, 0) && c->argument == 0, EINVAL))
{
	return seal(memfd_sealable(1), 0) == -1;
}

VIOLATION(fcntl_add_seal_again_ebusy, "memfd_create.seals-only-added", "-", FCNTL,
    REFUSES(adds_seals(c, F_SEAL_SHRINK) && seals_of(c->fd) & F_SEAL_SHRINK && !(seals_of(c->fd) & F_SEAL_SEAL), EBUSY))
{
	int fd = memfd_sealable(1);

	int first = seal(fd, F_SEAL_SHRINK);
	int second = seal(fd, F_SEAL_SHRINK);

	return first == 0 && second == -1;
}

VIOLATION(fcntl_adds_first_of_two_seals, "memfd_create.seals-only-added", "-", FCNTL,
    CHANGES(adds_seals(c, F_SEAL_WRITE | F_SEAL_SEAL), c->argument &= ~F_SEAL_WRITE))
{
	return seals_after(F_SEAL_WRITE | F_SEAL_SEAL, 0) == F_SEAL_SEAL;
}

enum { UNKNOWN_SEAL = 0x40000000 };

VIOLATION(fcntl_ignores_unknown_seal, "memfd_create.seals-unknown-einval", "-", FCNTL,
    CHANGES(adds_seals(c, UNKNOWN_SEAL) && c->argument == UNKNOWN_SEAL, c->argument = 0))
{
	return seal(memfd_sealable(1), UNKNOWN_SEAL) == 0;
}

VIOLATION(fcntl_unknown_seal_eperm, "memfd_create.seals-unknown-einval", "-", FCNTL,
    MISTAKES(adds_seals(c, UNKNOWN_SEAL), EINVAL, EPERM))
{
	return seal(memfd_sealable(1), UNKNOWN_SEAL) == -1 && errno == EPERM;
}

static void
add_known_and_refuse(struct call *c)
{
	real_fcntl(c->fd, F_ADD_SEALS, c->argument & ~UNKNOWN_SEAL);
	call_fail(c, EINVAL);
}

VIOLATION(fcntl_adds_seals_beside_unknown_one, "memfd_create.seals-unknown-einval", "-", FCNTL,
    REPLACES(adds_seals(c, UNKNOWN_SEAL | F_SEAL_SHRINK), add_known_and_refuse(c)))
{
	return seals_after(UNKNOWN_SEAL | F_SEAL_SHRINK, 0) == F_SEAL_SHRINK;
}

static bool
sizes_sealed(const struct call *c, int seals)
{
	return is_memfd(c->fd) && (seals_of(c->fd) & seals) == seals;
}

/* The size of a sealed object, of two pages, after ftruncate(). */
static off_t
size_after(int seals, off_t size, int *error)
{
	int fd = memfd_sealable(2 * page_size());

	seal(fd, seals);
	errno = 0;
	*error = ftruncate(fd, size) == 0 ? 0 : errno;
	return size_of(fd);
}

VIOLATION(ftruncate_of_shrink_sealed_reports_success, "memfd_create.seal-shrink", "-", FTRUNCATE,
    ACCEPTS(sizes_sealed(c, F_SEAL_SHRINK) && c->offset == 0, EPERM, 0))
{
	int error;

	size_after(F_SEAL_SHRINK, 0, &error);
	return error == 0;
}

VIOLATION(fcntl_seal_shrink_without_effect, "memfd_create.seal-shrink", "-", FCNTL,
    SKIPS(adds_seals(c, F_SEAL_SHRINK) && file_size(c->fd) > (off_t)page_size()))
{
	int error;

	return size_after(F_SEAL_SHRINK, 1, &error) == 1;
}

VIOLATION(ftruncate_of_shrink_sealed_ebusy, "memfd_create.seal-shrink", "-", FTRUNCATE,
    MISTAKES(sizes_sealed(c, F_SEAL_SHRINK), EPERM, EBUSY))
{
	int error;

	size_after(F_SEAL_SHRINK, 0, &error);
	return error == EBUSY;
}

VIOLATION(ftruncate_of_shrink_sealed_in_last_page_works, "memfd_create.seal-shrink", "-", FTRUNCATE,
    ACCEPTS(sizes_sealed(c, F_SEAL_SHRINK) && c->offset % (off_t)page_size() != 0, EPERM, 0))
{
	int error;

	size_after(F_SEAL_SHRINK, 2 * (off_t)page_size() - 1, &error);
	return error == 0;
}

VIOLATION(ftruncate_of_shrink_sealed_to_same_size_eperm, "memfd_create.seal-shrink", "-", FTRUNCATE,
    REFUSES(sizes_sealed(c, F_SEAL_SHRINK) && c->offset == file_size(c->fd), EPERM))
{
	int error;

	size_after(F_SEAL_SHRINK, 2 * (off_t)page_size(), &error);
	return error == EPERM;
}

VIOLATION(ftruncate_of_shrink_sealed_grows_not, "memfd_create.seal-shrink", "-", FTRUNCATE,
    REFUSES(sizes_sealed(c, F_SEAL_SHRINK) && c->offset > file_size(c->fd), EPERM))
{
	int error;

	size_after(F_SEAL_SHRINK, 3 * (off_t)page_size(), &error);
	return error == EPERM;
}

VIOLATION(ftruncate_of_shrink_sealed_goes_back, "memfd_create.seal-shrink", "-", FTRUNCATE,
    ACCEPTS(sizes_sealed(c, F_SEAL_SHRINK) && c->offset > (off_t)page_size() && c->offset % (off_t)page_size() == 0,
	EPERM, 0))
{
	int fd = memfd_sealable(3 * page_size());

	seal(fd, F_SEAL_SHRINK);
	return ftruncate(fd, 2 * (off_t)page_size()) == 0;
}

static void
clear_and_refuse(struct call *c)
{
	fill(c->fd, c->offset, file_size(c->fd), 0);
	call_fail(c, EPERM);
}

VIOLATION(ftruncate_of_shrink_sealed_clears, "memfd_create.seal-shrink", "-", FTRUNCATE,
    REPLACES(sizes_sealed(c, F_SEAL_SHRINK) && c->offset == 0, clear_and_refuse(c)))
{
	int fd = memfd_sealable(1);
	char *p = map_shared(fd, 1);

	*p = 'x';
	seal(fd, F_SEAL_SHRINK);
	return ftruncate(fd, 0) == -1 && *p == 0;
}

static bool
is_again(const struct call *c)
{
	return strncmp(c->name, "/proc/self/fd/", 14) == 0;
}

static int
open_sealed_for_trunc(int *fd)
{
	*fd = memfd_sealable(1);
	seal(*fd, F_SEAL_SHRINK);
	return memfd_open_again(*fd, O_RDWR | O_TRUNC);
}

VIOLATION(open_with_trunc_of_shrink_sealed_works, "memfd_create.seal-shrink", "-", OPEN,
    CHANGES(is_again(c) && (c->flags & O_TRUNC) != 0, c->flags &= ~O_TRUNC))
{
	int fd;

	return open_sealed_for_trunc(&fd) != -1;
}

VIOLATION(open_with_trunc_of_shrink_sealed_eacces, "memfd_create.seal-shrink", "-", OPEN,
    MISTAKES(is_again(c) && (c->flags & O_TRUNC) != 0, EPERM, EACCES))
{
	int fd;

	return open_sealed_for_trunc(&fd) == -1 && errno == EACCES;
}

/* The object whose path in /proc is opened. */
static int
descriptor_in_path(const struct call *c)
{
	return (int)strtol(c->name + strlen("/proc/self/fd/"), NULL, 10);
}

static void
clear_before_open_is_refused(struct call *c)
{
	int fd = descriptor_in_path(c);

	fill(fd, 0, file_size(fd), 0);
	call_fail(c, EPERM);
}

VIOLATION(open_with_trunc_of_shrink_sealed_clears, "memfd_create.seal-shrink", "-", OPEN,
    REPLACES(is_again(c) && (c->flags & O_TRUNC) != 0, clear_before_open_is_refused(c)))
{
	int fd = memfd_sealable(1);
	char *p = map_shared(fd, 1);

	*p = 'x';
	seal(fd, F_SEAL_SHRINK);
	return memfd_open_again(fd, O_RDWR | O_TRUNC) == -1 && *p == 0;
}

static void
grow_before_open_is_refused(struct call *c)
{
	int fd = descriptor_in_path(c);

	real_ftruncate(fd, file_size(fd) + 1);
	call_fail(c, EPERM);
}

VIOLATION(open_with_trunc_of_shrink_sealed_grows, "memfd_create.seal-shrink", "-", OPEN,
    REPLACES(is_again(c) && (c->flags & O_TRUNC) != 0, grow_before_open_is_refused(c)))
{
	int fd;

	return open_sealed_for_trunc(&fd) == -1 && size_of(fd) == 2;
}

VIOLATION(ftruncate_of_grow_sealed_works, "memfd_create.seal-grow", "-", FTRUNCATE,
    ACCEPTS(sizes_sealed(c, F_SEAL_GROW) && c->offset % (off_t)page_size() == 0, EPERM, 0))
{
	int error;

	size_after(F_SEAL_GROW, 3 * (off_t)page_size(), &error);
	return error == 0;
}

VIOLATION(ftruncate_of_grow_sealed_a_byte_works, "memfd_create.seal-grow", "-", FTRUNCATE,
    ACCEPTS(sizes_sealed(c, F_SEAL_GROW) && c->offset % (off_t)page_size() == 1, EPERM, 0))
{
	int error;

	size_after(F_SEAL_GROW, 2 * (off_t)page_size() + 1, &error);
	return error == 0;
}

VIOLATION(fcntl_seal_grow_without_effect, "memfd_create.seal-grow", "-", FCNTL,
    SKIPS(adds_seals(c, F_SEAL_GROW) && file_size(c->fd) > (off_t)page_size()))
{
	int error;

	return size_after(F_SEAL_GROW, 3 * (off_t)page_size(), &error) == 3 * (off_t)page_size();
}

VIOLATION(ftruncate_of_grow_sealed_enospc, "memfd_create.seal-grow", "-", FTRUNCATE,
    MISTAKES(sizes_sealed(c, F_SEAL_GROW) && file_size(c->fd) > (off_t)page_size(), EPERM, ENOSPC))
{
	int error;

	size_after(F_SEAL_GROW, 3 * (off_t)page_size(), &error);
	return error == ENOSPC;
}

VIOLATION(ftruncate_of_grow_sealed_to_same_size_eperm, "memfd_create.seal-grow", "-", FTRUNCATE,
    REFUSES(sizes_sealed(c, F_SEAL_GROW) && c->offset == file_size(c->fd), EPERM))
{
	int error;

	size_after(F_SEAL_GROW, 2 * (off_t)page_size(), &error);
	return error == EPERM;
}

VIOLATION(ftruncate_of_grow_sealed_shrinks_not, "memfd_create.seal-grow", "-", FTRUNCATE,
    REFUSES(sizes_sealed(c, F_SEAL_GROW) && c->offset > 0 && c->offset < file_size(c->fd), EPERM))
{
	int error;

	size_after(F_SEAL_GROW, 1, &error);
	return error == EPERM;
}

static int
grow_sealed_page(void)
{
	int fd = memfd_sealable(page_size());

	seal(fd, F_SEAL_GROW);
	return fd;
}

VIOLATION(pwrite_behind_grow_sealed_reports_success, "memfd_create.seal-grow", "-", PWRITE,
    ACCEPTS(sizes_sealed(c, F_SEAL_GROW), EPERM, c->length))
{
	return pwrite(grow_sealed_page(), "x", 1, (off_t)page_size()) == 1;
}

VIOLATION(pwrite_before_end_of_grow_sealed_eperm, "memfd_create.seal-grow", "-", PWRITE,
    REFUSES(sizes_sealed(c, F_SEAL_GROW) && c->offset < file_size(c->fd), EPERM))
{
	return pwrite(grow_sealed_page(), "x", 1, 0) == -1;
}

static bool
allocates_sealed(const struct call *c)
{
	return sizes_sealed(c, F_SEAL_GROW) && (off_t)c->length > file_size(c->fd);
}

VIOLATION(posix_fallocate_behind_grow_sealed_reports_success, "memfd_create.seal-grow", "-", POSIX_FALLOCATE,
    SKIPS(allocates_sealed(c)))
{
	return posix_fallocate(grow_sealed_page(), 0, 2 * (off_t)page_size()) == 0;
}

VIOLATION(posix_fallocate_behind_grow_sealed_enospc, "memfd_create.seal-grow", "-", POSIX_FALLOCATE,
    MISTAKES(allocates_sealed(c), EPERM, ENOSPC))
{
	return posix_fallocate(grow_sealed_page(), 0, 2 * (off_t)page_size()) == ENOSPC;
}

VIOLATION(posix_fallocate_in_grow_sealed_eperm, "memfd_create.seal-grow", "-", POSIX_FALLOCATE,
    REFUSES(sizes_sealed(c, F_SEAL_GROW) && !allocates_sealed(c), EPERM))
{
	return posix_fallocate(grow_sealed_page(), 0, 1) == EPERM;
}
