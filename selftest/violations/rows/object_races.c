/* SPDX-License-Identifier: BSD-2-Clause */

/* What shows when several processes use objects at the same time, or one makes many of them. */

#include <sys/mman.h>

#include "direct_check.h"
#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* Whether a child sees it. */
static bool
child_sees(bool (*it)(const struct object *), const struct object *o)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(it(o) ? 0 : 1);
	guardian_knows_process(child);
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool
unlinks_twice(const struct object *o)
{
	shm_unlink(o->name);
	return shm_unlink(o->name) == 0;
}

VIOLATION(shm_unlink_by_child_works_without_name, "shm_unlink.one-winner", "-", SHM_UNLINK,
    ACCEPTS(!is_first_process(), ENOENT, 0))
{
	struct object o = object_create(0);

	return child_sees(unlinks_twice, &o);
}

static bool
empties_by_unlink(const struct object *o)
{
	return shm_unlink(o->name) == 0 && size_of(o->fd) == 0;
}

static void
unlink_and_empty(struct call *c)
{
	int fd = descriptor_of(c->name);

	real_call(c);
	real_ftruncate(fd, 0);
}

VIOLATION(shm_unlink_by_child_empties_object, "shm_unlink.one-winner", "-", SHM_UNLINK,
    REPLACES(!is_first_process() && descriptor_of(c->name) != -1, unlink_and_empty(c)))
{
	struct object o = object_create(1);

	return child_sees(empties_by_unlink, &o);
}

static bool
rounds_size(const struct object *o)
{
	return ftruncate(o->fd, 3) == 0 && size_of(o->fd) == 4;
}

VIOLATION(ftruncate_by_child_gives_a_byte_more, "shm_object.concurrent-sizes", "-", FTRUNCATE,
    CHANGES(!is_first_process() && is_object(c->fd) && c->offset > 0, c->offset++))
{
	struct object o = object_create(1);

	return child_sees(rounds_size, &o);
}

static bool
maps_privately(const struct object *o)
{
	return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, o->fd, 0) != MAP_FAILED;
}

static bool
cannot_map_privately(const struct object *o)
{
	return !maps_privately(o);
}

VIOLATION(mmap_private_of_object_by_child_enodev, "shm_object.size-against-faults", "-", MMAP,
    REFUSES(!is_first_process() && c->fd != -1 && is_object(c->fd) && (c->flags & MAP_PRIVATE) != 0, ENODEV))
{
	struct object o = object_create(1);

	return maps_privately(&o) && child_sees(cannot_map_privately, &o);
}

VIOLATION(ftruncate_of_object_to_what_it_had_gives_a_byte_less, "shm_object.size-against-faults", "-", FTRUNCATE,
    CHANGES(is_object(c->fd) && known_object_of(c->fd) != NULL && c->offset > file_size(c->fd) &&
	    c->offset == known_object_of(c->fd)->greatest,
	c->offset--))
{
	struct object o = object_create(3);

	return ftruncate(o.fd, 1) == 0 && ftruncate(o.fd, 3) == 0 && size_of(o.fd) == 2;
}

static bool
reads_less(const struct object *o)
{
	char bytes[2];

	return pread(o->fd, bytes, 2, 0) == 1;
}

VIOLATION(pread_of_object_by_child_gives_a_byte_less, "shm_object.size-against-reads", "-", PREAD,
    FALSIFIES(!is_first_process() && is_object(c->fd) && c->result > 1, c->result = 1))
{
	struct object o = object_create(2);

	return child_sees(reads_less, &o);
}

static bool
reads_noise(const struct object *o)
{
	char bytes[2] = { 0 };

	return pread(o->fd, bytes, 2, 0) == 2 && bytes[0] == 0 && bytes[1] == SPOILED;
}

VIOLATION(pread_of_object_by_child_spoils_last_byte, "shm_object.size-against-reads", "-", PREAD,
    FALSIFIES(!is_first_process() && is_object(c->fd) && c->result > 1, ((char *)c->buffer)[c->result - 1] = SPOILED))
{
	struct object o = object_create(2);

	return child_sees(reads_noise, &o);
}

static bool
reads_spoilt(const struct object *o)
{
	char bytes[2] = { 0 };

	return pread(o->fd, bytes, 2, 0) == 2 && bytes[0] == SPOILED;
}

VIOLATION(pread_of_object_by_child_spoils_first_byte, "shm_object.size-against-reads", "-", PREAD,
    FALSIFIES(!is_first_process() && is_object(c->fd) && c->result > 1, ((char *)c->buffer)[0] = SPOILED))
{
	struct object o = object_create(2);

	return child_sees(reads_spoilt, &o);
}

enum { MANY = 100 };

static void
live_often(void)
{
	for (int i = 0; i <= MANY; i++) {
		struct object o = object_create(0);

		object_unlink(&o);
		real_close(o.fd);
	}
}

VIOLATION(shm_open_uses_up_what_is_unlinked, "life_posix.many-cycles-no-leak", "-", SHM_OPEN,
    REFUSES(call_creates(c) && known_unlinks() > MANY, ENOSPC))
{
	struct object o = object_random_name();

	live_often();
	return shm_open(o.name, O_CREAT | O_RDWR, 0600) == -1;
}

VIOLATION(close_leaves_descriptors_of_unlinked_objects, "life_posix.many-cycles-no-leak", "-", CLOSE,
    SKIPS(known_unlinks() > MANY && c->fd > 2 && is_object(c->fd) && !is_unlinked(c->fd)))
{
	live_often();
	struct object o = object_create(0);

	close(o.fd);
	return fcntl(o.fd, F_GETFD) != -1;
}

static bool
leaves_descriptor(const struct object *o)
{
	return shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1 && fcntl(100, F_GETFD) != -1;
}

VIOLATION(shm_open_keeps_an_object, "life_posix.many-cycles-no-leak", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && !is_open(100) && !is_first_process(),
	real_fcntl((int)c->result, F_DUPFD_CLOEXEC, 100)))
{
	struct object o = object_random_name();

	return child_sees(leaves_descriptor, &o);
}

static bool
finds_it_used(const struct object *o)
{
	return shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1 && errno == EEXIST;
}

VIOLATION(shm_open_by_child_never_creates_with_excl, "life_posix.concurrent-create-unlink", "-", SHM_OPEN,
    REFUSES(!is_first_process() && (c->flags & O_EXCL) != 0 && call_creates(c), EEXIST))
{
	struct object o = object_random_name();

	return child_sees(finds_it_used, &o);
}

static bool
creates_again(const struct object *o)
{
	return shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600) != -1;
}

VIOLATION(shm_open_by_child_ignores_excl, "life_posix.concurrent-create-unlink", "B149", SHM_OPEN,
    CHANGES(!is_first_process(), c->flags &= ~O_EXCL))
{
	struct object o = object_create(1);

	return child_sees(creates_again, &o);
}

static bool
leaves_name(const struct object *o)
{
	return shm_unlink(o->name) == 0 && shm_open(o->name, O_RDWR, 0) != -1;
}

VIOLATION(
    shm_unlink_by_child_skipped, "life_posix.concurrent-create-unlink", "-", SHM_UNLINK, SKIPS(!is_first_process()))
{
	struct object o = object_create(0);

	return child_sees(leaves_name, &o);
}
