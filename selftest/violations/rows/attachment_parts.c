/* SPDX-License-Identifier: BSD-2-Clause */

/* What munmap() and mprotect() of a part of an attachment do to the rest, and what grandchildren inherit. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "real.h"
#include "violation.h"

/* The attachment of which this is a part, not the whole. */
static const struct known_range *
attachment_of_part(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && range->id != -1 && whole_pages(c->length) < range->length ? range : NULL;
}

static char *
end_of_part(const struct call *c)
{
	return (char *)c->address + whole_pages(c->length);
}

static bool
has_page_behind(const struct call *c)
{
	const struct known_range *range = attachment_of_part(c);

	return range != NULL && end_of_part(c) < range->start + range->length;
}

VIOLATION(munmap_in_attachment_clears_page_behind, "shmdt.partial-munmap", "-", MUNMAP,
    CHANGES(has_page_behind(c), memset(end_of_part(c), 0, page_size())))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	p[page_size()] = 'p';
	munmap(p, page_size());
	return p[page_size()] == 0;
}

static bool
is_of_removed(const struct known_range *range)
{
	const struct known_segment *segment = range == NULL ? NULL : known_segment(range->id);

	return segment != NULL && segment->was_removed;
}

VIOLATION(munmap_in_removed_attachment_keeps_segment, "shmdt.partial-munmap", "-", MUNMAP,
    CHANGES(is_of_removed(attachment_of_part(c)), real_shmat(attachment_of_part(c)->id, NULL, 0)))
{
	int id = segment_create(2 * page_size());
	char *p = segment_attach(id, NULL, 0);
	struct shmid_ds status;

	segment_remove(id);
	munmap(p, page_size());
	munmap(p + page_size(), page_size());
	return shmctl(id, IPC_STAT, &status) == 0;
}

static bool
is_inherited_attachment(const struct known_range *range)
{
	return range->id != -1 && range->is_inherited;
}

static void
own(const struct known_range *range)
{
	make_private(range->start, range->length);
}

VIOLATION(fork_grandchild_has_attachments_alone, "shmid_ds.fork-counts-nattch", "-", FORK,
    FALSIFIES(
	c->result == 0 && has_known_range(is_inherited_attachment), for_known_ranges(is_inherited_attachment, own)))
{
	char *p = segment_attach(segment_create(1), NULL, 0);
	pid_t child = fork();

	if (child == 0) {
		pid_t grandchild = fork();

		if (grandchild == 0) {
			*p = 'g';
			_exit(0);
		}
		waitpid(grandchild, NULL, 0);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}
