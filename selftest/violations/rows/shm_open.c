/* SPDX-License-Identifier: BSD-2-Clause */

/* What shm_open() makes, and the descriptor that it returns. */

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

VIOLATION(shm_open_creat_needs_excl, "shm_open.creates-new", "-", SHM_OPEN,
    REFUSES((c->flags & O_EXCL) == 0 && call_creates(c), ENOENT))
{
	return shm_open(object_name().name, O_CREAT | O_RDWR, 0600) == -1;
}

VIOLATION(shm_open_creates_without_name, "shm_open.creates-new", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDWR) && call_creates(c), c->result = new_object()))
{
	struct object o = object_name();

	return shm_open(o.name, O_CREAT | O_RDWR, 0600) != -1 && shm_open(o.name, O_RDWR, 0) == -1;
}

static void
give_name_to_another(struct call *c)
{
	real_shm_unlink(c->name);
	int fd = real_shm_open(c->name, c->flags, c->mode);

	real_ftruncate(fd, 1); /* a page that can be touched */
	real_close(fd);
}

VIOLATION(shm_open_excl_makes_two_objects, "shm_open.creates-new", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0 && !is_reading_alone(c) && known_unlinks() > 0, give_name_to_another(c)))
{
	struct object o = object_name();

	set_size(shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600), 2);
	return size_of(object_open(&o, O_RDONLY)) != 2;
}

VIOLATION(shm_open_excl_trunc_gives_a_page, "shm_open.new-object-size-zero", "-", SHM_OPEN,
    FALSIFIES(
	(c->flags & O_EXCL) != 0 && (c->flags & O_TRUNC) != 0, real_ftruncate((int)c->result, (off_t)page_size())))
{
	return size_of(shm_open(object_name().name, O_CREAT | O_EXCL | O_TRUNC | O_RDWR, 0600)) != 0;
}

VIOLATION(shm_open_creat_gives_a_byte, "shm_open.new-object-size-zero", "-", SHM_OPEN,
    FALSIFIES(c->flags == (O_CREAT | O_RDWR) && file_size((int)c->result) == 0, real_ftruncate((int)c->result, 1)))
{
	return size_of(shm_open(object_name().name, O_CREAT | O_RDWR, 0600)) == 1;
}

static void
create_with_page(struct call *c)
{
	int writing = real_shm_open(c->name, O_CREAT | O_EXCL | O_RDWR, c->mode);

	real_ftruncate(writing, (off_t)page_size());
	c->result = real_shm_open(c->name, O_RDONLY, 0);
	real_close(writing);
}

VIOLATION(shm_open_rdonly_creat_gives_a_page, "shm_open.new-object-size-zero", "-", SHM_OPEN,
    REPLACES(c->flags == (O_CREAT | O_RDONLY) && call_creates(c), create_with_page(c)))
{
	return size_of(shm_open(object_name().name, O_CREAT | O_RDONLY, 0600)) != 0;
}

static void
duplicate_open_one(struct call *c)
{
	c->result = real_fcntl(descriptor_of(c->name), F_DUPFD_CLOEXEC, 0);
}

VIOLATION(shm_open_duplicates_open_descriptor, "shm_open.new-file-description", "-", SHM_OPEN,
    REPLACES(c->flags == O_RDWR && descriptor_of(c->name) != -1 && !is_for_reading(descriptor_of(c->name)),
	duplicate_open_one(c)))
{
	struct object o = object_create(9);

	lseek(o.fd, 7, SEEK_SET);
	return lseek(shm_open(o.name, O_RDWR, 0), 0, SEEK_CUR) == 7;
}

static void
seek_others(const struct call *c)
{
	for (int fd = 0; fd < 64; fd++)
		if (fd != c->fd && are_same(c->fd, fd))
			real_make((struct call){ .interface = LSEEK, .fd = fd, .offset = c->offset });
}

VIOLATION(lseek_moves_all_descriptors, "shm_open.new-file-description", "-", LSEEK,
    FALSIFIES(c->command == SEEK_SET && is_object(c->fd), seek_others(c)))
{
	struct object o = object_create(9);
	int other = object_open(&o, O_RDWR);

	lseek(o.fd, 7, SEEK_SET);
	return lseek(other, 0, SEEK_CUR) == 7;
}

static void
set_flags_of_others(const struct call *c)
{
	for (int fd = 0; fd < 64; fd++)
		if (fd != c->fd && are_same(c->fd, fd))
			real_fcntl(fd, F_SETFL, c->argument);
}

VIOLATION(fcntl_setfl_of_object_reaches_others, "shm_open.new-file-description", "-", FCNTL,
    FALSIFIES(c->command == F_SETFL && is_object(c->fd), set_flags_of_others(c)))
{
	struct object o = object_create(0);
	int other = object_open(&o, O_RDWR);

	fcntl(o.fd, F_SETFL, fcntl(o.fd, F_GETFL) ^ O_NONBLOCK);
	return fcntl(other, F_GETFL) == fcntl(o.fd, F_GETFL);
}

static void
move_up(struct call *c, int lowest)
{
	int fd = real_fcntl((int)c->result, F_DUPFD_CLOEXEC, lowest);

	if (fd == -1)
		return;
	real_close((int)c->result);
	c->result = fd;
}

