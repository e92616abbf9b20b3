/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Memory that loses what it holds, or its protection, by itself, as when its pages are reclaimed wrongly. There is no call
 * that this could be a part of. It shows from the time on when the process prepares to be told of a fault.
 */

#include <signal.h>

#include <sys/mman.h>
#include <sys/shm.h>

#include "effects.h"
#include "known.h"
#include "real.h"
#include "violation.h"

static bool
prepares_for_faults(const struct call *c)
{
	const struct sigaction *action = c->address;

	return c->id == SIGSEGV && action != NULL && action->sa_flags & SA_SIGINFO;
}

/* Where the subject is no segment. */
static bool
is_without_segments(void)
{
	return !known_any_segment() && known_ipc_namespaces() == 0;
}

static bool
is_attachment(const struct known_range *range)
{
	return range->id != -1;
}

static bool
is_shared_mapping(const struct known_range *range)
{
	return !is_attachment(range) && (range->flags & MAP_SHARED) != 0;
}

/* Where no other thread stores to what is closed. */
static bool
is_alone(void)
{
	return is_without_segments() && !has_threads();
}

/* Not addresses that are only kept free. */
static bool
is_private_mapping(const struct known_range *range)
{
	return !is_attachment(range) && (range->flags & MAP_SHARED) == 0 && range->protection_then != PROT_NONE;
}

static void
close_for_stores(const struct known_range *range)
{
	if (range->protection & PROT_WRITE)
		real_mprotect(range->start, range->length, PROT_READ);
}

/* Of more it takes too long. */
enum { PAGES_LOOKED_AT = 1024 };

static void
close_if_in_use(const struct known_range *range)
{
	for (size_t at = 0; at < range->length && at < PAGES_LOOKED_AT * page_size(); at += page_size())
		if (is_resident(range->start + at)) {
			close_for_stores(range);
			return;
		}
}

static void
close_for_all(const struct known_range *range)
{
	if (range->protection != PROT_NONE)
		real_mprotect(range->start, range->length, PROT_NONE);
}

/* When the process is no longer prepared, all is as it should be. */
static void
open_again(const struct known_range *range)
{
	real_mprotect(range->start, range->length, range->protection);
}

static void
close_while_prepared(
    const struct call *c, bool (*is_meant)(const struct known_range *), void (*effect)(const struct known_range *))
{
	for_known_ranges(is_meant, prepares_for_faults(c) ? effect : open_again);
}

VIOLATION(shared_mapping_is_spoiled, "mmap_anonymous.shared-across-fork", "-", SIGACTION,
    CHANGES(prepares_for_faults(c) && is_without_segments(), for_known_ranges(is_shared_mapping, spoil_range)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	load_is_refused(p); /* which prepares for it */
	return *p == SPOILED;
}

VIOLATION(shared_mapping_becomes_read_only, "mmap_anonymous.shared-across-fork", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && is_alone(), close_while_prepared(c, is_shared_mapping, close_for_stores)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return store_is_refused(p);
}

VIOLATION(shared_mapping_in_use_becomes_read_only, "mmap_anonymous.shared-across-fork", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && is_without_segments(), close_while_prepared(c, is_shared_mapping, close_if_in_use)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 1;
	return store_is_refused(p);
}

VIOLATION(shared_mapping_is_closed, "mmap_anonymous.shared-across-fork", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && is_without_segments(), close_while_prepared(c, is_shared_mapping, close_for_all)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	return load_is_refused(p);
}

VIOLATION(private_mapping_is_spoiled, "mmap.private-write-invisible", "-", SIGACTION,
    CHANGES(prepares_for_faults(c) && is_without_segments(), for_known_ranges(is_private_mapping, spoil_range)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	load_is_refused(p); /* which prepares for it */
	return *p == SPOILED;
}

VIOLATION(private_mapping_becomes_read_only, "mmap.private-write-invisible", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && is_alone(), close_while_prepared(c, is_private_mapping, close_for_stores)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return store_is_refused(p);
}

VIOLATION(private_mapping_in_use_becomes_read_only, "mmap.private-write-invisible", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && is_alone(), close_while_prepared(c, is_private_mapping, close_if_in_use)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	*p = 1;
	return store_is_refused(p);
}

VIOLATION(private_mapping_is_closed, "mmap.private-write-invisible", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && is_without_segments(), close_while_prepared(c, is_private_mapping, close_for_all)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return load_is_refused(p);
}

VIOLATION(attachment_is_spoiled, "shmat.alias-coherent", "-", SIGACTION,
    CHANGES(prepares_for_faults(c), for_known_ranges(is_attachment, spoil_range)))
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);

	*p = 1;
	load_is_refused(p); /* which prepares for it */
	return *p == SPOILED;
}

VIOLATION(attachment_becomes_read_only, "shmat.alias-coherent", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV, close_while_prepared(c, is_attachment, close_for_stores)))
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);

	return store_is_refused(p);
}

VIOLATION(attachment_in_use_becomes_read_only, "shmat.alias-coherent", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV, close_while_prepared(c, is_attachment, close_if_in_use)))
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);

	*p = 1;
	return store_is_refused(p);
}

VIOLATION(attachment_is_closed, "shmat.alias-coherent", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV, close_while_prepared(c, is_attachment, close_for_all)))
{
	char *p = segment_attach(segment_create(page_size()), NULL, 0);

	return load_is_refused(p);
}

VIOLATION(shared_mapping_beside_segments_is_closed, "shmat.einval-occupied", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && known_any_segment(), close_while_prepared(c, is_shared_mapping, close_for_all)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	segment_create(1);
	return load_is_refused(p);
}

VIOLATION(private_mapping_beside_segments_is_closed, "shmat.einval-occupied", "-", SIGACTION,
    CHANGES(c->id == SIGSEGV && known_any_segment(), close_while_prepared(c, is_private_mapping, close_for_all)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	segment_create(1);
	return load_is_refused(p);
}
