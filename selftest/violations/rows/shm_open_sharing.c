/* SPDX-License-Identifier: BSD-2-Clause */

/* Objects between processes: what is shared by a name, and how long it lasts. */

#include <sys/mman.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

static void
open_copy(struct call *c)
{
	int fd = real_shm_open(c->name, O_RDONLY, 0);
	int copy = copy_of(fd);

	real_close(fd);
	c->result = open_again(copy, c->flags);
	real_close(copy);
}

/* A name that this process and its parents have not used, as after exec. */
static bool
opens_unknown(const struct call *c)
{
	int fd = known_object_named(c->name) != NULL || c->flags & O_CREAT
	    ? -1
	    : real_shm_open(c->name, (c->flags & O_ACCMODE) | O_NONBLOCK, 0); /* it may be a FIFO */
	bool opens = fd != -1 && is_object(fd);

	if (fd != -1)
		real_close(fd);
	return opens;
}

/* In a direct check another process makes the object, as a parent knows nothing of that. */
static int
open_of_child(struct object o, size_t size, int flags)
{
	int status;

	if (fork() == 0) {
		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);

		set_size(fd, (off_t)size);
		memset(map_shared(fd, size), 'c', size);
		_exit(0);
	}
	wait(&status);
	return shm_open(o.name, flags, 0);
}

VIOLATION(shm_open_copies_object_of_another_process, "shm_open.same-name-same-object", "-", SHM_OPEN,
    REPLACES(c->flags == O_RDWR && opens_unknown(c), open_copy(c)))
{
	struct object o = object_name();
	int fd = open_of_child(o, 1, O_RDWR);

	*(char *)map_shared(fd, 1) = 'p';
	return *(char *)map_shared(object_open(&o, O_RDWR), 1) == 'c';
}

VIOLATION(shm_open_rdonly_copies_object, "shm_open.same-name-same-object", "-", SHM_OPEN,
    REPLACES(c->flags == O_RDONLY && opens_unknown(c), open_copy(c)))
{
	struct object o = object_name();
	int fd = open_of_child(o, 1, O_RDONLY);
	char *p = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	*(char *)map_shared(object_open(&o, O_RDWR), 1) = 'p';
	return *p == 'c';
}

static bool
maps_unknown(const struct call *c)
{
	const struct known_object *known = known_object_of(c->fd);

	return c->flags == MAP_SHARED && known != NULL && known->creator == 0;
}

static bool
is_untouched(int fd)
{
	struct stat status;

	return real_fstat(fd, &status) == 0 && status.st_blocks == 0;
}

VIOLATION(mmap_untouched_object_private, "shm_open.same-name-same-object", "-", MMAP,
    CHANGES(maps_unknown(c) && is_untouched(c->fd), c->flags = MAP_PRIVATE))
{
	struct object o = object_name();
	int status;
	char *p;

	if (fork() == 0) {
		set_size(shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600), 1);
		_exit(0);
	}
	wait(&status);
	p = map_shared(shm_open(o.name, O_RDWR, 0), 1);
	*p = 'p';
	return *(char *)map_shared(object_open(&o, O_RDWR), 1) == 0;
}

static void
make_last_page_private(const struct call *c)
{
	size_t last = (c->length - 1) / page_size() * page_size();

	make_private((char *)c->result + last, page_size());
}

VIOLATION(mmap_last_page_of_object_private, "shm_open.same-name-same-object", "-", MMAP,
    FALSIFIES(maps_unknown(c) && c->length > page_size() && c->protection & PROT_WRITE, make_last_page_private(c)))
{
	struct object o = object_name();
	int fd = open_of_child(o, page_size() + 1, O_RDWR);

	*((char *)map_shared(fd, page_size() + 1) + page_size()) = 'p';
	return *((char *)map_shared(fd, page_size() + 1) + page_size()) == 'c';
}

static bool
opens_unknown_of_pages(const struct call *c)
{
	struct stat status;

	return opens_unknown(c) && status_of_name(c->name, &status) && status.st_size > (off_t)page_size();
}

VIOLATION(shm_open_second_process_enoent, "shm_open.same-name-same-object", "-", SHM_OPEN,
    REFUSES(c->flags == O_RDWR && opens_unknown_of_pages(c), ENOENT))
{
	return open_of_child(object_name(), page_size() + 1, O_RDWR) == -1;
}

static void
unlink_own_objects(void)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	for (size_t i = 0; i < count; i++)
		if (objects[i].creator == getpid() && objects[i].size > (off_t)page_size())
			real_shm_unlink(objects[i].name);
}

VIOLATION(exit_unlinks_objects, "shm_open.persists-until-unlink", "-", EXIT, CHANGES(true, unlink_own_objects()))
{
	return open_of_child(object_name(), page_size() + 1, O_RDWR) == -1;
}

static void
empty_again(struct call *c)
{
	c->result = real_shm_open(c->name, c->flags, 0);
	fill((int)c->result, 0, file_size((int)c->result), 0);
}

VIOLATION(shm_open_finds_object_cleared, "shm_open.persists-until-unlink", "-", SHM_OPEN,
    REPLACES(opens_unknown(c) && known_unlinks() > 0, empty_again(c)))
{
	return *(char *)map_shared(open_of_child(object_name(), 1, O_RDWR), 1) == 0;
}

