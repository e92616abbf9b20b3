/* SPDX-License-Identifier: BSD-2-Clause */

/* Where shmat() attaches: address, SHM_RND, SHM_REMAP. */

#include "segments.h"

static size_t
beyond_multiple(const struct call *c)
{
	return (uintptr_t)c->address % (size_t)SHMLBA;
}

static char *
rounded_down(const struct call *c)
{
	return (char *)c->address - beyond_multiple(c);
}

/* An address of the caller's choice, on the boundary, with no flag but those. */
static bool
has_exact_address(const struct call *c, int flags)
{
	return c->address != NULL && beyond_multiple(c) == 0 && c->flags == flags;
}

/* To be rounded down, and not to zero. */
static bool
is_to_be_rounded(const struct call *c)
{
	return (uintptr_t)c->address > (size_t)SHMLBA && beyond_multiple(c) != 0 && c->flags == SHM_RND;
}

static bool
is_unaligned(const struct call *c)
{
	return (uintptr_t)c->address > (size_t)SHMLBA && beyond_multiple(c) != 0 && (c->flags & SHM_RND) == 0;
}

/* A free address, this number of bytes behind a boundary. */
static char *
place(size_t offset)
{
	return (char *)free_range(4 * attach_multiple()) + 2 * attach_multiple() + offset;
}

VIOLATION(shmat_null_address_refused, "shmat.null-address-chosen", "-", SHMAT,
    REFUSES(c->address == NULL && c->flags == 0 && size_for(c) == page_size() && known_attachments(c->id) == 0 &&
	    !known_segment(c->id)->was_attached && known_segment(c->id)->creator == getpid(),
	EINVAL))
{
	return shmat(segment_create(page_size()), NULL, 0) == (void *)-1;
}

/* An anonymous private mapping of as many pages as the segment has. */
static struct known_range *
mapping_like_segment(const struct call *c)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id == -1 && ranges[i].fd == -1 && ranges[i].flags & MAP_PRIVATE &&
		    ranges[i].length - page_size() < size_for(c) && size_for(c) <= ranges[i].length)
			return &ranges[i];
	return NULL;
}

VIOLATION(shmat_null_address_over_mapping, "shmat.null-address-chosen", "-", SHMAT,
    CHANGES(c->address == NULL && c->flags == 0 && size_for(c) % page_size() != 0 && mapping_like_segment(c) != NULL,
	(c->address = mapping_like_segment(c)->start, c->flags = SHM_REMAP)))
{
	char *mapped = map_anonymous(page_size() + 1, MAP_PRIVATE);

	mapped[0] = 'm';
	segment_attach(segment_create(page_size() + 1), NULL, 0);
	return mapped[0] != 'm';
}

VIOLATION(shmat_third_over_second, "shmat.multiple-attach-distinct", "-", SHMAT,
    CHANGES(c->address == NULL && c->flags == 0 && known_attachments(c->id) > 1 && attachment_of(c->id, 0) != NULL,
	(c->address = attachment_of(c->id, 0)->start, c->flags = SHM_REMAP)))
{
	int id = segment_create(1);
	char *first = segment_attach(id, NULL, 0);
	char *second = segment_attach(id, NULL, 0);
	char *third = segment_attach(id, NULL, 0);

	return third == first || third == second;
}

VIOLATION(shmat_chosen_address_unaligned, "shmat.chosen-address-aligned", "-", SHMAT,
    FALSIFIES(c->address == NULL && c->flags == 0 && size_for(c) == page_size() + 1, c->result += sizeof(void *)))
{
	return (uintptr_t)segment_attach(segment_create(page_size() + 1), NULL, 0) % page_size() != 0;
}

VIOLATION(shmat_address_is_a_hint, "shmat.exact-address", "-", SHMAT,
    CHANGES(has_exact_address(c, 0) && known_attachments(c->id) > 0, c->address = NULL))
{
	int id = segment_create(1);
	char *at = place(0);

	segment_attach(id, NULL, 0);
	return shmat(id, at, 0) != at;
}

