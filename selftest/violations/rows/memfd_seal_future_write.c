/* SPDX-License-Identifier: BSD-2-Clause */

/* F_SEAL_FUTURE_WRITE. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "memfd_objects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_sealed_for_future(int fd)
{
	return is_memfd(fd) && (seals_of(fd) & F_SEAL_FUTURE_WRITE) != 0;
}

VIOLATION(pwrite_to_future_sealed_reports_success, "memfd_create.seal-future-write", "-", PWRITE,
    ACCEPTS(is_sealed_for_future(c->fd), EPERM, c->length))
{
	return pwrite(sealed(F_SEAL_FUTURE_WRITE), "x", 1, 0) == 1;
}

VIOLATION(pwrite_to_future_sealed_ebusy, "memfd_create.seal-future-write", "-", PWRITE,
    MISTAKES(is_sealed_for_future(c->fd), EPERM, EBUSY))
{
	return pwrite(sealed(F_SEAL_FUTURE_WRITE), "x", 1, 0) == -1 && errno == EBUSY;
}

static bool
maps_future_sealed(const struct call *c, int sharing, int protection)
{
	return c->flags == sharing && c->protection == protection && is_sealed_for_future(c->fd);
}

VIOLATION(mmap_of_future_sealed_for_writing_works, "memfd_create.seal-future-write", "-", MMAP,
    REPLACES(maps_future_sealed(c, MAP_SHARED, PROT_READ | PROT_WRITE), map_privately(c, 0)))
{
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, sealed(F_SEAL_FUTURE_WRITE), 0) != MAP_FAILED;
}

VIOLATION(mmap_of_future_sealed_for_reading_eperm, "memfd_create.seal-future-write", "-", MMAP,
    REFUSES(maps_future_sealed(c, MAP_SHARED, PROT_READ), EPERM))
{
	return mmap(NULL, 1, PROT_READ, MAP_SHARED, sealed(F_SEAL_FUTURE_WRITE), 0) == MAP_FAILED;
}

static void
show_copy(const struct call *c)
{
	make_private((char *)c->result, c->length);
	real_mprotect((char *)c->result, c->length, PROT_READ);
}

VIOLATION(mmap_of_future_sealed_for_reading_is_a_copy, "memfd_create.seal-future-write", "-", MMAP,
    FALSIFIES(maps_future_sealed(c, MAP_SHARED, PROT_READ), show_copy(c)))
{
	int fd = memfd_sealable(1);
	char *p = map_shared(fd, 1);
	char *reading;

	seal(fd, F_SEAL_FUTURE_WRITE);
	reading = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	*p = 'x';
	return reading != MAP_FAILED && *reading == 0;
}

static bool
seals_future_writing(const struct call *c)
{
	return c->command == F_ADD_SEALS && c->argument == F_SEAL_FUTURE_WRITE && is_memfd(c->fd);
}

static void
separate_ranges(int fd)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == fd)
			make_private(ranges[i].start, ranges[i].length);
}

VIOLATION(fcntl_future_seal_separates_mappings, "memfd_create.seal-future-write", "-", FCNTL,
    FALSIFIES(seals_future_writing(c), separate_ranges(c->fd)))
{
	int fd = memfd_sealable(1);
	char *p = map_shared(fd, 1);

	seal(fd, F_SEAL_FUTURE_WRITE);
	*p = 'x';
	return *(char *)map_private(fd, 1) == 0;
}

VIOLATION(fcntl_future_seal_of_mapped_ebusy, "memfd_create.seal-future-write", "-", FCNTL,
    REFUSES(seals_future_writing(c) && mapped_bytes(c->fd, MAP_SHARED) > 0, EBUSY))
{
	int fd = memfd_sealable(1);

	map_shared(fd, 1);
	return seal(fd, F_SEAL_FUTURE_WRITE) == -1 && errno == EBUSY;
}

static void
share_with_children(struct call *c)
{
	c->result = (intptr_t)real_mmap(c->address, c->length, c->protection, MAP_SHARED | MAP_ANON, -1, 0);
}

VIOLATION(mmap_of_future_sealed_shared_with_child, "memfd_create.seal-future-write", "B097", MMAP,
    REPLACES(maps_future_sealed(c, MAP_PRIVATE, PROT_READ | PROT_WRITE), share_with_children(c)))
{
	char *p = map_private(sealed(F_SEAL_FUTURE_WRITE), 1);
	int status;

	if (fork() == 0)
		_exit(fault_of_store(p, 'c').signal);
	wait(&status);
	return *p == 'c';
}
