/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "effects.h"
#include "known.h"
#include "real.h"

void
make_private(void *start, size_t length)
{
	void *copy = real_mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (copy == MAP_FAILED)
		return;
	memcpy(copy, start, length);
	if (real_mmap(start, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) == start)
		memcpy(start, copy, length);
	real_munmap(copy, length);
}

void
put_zeros(void *start, size_t length, int protection, int sharing)
{
	real_mmap(start, length, protection, MAP_ANON | MAP_FIXED | sharing, -1, 0);
}

void
put_file(void *start, size_t length, int protection, int sharing, int fd, off_t offset)
{
	real_mmap(start, length, protection, MAP_FIXED | sharing, fd, offset);
}

bool
is_resident(void *page)
{
	unsigned char bits = 0;
	struct call look = { .interface = MINCORE, .address = page, .length = 1, .buffer = &bits };

	return real_call(&look) == 0 && bits & 1;
}

off_t
file_size(int fd)
{
	struct stat status;

	return real_fstat(fd, &status) == 0 ? status.st_size : -1;
}

static bool
is_attachment(const struct known_range *range)
{
	return range->id != -1;
}

static bool
is_shared(const struct known_range *range)
{
	return is_attachment(range) || (range->flags & MAP_SHARED) != 0;
}

static void
privatize(const struct known_range *range)
{
	if (range->protection & PROT_READ)
		make_private(range->start, range->length);
}

static void
lose(const struct known_range *range)
{
	real_munmap(range->start, range->length);
}

void
make_everything_private(void)
{
	for_known_ranges(is_shared, privatize);
}

void
make_attachments_private(void)
{
	for_known_ranges(is_attachment, privatize);
}

void
lose_everything_shared(void)
{
	for_known_ranges(is_shared, lose);
}