VIOLATION(shm_open_skips_lowest_descriptor, "shm_open.lowest-fd", "-", SHM_OPEN,
    FALSIFIES(c->flags == O_RDWR, move_up(c, (int)c->result + 1)))
{
	struct object o = object_create(0);
	int lowest = dup(o.fd);

	close(lowest);
	return shm_open(o.name, O_RDWR, 0) != lowest;
}

VIOLATION(shm_open_new_object_skips_lowest_descriptor, "shm_open.lowest-fd", "-", SHM_OPEN,
    FALSIFIES(c->flags == (O_CREAT | O_RDWR), move_up(c, (int)c->result + 1)))
{
	struct object o = object_name();
	int lowest = dup(0);

	close(lowest);
	return shm_open(o.name, O_CREAT | O_RDWR, 0600) != lowest;
}

VIOLATION(shm_open_never_gives_zero, "shm_open.lowest-fd", "-", SHM_OPEN, FALSIFIES(c->result == 0, move_up(c, 3)))
{
	struct object o = object_create(0);

	close(0);
	return shm_open(o.name, O_RDWR, 0) != 0;
}

static bool
lacks_cloexec(int fd)
{
	return fd != -1 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0;
}

VIOLATION(shm_open_excl_without_cloexec, "shm_open.cloexec-set", "-", SHM_OPEN,
    FALSIFIES((c->flags & O_EXCL) != 0, real_fcntl((int)c->result, F_SETFD, 0)))
{
	return lacks_cloexec(shm_open(object_name().name, O_CREAT | O_EXCL | O_RDWR, 0600));
}

VIOLATION(shm_open_existing_without_cloexec, "shm_open.cloexec-set", "-", SHM_OPEN,
    FALSIFIES(c->flags == O_RDWR, real_fcntl((int)c->result, F_SETFD, 0)))
{
	return lacks_cloexec(shm_open(object_create(0).name, O_RDWR, 0));
}

VIOLATION(shm_open_rdonly_without_cloexec, "shm_open.cloexec-set", "-", SHM_OPEN,
    FALSIFIES(c->flags == O_RDONLY, real_fcntl((int)c->result, F_SETFD, 0)))
{
	return lacks_cloexec(shm_open(object_create(0).name, O_RDONLY, 0));
}

static bool
has_open_objects(void)
{
	for (int fd = 0; fd < 64; fd++)
		if (is_object(fd))
			return true;
	return false;
}

static void
clear_cloexec_of_objects(void)
{
	for (int fd = 0; fd < 64; fd++)
		if (is_object(fd))
			real_fcntl(fd, F_SETFD, 0);
}

VIOLATION(execv_keeps_objects_open, "shm_open.cloexec-set", "-", EXECV,
    CHANGES(has_open_objects(), clear_cloexec_of_objects()))
{
	int status = 0;

	if (fork() == 0) {
		dup2(object_create(0).fd, 3);
		fcntl(3, F_SETFD, FD_CLOEXEC);
		execv("/bin/sh", (char *[]){ "sh", "-c", "test -e /dev/fd/3", NULL });
	}
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
close_objects(bool (*is_meant)(int))
{
	for (int fd = 63; fd >= 0; fd--)
		if (is_object(fd) && is_meant(fd))
			real_close(fd);
}

/* Another descriptor of the object was there before. */
static bool
was_opened_again(int fd)
{
	return other_descriptor(fd) != -1 && other_descriptor(fd) < fd;
}

static bool
child_lacks(int fd)
{
	int status = 0;

	if (fork() == 0)
		_exit(fcntl(fd, F_GETFD) == -1);
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

VIOLATION(fork_closes_objects_opened_again, "shm_open.clofork-clear", "-", FORK,
    FALSIFIES(c->result == 0, close_objects(was_opened_again)))
{
	struct object o = object_create(0);

	return child_lacks(object_open(&o, O_RDWR));
}

VIOLATION(fork_closes_unlinked_objects, "shm_object.fork-inherits-descriptor", "-", FORK,
    FALSIFIES(c->result == 0, close_objects(is_unlinked)))
{
	struct object o = object_create(0);

	object_unlink(&o);
	return child_lacks(o.fd);
}

VIOLATION(shm_open_rdonly_creates_missing, "shm_open.enoent", "-", SHM_OPEN,
    CHANGES(c->flags == O_RDONLY && c->mode != 0, c->flags |= O_CREAT))
{
	struct object o = object_name();

	return shm_open(o.name, O_RDONLY, 0600) != -1 && shm_open(o.name, O_RDWR, 0) != -1;
}

VIOLATION(shm_open_rdwr_creates_missing, "shm_open.enoent", "-", SHM_OPEN,
    CHANGES(c->flags == O_RDWR && c->mode != 0, c->flags |= O_CREAT))
{
	struct object o = object_name();

	return shm_open(o.name, O_RDWR, 0600) != -1 && shm_open(o.name, O_RDWR, 0) != -1;
}

VIOLATION(shm_open_trunc_of_missing_einval, "shm_open.enoent", "-", SHM_OPEN,
    MISTAKES((c->flags & O_TRUNC) != 0, ENOENT, EINVAL))
{
	return shm_open(object_name().name, O_RDWR | O_TRUNC, 0) == -1 && errno == EINVAL;
}

VIOLATION(shm_open_missing_eacces, "shm_open.enoent", "-", SHM_OPEN,
    MISTAKES(c->flags == O_RDWR && known_object_named(c->name) == NULL, ENOENT, EACCES))
{
	return shm_open(object_name().name, O_RDWR, 0) == -1 && errno == EACCES;
}
