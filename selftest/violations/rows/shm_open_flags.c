/* SPDX-License-Identifier: BSD-2-Clause */

/* O_EXCL and O_TRUNC of shm_open(). */

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

VIOLATION(shm_open_ignores_excl, "shm_open.excl-existing", "B149", SHM_OPEN,
    CHANGES((c->flags & O_EXCL) != 0 && descriptor_of(c->name) != -1, c->flags &= ~O_EXCL))
{
	struct object o = object_create(0);

	return shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1;
}

VIOLATION(shm_open_excl_takes_closed_object, "shm_open.excl-existing", "-", SHM_OPEN,
    CHANGES((c->flags & O_EXCL) != 0 && known_object_named(c->name) != NULL && has_object(c->name) &&
	    descriptor_of(c->name) == -1,
	c->flags &= ~O_EXCL))
{
	struct object o = object_create(0);

	close(o.fd);
	return shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1;
}

VIOLATION(shm_open_ignores_excl_with_rdonly, "shm_open.excl-existing", "-", SHM_OPEN,
    CHANGES((c->flags & O_EXCL) != 0 && is_reading_alone(c), c->flags &= ~O_EXCL))
{
	struct object o = object_create(0);

	return shm_open(o.name, O_CREAT | O_EXCL | O_RDONLY, 0600) != -1;
}

VIOLATION(shm_open_existing_eacces, "shm_open.excl-existing", "-", SHM_OPEN,
    MISTAKES(known_object_named(c->name) != NULL, EEXIST, EACCES))
{
	struct object o = object_create(0);

	return shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1 && errno == EACCES;
}

static void
clear_and_refuse(struct call *c)
{
	int fd = real_shm_open(c->name, O_RDWR, 0);

	fill(fd, 0, file_size(fd), 0);
	real_close(fd);
	call_fail(c, EEXIST);
}

VIOLATION(shm_open_excl_trunc_clears_existing, "shm_open.excl-existing", "-", SHM_OPEN,
    REPLACES((c->flags & O_EXCL) != 0 && (c->flags & O_TRUNC) != 0 && has_object(c->name), clear_and_refuse(c)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	*p = 'x';
	(void)shm_open(o.name, O_CREAT | O_EXCL | O_TRUNC | O_RDWR, 0600);
	return *p == 0;
}

static void
enlarge_and_refuse(struct call *c)
{
	int fd = real_shm_open(c->name, O_RDWR, 0);

	real_ftruncate(fd, file_size(fd) + 1);
	real_close(fd);
	call_fail(c, EEXIST);
}

VIOLATION(shm_open_excl_enlarges_existing, "shm_open.excl-existing", "-", SHM_OPEN,
    REPLACES((c->flags & O_EXCL) != 0 && has_object(c->name), enlarge_and_refuse(c)))
{
	struct object o = object_create(1);

	(void)shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);
	return size_of(o.fd) == 2;
}

/* It looks the name up, and then opens what it has found: the name may be gone by then. */
VIOLATION(shm_open_looks_up_first, "shm_open.atomic-against-unlink", "-", SHM_OPEN,
    REFUSES((c->flags & (O_CREAT | O_EXCL)) == O_CREAT && has_object(c->name), ENOENT))
{
	struct object o = object_create(0);

	return shm_open(o.name, O_CREAT | O_RDWR, 0600) == -1 && errno == ENOENT;
}

/* A table of names that each process has for itself. */
VIOLATION(shm_open_excl_knows_own_objects_only, "shm_open.excl-atomic", "B149", SHM_OPEN,
    CHANGES((c->flags & O_EXCL) != 0 && known_object_named(c->name) == NULL, c->flags &= ~O_EXCL))
{
	struct object o = object_name();
	int status;

	if (fork() == 0)
		_exit(shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1);
	wait(&status);
	return shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1;
}

VIOLATION(shm_open_excl_loser_eagain, "shm_open.excl-atomic", "-", SHM_OPEN,
    MISTAKES(known_object_named(c->name) == NULL, EEXIST, EAGAIN))
{
	struct object o = object_name();
	int status;

	if (fork() == 0)
		_exit(shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1);
	wait(&status);
	return shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1 && errno == EAGAIN;
}

static bool
truncates(const struct call *c, int creat)
{
	return (c->flags & O_TRUNC) != 0 && (c->flags & (O_CREAT | O_EXCL)) == creat && has_object(c->name);
}

static off_t
size_after_trunc(int flags)
{
	struct object o = object_create(page_size());
	int fd = shm_open(o.name, flags, 0600);

	return fd == -1 ? -1 : size_of(o.fd);
}

