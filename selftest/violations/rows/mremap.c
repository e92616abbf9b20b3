/* SPDX-License-Identifier: BSD-2-Clause */

/* Mappings that grow, shrink and move: to what place, with what in them, and what is beside them. */

#ifdef __linux__

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static void
keep_address(struct call *c)
{
	c->result = (intptr_t)c->address;
}

static char *
result_of(const struct call *c)
{
	return (char *)c->result;
}

static bool
shrinks(const struct call *c)
{
	return (c->flags & MREMAP_FIXED) == 0 && c->new_length > 0 && c->new_length < c->length &&
	    c->length < SIZE_MAX / 4 && range_of(c) != NULL;
}

/* An object of three pages, and its mapping, whose first N pages have shrunk to one. */
struct shrunk {
	int fd;
	char *p;
	char *now;
};

static struct shrunk
shrink_to_first(size_t pages)
{
	struct shrunk s = { .fd = object_create(3 * page_size()).fd };

	s.p = map_shared(s.fd, 3 * page_size());
	*s.p = 'm';
	s.now = mremap(s.p, pages * page_size(), page_size(), 0);
	return s;
}

VIOLATION(mremap_shrink_einval, "mremap.shrink-in-place", "B119", MREMAP, REFUSES(shrinks(c), EINVAL))
{
	return shrink_to_first(2).now == MAP_FAILED;
}

VIOLATION(mremap_shrink_keeps_tail, "mremap.shrink-in-place", "-", MREMAP, REPLACES(shrinks(c), keep_address(c)))
{
	return !load_is_refused(&shrink_to_first(2).p[page_size()]);
}

/* The page behind what shrinks is of the case, too. */
static bool
shrinks_before_another_page(const struct call *c)
{
	return shrinks(c) && known_range_at(page_of(c, pages_of(c))) != NULL;
}

/* The last page alone goes. */
VIOLATION(mremap_shrink_unmaps_last_page, "mremap.shrink-in-place", "-", MREMAP,
    CHANGES(shrinks(c), c->new_length = whole_pages(c->length) - page_size()))
{
	return !load_is_refused(&shrink_to_first(3).p[page_size()]);
}

VIOLATION(mremap_shrink_unmaps_behind, "mremap.shrink-in-place", "-", MREMAP,
    FALSIFIES(shrinks_before_another_page(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	return load_is_refused(&shrink_to_first(2).p[2 * page_size()]);
}

static void
move_away(struct call *c)
{
	void *to = real_mmap(NULL, c->new_length, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);

	c->flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	c->new_address = to;
}

VIOLATION(mremap_shrink_moves, "mremap.shrink-in-place", "-", MREMAP, CHANGES(shrinks(c), move_away(c)))
{
	struct shrunk s = shrink_to_first(2);

	return s.now != s.p;
}

VIOLATION(mremap_shrink_truncates_object, "mremap.shrink-in-place", "-", MREMAP,
    FALSIFIES(shrinks(c) && range_of(c)->fd != -1, real_ftruncate(range_of(c)->fd, (off_t)c->new_length)))
{
	return size_of(shrink_to_first(3).fd) == (off_t)page_size();
}

VIOLATION(mremap_shrink_clears, "mremap.shrink-in-place", "-", MREMAP,
    FALSIFIES(shrinks(c) && range_of(c)->protection & PROT_WRITE, memset(c->address, 0, page_size())))
{
	return *shrink_to_first(2).p == 0;
}

static bool
grows(const struct call *c)
{
	return c->new_length > c->length && c->length > 0 && range_of(c) != NULL && is_sane(c);
}

static bool
is_blocked(const struct call *c)
{
	return grows(c) && (c->flags & MREMAP_MAYMOVE) == 0 && known_range_at(page_of(c, pages_of(c))) != NULL;
}

/* Two pages with a byte in each, the first of which cannot grow in place. */
static char *
two_pages(void)
{
	char *p = map_shared(object_create(2 * page_size()).fd, 2 * page_size());

	p[0] = '0';
	p[page_size()] = '1';
	return p;
}

VIOLATION(
    mremap_grow_blocked_efault, "mremap.grow-blocked-enomem", "B049", MREMAP, MISTAKES(is_blocked(c), ENOMEM, EFAULT))
{
	return mremap(two_pages(), page_size(), 2 * page_size(), 0) == MAP_FAILED && errno == EFAULT;
}

VIOLATION(mremap_grow_blocked_moves, "mremap.grow-blocked-enomem", "-", MREMAP,
    CHANGES(is_blocked(c), c->flags |= MREMAP_MAYMOVE))
{
	return mremap(two_pages(), page_size(), 2 * page_size(), 0) != MAP_FAILED;
}

VIOLATION(mremap_grow_blocked_clears_neighbour, "mremap.grow-blocked-enomem", "B194", MREMAP,
    REPLACES(is_blocked(c),
	(put_zeros(page_of(c, pages_of(c)), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE), call_fail(c, ENOMEM))))
{
	char *p = two_pages();

	mremap(p, page_size(), 2 * page_size(), 0);
	return p[page_size()] == 0;
}

VIOLATION(mremap_grow_blocked_unmaps, "mremap.grow-blocked-enomem", "-", MREMAP,
    REPLACES(is_blocked(c), (real_munmap(c->address, c->length), call_fail(c, ENOMEM))))
{
	char *p = two_pages();

	mremap(p, page_size(), 2 * page_size(), 0);
	return load_is_refused(p);
}

static bool
may_move(const struct call *c)
{
	return grows(c) && c->flags == MREMAP_MAYMOVE && (uintptr_t)c->address % page_size() == 0;
}

static bool
may_move_object(const struct call *c)
{
	return may_move(c) && is_shared_file(range_of(c));
}

/* The first of two pages of an object has grown to both. */
struct grown {
	int fd;
	char *old;
	char *now;
};

static struct grown
grow_to_two(void)
{
	struct grown g = { .fd = object_create(2 * page_size()).fd };

	g.old = map_shared(g.fd, 2 * page_size());
	g.old[0] = '0';
	g.old[page_size()] = '1';
	g.now = mremap(g.old, page_size(), 2 * page_size(), MREMAP_MAYMOVE);
	return g;
}

/* Private memory that has grown by a page. */
static char *
private_grown(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);

	*p = 'p';
	return mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE);
}

