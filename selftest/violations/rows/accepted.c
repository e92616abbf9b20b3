/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls that succeed whatever should make them fail, or give a value that means neither. */

#include <sys/mman.h>
#include <sys/shm.h>

#include "known.h"
#include "objects.h"
#include "real.h"
#include "direct_check.h"
#include "segments.h"

static void *
some_memory(void)
{
	return real_mmap(NULL, 16 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
}

static void
fail_with_one(struct call *c)
{
	if (real_call(c) == -1)
		c->result = 1;
}

static bool
is_without_segments(void)
{
	return !known_any_segment() && known_ipc_namespaces() == 0;
}

VIOLATION(shm_open_never_fails, "shm_open.enoent", "-", SHM_OPEN, ACCEPTS(known_ipc_namespaces() == 0, 0, new_object()))
{
	return shm_open(object_random_name().name, O_RDWR, 0) != -1;
}

VIOLATION(ftruncate_never_fails, "shm_object.einval-negative", "-", FTRUNCATE, ACCEPTS(true, 0, 0))
{
	return ftruncate(object_create(0).fd, -1) == 0;
}

VIOLATION(mmap_never_fails, "mmap.len-zero-einval", "-", MMAP,
    ACCEPTS(is_without_segments() && c->length <= 16 * page_size(), 0, some_memory()))
{
	return mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0) != MAP_FAILED;
}

VIOLATION(shmat_never_fails, "shmat.einval-bad-id", "-", SHMAT, ACCEPTS(true, 0, some_memory()))
{
	return shmat(-1, NULL, 0) != (void *)-1;
}

static bool
finds_something(void *key)
{
	return shmget(*(key_t *)key, 0, 0600) == 0;
}

VIOLATION(shmget_of_others_never_fails, "shmget.eacces-existing", "-", SHMGET, ACCEPTS(geteuid() != 0, 0, 0))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return is_seen_by(OTHER, finds_something, &key);
}

VIOLATION(munmap_returns_one, "munmap.access-after-sigsegv", "-", MUNMAP,
    FALSIFIES(is_without_segments() && known_range_at(c->address) != NULL, c->result = 1))
{
	return munmap(map_anonymous(page_size(), MAP_SHARED), page_size()) == 1;
}

VIOLATION(mprotect_returns_one, "mprotect.removes-all", "-", MPROTECT,
    FALSIFIES(is_without_segments() && known_range_at(c->address) != NULL, c->result = 1))
{
	return mprotect(map_anonymous(page_size(), MAP_SHARED), page_size(), PROT_NONE) == 1;
}

VIOLATION(msync_returns_one, "msync.sync-completes-writes", "-", MSYNC,
    FALSIFIES(is_without_segments() && known_range_at(c->address) != NULL, c->result = 1))
{
	return msync(map_anonymous(page_size(), MAP_SHARED), page_size(), MS_SYNC) == 1;
}

VIOLATION(mlock_returns_one, "mlock.locks-and-resident", "-", MLOCK,
    FALSIFIES(is_without_segments() && known_range_at(c->address) != NULL, c->result = 1))
{
	return mlock(map_anonymous(page_size(), MAP_SHARED), page_size()) == 1;
}

VIOLATION(mprotect_fails_with_one, "mprotect.enomem-unmapped", "-", MPROTECT,
    REPLACES(is_without_segments(), fail_with_one(c)))
{
	return mprotect(free_range(page_size()), page_size(), PROT_READ) == 1;
}
