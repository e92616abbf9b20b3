/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings for cases that are about something else than mmap(). They last as long as the process. */

#ifndef SHMCHECK_MAPPING_H
#define SHMCHECK_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "need.h"

/* A range of addresses as long as this can be mapped: RLIMIT_AS is not in the way. */
#define NEEDS_ADDRESSES(size) NEED(#size " bytes of addresses", .ask_amount = need_addresses, .amount = (size))

void need_addresses(uintmax_t size);

/* Private memory of this number of pages can be mapped for writing: RLIMIT_DATA and RLIMIT_AS are not in the way. */
#define NEEDS_WRITABLE_PAGES(pages) \
	NEED(#pages " pages of writable memory", .ask_amount = need_writable_pages, .amount = (pages))

void need_writable_pages(uintmax_t pages);

/* mmap() for reading and writing, at an address that the system chooses. Ends the case as failed if mmap() fails. */
void *map_shared(int fd, size_t size);
void *map_private(int fd, size_t size);
void *map_anonymous(size_t size, int sharing); /* MAP_SHARED or MAP_PRIVATE */

/* munmap(). Ends the case as failed if munmap() fails. */
void unmap(void *start, size_t size);

/*
 * A range of addresses where nothing is mapped now, and where only this process could map something. It starts at a multiple
 * of attach_multiple(), so that a segment can be attached there.
 */
void *free_range(size_t size);

/* Map a private page at this address, where nothing is mapped, and store the pattern of 'o' in it. */
void occupy_page(char *address);

/*
 * Private anonymous memory at a multiple of attach_multiple(). Machines whose caches are indexed by address place a shared
 * mapping by MAP_FIXED only where the address less the offset is such a multiple: from here on by multiples of it.
 */
void *map_aligned(size_t size);

/* mlock() and its relatives reach the system. */
#define NEEDS_LOCKS NEED("an mlock() that locks", .ask = need_locks)

void need_locks(void);

/* This process may lock this number of pages more. need_lockable() takes bytes, for a number that only the body knows. */
#define NEEDS_LOCKABLE_PAGES(pages) \
	NEED(#pages " pages that may be locked", .ask_amount = need_lockable_pages, .amount = (pages))

void need_lockable_pages(uintmax_t pages);
void need_lockable(size_t size);

/* The system tells how much memory a process has locked: locked_bytes(). */
#define NEEDS_COUNT_OF_LOCKS NEED("a count of locked memory", .ask = need_count_of_locks)

void need_count_of_locks(void);

/* The system tells whether a page is locked: range_is_locked(). */
#define NEEDS_STATE_OF_LOCKS NEED("msync() that fails for locked pages", .ask = need_state_of_locks)

void need_state_of_locks(void);

/* Some page of the range, which is of a file or an object, is locked: msync() with MS_INVALIDATE fails with EBUSY. */
bool range_is_locked(void *start, size_t size);

struct memory {
	char *start;
	size_t size;
	int fd; /* of the file or object; else -1 */
	int id; /* of the segment; else -1 */
};

/*
 * The kinds of memory that processes share. Each is a function that makes new memory: mapped shared for reading and writing,
 * or attached, zero and not yet touched. A program links only the calls of the kinds that it names.
 */
typedef struct memory memory_kind(size_t size);
memory_kind anonymous_memory;
memory_kind dev_zero_memory;
memory_kind file_memory;
memory_kind object_memory;
memory_kind memfd_memory;
memory_kind segment_memory;

/* The same of memory that is mapped private: anonymous, of a sparse file, of an object. */
memory_kind private_anonymous_memory;
memory_kind private_file_memory;
memory_kind private_object_memory;

struct memory memory_create(memory_kind *, size_t size);

#endif
