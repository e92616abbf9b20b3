/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "effects.h"
#include "known.h"
#include "platform.h"
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

static bool
is_shared_mapping(const struct known_range *range)
{
	return !is_attachment(range) && is_shared(range);
}

/* Not addresses that are only kept free. */
static bool
is_private_mapping(const struct known_range *range)
{
	return !is_shared(range) && range->protection_then != PROT_NONE;
}

/* What is larger takes too long. */
enum { PAGES_SPOILED = 1024 };

/* By a call that fails where the page cannot be stored to. */
static void
spoil_through(const int ends[2], char *at)
{
	static const char spoiled = SPOILED;

	real_write(ends[1], (void *)(uintptr_t)&spoiled, 1);
	real_read(ends[0], at, 1);
}

void
spoil_byte(char *at)
{
	int ends[2];

	if (pipe(ends) == -1)
		return;
	spoil_through(ends, at);
	real_close(ends[0]);
	real_close(ends[1]);
}

static void
spoil_last_bytes(const struct known_range *range)
{
	if (range->length > PAGES_SPOILED * page_size())
		return;
	for (size_t at = 0; at < range->length; at += page_size())
		if (is_resident(range->start + at))
			spoil_byte(&range->start[at + page_size() - 1]);
}

static void
spoil(const struct known_range *range)
{
	if (range->length > PAGES_SPOILED * page_size())
		return;
	for (size_t at = 0; at < range->length; at += page_size())
		if (is_resident(range->start + at))
			spoil_byte(&range->start[at]);
	spoil_last_bytes(range);
}

void
spoil_range(const struct known_range *range)
{
	int ends[2];

	if (range->length > PAGES_SPOILED * page_size() || (range->protection & PROT_WRITE) == 0 || pipe(ends) == -1)
		return;
	for (size_t at = 0; at < range->length; at += page_size()) {
		spoil_through(ends, &range->start[at]);
		spoil_through(ends, &range->start[at + page_size() - 1]);
	}
	real_close(ends[0]);
	real_close(ends[1]);
}

void
spoil_shared_mappings(void)
{
	for_known_ranges(is_shared_mapping, spoil);
}

void
spoil_private_mappings(void)
{
	for_known_ranges(is_private_mapping, spoil);
}

void
spoil_attachments(void)
{
	for_known_ranges(is_attachment, spoil);
}

void
spoil_last_bytes_of_shared_mappings(void)
{
	for_known_ranges(is_shared_mapping, spoil_last_bytes);
}

void
spoil_last_bytes_of_attachments(void)
{
	for_known_ranges(is_attachment, spoil_last_bytes);
}

void
clear_what_it_shows(const struct known_range *range)
{
	static const char zeros[64];
	char *attached;

	if (range->fd != -1)
		real_pwrite(range->fd, zeros, sizeof(zeros), 0);
	if (range->id == -1 || (attached = real_shmat(range->id, NULL, 0)) == (void *)-1)
		return;
	memset(attached, 0, sizeof(zeros));
	real_shmdt(attached);
}
