/* SPDX-License-Identifier: BSD-2-Clause */

/* What the system maps beside what was asked for, as its list of regions tells; the limit of regions; the page zero. */

#ifdef __linux__

#include <stdio.h>
#include <stdlib.h>

#include "ipc.h"
#include "mapping_limit.h"
#include "mmap.h"
#include "regions.h"

/* A later part of an object, for loads. */
static bool
asks_later_part(const struct call *c)
{
	return asks_shared_file(c) && is_object(c->fd) && c->protection == PROT_READ && c->offset > 0 && !is_fixed(c) &&
	    file_bytes(c->fd) <= COPIED_AT_MOST;
}

static char *
later_part(struct object *o)
{
	*o = object_create(2 * page_size());
	return mmap(NULL, page_size(), PROT_READ, MAP_SHARED, o->fd, (off_t)page_size());
}

VIOLATION(mmap_shows_copy_of_object, "mmap.listed-file", "-", MMAP, CHANGES(asks_later_part(c), c->fd = copy_of(c->fd)))
{
	struct object o;

	return region_at(later_part(&o)).inode != status_of(o.fd).st_ino;
}

VIOLATION(mmap_maps_page_more, "mmap.listed-file", "-", MMAP, CHANGES(asks_later_part(c), c->length += page_size()))
{
	struct object o;
	struct region r = region_at(later_part(&o));

	return r.end - r.start > page_size();
}

static void
map_from_page_before(struct call *c)
{
	c->offset -= (off_t)page_size();
	c->length += page_size();
	real_call(c);
	c->result += (intptr_t)page_size();
}

VIOLATION(mmap_maps_page_before, "mmap.listed-file", "-", MMAP, REPLACES(asks_later_part(c), map_from_page_before(c)))
{
	struct object o;
	char *p = later_part(&o);

	return region_at(p).start != (uintptr_t)p;
}

/* What of this length is there and is no lock. */
static struct known_range *
first_shared_anonymous(const struct call *c)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_shared_anonymous_range(&ranges[i]) && ranges[i].length == whole_pages(c->length) &&
		    ranges[i].protection == READ_WRITE && !known_mutex(ranges[i].start))
			return &ranges[i];
	return NULL;
}

/* With a length of 0, mremap() maps the same memory a second time. */
static void
show_first_again(struct call *c)
{
	c->result = real_make((struct call){ .interface = MREMAP,
	    .address = first_shared_anonymous(c)->start,
	    .length = 0,
	    .new_length = c->length,
	    .flags = MREMAP_MAYMOVE });
}

VIOLATION(mmap_second_anonymous_is_the_first, "mmap.two-are-apart", "-", MMAP,
    REPLACES(asks_shared_anonymous(c) && !is_fixed(c) && first_shared_anonymous(c) != NULL, show_first_again(c)))
{
	char *first = map_anonymous(page_size(), MAP_SHARED);
	const char *second = map_anonymous(page_size(), MAP_SHARED);

	*first = 'f';
	return *second == 'f';
}

static const char limit_of_regions[] = "/proc/sys/vm/max_map_count";

static bool
reads_limit_of_regions(const struct call *c)
{
	return strcmp(c->name, limit_of_regions) == 0;
}

static void
tell_more(const struct call *c, long more)
{
	char text[64];

	content_now(c, text, sizeof(text));
	content_set_number(c, (unsigned long)(strtol(text, NULL, 10) + more));
}

static long
limit_told(void)
{
	long limit = -1;
	FILE *file = fopen(limit_of_regions, "re");

	if (file == NULL || fscanf(file, "%ld", &limit) != 1)
		limit = -1;
	return limit;
}

VIOLATION(
    max_map_count_tells_more, "mmap.max-map-count", "-", FOPEN, FALSIFIES(reads_limit_of_regions(c), tell_more(c, 100)))
{
	long limit = limit_told();

	map_up_to_limit();
	return (long)regions_now().count + 50 < limit;
}

VIOLATION(max_map_count_tells_less, "mmap.max-map-count", "-", FOPEN,
    FALSIFIES(reads_limit_of_regions(c), tell_more(c, -100)))
{
	long limit = limit_told();

	map_up_to_limit();
	return (long)regions_now().count - 50 > limit;
}

static bool
asks_page_zero(const struct call *c)
{
	return c->address == NULL && c->flags & MAP_FIXED_NOREPLACE;
}

static void *
map_page_zero(void)
{
	if (geteuid() == 0)
		user_become(OTHER);
	return mmap(NULL, page_size(), PROT_READ, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

VIOLATION(mmap_page_zero_eexist, "mmap.null-page-protected", "-", MMAP, MISTAKES(asks_page_zero(c), EPERM, EEXIST))
{
	return map_page_zero() == MAP_FAILED && errno == EEXIST;
}

VIOLATION(
    mmap_page_zero_elsewhere, "mmap.null-page-protected", "-", MMAP, ACCEPTS(asks_page_zero(c), EPERM, some_memory(c)))
{
	return map_page_zero() != MAP_FAILED;
}

#endif
