/* SPDX-License-Identifier: BSD-2-Clause */

/* Faults that are told wrongly, wherever they are. */

#include <sys/mman.h>

#include "known.h"
#include "violation.h"

static bool
has_mappings(void)
{
	size_t count;

	known_ranges(&count);
	return count > 0 && known_ipc_namespaces() == 0;
}

VIOLATION(fault_of_unmapped_tells_protection, "mprotect.enomem-unmapped", "-", FAULT,
    FALSIFIES(c->flags == SEGV_MAPERR && has_mappings() && !known_any_segment(), c->flags = SEGV_ACCERR))
{
	map_anonymous(page_size(), MAP_SHARED);
	return fault_of_load(free_range(page_size())).code == SEGV_ACCERR;
}

VIOLATION(fault_beside_segments_tells_protection, "shmdt.detach-removes-mapping", "-", FAULT,
    FALSIFIES(c->flags == SEGV_MAPERR && (known_any_segment() || known_failed_attaches() > 0), c->flags = SEGV_ACCERR))
{
	segment_detach(segment_attach(segment_create(1), NULL, 0));
	return fault_of_load(free_range(page_size())).code == SEGV_ACCERR;
}

VIOLATION(fault_of_protected_tells_unmapped, "mmap.siginfo-codes", "-", FAULT,
    FALSIFIES(c->flags == SEGV_ACCERR && has_mappings() && !known_any_segment(), c->flags = SEGV_MAPERR))
{
	const char *p = map_anonymous(page_size(), MAP_SHARED);

	mprotect((void *)(uintptr_t)p, page_size(), PROT_NONE);
	return fault_of_load(p).code == SEGV_MAPERR;
}
