/* SPDX-License-Identifier: BSD-2-Clause */

/* What shmat() with SHM_REMAP replaces, and which identifiers shmat() takes. */

#include <limits.h>

#include "segments.h"

static bool
is_remap(const struct call *c)
{
	return SHM_REMAP != 0 && c->flags & SHM_REMAP && c->address != NULL;
}

/* The middle two of four units of a mapping that is full of 'm' are replaced by a segment. Returns the mapping. */
static char *
remap_middle(int flags, void **result)
{
	size_t unit = attach_multiple();
	char *old = map_anonymous(4 * unit, MAP_PRIVATE);

	memset(old, 'm', 4 * unit);
	*result = shmat(segment_create(2 * unit), old + unit, SHM_REMAP | flags);
	return old;
}

VIOLATION(shmat_remap_ignored, "shmat.remap-replaces", "B038", SHMAT, CHANGES(is_remap(c), c->flags &= ~SHM_REMAP))
{
	void *result;

	remap_middle(0, &result);
	return result == (void *)-1;
}

VIOLATION(shmat_remap_with_rnd_refused, "shmat.remap-replaces", "B197", SHMAT,
    REFUSES(is_remap(c) && c->flags & SHM_RND && (uintptr_t)c->address > (size_t)SHMLBA, EINVAL))
{
	void *result;

	remap_middle(SHM_RND, &result);
	return result == (void *)-1;
}

VIOLATION(shmat_remap_goes_elsewhere, "shmat.remap-replaces", "-", SHMAT,
    CHANGES(is_remap(c), (c->flags &= ~SHM_REMAP, c->address = NULL)))
{
	void *result;
	char *old = remap_middle(0, &result);

	return result != (void *)-1 && result != old + attach_multiple();
}

