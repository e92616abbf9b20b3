/* SPDX-License-Identifier: BSD-2-Clause */

/* What an attachment allows, and that all attachments of a segment share. */

#include "effects.h"
#include "segments.h"

/* Of a segment that this process made itself. */
static bool
is_own(const struct call *c)
{
	return known_segment(c->id) != NULL && known_segment(c->id)->creator == getpid();
}

static bool
is_rdonly(const struct call *c)
{
	return c->flags == SHM_RDONLY && c->address == NULL;
}

VIOLATION(shmat_rdonly_is_writable, "shmat.rdonly-write-sigsegv", "-", SHMAT,
    CHANGES(is_rdonly(c) && is_own(c), c->flags = 0))
{
	return !store_is_refused(segment_attach(segment_create(1), NULL, SHM_RDONLY));
}

static void
make_last_page_private(void *start, size_t size)
{
	make_private((char *)start + (size - 1) / page_size() * page_size(), page_size());
}

VIOLATION(shmat_rdonly_last_page_writable, "shmat.rdonly-write-sigsegv", "-", SHMAT,
    FALSIFIES(
	is_rdonly(c) && is_own(c) && size_for(c) > page_size(), make_last_page_private((void *)c->result, size_for(c))))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, SHM_RDONLY);

	return store_is_refused(p) && !store_is_refused(p + page_size());
}

/* A refused store to an attachment that was made with SHM_RDONLY. */
static bool
is_rdonly_fault(const struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	return range != NULL && range->flags & SHM_RDONLY && c->flags == SEGV_ACCERR;
}

static struct fault
fault_of_rdonly_store(void)
{
	return fault_of_store(segment_attach(segment_create(1), NULL, SHM_RDONLY), 's');
}

VIOLATION(fault_in_rdonly_attachment_maperr, "shmat.rdonly-write-sigsegv", "-", FAULT,
    FALSIFIES(is_rdonly_fault(c), c->flags = SEGV_MAPERR))
{
	return fault_of_rdonly_store().code == SEGV_MAPERR;
}

VIOLATION(fault_in_rdonly_attachment_sigbus, "shmat.rdonly-write-sigsegv", "-", FAULT,
    FALSIFIES(is_rdonly_fault(c), c->id = SIGBUS))
{
	return fault_of_rdonly_store().signal == SIGBUS;
}

static void
read_past_protection(struct call *c)
{
	const struct known_range *range = attachment_at(c->buffer);
	char *writable = real_shmat(range->id, NULL, 0);
	size_t offset = (size_t)((char *)c->buffer - range->start);

	c->buffer = writable + offset;
	real_call(c);
	real_shmdt(writable);
}

VIOLATION(read_into_rdonly_attachment, "shmat.rdonly-write-sigsegv", "-", READ,
    REPLACES(attachment_at(c->buffer) != NULL && attachment_at(c->buffer)->flags & SHM_RDONLY, read_past_protection(c)))
{
	char *p = segment_attach(segment_create(1), NULL, SHM_RDONLY);
	int ends[2];

	return pipe(ends) == 0 && write(ends[1], "x", 1) == 1 && read(ends[0], p, 1) == 1 && *p == 'x';
}

VIOLATION(shmat_rdwr_beside_rdonly_refused, "shmat.rdonly-and-rdwr-together", "-", SHMAT,
    REFUSES(c->flags == 0 && attachment_of(c->id, SHM_RDONLY) != NULL && attachment_of(c->id, 0) == NULL, EACCES))
{
	int id = segment_create(1);

	segment_attach(id, NULL, SHM_RDONLY);
	return shmat(id, NULL, 0) == (void *)-1;
}

static void
take_snapshot(void *start, size_t size)
{
	make_private(start, size);
	real_mprotect(start, size, PROT_READ);
}

VIOLATION(shmat_rdonly_beside_rdwr_is_snapshot, "shmat.rdonly-and-rdwr-together", "-", SHMAT,
    FALSIFIES(is_rdonly(c) && is_own(c) && attachment_of(c->id, SHM_RDONLY) != NULL && attachment_of(c->id, 0) != NULL,
	take_snapshot((void *)c->result, size_for(c))))
{
	int id = segment_create(1);
	char *rw = segment_attach(id, NULL, 0);

	segment_attach(id, NULL, SHM_RDONLY);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);
	*rw = 'w';
	return *ro != 'w';
}

/* Another one for reading and writing beside one that is there. */
static bool
is_alias(const struct call *c, size_t least_size)
{
	return c->flags == 0 && c->address == NULL && known_attachments(c->id) == 1 && size_for(c) >= least_size &&
	    !is_removed(c->id);
}

VIOLATION(shmat_again_is_a_copy, "shmat.alias-coherent", "-", SHMAT,
    FALSIFIES(is_alias(c, 2 * page_size() + 1), make_private((void *)c->result, size_for(c))))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);

	*p = 'p';
	return *q != 'p';
}

VIOLATION(shmat_again_has_last_page_private, "shmat.alias-coherent", "-", SHMAT,
    FALSIFIES(is_alias(c, 2 * page_size() + 1), make_last_page_private((void *)c->result, size_for(c))))
{
	int id = segment_create(3 * page_size());
	char *p = segment_attach(id, NULL, 0);
	char *q = segment_attach(id, NULL, 0);

	p[0] = p[2 * page_size()] = 'p';
	return q[0] == 'p' && q[2 * page_size()] != 'p';
}

VIOLATION(shmat_beside_inherited_is_a_copy, "shmat.alias-coherent", "-", SHMAT,
    FALSIFIES(attachment_of(c->id, 0) != NULL && attachment_of(c->id, 0)->is_inherited,
	make_private((void *)c->result, size_for(c))))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	pid_t child = fork();

	if (child == 0) {
		*(char *)segment_attach(id, NULL, 0) = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p != 'c';
}

/* At an address of its choice, by a process that has nothing to do with the segment's creator. */
static bool
is_by_stranger(const struct call *c)
{
	size_t count;

	known_segments(&count);
	return count == 0 && c->address != NULL;
}

static size_t
length_of_segment(const struct call *c)
{
	size_t size = real_status(c->id).shm_segsz;

	return (size + page_size() - 1) / page_size() * page_size();
}

/* A child that was there before the segment attaches it somewhere, and stores 's' there if it can. */
static bool
stranger_stores(void)
{
	int ends[2];
	int id;
	pid_t child = pipe(ends) == 0 ? fork() : -1;

	if (child == 0) {
		char *p = read(ends[0], &id, sizeof(id)) == sizeof(id) ? shmat(id, free_range(1), 0) : (void *)-1;
		if (p != (void *)-1)
			*p = 's';
		_exit(0);
	}
	id = segment_create(1);
	char *own = segment_attach(id, NULL, 0);
	return write(ends[1], &id, sizeof(id)) == sizeof(id) && waitpid(child, NULL, 0) == child && *own == 's';
}

VIOLATION(shmat_by_stranger_elsewhere_refused, "shmat.different-addresses-between-processes", "-", SHMAT,
    REFUSES(is_by_stranger(c), EINVAL))
{
	return !stranger_stores();
}

VIOLATION(shmat_by_stranger_elsewhere_is_a_copy, "shmat.different-addresses-between-processes", "-", SHMAT,
    FALSIFIES(is_by_stranger(c), make_private((void *)c->result, length_of_segment(c))))
{
	return !stranger_stores();
}
