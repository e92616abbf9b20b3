/* SPDX-License-Identifier: BSD-2-Clause */

/* F_SEAL_WRITE. */

#include <sys/mman.h>

#include "effects.h"
#include "memfd_objects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
seals_writing(const struct call *c)
{
	return c->command == F_ADD_SEALS && c->argument & F_SEAL_WRITE && is_memfd(c->fd);
}

static bool
is_sealed(int fd)
{
	return is_memfd(fd) && (seals_of(fd) & F_SEAL_WRITE) != 0;
}

static int
seal_mapped(size_t left)
{
	int fd = memfd_sealable(2 * page_size());
	char *p = map_shared(fd, 2 * page_size());

	unmap(p, 2 * page_size() - left);
	return seal(fd, F_SEAL_WRITE);
}

VIOLATION(fcntl_seals_writing_though_mapped, "memfd_create.seal-write-ebusy", "-", FCNTL,
    ACCEPTS(seals_writing(c) && mapped_bytes(c->fd, MAP_SHARED) > page_size() && c->argument == F_SEAL_WRITE, EBUSY, 0))
{
	int fd = memfd_sealable(page_size() + 1);

	map_shared(fd, page_size() + 1);
	return seal(fd, F_SEAL_WRITE) == 0;
}

VIOLATION(fcntl_seals_writing_though_half_is_mapped, "memfd_create.seal-write-ebusy", "-", FCNTL,
    ACCEPTS(seals_writing(c) && mapped_bytes(c->fd, MAP_SHARED) == page_size(), EBUSY, 0))
{
	return seal_mapped(page_size()) == 0;
}

VIOLATION(fcntl_seals_writing_though_mapped_elsewhere, "memfd_create.seal-write-ebusy", "-", FCNTL,
    ACCEPTS(seals_writing(c) && mapped_bytes(c->fd, MAP_SHARED) == 0, EBUSY, 0))
{
	int fd = memfd_sealable(1);
	int to_child[2];
	int from_child[2];
	char byte = 0;

	if (pipe(to_child) == -1 || pipe(from_child) == -1)
		return false;
	if (fork() == 0) {
		close(to_child[1]);
		map_shared(fd, 1);
		_exit(write(from_child[1], &byte, 1) + read(to_child[0], &byte, 1) > 3);
	}
	return read(from_child[0], &byte, 1) == 1 && seal(fd, F_SEAL_WRITE) == 0;
}

VIOLATION(fcntl_seal_write_of_mapped_eperm, "memfd_create.seal-write-ebusy", "-", FCNTL,
    MISTAKES(seals_writing(c), EBUSY, EPERM))
{
	int fd = memfd_sealable(1);

	map_shared(fd, 1);
	return seal(fd, F_SEAL_WRITE) == -1 && errno == EPERM;
}

static void
add_others_and_refuse(struct call *c)
{
	real_fcntl(c->fd, F_ADD_SEALS, c->argument & ~F_SEAL_WRITE);
	call_fail(c, EBUSY);
}

VIOLATION(fcntl_adds_other_seals_of_mapped, "memfd_create.seal-write-ebusy", "-", FCNTL,
    REPLACES(seals_writing(c) && c->argument & F_SEAL_SHRINK && mapped_bytes(c->fd, MAP_SHARED) > 0,
	add_others_and_refuse(c)))
{
	int fd = memfd_sealable(1);

	map_shared(fd, 1);
	return seal(fd, F_SEAL_WRITE | F_SEAL_SHRINK) == -1 && fcntl(fd, F_GET_SEALS) == F_SEAL_SHRINK;
}

static bool was_refused; /* in this process, because of a mapping */

static bool
note_refusal(const struct call *c)
{
	bool is_refused = was_refused && seals_writing(c) && mapped_bytes(c->fd, MAP_SHARED) == 0;

	was_refused |= seals_writing(c) && mapped_bytes(c->fd, MAP_SHARED) > 0;
	return is_refused;
}

