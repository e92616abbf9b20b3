/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about mappings that fail where nothing is wrong. */

#include "range.h"
#include "violation.h"

/* Of the caller's own mappings, and not where the subject is a segment. */
static bool
is_of_mapping(const struct call *c)
{
	const struct known_range *range = range_of(c);

	return range != NULL && range->id == -1 && range->protection_then != PROT_NONE && range->locks == 0 &&
	    !known_any_segment();
}

VIOLATION(munmap_of_mapping_einval, "munmap.access-after-sigsegv", "-", MUNMAP, REFUSES(is_of_mapping(c), EINVAL))
{
	return munmap(map_anonymous(page_size(), MAP_SHARED), page_size()) == -1;
}

VIOLATION(mprotect_of_mapping_enomem, "mprotect.removes-all", "-", MPROTECT, REFUSES(is_of_mapping(c), ENOMEM))
{
	return mprotect(map_anonymous(page_size(), MAP_SHARED), page_size(), PROT_NONE) == -1;
}

VIOLATION(msync_of_mapping_enomem, "msync.sync-completes-writes", "-", MSYNC, REFUSES(is_of_mapping(c), ENOMEM))
{
	return msync(map_anonymous(page_size(), MAP_SHARED), page_size(), MS_SYNC) == -1;
}

VIOLATION(munlock_of_mapping_enomem, "mlock.locks-and-resident", "-", MUNLOCK, REFUSES(range_of(c) != NULL, ENOMEM))
{
	return munlock(map_anonymous(page_size(), MAP_SHARED), page_size()) == -1;
}

VIOLATION(munlockall_enosys, "mlockall.munlockall-clears", "-", MUNLOCKALL, REFUSES(true, ENOSYS))
{
	return munlockall() == -1;
}

VIOLATION(madvise_of_mapping_einval, "madvise.dontneed-shared-keeps", "-", MADVISE, REFUSES(is_of_mapping(c), EINVAL))
{
	return madvise(map_anonymous(page_size(), MAP_SHARED), page_size(), MADV_DONTNEED) == -1;
}

VIOLATION(posix_madvise_of_mapping_enomem, "posix_madvise.dontneed-keeps-data", "-", POSIX_MADVISE,
    REFUSES(is_of_mapping(c), ENOMEM))
{
	return posix_madvise(map_anonymous(page_size(), MAP_SHARED), page_size(), POSIX_MADV_DONTNEED) == ENOMEM;
}

#ifdef __linux__

VIOLATION(mincore_of_mapping_enomem, "mincore.touched-page-resident", "-", MINCORE, REFUSES(is_of_mapping(c), ENOMEM))
{
	unsigned char bits;

	return mincore(map_anonymous(page_size(), MAP_SHARED), page_size(), &bits) == -1;
}

#endif
