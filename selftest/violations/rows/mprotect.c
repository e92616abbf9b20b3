/* SPDX-License-Identifier: BSD-2-Clause */

/* Access that is taken away or given back: too much, too little, or not at all; and what memory holds then. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static bool
makes_read_only(const struct call *c)
{
	return is_whole(c) && is_shared(range_of(c)) && c->protection == PROT_READ &&
	    range_of(c)->protection & PROT_WRITE;
}

static bool
closes(const struct call *c)
{
	return is_whole(c) && is_shared(range_of(c)) && c->protection == PROT_NONE;
}

/* Whether it was closed by mprotect() as a whole, and can be loaded again now. */
static bool
opens(const struct call *c)
{
	return is_whole(c) && range_of(c)->protection == PROT_NONE && range_of(c)->protection_then != PROT_NONE &&
	    c->protection != PROT_NONE;
}

/* Two pages of shared memory with a byte stored, of this protection. */
static char *
protected_pages(int protection)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	*p = 'm';
	mprotect(p, 2 * page_size(), protection);
	return p;
}

VIOLATION(mprotect_read_only_ignored, "mprotect.removes-write", "-", MPROTECT,
    SKIPS(makes_read_only(c) && is_shared_anonymous(range_of(c))))
{
	return !store_is_refused(protected_pages(PROT_READ));
}

VIOLATION(mprotect_read_only_spares_last_page, "mprotect.removes-write", "-", MPROTECT,
    CHANGES(makes_read_only(c) && pages_of(c) > 1, c->length = whole_pages(c->length) - page_size()))
{
	return !store_is_refused(&protected_pages(PROT_READ)[page_size()]);
}

VIOLATION(mprotect_read_only_spares_first_page, "mprotect.removes-write", "-", MPROTECT,
    CHANGES(makes_read_only(c) && pages_of(c) > 1, (c->address = page_of(c, 1), c->length -= page_size())))
{
	return !store_is_refused(protected_pages(PROT_READ));
}

/* As a walk through the page tables would do it. */
static void
protect_what_is_there(struct call *c)
{
	for (size_t i = 0; i < pages_of(c); i++)
		if (is_resident(page_of(c, i)))
			real_mprotect(page_of(c, i), page_size(), c->protection);
}

VIOLATION(mprotect_read_only_spares_untouched, "mprotect.removes-write", "B079", MPROTECT,
    REPLACES(makes_read_only(c), protect_what_is_there(c)))
{
	char *p = protected_pages(PROT_READ);

	return store_is_refused(p) && fault_of_store(&p[page_size()], 's').signal == 0;
}

VIOLATION(mprotect_read_only_refuses_loads, "mprotect.removes-write", "-", MPROTECT,
    CHANGES(makes_read_only(c), c->protection = PROT_NONE))
{
	return load_is_refused(protected_pages(PROT_READ));
}

VIOLATION(mprotect_read_only_clears_page, "mprotect.removes-write", "-", MPROTECT,
    FALSIFIES(makes_read_only(c) && is_shared_anonymous(range_of(c)),
	(real_mprotect(c->address, page_size(), PROT_READ | PROT_WRITE), memset(c->address, 0, page_size()),
	    real_mprotect(c->address, page_size(), PROT_READ))))
{
	return *protected_pages(PROT_READ) == 0;
}

VIOLATION(
    mprotect_none_leaves_loads, "mprotect.removes-all", "-", MPROTECT, CHANGES(closes(c), c->protection = PROT_READ))
{
	return !load_is_refused(protected_pages(PROT_NONE));
}

VIOLATION(mprotect_none_ignored_for_file, "mprotect.removes-all", "-", MPROTECT,
    SKIPS(closes(c) && is_shared_file(range_of(c))))
{
	char *p = map_shared(nameless_file(page_size()), page_size());

	mprotect(p, page_size(), PROT_NONE);
	return !load_is_refused(p);
}