VIOLATION(fcntl_never_forgets_mapping, "memfd_create.seal-write-ebusy", "-", FCNTL, REFUSES(note_refusal(c), EBUSY))
{
	int fd = memfd_sealable(1);
	char *p = map_shared(fd, 1);

	seal(fd, F_SEAL_WRITE);
	unmap(p, 1);
	return seal(fd, F_SEAL_WRITE) == -1;
}

VIOLATION(fcntl_seal_write_of_privately_mapped_ebusy, "memfd_create.seal-write-ebusy", "-", FCNTL,
    REFUSES(seals_writing(c) && mapped_bytes(c->fd, MAP_PRIVATE) > 0, EBUSY))
{
	int fd = memfd_sealable(1);

	map_private(fd, 1);
	return seal(fd, F_SEAL_WRITE) == -1;
}

VIOLATION(pwrite_to_start_of_sealed_reports_success, "memfd_create.seal-write-blocks", "-", PWRITE,
    ACCEPTS(is_sealed(c->fd) && c->offset == 0, EPERM, c->length))
{
	return pwrite(sealed(F_SEAL_WRITE), "x", 1, 0) == 1;
}

VIOLATION(pwrite_to_end_of_sealed_reports_success, "memfd_create.seal-write-blocks", "-", PWRITE,
    ACCEPTS(is_sealed(c->fd) && c->offset > 0, EPERM, c->length))
{
	return pwrite(sealed(F_SEAL_WRITE), "x", 1, 1) == 1;
}

VIOLATION(
    pwrite_to_sealed_ebadf, "memfd_create.seal-write-blocks", "-", PWRITE, MISTAKES(is_sealed(c->fd), EPERM, EBADF))
{
	return pwrite(sealed(F_SEAL_WRITE), "x", 1, 0) == -1 && errno == EBADF;
}

static void
grow_and_refuse(struct call *c)
{
	real_ftruncate(c->fd, file_size(c->fd) + 1);
	call_fail(c, EPERM);
}

VIOLATION(pwrite_to_sealed_grows, "memfd_create.seal-write-blocks", "-", PWRITE,
    REPLACES(is_sealed(c->fd), grow_and_refuse(c)))
{
	int fd = sealed(F_SEAL_WRITE);
	off_t before = size_of(fd);

	return pwrite(fd, "x", 1, 0) == -1 && size_of(fd) > before;
}

VIOLATION(fcntl_seal_write_without_effect, "memfd_create.seal-write-blocks", "-", FCNTL,
    SKIPS(c->argument == F_SEAL_WRITE && seals_writing(c) && file_size(c->fd) == (off_t)page_size()))
{
	return pwrite(sealed(F_SEAL_WRITE), "x", 1, 0) == 1;
}

VIOLATION(pread_of_sealed_eperm, "memfd_create.seal-write-blocks", "-", PREAD, REFUSES(is_sealed(c->fd), EPERM))
{
	char byte;

	return pread(sealed(F_SEAL_WRITE), &byte, 1, 0) == -1;
}

static bool
maps_sealed(const struct call *c, int sharing)
{
	return c->flags & sharing && (c->flags & (MAP_ANON | MAP_FIXED)) == 0 && c->protection & PROT_WRITE &&
	    is_sealed(c->fd);
}

VIOLATION(mmap_of_sealed_for_writing_works, "memfd_create.seal-write-blocks", "-", MMAP,
    REPLACES(maps_sealed(c, MAP_SHARED) && c->protection & PROT_READ, map_privately(c, 0)))
{
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, sealed(F_SEAL_WRITE), 0) != MAP_FAILED;
}

VIOLATION(mmap_of_sealed_for_writing_alone_works, "memfd_create.seal-write-blocks", "-", MMAP,
    REPLACES(maps_sealed(c, MAP_SHARED) && c->protection == PROT_WRITE, map_privately(c, 0)))
{
	return mmap(NULL, 1, PROT_WRITE, MAP_SHARED, sealed(F_SEAL_WRITE), 0) != MAP_FAILED;
}

