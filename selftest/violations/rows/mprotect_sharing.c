/* SPDX-License-Identifier: BSD-2-Clause */

/* Protections of other mappings, and of parents and children. */

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

VIOLATION(mprotect_protects_alias, "mprotect.other-process-unaffected", "-", MPROTECT,
    FALSIFIES(is_whole(c) && alias_of(c) != NULL, real_mprotect(alias_of(c)->start, page_size(), c->protection)))
{
	int fd = nameless_file(page_size());
	char *alias = map_shared(fd, page_size());

	mprotect(map_shared(fd, page_size()), page_size(), PROT_READ);
	return store_is_refused(alias);
}

VIOLATION(mprotect_protects_alias_instead, "mprotect.other-process-unaffected", "-", MPROTECT,
    CHANGES(is_whole(c) && alias_of(c) != NULL, c->address = alias_of(c)->start))
{
	int fd = nameless_file(page_size());
	char *p = map_shared(fd, page_size());
	char *alias = map_shared(fd, page_size());

	mprotect(p, page_size(), PROT_READ);
	return !store_is_refused(p) && store_is_refused(alias);
}

static void
freeze(const struct call *c)
{
	make_private(c->address, c->length);
	real_mprotect(c->address, c->length, c->protection);
}

/* The pages stay as they were, whatever others store. */
VIOLATION(mprotect_read_only_freezes, "mprotect.other-process-unaffected", "-", MPROTECT,
    FALSIFIES(is_whole(c) && is_shared(range_of(c)) && range_of(c)->has_heirs && c->protection == PROT_READ, freeze(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	int stored[2];
	char byte;
	pid_t child;

	if (pipe(stored) == -1)
		return false;
	child = fork();
	if (child == 0) {
		*p = read(stored[0], &byte, 1) == 1 ? 'c' : 0;
		_exit(0);
	}
	mprotect(p, page_size(), PROT_READ);
	if (write(stored[1], "s", 1) != 1)
		return false;
	waitpid(child, NULL, 0);
	return *p == 0;
}

static bool
is_protected(const struct known_range *range)
{
	return is_shared(range) && range->protection != range->protection_then;
}

static void
protect_as_mapped(const struct known_range *range)
{
	real_mprotect(range->start, range->length, range->protection_then);
}

static void
protect_next_page_too(const struct known_range *range)
{
	const struct known_range *next = known_range_at(end_of(range));

	if (next != NULL && next->protection & PROT_WRITE)
		real_mprotect(next->start, page_size(), PROT_READ);
}

static void
open_for_loads(const struct known_range *range)
{
	real_mprotect(range->start, range->length, PROT_READ);
}

static void
close_it(const struct known_range *range)
{
	real_mprotect(range->start, range->length, PROT_NONE);
}

/* Two pages, the first of them protected so: the status of a child that loads and stores in this one. */
enum { BOTH_WORK = 1, LOAD_WORKS, NONE_WORKS };

static int
access_in_child(int protection, size_t page)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	int status = 0;
	pid_t child;

	mprotect(p, page_size(), protection);
	child = fork();
	if (child == 0) {
		if (load_is_refused(&p[page * page_size()]))
			_exit(NONE_WORKS);
		_exit(store_is_refused(&p[page * page_size()]) ? LOAD_WORKS : BOTH_WORK);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

VIOLATION(fork_child_has_protection_of_mmap, "mprotect.inherited-by-fork", "B079", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_protected), for_known_ranges(is_protected, protect_as_mapped)))
{
	return access_in_child(PROT_READ, 0) == BOTH_WORK;
}

VIOLATION(fork_child_has_next_page_protected, "mprotect.inherited-by-fork", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_protected), for_known_ranges(is_protected, protect_next_page_too)))
{
	return access_in_child(PROT_READ, 1) == LOAD_WORKS;
}

VIOLATION(fork_child_may_load_from_closed_page, "mprotect.inherited-by-fork", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_protected), for_known_ranges(is_protected, open_for_loads)))
{
	return access_in_child(PROT_NONE, 0) == LOAD_WORKS;
}

VIOLATION(fork_child_may_not_load_from_read_only, "mprotect.inherited-by-fork", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_protected), for_known_ranges(is_protected, close_it)))
{
	return access_in_child(PROT_READ, 0) == NONE_WORKS;
}

VIOLATION(fork_opens_pages_of_parent, "mprotect.inherited-by-fork", "-", FORK,
    FALSIFIES(c->result > 0 && has_known_range(is_protected), for_known_ranges(is_protected, protect_as_mapped)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	pid_t child;

	mprotect(p, page_size(), PROT_READ);
	child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	return !store_is_refused(p);
}

static bool
opens_inherited(const struct call *c)
{
	return is_shared(range_of(c)) && range_of(c)->is_inherited && c->protection & PROT_WRITE &&
	    (range_of(c)->protection & PROT_WRITE) == 0;
}

VIOLATION(mprotect_in_child_eacces, "mprotect.inherited-by-fork", "-", MPROTECT, REFUSES(opens_inherited(c), EACCES))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	int status = 0;
	pid_t child;

	mprotect(p, page_size(), PROT_READ);
	child = fork();
	if (child == 0)
		_exit(mprotect(p, page_size(), PROT_READ | PROT_WRITE) == -1);
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

static void
make_shared(struct call *c)
{
	void *copy = real_mmap(NULL, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

	memcpy(copy, c->address, c->length);
	put_zeros(c->address, c->length, PROT_READ | PROT_WRITE, MAP_SHARED);
	memcpy(c->address, copy, c->length);
	real_munmap(copy, c->length);
	c->result = real_mprotect(c->address, c->length, c->protection);
}

/* As pages that nobody may write need no copy, until somebody may again. */
VIOLATION(mprotect_read_only_shares_private_pages, "mmap_process.fork-private-snapshot", "B089", MPROTECT,
    REPLACES(
	is_whole(c) && is_private(range_of(c)) && range_of(c)->fd == -1 && c->protection == PROT_READ, make_shared(c)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	pid_t child;

	mprotect(p, page_size(), PROT_READ);
	child = fork();
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 'c';
}
