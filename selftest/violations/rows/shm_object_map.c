/* SPDX-License-Identifier: BSD-2-Clause */

/* What a process maps by a descriptor that it received or inherited, and private mappings. */

#include <stdio.h>

#include <sys/mman.h>

#include "objects.h"
#include "real.h"
#include "violation.h"

/* As a process that has received it. */
static bool
maps_received(const struct call *c)
{
	return c->flags & MAP_SHARED && is_object(c->fd) && is_unlinked(c->fd) && known_object_of(c->fd) == NULL;
}

/* What the object begins with when a process that was there before it has stored 'x' by the descriptor. */
static char
byte_stored_by_receiver(void)
{
	int to_child[2] = { -1, -1 };
	struct object o;
	char path[64];
	int status;

	if (pipe(to_child) == -1)
		return '?';
	if (fork() == 0) {
		char *p = read(to_child[0], path, sizeof(path)) == -1
		    ? MAP_FAILED
		    : mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, open(path, O_RDWR), 0);

		_exit(p == MAP_FAILED ? 1 : fault_of_store(p, 'x').signal);
	}
	o = object_create(1);
	object_unlink(&o);
	snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)getpid(), o.fd);
	if (write(to_child[1], path, sizeof(path)) == -1)
		return '?';
	wait(&status);
	return status != 0 ? '?' : *(char *)map_shared(o.fd, 1);
}

VIOLATION(mmap_of_received_object_private, "shm_object.pass-by-socket", "-", MMAP,
    CHANGES(maps_received(c), c->flags = MAP_PRIVATE))
{
	return byte_stored_by_receiver() == 0;
}

VIOLATION(mmap_of_received_object_eacces, "shm_object.pass-by-socket", "-", MMAP, REFUSES(maps_received(c), EACCES))
{
	return byte_stored_by_receiver() == '?';
}

/* The process has it from its parent. */
static bool
maps_inherited(const struct call *c)
{
	const struct known_object *known = known_object_of(c->fd);

	return c->flags & MAP_SHARED && known != NULL && known->was_unlinked && known->creator != 0 &&
	    known->creator != getpid();
}

VIOLATION(mmap_of_inherited_object_private, "shm_object.fork-inherits-descriptor", "-", MMAP,
    CHANGES(maps_inherited(c), c->flags = MAP_PRIVATE))
{
	struct object o = object_create(1);
	int status;

	object_unlink(&o);
	if (fork() == 0)
		_exit(fault_of_store(map_shared(o.fd, 1), 'x').signal);
	wait(&status);
	return *(char *)map_shared(o.fd, 1) == 0;
}

static void
close_objects(int descriptor_flags)
{
	for (int fd = 0; fd < 64; fd++)
		if (is_object(fd) && real_fcntl(fd, F_GETFD, 0) == descriptor_flags)
			real_close(fd);
}

/* Whether a child lacks the descriptor of an object that has these flags. */
static bool
is_closed_by_fork(int descriptor_flags)
{
	struct object o = object_create(1);
	int status = 0;

	fcntl(o.fd, F_SETFD, descriptor_flags);
	if (fork() == 0)
		_exit(fcntl(o.fd, F_GETFD) == -1);
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

VIOLATION(fork_closes_objects_with_cloexec, "shm_object.fork-inherits-descriptor", "-", FORK,
    FALSIFIES(c->result == 0, close_objects(FD_CLOEXEC)))
{
	return is_closed_by_fork(FD_CLOEXEC);
}

VIOLATION(fork_closes_objects_without_cloexec, "shm_object.fork-inherits-descriptor", "-", FORK,
    FALSIFIES(c->result == 0, close_objects(0)))
{
	return is_closed_by_fork(0);
}

static bool
maps_private(const struct call *c)
{
	return (c->flags & (MAP_SHARED | MAP_PRIVATE | MAP_ANON)) == MAP_PRIVATE && is_object(c->fd);
}

static void
map_shared_instead(struct call *c)
{
	int writing = open_again(c->fd, O_RDWR);

	c->result = (intptr_t)real_mmap(c->address, c->length, c->protection, MAP_SHARED, writing, c->offset);
	real_close(writing);
}

static void
share_last_page(struct call *c)
{
	int writing = open_again(c->fd, O_RDWR);
	off_t last = (off_t)(c->length - page_size());

	real_mmap((char *)c->result + last, page_size(), c->protection, MAP_SHARED | MAP_FIXED, writing, last);
	real_close(writing);
}

static char
byte_after_private_store(size_t at)
{
	struct object o = object_create(2 * page_size());
	char *p = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE, object_open(&o, O_RDONLY), 0);

	p[at] = 'x';
	return *((char *)map_shared(o.fd, 2 * page_size()) + at);
}

VIOLATION(mmap_private_object_shared, "shm_object.map-private-object", "-", MMAP,
    REPLACES(maps_private(c), map_shared_instead(c)))
{
	return byte_after_private_store(0) == 'x';
}

VIOLATION(mmap_private_object_shares_last_page, "shm_object.map-private-object", "-", MMAP,
    FALSIFIES(maps_private(c) && c->length > page_size(), share_last_page(c)))
{
	return byte_after_private_store(0) == 0 && byte_after_private_store(page_size()) == 'x';
}

static void
map_new_memory(struct call *c)
{
	c->result = (intptr_t)real_mmap(c->address, c->length, c->protection, MAP_PRIVATE | MAP_ANON, -1, 0);
}

VIOLATION(mmap_private_object_starts_with_zeros, "shm_object.map-private-object", "-", MMAP,
    REPLACES(maps_private(c), map_new_memory(c)))
{
	struct object o = object_create(1);

	*(char *)map_shared(o.fd, 1) = 'x';
	return *(char *)map_private(o.fd, 1) == 0;
}

VIOLATION(mmap_private_object_einval, "shm_object.map-private-object", "-", MMAP, REFUSES(maps_private(c), EINVAL))
{
	return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, object_create(1).fd, 0) == MAP_FAILED;
}

VIOLATION(mmap_private_object_needs_writing_descriptor, "shm_object.map-private-object", "-", MMAP,
    REFUSES(maps_private(c) && c->protection & PROT_WRITE && is_for_reading(c->fd), EACCES))
{
	struct object o = object_create(1);

	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, object_open(&o, O_RDONLY), 0) == MAP_FAILED;
}