static int
open_of_killed_child(struct object o, size_t size)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);

		set_size(fd, (off_t)size);
		memset(map_shared(fd, size), 'c', size);
		raise(SIGKILL);
	}
	waitpid(child, &status, 0);
	return shm_open(o.name, O_RDWR, 0);
}

VIOLATION(shm_open_finds_nothing_of_killed_process, "shm_open.persists-until-unlink", "-", SHM_OPEN,
    REFUSES(opens_unknown(c) && known_last_child_was_killed(), ENOENT))
{
	return open_of_killed_child(object_name(), 1) == -1;
}

static void
clear_last_page(struct call *c)
{
	int fd = (int)(c->result = real_shm_open(c->name, c->flags, 0));

	fill(fd, file_size(fd) - (off_t)page_size(), file_size(fd), 0);
}

VIOLATION(shm_open_finds_last_page_of_killed_process_cleared, "shm_open.persists-until-unlink", "-", SHM_OPEN,
    REPLACES(opens_unknown(c) && known_last_child_was_killed(), clear_last_page(c)))
{
	int fd = open_of_killed_child(object_name(), page_size());

	return *(char *)map_shared(fd, 1) == 0;
}

VIOLATION(shm_open_finds_mode_changed, "shm_open.persists-until-unlink", "-", SHM_OPEN,
    FALSIFIES(c->flags == O_RDWR && known_unlinks() > 0 && known_object_named(c->name) == NULL,
	real_fchmod((int)c->result, 0666)))
{
	return (status_of(open_of_child(object_name(), 1, O_RDWR)).st_mode & 0777) == 0666;
}

VIOLATION(shm_open_empty_object_gets_a_page, "shm_open.persists-until-unlink", "-", SHM_OPEN,
    FALSIFIES(c->flags == O_RDWR && file_size((int)c->result) == 0, real_ftruncate((int)c->result, (off_t)page_size())))
{
	struct object o = object_create(0);

	return size_of(object_open(&o, O_RDWR)) != 0;
}

VIOLATION(shm_open_empty_object_is_gone_when_closed, "shm_open.persists-until-unlink", "-", SHM_OPEN,
    REFUSES(c->flags == O_RDWR && known_object_named(c->name) != NULL && known_object_named(c->name)->size == 0 &&
	    descriptor_of(c->name) == -1,
	ENOENT))
{
	struct object o = object_create(0);

	close(o.fd);
	return shm_open(o.name, O_RDWR, 0) == -1;
}

/* The smallest objects alone, that few make. */
static bool
closes_own(int fd)
{
	const struct known_object *known = known_object_of(fd);

	return known != NULL && known->creator == getpid() && known->size == 1 && !known->was_unlinked;
}

VIOLATION(close_unlinks_object, "shm_open.persists-until-unlink", "-", CLOSE,
    CHANGES(closes_own(c->fd), real_shm_unlink(known_object_of(c->fd)->name)))
{
	struct object o = object_create(1);

	close(o.fd);
	return shm_open(o.name, O_RDWR, 0) == -1;
}

/* Nothing of the process has it open or mapped but the range that goes. */
static void
unlink_what_is_mapped(void)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	for (size_t i = 0; i < count; i++)
		if (objects[i].creator == getpid() && objects[i].size == 1 && descriptor_of(objects[i].name) == -1)
			real_shm_unlink(objects[i].name);
}

VIOLATION(munmap_unlinks_object, "shm_open.persists-until-unlink", "-", MUNMAP,
    CHANGES(known_range_at(c->address) != NULL && known_range_at(c->address)->fd > 2 &&
	    !is_open(known_range_at(c->address)->fd),
	unlink_what_is_mapped()))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	close(o.fd);
	munmap(p, 1);
	return shm_open(o.name, O_RDWR, 0) == -1;
}

/* Without a heap, which getcwd() of some libraries uses. */
static bool
is_in_root_directory(void)
{
	struct stat here;
	struct stat root;

	return real_make((struct call){ .interface = STAT, .name = ".", .buffer = &here }) == 0 &&
	    real_make((struct call){ .interface = STAT, .name = "/", .buffer = &root }) == 0 &&
	    here.st_ino == root.st_ino && here.st_dev == root.st_dev;
}

VIOLATION(shm_open_looks_in_working_directory, "shm_open.working-directory-independent", "-", SHM_OPEN,
    REFUSES((c->flags & O_CREAT) == 0 && is_in_root_directory(), ENOENT))
{
	struct object o = object_create(0);

	return chdir("/") == 0 && shm_open(o.name, O_RDWR, 0) == -1;
}

VIOLATION(shm_open_creates_in_working_directory, "shm_open.working-directory-independent", "-", SHM_OPEN,
    REPLACES((c->flags & O_CREAT) != 0 && is_in_root_directory(), c->result = new_object()))
{
	struct object o = object_name();

	if (chdir("/") == -1 || shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600) == -1)
		return false;
	return shm_open(o.name, O_RDWR, 0) == -1;
}
