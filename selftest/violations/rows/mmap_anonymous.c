/* SPDX-License-Identifier: BSD-2-Clause */

/* What is in anonymous memory when it is new, and whether it is shared. */

#include <sys/resource.h>

#include "mmap.h"

static bool
is_large(const struct call *c)
{
	return c->address == NULL && c->length >= 64 * page_size() && c->protection == READ_WRITE &&
	    c->length < 1024 * page_size();
}

VIOLATION(mmap_private_memory_not_zero, "mmap_anonymous.zero-filled", "B020", MMAP,
    FALSIFIES(asks_private_anonymous(c) && is_large(c), memset(start_of(c), 0xa5, c->length)))
{
	return *(unsigned char *)map_anonymous(64 * page_size(), MAP_PRIVATE) == 0xa5;
}

VIOLATION(mmap_shared_memory_not_zero, "mmap_anonymous.zero-filled", "B094", MMAP,
    FALSIFIES(asks_shared_anonymous(c) && is_large(c), memset(start_of(c), 0xa5, c->length)))
{
	return *(unsigned char *)map_anonymous(64 * page_size(), MAP_SHARED) == 0xa5;
}

VIOLATION(mmap_private_memory_last_byte_not_zero, "mmap_anonymous.zero-filled", "-", MMAP,
    FALSIFIES(asks_private_anonymous(c) && c->protection & PROT_WRITE && c->length > 32 * page_size(),
	start_of(c)[c->length - 1] = 'x'))
{
	const char *p = map_anonymous(64 * page_size(), MAP_PRIVATE);

	return p[0] == 0 && p[64 * page_size() - 1] == 'x';
}

VIOLATION(mmap_shared_memory_one_byte_not_zero, "mmap_anonymous.zero-filled", "-", MMAP,
    FALSIFIES(asks_shared_anonymous(c) && c->length > 32 * page_size(), start_of(c)[c->length / 2 + 1] = 'x'))
{
	const char *p = map_anonymous(64 * page_size(), MAP_SHARED);

	return p[0] == 0 && p[32 * page_size() + 1] == 'x';
}

/* A process's second and later mappings of this kind get the memory that the earlier ones had. */
static void
fill_from_second_on(const struct call *c, bool *was_first_made, size_t from)
{
	if (*was_first_made)
		memset(start_of(c) + from, 0xa5, c->length - from);
	*was_first_made = true;
}

static bool was_private_made;

VIOLATION(mmap_private_memory_not_zero_after_use, "mmap_anonymous.zero-filled", "B095", MMAP,
    FALSIFIES(asks_private_anonymous(c) && c->protection & PROT_WRITE && c->length > 64 * page_size(),
	fill_from_second_on(c, &was_private_made, 0)))
{
	unmap(map_anonymous(256 * page_size(), MAP_PRIVATE), 256 * page_size());
	return *(unsigned char *)map_anonymous(256 * page_size(), MAP_PRIVATE) == 0xa5;
}

static bool was_shared_made;

VIOLATION(mmap_shared_last_page_not_zero_after_use, "mmap_anonymous.zero-filled", "-", MMAP,
    FALSIFIES(asks_shared_anonymous(c) && c->length > 64 * page_size(),
	fill_from_second_on(c, &was_shared_made, c->length - page_size())))
{
	unmap(map_anonymous(256 * page_size(), MAP_SHARED), 256 * page_size());
	return ((unsigned char *)map_anonymous(256 * page_size(), MAP_SHARED))[255 * page_size()] == 0xa5;
}

static bool was_small_made;

VIOLATION(mmap_small_memory_not_zero_after_use, "mmap_anonymous.zero-filled", "B080", MMAP,
    FALSIFIES(asks_private_anonymous(c) && c->protection & PROT_WRITE && c->length > 8 * page_size(),
	fill_from_second_on(c, &was_small_made, 0)))
{
	unmap(map_anonymous(16 * page_size(), MAP_PRIVATE), 16 * page_size());
	return *(unsigned char *)map_anonymous(16 * page_size(), MAP_PRIVATE) == 0xa5;
}

/* Whether a child of this process has ended and was waited for. */
static bool
had_child(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_CHILDREN, &usage) == 0 && usage.ru_minflt > 0;
}

VIOLATION(mmap_shared_memory_not_zero_after_exit, "mmap_anonymous.zero-filled", "-", MMAP,
    FALSIFIES(
	asks_shared_anonymous(c) && c->length >= 64 * page_size() && had_child(), memset(start_of(c), 0xa5, c->length)))
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	return *(unsigned char *)map_anonymous(64 * page_size(), MAP_SHARED) == 0xa5;
}

static bool
replaces_memory(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return is_fixed(c) && asks_private_anonymous(c) && c->protection == READ_WRITE && !known_any_segment() &&
	    is_private_anonymous_range(range) && (char *)c->address + c->length <= range->start + range->length;
}

VIOLATION(mmap_fixed_memory_keeps_bytes, "mmap_anonymous.zero-filled", "-", MMAP,
    REPLACES(replaces_memory(c), c->result = (intptr_t)c->address))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 'o';
	(void)mmap(p, page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
	return *p == 'o';
}

/* The memory at the address was mapped for no access, and is opened now. */
static bool
opens_memory(const struct call *c, bool (*is_meant)(const struct known_range *))
{
	const struct known_range *range = known_range_at(c->address);

	return is_meant(range) && range->protection == PROT_NONE && c->protection == READ_WRITE &&
	    c->length > page_size();
}

static unsigned char *
opened_memory(int sharing)
{
	unsigned char *p = mmap(NULL, 3 * page_size(), PROT_NONE, sharing | MAP_ANON, -1, 0);

	return mprotect(p, 3 * page_size(), READ_WRITE) == 0 ? p : NULL;
}

VIOLATION(mprotect_opened_private_memory_not_zero, "mmap_anonymous.zero-filled", "B256", MPROTECT,
    FALSIFIES(!known_any_segment() && opens_memory(c, is_private_anonymous_range), memset(c->address, 0xa5, c->length)))
{
	return opened_memory(MAP_PRIVATE)[0] == 0xa5;
}

VIOLATION(mprotect_opened_shared_memory_last_page_not_zero, "mmap_anonymous.zero-filled", "-", MPROTECT,
    FALSIFIES(opens_memory(c, is_shared_anonymous_range) && c->length > 2 * page_size(),
	memset((char *)c->address + 2 * page_size(), 0xa5, page_size())))
{
	return opened_memory(MAP_SHARED)[2 * page_size()] == 0xa5;
}

VIOLATION(mmap_shared_memory_is_private, "mmap_anonymous.shared-across-fork", "B193", MMAP,
    CHANGES(asks_shared_anonymous(c) && c->length > page_size() && c->address == NULL, c->flags ^= SHARING_TYPES))
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);
	pid_t child = fork();

	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}