VIOLATION(shmat_rdonly_one_page_late, "shmat.exact-address", "-", SHMAT,
    CHANGES(has_exact_address(c, SHM_RDONLY), c->address = (char *)c->address + SHMLBA))
{
	char *at = place(0);

	return shmat(segment_create(1), at, SHM_RDONLY) == at + attach_multiple();
}

VIOLATION(shmat_rnd_moves_rounded_address, "shmat.exact-address", "-", SHMAT,
    CHANGES(has_exact_address(c, SHM_RND), c->address = (char *)c->address - SHMLBA))
{
	char *at = place(0);

	return shmat(segment_create(1), at, SHM_RND) == at - attach_multiple();
}

VIOLATION(shmat_at_address_lacks_first_page, "shmat.exact-address", "-", SHMAT,
    FALSIFIES(has_exact_address(c, 0) && size_for(c) > page_size() && known_attachments(c->id) == 1,
	put_zeros((void *)c->result, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int id = segment_create(2 * page_size());
	char *whole = segment_attach(id, NULL, 0);

	whole[0] = whole[page_size()] = 'x';
	char *p = segment_attach(id, place(0), 0);
	return p[0] == 0 && p[page_size()] == 'x';
}

VIOLATION(shmat_rnd_rounds_up, "shmat.rnd-rounds-down", "-", SHMAT,
    CHANGES(is_to_be_rounded(c), c->address = rounded_down(c) + SHMLBA))
{
	char *at = place(0);

	return shmat(segment_create(1), at + 1, SHM_RND) == at + attach_multiple();
}

VIOLATION(shmat_rnd_rounds_to_nearest, "shmat.rnd-rounds-down", "-", SHMAT,
    CHANGES(is_to_be_rounded(c) && beyond_multiple(c) > (size_t)SHMLBA / 2, c->address = rounded_down(c) + SHMLBA))
{
	char *at = place(0);

	return shmat(segment_create(1), at + attach_multiple() - 1, SHM_RND) == at + attach_multiple();
}

VIOLATION(shmat_rnd_rounds_one_multiple_too_far, "shmat.rnd-rounds-down", "-", SHMAT,
    CHANGES(is_to_be_rounded(c), c->address = rounded_down(c) - SHMLBA))
{
	char *at = place(0);

	return shmat(segment_create(1), at + 1, SHM_RND) == at - attach_multiple();
}

VIOLATION(shmat_rnd_refused, "shmat.rnd-rounds-down", "B046", SHMAT, REFUSES(is_to_be_rounded(c), EINVAL))
{
	return shmat(segment_create(1), place(1), SHM_RND) == (void *)-1;
}

VIOLATION(shmat_rnd_returns_unrounded_address, "shmat.rnd-rounds-down", "B197", SHMAT,
    FALSIFIES(is_to_be_rounded(c), c->result = (intptr_t)c->address))
{
	char *at = place(123);

	return shmat(segment_create(1), at, SHM_RND) == at;
}

VIOLATION(shmat_rnd_null_address_refused, "shmat.rnd-null-ignored", "-", SHMAT,
    REFUSES(c->address == NULL && c->flags & SHM_RND && (c->flags & SHM_REMAP) == 0, EINVAL))
{
	return shmat(segment_create(1), NULL, SHM_RND) == (void *)-1;
}

VIOLATION(shmat_rnd_null_address_is_null, "shmat.rnd-null-ignored", "-", SHMAT,
    FALSIFIES(c->address == NULL && c->flags == SHM_RND, c->result = 0))
{
	return shmat(segment_create(1), NULL, SHM_RND) == NULL;
}

VIOLATION(shmat_rnd_null_address_private, "shmat.rnd-null-ignored", "-", SHMAT,
    FALSIFIES(c->address == NULL && c->flags == SHM_RND,
	put_zeros((void *)c->result, size_for(c), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	int id = segment_create(page_size());
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RND);

	*p = 'p';
	return *q != 'p';
}

VIOLATION(shmat_unaligned_rounded, "shmat.einval-unaligned", "-", SHMAT,
    CHANGES(is_unaligned(c) && c->flags == 0, c->flags |= SHM_RND))
{
	return shmat(segment_create(1), place(1), 0) != (void *)-1;
}

VIOLATION(shmat_unaligned_rdonly_rounded, "shmat.einval-unaligned", "-", SHMAT,
    CHANGES(is_unaligned(c) && c->flags & SHM_RDONLY, c->flags |= SHM_RND))
{
	return shmat(segment_create(1), place(1), SHM_RDONLY) != (void *)-1;
}

VIOLATION(shmat_word_alignment_is_enough, "shmat.einval-unaligned", "-", SHMAT,
    CHANGES(is_unaligned(c) && (uintptr_t)c->address % sizeof(void *) == 0, c->flags |= SHM_RND))
{
	return shmat(segment_create(1), place(sizeof(void *)), 0) != (void *)-1;
}

VIOLATION(shmat_unaligned_enomem, "shmat.einval-unaligned", "-", SHMAT, MISTAKES(is_unaligned(c), EINVAL, ENOMEM))
{
	return shmat(segment_create(1), place(1), 0) == (void *)-1 && errno == ENOMEM;
}

VIOLATION(shmat_occupied_replaced, "shmat.einval-occupied", "-", SHMAT,
    CHANGES(has_exact_address(c, 0) && known_range_at(c->address) != NULL && attachment_at(c->address) == NULL,
	c->flags = SHM_REMAP))
{
	char *mapped = map_anonymous(page_size(), MAP_PRIVATE);

	mapped[0] = 'm';
	shmat(segment_create(1), mapped, 0);
	return mapped[0] != 'm';
}

VIOLATION(shmat_attached_address_replaced, "shmat.einval-occupied", "-", SHMAT,
    CHANGES(has_exact_address(c, 0) && attachment_at(c->address) != NULL, c->flags = SHM_REMAP))
{
	char *attached = segment_attach(segment_create(1), NULL, 0);

	attached[0] = 'a';
	shmat(segment_create(1), attached, 0);
	return attached[0] != 'a';
}

/* Linux documents EINVAL. */
VIOLATION(shmat_occupied_enomem, "shmat.einval-occupied", "-", SHMAT,
    MISTAKES(has_exact_address(c, 0) && known_range_at(c->address) != NULL, EINVAL, ENOMEM))
{
	char *mapped = map_anonymous(page_size(), MAP_PRIVATE);

	return shmat(segment_create(1), mapped, 0) == (void *)-1 && errno == ENOMEM;
}

VIOLATION(shmat_occupied_eexist, "shmat.einval-occupied", "-", SHMAT,
    MISTAKES(has_exact_address(c, 0) && known_range_at(c->address) != NULL, EINVAL, EEXIST))
{
	char *mapped = map_anonymous(page_size(), MAP_PRIVATE);

	return shmat(segment_create(1), mapped, 0) == (void *)-1 && errno == EEXIST;
}

static bool
fails_without_room(int flags, int error)
{
	int id = segment_create(1);
	const struct rlimit limit = { 1, 1 };

	return setrlimit(RLIMIT_AS, &limit) == 0 && shmat(id, NULL, flags) == (void *)-1 && errno == error;
}

VIOLATION(shmat_no_room_einval, "shmat.enomem-no-space", "-", SHMAT, MISTAKES(c->flags == 0, ENOMEM, EINVAL))
{
	return fails_without_room(0, EINVAL);
}

VIOLATION(
    shmat_rdonly_no_room_emfile, "shmat.enomem-no-space", "-", SHMAT, MISTAKES(c->flags &SHM_RDONLY, ENOMEM, EMFILE))
{
	return fails_without_room(SHM_RDONLY, EMFILE);
}

/* It fails, and the segment counts as attached. */
static void
attach_and_fail(struct call *c)
{
	real_shmat(c->id, NULL, 0);
	c->result = -1;
	c->error = EINVAL;
}

VIOLATION(shmat_rounded_to_zero_fails_and_counts, "shmat.rnd-rounding-to-zero", "B044", SHMAT,
    REPLACES(c->address != NULL && (uintptr_t)c->address < (size_t)SHMLBA && c->flags & SHM_RND, attach_and_fail(c)))
{
	int id = segment_create(1);

	return shmat(id, (void *)1, SHM_RND) == (void *)-1 && segment_stat(id).shm_nattch == 1;
}
