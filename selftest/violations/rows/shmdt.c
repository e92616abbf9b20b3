/* SPDX-License-Identifier: BSD-2-Clause */

/* What shmdt() does to memory. */

#include "effects.h"
#include "segments.h"

/* An attachment that starts at the address and has at least this number of pages. */
static struct known_range *
attachment_to_end(const struct call *c, size_t least_pages)
{
	struct known_range *range = attachment_at(c->address);

	return range == NULL || range->start != c->address || range->length < least_pages * page_size() ? NULL : range;
}

static char *
detached(size_t size, int flags)
{
	char *p = segment_attach(segment_create(size), NULL, flags);

	return shmdt(p) == 0 ? p : NULL;
}

VIOLATION(shmdt_keeps_rdonly_attachment, "shmdt.detach-removes-mapping", "B005", SHMDT,
    SKIPS(attachment_to_end(c, 1) != NULL && attachment_at(c->address)->flags & SHM_RDONLY))
{
	char *p = detached(1, SHM_RDONLY);

	return p != NULL && !load_is_refused(p);
}

VIOLATION(shmdt_keeps_last_page, "shmdt.detach-removes-mapping", "-", SHMDT,
    REPLACES(attachment_to_end(c, 5) != NULL, real_munmap(c->address, attachment_at(c->address)->length - page_size())))
{
	char *p = detached(5 * page_size(), 0);

	return p != NULL && load_is_refused(p) && !load_is_refused(p + 4 * page_size());
}

VIOLATION(shmdt_keeps_part_of_a_page, "shmdt.detach-removes-mapping", "-", SHMDT,
    REPLACES(attachment_to_end(c, 2) != NULL && known_segment(attachment_at(c->address)->id) != NULL &&
	    known_segment(attachment_at(c->address)->id)->size == page_size() + 1,
	real_munmap(c->address, page_size())))
{
	char *p = detached(page_size() + 1, 0);

	return p != NULL && !load_is_refused(p + page_size());
}

VIOLATION(shmdt_leaves_range_reserved, "shmdt.detach-removes-mapping", "B043", SHMDT,
    FALSIFIES(attachment_to_end(c, 5) != NULL,
	real_mmap(c->address, attachment_at(c->address)->length, PROT_NONE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0)))
{
	char *p = detached(5 * page_size(), 0);

	return p != NULL && fault_of_load(p).code == SEGV_ACCERR;
}

/* What else is mapped right behind, or right before, the attachment that is detached. */
static struct known_range *
behind(const struct call *c)
{
	struct known_range *range = attachment_to_end(c, 1);

	return range == NULL ? NULL : known_range_at(range->start + range->length);
}

static struct known_range *
before(const struct call *c)
{
	return attachment_to_end(c, 1) == NULL ? NULL : known_range_at((char *)c->address - 1);
}

static bool
is_private(const struct known_range *range)
{
	return range != NULL && range->id == -1 && range->flags & MAP_PRIVATE && range->protection & PROT_WRITE;
}

static bool
is_attached(const struct known_range *range)
{
	return range != NULL && range->id != -1;
}

/* A segment is attached and detached again in the middle of a mapping of three parts. Returns its start. */
static char *
mapping_around_detached(void)
{
	size_t unit = attach_multiple();
	char *p = map_anonymous(3 * unit, MAP_PRIVATE);
	int id = segment_create(unit);

	memset(p, 'm', 3 * unit);
	unmap(p + unit, unit);
	segment_detach(segment_attach(id, p + unit, 0));
	return p;
}