VIOLATION(mprotect_none_spares_last_page, "mprotect.removes-all", "-", MPROTECT,
    CHANGES(closes(c) && pages_of(c) > 1, c->length = whole_pages(c->length) - page_size()))
{
	return !load_is_refused(&protected_pages(PROT_NONE)[page_size()]);
}

VIOLATION(mprotect_none_unmaps, "mprotect.removes-all", "-", MPROTECT,
    REPLACES(closes(c), c->result = real_munmap(c->address, c->length)))
{
	return fault_of_load(protected_pages(PROT_NONE)).code == SEGV_MAPERR;
}

VIOLATION(mprotect_none_raises_sigbus, "mprotect.removes-all", "-", FAULT,
    FALSIFIES(c->flags == SEGV_ACCERR && range_of(c) != NULL && range_of(c)->protection == PROT_NONE &&
	    range_of(c)->protection_then != PROT_NONE,
	c->id = SIGBUS))
{
	return fault_of_load(protected_pages(PROT_NONE)).signal == SIGBUS;
}

VIOLATION(mprotect_opened_page_is_zero, "mprotect.restores-access", "B256", MPROTECT,
    FALSIFIES(opens(c) && is_shared_mapping(range_of(c)),
	put_zeros(c->address, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED)))
{
	char *p = protected_pages(PROT_NONE);

	mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE);
	return *p == 0;
}

VIOLATION(mprotect_opened_page_is_private, "mprotect.restores-access", "-", MPROTECT,
    FALSIFIES(is_whole(c) && is_shared_file(range_of(c)) && c->protection & PROT_WRITE &&
	    (range_of(c)->protection & PROT_WRITE) == 0,
	make_private(c->address, c->length)))
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());

	mprotect(p, page_size(), PROT_NONE);
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	*p = 's';
	return content_of(fd, 1)[0] == 0;
}

VIOLATION(mprotect_opens_for_loads_alone, "mprotect.restores-access", "-", MPROTECT,
    CHANGES(opens(c) && c->protection & PROT_WRITE, c->protection &= ~PROT_WRITE))
{
	char *p = protected_pages(PROT_NONE);

	mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE);
	return !load_is_refused(p) && store_is_refused(p);
}

VIOLATION(mprotect_opens_for_stores_too, "mprotect.restores-access", "-", MPROTECT,
    CHANGES(opens(c) && is_shared(range_of(c)) && c->protection == PROT_READ, c->protection |= PROT_WRITE))
{
	char *p = protected_pages(PROT_NONE);

	mprotect(p, 2 * page_size(), PROT_READ);
	return !store_is_refused(p);
}

VIOLATION(mprotect_opens_all_but_last_page, "mprotect.restores-access", "-", MPROTECT,
    CHANGES(opens(c) && pages_of(c) > 1 && !known_any_segment(), c->length -= page_size()))
{
	char *p = protected_pages(PROT_NONE);

	mprotect(p, 2 * page_size(), PROT_READ);
	return load_is_refused(&p[page_size()]);
}

VIOLATION(mprotect_loses_private_copy, "mprotect.restores-access", "-", MPROTECT,
    FALSIFIES(opens(c) && is_private_file(range_of(c)),
	put_file(c->address, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, range_of(c)->fd, range_of(c)->offset)))
{
	char *p = map_private(nameless_file(page_size()), page_size());

	*p = 'p';
	mprotect(p, page_size(), PROT_NONE);
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	return *p == 0;
}

VIOLATION(mprotect_makes_private_page_shared, "mprotect.restores-access", "-", MPROTECT,
    FALSIFIES(opens(c) && is_private_file(range_of(c)) && pages_of(c) > 1,
	put_file(last_page_of(c), page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, range_of(c)->fd,
	    offset_of(range_of(c), last_page_of(c)))))
{
	int fd = nameless_file(2 * page_size());
	char *p = map_private(fd, 2 * page_size());

	mprotect(p, 2 * page_size(), PROT_NONE);
	mprotect(p, 2 * page_size(), PROT_READ | PROT_WRITE);
	p[page_size()] = 'p';
	return content_of(fd, 2 * page_size())[page_size()] == 'p';
}