VIOLATION(mremap_grow_enomem, "mremap.maymove-keeps-data", "-", MREMAP, REFUSES(may_move_object(c), ENOMEM))
{
	return grow_to_two().now == MAP_FAILED;
}

VIOLATION(mremap_grow_of_inherited_einval, "mremap.maymove-keeps-data", "B065", MREMAP,
    REFUSES(may_move(c) && range_of(c)->is_inherited, EINVAL))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(mremap(p, page_size(), 2 * page_size(), MREMAP_MAYMOVE) == MAP_FAILED);
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

VIOLATION(mremap_moves_a_copy, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move_object(c), make_private(result_of(c), c->new_length)))
{
	struct grown g = grow_to_two();

	*g.now = 'n';
	return content_of(g.fd, 1)[0] == '0';
}

VIOLATION(mremap_tail_hides_object, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move_object(c),
	put_zeros(result_of(c) + c->length, c->new_length - c->length, PROT_READ | PROT_WRITE, MAP_SHARED)))
{
	return grow_to_two().now[page_size()] == 0;
}

VIOLATION(mremap_forgets_offset, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move_object(c),
	put_file(result_of(c) + c->length, c->new_length - c->length, PROT_READ | PROT_WRITE, MAP_SHARED,
	    range_of(c)->fd, 0)))
{
	return grow_to_two().now[page_size()] == '0';
}

VIOLATION(mremap_leaves_old_mapping, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move_object(c),
	put_file(c->address, c->length, PROT_READ | PROT_WRITE, MAP_SHARED, range_of(c)->fd, range_of(c)->offset)))
{
	return !load_is_refused(grow_to_two().old);
}

VIOLATION(mremap_takes_neighbour_away, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move_object(c), real_munmap(page_of(c, pages_of(c)), page_size())))
{
	return load_is_refused(&grow_to_two().old[page_size()]);
}

VIOLATION(mremap_clears_neighbour, "mremap.maymove-keeps-data", "B128", MREMAP,
    FALSIFIES(may_move(c) && is_mapped(c, pages_of(c)),
	put_zeros(page_of(c, pages_of(c)), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return grow_to_two().old[page_size()] == 0;
}

VIOLATION(mremap_loses_private_stores, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move(c) && is_private(range_of(c)) && range_of(c)->protection & PROT_WRITE,
	memset(result_of(c), 0, page_size())))
{
	return *private_grown() == 0;
}

VIOLATION(mremap_gains_what_is_not_zero, "mremap.maymove-keeps-data", "-", MREMAP,
    FALSIFIES(may_move(c) && is_private(range_of(c)) && range_of(c)->protection & PROT_WRITE,
	result_of(c)[c->new_length - 1] = 'x'))
{
	return private_grown()[2 * page_size() - 1] != 0;
}

VIOLATION(mremap_gains_what_is_read_only, "mremap.maymove-keeps-data", "B289", MREMAP,
    FALSIFIES(may_move(c) && is_private(range_of(c)),
	real_mprotect(result_of(c) + c->length, c->new_length - c->length, PROT_READ)))
{
	return store_is_refused(&private_grown()[page_size()]);
}

#endif