VIOLATION(shmdt_clears_page_behind, "shmdt.detach-removes-mapping", "B152", SHMDT,
    FALSIFIES(is_private(behind(c)),
	put_zeros(
	    (char *)c->address + attachment_at(c->address)->length, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return mapping_around_detached()[2 * attach_multiple()] == 0;
}

VIOLATION(shmdt_clears_page_before, "shmdt.detach-removes-mapping", "-", SHMDT,
    FALSIFIES(is_private(before(c)),
	put_zeros((char *)c->address - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return mapping_around_detached()[attach_multiple() - 1] == 0;
}

/* Two attachments of a segment, side by side; the one at "goes" is detached. Returns the other, which held 'x'. */
static char *
neighbour_of_detached(size_t goes)
{
	size_t unit = attach_multiple();
	int id = segment_create(unit);
	char *range = free_range(2 * unit);
	char *stays = segment_attach(id, range + (unit - goes), 0);
	char *detached = segment_attach(id, range + goes, 0);

	memset(stays, 'x', unit);
	segment_detach(detached);
	return stays;
}

VIOLATION(shmdt_takes_page_of_attachment_behind, "shmdt.one-of-many", "-", SHMDT,
    FALSIFIES(is_attached(behind(c)),
	put_zeros(
	    (char *)c->address + attachment_at(c->address)->length, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return neighbour_of_detached(0)[0] != 'x';
}

VIOLATION(shmdt_takes_page_of_attachment_before, "shmdt.one-of-many", "-", SHMDT,
    FALSIFIES(is_attached(before(c)),
	put_zeros((char *)c->address - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE)))
{
	return neighbour_of_detached(attach_multiple())[attach_multiple() - 1] != 'x';
}

static struct known_range *
writable_beside(const struct call *c)
{
	size_t count;
	struct known_range *ranges = known_ranges(&count);
	struct known_range *detached = attachment_to_end(c, 1);

	for (size_t i = 0; i < count && detached != NULL; i++)
		if (ranges[i].id == detached->id && ranges[i].start_then != detached->start_then &&
		    (ranges[i].protection & PROT_WRITE) != 0)
			return &ranges[i];
	return NULL;
}

VIOLATION(shmdt_makes_others_private, "shmdt.one-of-many", "-", SHMDT,
    FALSIFIES(writable_beside(c) != NULL && known_attachments(attachment_at(c->address)->id) > 2,
	make_private(writable_beside(c)->start, writable_beside(c)->length)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, SHM_RDONLY);

	segment_detach(segment_attach(id, NULL, 0));
	*p = 'p';
	return *q != 'p';
}

/* Nobody else has the segment attached, nor has this process elsewhere. */
static bool
is_last(const struct call *c)
{
	const struct known_range *range = attachment_to_end(c, 1);

	return range != NULL && (range->flags & SHM_RDONLY) == 0 && known_attachments(range->id) == 1 &&
	    real_status(range->id).shm_nattch == 1 && !is_removed(range->id);
}

static char
found_after_last_detach(size_t offset)
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);

	memset(p, 'x', 3 * page_size());
	segment_detach(p);
	p = shmat(id, NULL, 0);
	return p == (void *)-1 ? -1 : p[offset];
}

VIOLATION(shmdt_last_clears_last_page, "shmdt.content-survives-last-detach", "-", SHMDT,
    CHANGES(is_last(c) && attachment_to_end(c, 2) != NULL,
	memset((char *)c->address + attachment_at(c->address)->length - page_size(), 0, page_size())))
{
	return found_after_last_detach(3 * page_size() - 1) == 0;
}

VIOLATION(shmdt_last_clears_end_of_page, "shmdt.content-survives-last-detach", "-", SHMDT,
    CHANGES(is_last(c) && attachment_to_end(c, 3) != NULL,
	memset((char *)c->address + attachment_at(c->address)->length - 8, 0, 8)))
{
	return found_after_last_detach(3 * page_size() - 1) == 0;
}

VIOLATION(shmdt_last_destroys, "shmdt.content-survives-last-detach", "-", SHMDT,
    FALSIFIES(attachment_to_end(c, 3) != NULL && real_status(attachment_at(c->address)->id).shm_nattch == 0 &&
	    !is_removed(attachment_at(c->address)->id),
	real_shmctl(attachment_at(c->address)->id, IPC_RMID, NULL)))
{
	int id = segment_create(3 * page_size());

	segment_detach(segment_attach(id, NULL, 0));
	return shmat(id, NULL, 0) == (void *)-1;
}

/* The last attachment of a removed segment, of all processes. */
static bool
is_last_of_removed(const struct call *c)
{
	const struct known_range *range = attachment_to_end(c, 1);
	struct shmid_ds status = real_status(range == NULL ? -1 : range->id);

	return status.shm_nattch == 1 && SHM_DEST != 0 && status.shm_perm.mode & SHM_DEST;
}

VIOLATION(shmdt_last_of_removed_destroys_nothing, "shmdt.last-detach-of-removed-destroys", "-", SHMDT,
    CHANGES(is_last_of_removed(c), real_shmat(attachment_at(c->address)->id, NULL, 0)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	struct shmid_ds status;

	segment_remove(id);
	segment_detach(p);
	return shmctl(id, IPC_STAT, &status) == 0;
}

VIOLATION(shmdt_first_of_removed_destroys, "shmdt.last-detach-of-removed-destroys", "-", SHMDT,
    CHANGES(attachment_to_end(c, 1) != NULL && is_removed(attachment_at(c->address)->id) &&
	    known_attachments(attachment_at(c->address)->id) > 1,
	memset(c->address, 0, attachment_at(c->address)->length)))
{
	int id = segment_create(1);
	char *first = segment_attach(id, NULL, 0);
	char *last = segment_attach(id, NULL, 0);

	*first = 'x';
	segment_remove(id);
	segment_detach(first);
	return *last != 'x';
}

VIOLATION(shmdt_by_child_clears, "shmdt.child-detach-keeps-parent", "-", SHMDT,
    CHANGES(attachment_to_end(c, 1) != NULL && attachment_at(c->address)->is_inherited &&
	    (attachment_at(c->address)->flags & SHM_RDONLY) == 0 && attachment_at(c->address)->length > 2 * page_size(),
	memset(c->address, 0, attachment_at(c->address)->length)))
{
	char *p = segment_attach(segment_create(3 * page_size()), NULL, 0);
	*p = 'p';
	pid_t child = fork();

	if (child == 0)
		_exit(shmdt(p));
	waitpid(child, NULL, 0);
	return *p != 'p';
}

VIOLATION(shmdt_by_parent_clears, "shmdt.child-detach-keeps-parent", "-", SHMDT,
    CHANGES(attachment_to_end(c, 3) != NULL && attachment_at(c->address)->length > page_size() &&
	    !attachment_at(c->address)->is_inherited && (attachment_at(c->address)->flags & SHM_RDONLY) == 0 &&
	    known_attachments(attachment_at(c->address)->id) == 1 &&
	    real_status(attachment_at(c->address)->id).shm_nattch > 1,
	memset(c->address, 0, attachment_at(c->address)->length)))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	*p = 'p';
	pid_t child = fork();

	if (child == 0)
		_exit(pause());
	segment_detach(p);
	p = segment_attach(id, NULL, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return *p != 'p';
}