VIOLATION(shm_open_ignores_trunc, "shm_open.trunc-rdwr", "B176", SHM_OPEN,
    CHANGES(truncates(c, 0) && !is_reading_alone(c), c->flags &= ~O_TRUNC))
{
	return size_after_trunc(O_RDWR | O_TRUNC) > 0;
}

VIOLATION(shm_open_ignores_trunc_with_creat, "shm_open.trunc-rdwr", "-", SHM_OPEN,
    CHANGES(truncates(c, O_CREAT), c->flags &= ~O_TRUNC))
{
	return size_after_trunc(O_RDWR | O_CREAT | O_TRUNC) > 0;
}

VIOLATION(shm_open_trunc_einval, "shm_open.trunc-rdwr", "B076", SHM_OPEN, REFUSES(truncates(c, 0), EINVAL))
{
	return size_after_trunc(O_RDWR | O_TRUNC) == -1;
}

VIOLATION(shm_open_trunc_leaves_a_page, "shm_open.trunc-rdwr", "-", SHM_OPEN,
    FALSIFIES(c->flags == (O_RDWR | O_TRUNC), real_ftruncate((int)c->result, (off_t)page_size())))
{
	return size_after_trunc(O_RDWR | O_TRUNC) == (off_t)page_size();
}

VIOLATION(shm_open_trunc_sets_mode, "shm_open.trunc-rdwr", "-", SHM_OPEN,
    FALSIFIES(c->flags == (O_RDWR | O_TRUNC) && c->mode != 0, real_fchmod((int)c->result, c->mode)))
{
	struct object o = object_create(1);

	(void)shm_open(o.name, O_RDWR | O_TRUNC, 0640);
	return (status_of(o.fd).st_mode & 0777) == 0640;
}

VIOLATION(shm_open_trunc_gives_to_nobody, "shm_open.trunc-rdwr", "-", SHM_OPEN,
    FALSIFIES(c->flags == (O_RDWR | O_TRUNC), real_fchown((int)c->result, 65534, 65534)))
{
	struct object o = object_create(1);

	(void)shm_open(o.name, O_RDWR | O_TRUNC, 0);
	return status_of(o.fd).st_uid != geteuid();
}

static bool
regrows_after_trunc(const struct call *c)
{
	const struct known_object *known = known_object_of(c->fd);

	return known != NULL && known->was_emptied && c->offset > file_size(c->fd);
}

static void
regrow_stale(struct call *c, off_t from)
{
	c->result = real_ftruncate(c->fd, c->offset);
	fill(c->fd, from, c->offset, 's');
}

static char
byte_after_trunc(size_t at)
{
	struct object o = object_create(2 * page_size());

	memset(map_shared(o.fd, 2 * page_size()), 's', 2 * page_size());
	(void)shm_open(o.name, O_RDWR | O_TRUNC, 0);
	set_size(o.fd, 2 * (off_t)page_size());
	return *((char *)map_shared(o.fd, 2 * page_size()) + at);
}

VIOLATION(ftruncate_stale_after_trunc, "shm_open.trunc-discards-content", "-", FTRUNCATE,
    REPLACES(regrows_after_trunc(c), regrow_stale(c, 0)))
{
	return byte_after_trunc(0) == 's';
}

VIOLATION(ftruncate_last_page_stale_after_trunc, "shm_open.trunc-discards-content", "-", FTRUNCATE,
    REPLACES(regrows_after_trunc(c), regrow_stale(c, c->offset - (off_t)page_size())))
{
	return byte_after_trunc(2 * page_size() - 1) == 's';
}

/* Where the range of the address comes from: an object that is empty now and was not always. */
static bool
is_in_emptied_object(const void *address)
{
	const struct known_range *range = known_range_at(address);
	const struct known_object *known = range == NULL ? NULL : known_object_of(range->fd);

	return known != NULL && known->greatest > 0 && file_size(range->fd) == 0;
}

VIOLATION(fault_after_trunc_is_sigsegv, "shm_open.trunc-with-mapping-sigbus", "-", FAULT,
    FALSIFIES(c->id == SIGBUS && is_in_emptied_object(c->address), c->id = SIGSEGV))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	(void)shm_open(o.name, O_RDWR | O_TRUNC, 0);
	return fault_of_load(p).signal == SIGSEGV;
}

VIOLATION(fault_of_store_after_trunc_is_sigsegv, "shm_open.trunc-with-mapping-sigbus", "-", FAULT,
    FALSIFIES(c->id == SIGBUS && is_in_emptied_object(c->address) && (uintptr_t)c->address % page_size() != 0,
	c->id = SIGSEGV))
{
	struct object o = object_create(2);
	char *p = map_shared(o.fd, 2);

	(void)shm_open(o.name, O_RDWR | O_TRUNC, 0);
	return fault_of_store(&p[1], 'x').signal == SIGSEGV;
}
