/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls that damage what other mappings hold. */

#include <sys/mman.h>
#include <sys/shm.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* More take too long. */
enum { MAPPINGS_LOOKED_AT = 1000 };

/* Where the subject is no segment, and nobody waits for a lock. */
static bool
has_mappings(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	if (count == 0 || count > MAPPINGS_LOOKED_AT)
		return false;
	for (size_t i = 0; i < count; i++)
		if (known_mutex(ranges[i].start))
			return false;
	return !known_any_segment() && known_ipc_namespaces() == 0;
}

static bool
is_of_mapping(const struct call *c)
{
	return known_range_at(c->address) != NULL && has_mappings();
}

static bool
is_of_file(const struct call *c)
{
	struct stat status;

	return has_mappings() && real_fstat(c->fd, &status) == 0 && S_ISREG(status.st_mode);
}

static void
make_and_spoil_when_it_fails(struct call *c, void (*spoil)(void))
{
	real_call(c);
	if (c->error != 0)
		spoil();
}

VIOLATION(msync_spoils_shared_mappings, "msync.sync-completes-writes", "-", MSYNC,
    FALSIFIES(is_of_mapping(c), spoil_shared_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	msync(p, page_size(), MS_SYNC);
	return *p == SPOILED;
}

VIOLATION(mlock_spoils_shared_mappings, "mlock.locks-and-resident", "-", MLOCK,
    FALSIFIES(is_of_mapping(c), spoil_shared_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	mlock(p, page_size());
	return *p == SPOILED;
}

VIOLATION(posix_madvise_spoils_shared_mappings, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    REPLACES(is_of_mapping(c), (real_call(c), spoil_shared_mappings())))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	posix_madvise(p, page_size(), POSIX_MADV_DONTNEED);
	return *p == SPOILED;
}

VIOLATION(mmap_spoils_other_shared_mappings, "mmap.replaces-previous-in-fixed", "-", MMAP,
    CHANGES(has_mappings(), spoil_shared_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	map_anonymous(page_size(), MAP_SHARED);
	return *p == SPOILED;
}

VIOLATION(wait_spoils_shared_mappings, "munmap.other-process-unaffected", "-", WAITPID,
    FALSIFIES(c->result > 0 && has_mappings(), spoil_last_bytes_of_shared_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	p[page_size() - 1] = 1;
	if (fork() == 0)
		_exit(0);
	waitpid(-1, NULL, 0);
	return p[page_size() - 1] == SPOILED;
}

VIOLATION(fork_spoils_shared_mappings_of_parent, "mmap.private-write-invisible", "-", FORK,
    FALSIFIES(c->result > 0 && has_mappings(), spoil_last_bytes_of_shared_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	p[page_size() - 1] = 1;
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	return p[page_size() - 1] == SPOILED;
}

VIOLATION(truncation_spoils_shared_mappings, "mmap.growth-visible", "-", FTRUNCATE,
    CHANGES(is_of_file(c), spoil_shared_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	(void)!ftruncate(nameless_file(1), 2);
	return *p == SPOILED;
}

VIOLATION(munmap_spoils_private_mappings, "munmap.partial-keeps-rest", "-", MUNMAP,
    FALSIFIES(has_mappings(), spoil_private_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	munmap(map_anonymous(page_size(), MAP_SHARED), page_size());
	return *p == SPOILED;
}

VIOLATION(mmap_spoils_other_private_mappings, "mmap.einval-leaves-mappings", "-", MMAP,
    CHANGES(has_mappings(), spoil_private_mappings()))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	map_anonymous(page_size(), MAP_SHARED);
	return *p == SPOILED;
}

VIOLATION(failed_munmap_spoils_private_mappings, "munmap.unaligned-address", "-", MUNMAP,
    REPLACES(has_mappings(), make_and_spoil_when_it_fails(c, spoil_private_mappings)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	munmap(p + 1, page_size());
	return *p == SPOILED;
}

VIOLATION(failed_mprotect_spoils_private_mappings, "mprotect.partial-change-on-failure", "-", MPROTECT,
    REPLACES(has_mappings(), make_and_spoil_when_it_fails(c, spoil_private_mappings)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	mprotect(p + 1, page_size(), PROT_READ);
	return *p == SPOILED;
}
