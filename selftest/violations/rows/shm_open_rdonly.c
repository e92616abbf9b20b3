/* SPDX-License-Identifier: BSD-2-Clause */

/* O_RDONLY of shm_open(), and what such a descriptor maps. */

#include <sys/mman.h>

#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static bool
is_read_only_object(int fd)
{
	return is_object(fd) && is_for_reading(fd);
}

static void
map_for_writing(struct call *c)
{
	int writing = open_again(c->fd, O_RDWR);

	c->result = (intptr_t)real_mmap(
	    c->address, c->length, c->protection | PROT_READ | PROT_WRITE, c->flags, writing, c->offset);
	real_close(writing);
}

static bool
is_shared_for_writing(const struct call *c)
{
	return c->flags & MAP_SHARED && c->protection & PROT_WRITE && is_read_only_object(c->fd);
}

VIOLATION(shm_open_rdonly_gives_rdwr, "shm_open.rdonly-maps-read-only", "-", SHM_OPEN,
    CHANGES(c->flags == O_RDONLY, c->flags = O_RDWR))
{
	struct object o = object_create(1);
	char *p = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return p != MAP_FAILED && fault_of_store(p, 'x').signal == 0;
}

VIOLATION(mmap_rdonly_object_write_only, "shm_open.rdonly-maps-read-only", "-", MMAP,
    REPLACES(is_shared_for_writing(c) && c->protection == PROT_WRITE, map_for_writing(c)))
{
	struct object o = object_create(1);
	char *p = mmap(NULL, 1, PROT_WRITE, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return p != MAP_FAILED && fault_of_store(p, 'x').signal == 0;
}

VIOLATION(mmap_rdonly_object_is_writable, "shm_open.rdonly-maps-read-only", "-", MMAP,
    REPLACES(c->flags == MAP_SHARED && c->protection == PROT_READ && is_read_only_object(c->fd), map_for_writing(c)))
{
	struct object o = object_create(1);
	char *p = mmap(NULL, 1, PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return fault_of_store(p, 'x').signal == 0;
}

VIOLATION(mmap_rdonly_object_eperm, "shm_open.rdonly-maps-read-only", "-", MMAP,
    MISTAKES(c->protection == PROT_WRITE && is_read_only_object(c->fd), EACCES, EPERM))
{
	struct object o = object_create(1);

	return mmap(NULL, 1, PROT_WRITE, MAP_SHARED, object_open(&o, O_RDONLY), 0) == MAP_FAILED && errno == EPERM;
}

VIOLATION(mmap_rdonly_object_refused, "shm_open.rdonly-maps-read-only", "-", MMAP,
    REFUSES(
	c->length > page_size() && c->flags == MAP_SHARED && c->protection == PROT_READ && is_read_only_object(c->fd),
	EACCES))
{
	struct object o = object_create(page_size() + 1);

	return mmap(NULL, page_size() + 1, PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0) == MAP_FAILED;
}

VIOLATION(mmap_whole_rdonly_object_for_writing, "shm_object.map-rw-on-rdonly-errno", "-", MMAP,
    REPLACES(is_shared_for_writing(c) && c->protection & PROT_READ && c->offset == 0, map_for_writing(c)))
{
	struct object o = object_create(1);
	char *p = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return p != MAP_FAILED && fault_of_store(p, 'x').signal == 0;
}

VIOLATION(mmap_end_of_rdonly_object_for_writing, "shm_object.map-rw-on-rdonly-errno", "-", MMAP,
    REPLACES(is_shared_for_writing(c) && c->offset != 0, map_for_writing(c)))
{
	struct object o = object_create(page_size() + 1);
	char *p = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, object_open(&o, O_RDONLY), (off_t)page_size());

	return p != MAP_FAILED && fault_of_store(p, 'x').signal == 0;
}

VIOLATION(mmap_rdonly_object_ebadf, "shm_object.map-rw-on-rdonly-errno", "-", MMAP,
    MISTAKES(is_shared_for_writing(c) && c->protection & PROT_READ, EACCES, EBADF))
{
	struct object o = object_create(1);
	int fd = object_open(&o, O_RDONLY);

	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EBADF;
}

static bool
adds_write(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return c->protection & PROT_WRITE && range != NULL && range->flags & MAP_SHARED &&
	    is_read_only_object(range->fd);
}

static void
map_again_for_writing(struct call *c)
{
	const struct known_range *range = known_range_at(c->address);
	int writing = open_again(range->fd, O_RDWR);

	real_mmap(c->address, c->length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, writing,
	    range->offset + (off_t)((char *)c->address - range->start));
	real_close(writing);
}

VIOLATION(mprotect_makes_rdonly_object_writable, "shm_open.rdonly-maps-read-only", "-", MPROTECT,
    REPLACES(adds_write(c), map_again_for_writing(c)))
{
	struct object o = object_create(1);
	char *p = mmap(NULL, 1, PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return mprotect(p, 1, PROT_READ | PROT_WRITE) == 0 && fault_of_store(p, 'x').signal == 0;
}

VIOLATION(mprotect_makes_end_of_rdonly_object_writable, "shm_open.rdonly-maps-read-only", "-", MPROTECT,
    REPLACES(adds_write(c) && known_range_at(c->address)->start != c->address, map_again_for_writing(c)))
{
	struct object o = object_create(page_size() + 1);
	char *p = mmap(NULL, page_size() + 1, PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return mprotect(&p[page_size()], 1, PROT_WRITE) == 0 && fault_of_store(&p[page_size()], 'x').signal == 0;
}

VIOLATION(mprotect_rdonly_object_eperm, "shm_open.rdonly-maps-read-only", "-", MPROTECT,
    MISTAKES(adds_write(c), EACCES, EPERM))
{
	struct object o = object_create(1);
	char *p = mmap(NULL, 1, PROT_READ, MAP_SHARED, object_open(&o, O_RDONLY), 0);

	return mprotect(p, 1, PROT_READ | PROT_WRITE) == -1 && errno == EPERM;
}

VIOLATION(shm_open_rdonly_creat_refused, "shm_open.rdonly-with-creat", "-", SHM_OPEN,
    REFUSES((c->flags & O_EXCL) != 0 && is_reading_alone(c), EINVAL))
{
	return shm_open(object_name().name, O_RDONLY | O_CREAT | O_EXCL, 0600) == -1;
}

static void
open_nameless_for_reading(struct call *c)
{
	int fd = new_object();

	c->result = open_again(fd, O_RDONLY);
	real_close(fd);
}

VIOLATION(shm_open_rdonly_creat_without_name, "shm_open.rdonly-with-creat", "-", SHM_OPEN,
    REPLACES((c->flags & O_EXCL) != 0 && is_reading_alone(c) && call_creates(c), open_nameless_for_reading(c)))
{
	struct object o = object_name();

	return shm_open(o.name, O_RDONLY | O_CREAT | O_EXCL, 0600) != -1 && shm_open(o.name, O_RDWR, 0) == -1;
}

/* Of a page, which can be read. */
static void
create_beside(struct call *c)
{
	int fd = new_object();

	real_close(real_shm_open(c->name, c->flags, c->mode));
	real_ftruncate(fd, (off_t)page_size());
	c->result = open_again(fd, O_RDONLY);
	real_close(fd);
}

VIOLATION(shm_open_rdonly_creat_is_another_object, "shm_open.rdonly-with-creat", "-", SHM_OPEN,
    REPLACES((c->flags & O_EXCL) != 0 && is_reading_alone(c) && call_creates(c), create_beside(c)))
{
	struct object o = object_name();
	int reading = shm_open(o.name, O_RDONLY | O_CREAT | O_EXCL, 0600);
	int writing = object_open(&o, O_RDWR);

	set_size(writing, 1);
	*(char *)map_shared(writing, 1) = 'x';
	return *(char *)mmap(NULL, 1, PROT_READ, MAP_SHARED, reading, 0) == 0;
}