VIOLATION(mmap_of_sealed_eacces, "memfd_create.seal-write-blocks", "-", MMAP,
    MISTAKES(maps_sealed(c, MAP_SHARED), EPERM, EACCES))
{
	return mmap(NULL, 1, PROT_WRITE, MAP_SHARED, sealed(F_SEAL_WRITE), 0) == MAP_FAILED && errno == EACCES;
}

VIOLATION(mmap_of_sealed_private_eperm, "memfd_create.seal-write-blocks", "-", MMAP,
    REFUSES(maps_sealed(c, MAP_PRIVATE), EPERM))
{
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, sealed(F_SEAL_WRITE), 0) == MAP_FAILED;
}

static void
map_new_memory(struct call *c)
{
	c->result = (intptr_t)real_mmap(c->address, c->length, c->protection, MAP_PRIVATE | MAP_ANON, -1, 0);
}

VIOLATION(mmap_of_sealed_private_shows_zeros, "memfd_create.seal-write-blocks", "-", MMAP,
    REPLACES(maps_sealed(c, MAP_PRIVATE), map_new_memory(c)))
{
	return *(char *)map_private(sealed(F_SEAL_WRITE), 1) == 0;
}

/* What was there goes before it is known that nothing comes. */
static void
destroy_and_refuse(struct call *c)
{
	real_mmap(c->address, c->length, c->protection, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0);
	call_fail(c, EPERM);
}

static char
byte_under_fixed(bool *is_refused)
{
	char *old = map_anonymous(1, MAP_PRIVATE);
	int fd = sealed(F_SEAL_WRITE);

	*old = 'o';
	*is_refused = mmap(old, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED;
	return *old;
}

VIOLATION(mmap_fixed_of_sealed_destroys_old_mapping, "memfd_create.seal-write-blocks", "B100", MMAP,
    REPLACES((c->flags & MAP_FIXED) != 0 && is_sealed(c->fd), destroy_and_refuse(c)))
{
	bool is_refused;

	return byte_under_fixed(&is_refused) == 0 && is_refused;
}

VIOLATION(mmap_fixed_of_sealed_works, "memfd_create.seal-write-blocks", "-", MMAP,
    REPLACES((c->flags & MAP_FIXED) != 0 && is_sealed(c->fd), map_privately(c, MAP_FIXED)))
{
	bool is_refused;

	byte_under_fixed(&is_refused);
	return !is_refused;
}

VIOLATION(ftruncate_of_write_sealed_shrinks_not, "memfd_create.seal-write-blocks", "-", FTRUNCATE,
    REFUSES(is_sealed(c->fd) && c->offset < file_size(c->fd), EPERM))
{
	return ftruncate(sealed(F_SEAL_WRITE), 1) == -1;
}

VIOLATION(ftruncate_of_write_sealed_grows_not, "memfd_create.seal-write-blocks", "-", FTRUNCATE,
    REFUSES(is_sealed(c->fd) && c->offset > file_size(c->fd), EPERM))
{
	return ftruncate(sealed(F_SEAL_WRITE), 2 * (off_t)page_size()) == -1;
}

VIOLATION(
    ftruncate_of_write_sealed_without_effect, "memfd_create.seal-write-blocks", "-", FTRUNCATE, SKIPS(is_sealed(c->fd)))
{
	int fd = sealed(F_SEAL_WRITE);

	return ftruncate(fd, 1) == 0 && size_of(fd) == (off_t)page_size();
}

static void
forget_seal_write(struct call *c)
{
	c->result = real_fcntl(c->fd, F_ADD_SEALS, c->argument & ~F_SEAL_WRITE);
}

VIOLATION(fcntl_forgets_seal_write, "memfd_create.seal-write-blocks", "-", FCNTL,
    REPLACES(c->command == F_ADD_SEALS && (c->argument & F_SEAL_WRITE) != 0, forget_seal_write(c)))
{
	int fd = memfd_sealable(1);

	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0 && pwrite(fd, "x", 1, 0) == 1;
}