VIOLATION(shmat_remap_replaces_page_before, "shmat.remap-replaces", "-", SHMAT,
    FALSIFIES(is_remap(c) && known_range_at((char *)c->result - 1) != NULL,
	put_zeros((char *)c->result - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	void *result;
	char *old = remap_middle(0, &result);

	return old[attach_multiple() - 1] != 'm';
}

VIOLATION(shmat_remap_replaces_page_behind, "shmat.remap-replaces", "-", SHMAT,
    FALSIFIES(is_remap(c) && known_range_at((char *)c->result + size_for(c)) != NULL,
	put_zeros((char *)c->result + size_for(c), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	void *result;
	char *old = remap_middle(0, &result);

	return old[3 * attach_multiple()] != 'm';
}

/* What was in the last page stays there. */
static void
keep_last_page(struct call *c)
{
	char *last = (char *)c->address + whole_pages(size_for(c)) - page_size();
	void *kept = memory_of_its_own();

	memcpy(kept, last, page_size());
	if (real_call(c) != -1) {
		put_zeros(last, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE);
		memcpy(last, kept, page_size());
	}
	real_munmap(kept, page_size());
}

VIOLATION(shmat_remap_keeps_last_page, "shmat.remap-replaces", "-", SHMAT,
    REPLACES(is_remap(c) && size_for(c) > page_size() && known_range_at((char *)c->address + size_for(c) - 1) != NULL &&
	    known_range_at((char *)c->address + size_for(c) - 1)->protection & PROT_READ,
	keep_last_page(c)))
{
	void *result;
	char *old = remap_middle(0, &result);

	return old[attach_multiple()] == 0 && old[3 * attach_multiple() - 1] == 'm';
}

VIOLATION(shmat_remap_null_address_chosen, "shmat.remap-null-einval", "-", SHMAT,
    CHANGES(SHM_REMAP != 0 && c->address == NULL && c->flags == SHM_REMAP, c->flags = 0))
{
	return SHM_REMAP != 0 && shmat(segment_create(1), NULL, SHM_REMAP) != (void *)-1;
}

VIOLATION(shmat_remap_with_rnd_null_address_chosen, "shmat.remap-null-einval", "-", SHMAT,
    CHANGES(SHM_REMAP != 0 && c->address == NULL && c->flags == (SHM_REMAP | SHM_RND), c->flags = 0))
{
	return SHM_REMAP != 0 && shmat(segment_create(1), NULL, SHM_REMAP | SHM_RND) != (void *)-1;
}

VIOLATION(shmat_remap_null_address_enomem, "shmat.remap-null-einval", "-", SHMAT,
    MISTAKES(SHM_REMAP != 0 && c->address == NULL && c->flags & SHM_REMAP, EINVAL, ENOMEM))
{
	return SHM_REMAP != 0 && shmat(segment_create(1), NULL, SHM_REMAP) == (void *)-1 && errno == ENOMEM;
}

VIOLATION(shmat_removed_id_accepted, "shmat.einval-bad-id", "-", SHMAT,
    ACCEPTS(is_removed(c->id) && !known_segment(c->id)->was_attached, 0, memory_of_its_own()))
{
	int id = segment_create(1);

	segment_remove(id);
	return shmat(id, NULL, 0) != (void *)-1;
}

VIOLATION(shmat_removed_id_enoent, "shmat.einval-bad-id", "-", SHMAT,
    MISTAKES(is_removed(c->id) && !known_segment(c->id)->was_attached, EINVAL, ENOENT))
{
	int id = segment_create(1);

	segment_remove(id);
	return shmat(id, NULL, 0) == (void *)-1 && errno == ENOENT;
}

VIOLATION(shmat_negative_id_eidrm, "shmat.einval-bad-id", "-", SHMAT, MISTAKES(c->id < 0, EINVAL, EIDRM))
{
	return shmat(-2, NULL, 0) == (void *)-1 && errno == EIDRM;
}

VIOLATION(shmat_highest_id_accepted, "shmat.einval-bad-id", "B013", SHMAT,
    ACCEPTS(c->id == INT_MAX, EINVAL, memory_of_its_own()))
{
	return shmat(INT_MAX, NULL, 0) != (void *)-1;
}

/* The one that has the key of a removed segment now. */
static struct known_segment *
successor_of(int id)
{
	return is_removed(id) ? known_segment_with_key(known_segment(id)->key) : NULL;
}

VIOLATION(shmat_removed_id_reaches_successor, "shmat.einval-bad-id", "-", SHMAT,
    CHANGES(successor_of(c->id) != NULL && !known_segment(c->id)->was_attached, c->id = successor_of(c->id)->id))
{
	key_t key = segment_key();
	int old = segment_create_with_key(key, 1, 0600);

	segment_remove(old);
	*(char *)segment_attach(segment_create_with_key(key, 1, 0600), NULL, 0) = 'n';
	char *p = shmat(old, NULL, 0);
	return p != (void *)-1 && *p == 'n';
}

VIOLATION(shmat_after_removal_refused, "shmat.after-rmid-linux", "B206", SHMAT,
    REFUSES(is_removed(c->id) && known_attachments(c->id) > 0, EIDRM))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmat(id, NULL, 0) == (void *)-1;
}

/* Attach, remove, store, attach again and return what is found there. */
static char
found_after_removal(void)
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	segment_remove(id);
	p[0] = 'p';
	return *(char *)segment_attach(id, NULL, 0);
}

VIOLATION(shmat_after_removal_finds_zeros, "shmat.after-rmid-linux", "-", SHMAT,
    FALSIFIES(is_removed(c->id) && known_attachments(c->id) > 0,
	put_zeros((void *)c->result, size_for(c), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return found_after_removal() == 0;
}

VIOLATION(shmat_after_removal_eacces, "shmat.after-rmid-others", "-", SHMAT,
    REFUSES(is_removed(c->id) && known_attachments(c->id) > 0, EACCES))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmat(id, NULL, 0) == (void *)-1 && errno == EACCES;
}

VIOLATION(shmat_destroyed_by_detach_eacces, "shmat.eidrm-removed-id", "-", SHMAT,
    MISTAKES(is_removed(c->id) && known_segment(c->id)->was_attached && known_attachments(c->id) == 0, EINVAL, EACCES))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	segment_remove(id);
	segment_detach(p);
	return shmat(id, NULL, 0) == (void *)-1 && errno == EACCES;
}
