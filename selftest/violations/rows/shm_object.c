/* SPDX-License-Identifier: BSD-2-Clause */

/* What a descriptor of an object tells, changes, passes on and maps. */

#include <sys/mman.h>

#include "effects.h"
#include "objects.h"
#include "real.h"
#include "users.h"
#include "violation.h"

static struct stat *
told(const struct call *c)
{
	return c->buffer;
}

VIOLATION(fstat_of_object_shows_first_mode, "shm_object.fstat-size-mode-owner", "-", FSTAT,
    FALSIFIES(is_object(c->fd) && is_for_reading(c->fd) && told(c)->st_mode & 0400,
	told(c)->st_mode = (told(c)->st_mode & ~0777U) | 0600))
{
	struct object o = object_create(0);

	fchmod(o.fd, 0400);
	return (status_of(object_open(&o, O_RDONLY)).st_mode & 0777) == 0600;
}

VIOLATION(fstat_of_object_leaves_owner, "shm_object.fstat-size-mode-owner", "-", FSTAT,
    FALSIFIES(is_object(c->fd) && told(c)->st_uid == geteuid(), told(c)->st_uid = (uid_t)-1))
{
	return status_of(object_create(0).fd).st_uid == (uid_t)-1;
}

VIOLATION(fstat_of_object_leaves_group, "shm_object.fstat-size-mode-owner", "-", FSTAT,
    FALSIFIES(is_object(c->fd) && told(c)->st_gid == getegid(), told(c)->st_gid = (gid_t)-1))
{
	return status_of(object_create(0).fd).st_gid == (gid_t)-1;
}

VIOLATION(fstat_of_object_shows_one_page_at_most, "shm_object.fstat-size-mode-owner", "-", FSTAT,
    FALSIFIES(is_object(c->fd) && is_for_reading(c->fd) && told(c)->st_size > (off_t)page_size(),
	told(c)->st_size = (off_t)page_size()))
{
	struct object o = object_create(2 * page_size());

	return size_of(object_open(&o, O_RDONLY)) == (off_t)page_size();
}

static mode_t
mode_after(mode_t mode)
{
	struct object o = object_create(0);

	fchmod(o.fd, mode);
	return status_of(o.fd).st_mode & 0777;
}

VIOLATION(fchmod_of_object_skipped, "shm_object.fchmod-changes-mode", "-", FCHMOD, SKIPS(is_object(c->fd)))
{
	return mode_after(0400) == 0600;
}

VIOLATION(fchmod_of_object_drops_group_bits, "shm_object.fchmod-changes-mode", "-", FCHMOD,
    CHANGES(is_object(c->fd), c->mode &= ~0070U))
{
	return mode_after(0660) == 0600;
}

VIOLATION(fchmod_of_object_drops_other_bits, "shm_object.fchmod-changes-mode", "-", FCHMOD,
    CHANGES(is_object(c->fd), c->mode &= ~0007U))
{
	return mode_after(0604) == 0600;
}

VIOLATION(fchmod_of_object_takes_nothing_away, "shm_object.fchmod-changes-mode", "-", FCHMOD,
    CHANGES(is_object(c->fd), c->mode |= object_mode(c->fd)))
{
	return mode_after(0400) == 0600;
}

VIOLATION(fchmod_of_object_applies_umask, "shm_object.fchmod-changes-mode", "-", FCHMOD,
    CHANGES(is_object(c->fd), c->mode &= ~0022U))
{
	return mode_after(0666) == 0644;
}

static bool
is_refused(const struct object *o)
{
	return shm_open(o->name, O_RDWR, 0) == -1;
}

VIOLATION(shm_open_ignores_mode_set_later, "shm_object.fchmod-changes-mode", "-", SHM_OPEN,
    REFUSES(caller_to(c->name) == OTHER && (mode_of_name(c->name) & 06) == 06, EACCES))
{
	return is_seen_by(OTHER, is_refused, object_of_owner(0606));
}

static void
restrict_descriptor(int fd)
{
	take_place(open_again(fd, O_RDONLY), fd);
}

VIOLATION(fchmod_takes_access_from_descriptor, "shm_object.fchmod-keeps-open-descriptors", "-", FCHMOD,
    CHANGES(is_object(c->fd) && c->mode == 0, restrict_descriptor(c->fd)))
{
	struct object o = object_create(1);

	fchmod(o.fd, 0);
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0) == MAP_FAILED && geteuid() == 0;
}

VIOLATION(mmap_asks_for_mode_of_object, "shm_object.fchmod-keeps-open-descriptors", "-", MMAP,
    REFUSES(is_object(c->fd) && object_mode(c->fd) == 0 && geteuid() == 0 && known_object_of(c->fd) != NULL &&
	    known_object_of(c->fd)->creator == getpid(),
	EACCES))
{
	struct object o = object_create(1);

	fchmod(o.fd, 0);
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, o.fd, 0) == MAP_FAILED;
}

static bool
changes_mode(const struct object *o)
{
	return fchmod(o->fd, 0666) == 0;
}

VIOLATION(fchmod_by_others_reports_success, "shm_object.fchmod-eperm", "-", FCHMOD, ACCEPTS(is_object(c->fd), EPERM, 0))
{
	return is_seen_by(OTHER, changes_mode, object_of_owner(0600));
}

static bool
is_eacces(const struct object *o)
{
	return fchmod(o->fd, 0666) == -1 && errno == EACCES;
}

VIOLATION(fchmod_by_others_eacces, "shm_object.fchmod-eperm", "-", FCHMOD, MISTAKES(is_object(c->fd), EPERM, EACCES))
{
	return is_seen_by(OTHER, is_eacces, object_of_owner(0600));
}

/* As root. */
static struct stat
status_when_given(int *result)
{
	struct object o = object_create(0);

	*result = geteuid() == 0 ? fchown(o.fd, user_id(OTHER), group_id(OTHER)) : 0;
	return geteuid() == 0 ? status_of(o.fd) : (struct stat){ .st_uid = user_id(OTHER), .st_gid = group_id(OTHER) };
}

VIOLATION(fchown_of_object_skipped, "shm_object.fchown-changes-owner", "-", FCHOWN, SKIPS(is_object(c->fd)))
{
	int result;

	return status_when_given(&result).st_uid == geteuid() && result == 0;
}

VIOLATION(fchown_of_object_eperm, "shm_object.fchown-changes-owner", "-", FCHOWN, REFUSES(is_object(c->fd), EPERM))
{
	int result;

	status_when_given(&result);
	return result == -1;
}

VIOLATION(fchown_of_object_leaves_group, "shm_object.fchown-changes-owner", "-", FCHOWN,
    CHANGES(is_object(c->fd), c->group = (gid_t)-1))
{
	int result;
	struct stat status = status_when_given(&result);

	return status.st_uid == user_id(OTHER) && status.st_gid != group_id(OTHER);
}

static int
fchown_by(enum user user, uid_t owner, gid_t group)
{
	struct object o = object_create(0);
	int status = 0;

	if (geteuid() != 0 || fchown(o.fd, user_id(OWNER), group_id(OWNER)) == -1)
		return 0;
	if (fork() == 0) {
		user_become(user);
		_exit(fchown(o.fd, owner, group) == 0 ? 0 : errno);
	}
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

VIOLATION(fchown_by_others_eacces, "shm_object.fchown-eperm", "-", FCHOWN, MISTAKES(is_object(c->fd), EPERM, EACCES))
{
	return fchown_by(OTHER, user_id(OTHER), group_id(OTHER)) == EACCES;
}

VIOLATION(fchown_by_owner_needs_privilege, "shm_object.fchown-changes-group", "-", FCHOWN,
    REFUSES(is_object(c->fd) && geteuid() != 0, EPERM))
{
	return fchown_by(OWNER, (uid_t)-1, group_id(OWNER)) == EPERM;
}

VIOLATION(fchown_of_object_leaves_user, "shm_object.fchown-changes-owner", "-", FCHOWN,
    CHANGES(is_object(c->fd), c->user = (uid_t)-1))
{
	int result;
	struct stat status = status_when_given(&result);

	return status.st_uid != user_id(OTHER) && status.st_gid == group_id(OTHER);
}

VIOLATION(shm_open_refuses_new_owner, "shm_object.fchown-changes-owner", "-", SHM_OPEN,
    REFUSES(
	caller_to(c->name) == OWNER && known_object_named(c->name) != NULL && (mode_of_name(c->name) & 0600) == 0600,
	EACCES))
{
	return is_seen_by(OWNER, is_refused, object_of_owner(0600));
}

/* How much of a read or write at this offset is in its first page. */
static size_t
in_first_page(const struct call *c)
{
	size_t first = page_size() - (size_t)c->offset % page_size();

	return first < c->length ? first : c->length;
}

static char
byte_read(off_t at)
{
	struct object o = object_create(2 * page_size());
	char bytes[2] = { 0 };

	memset(map_shared(o.fd, 2 * page_size()), 'm', 2 * page_size());
	return pread(o.fd, bytes, 2, at) == 2 ? bytes[1] : '?';
}

VIOLATION(pread_misses_second_page_of_object, "shm_object.read-sees-mapping", "B241", PREAD,
    FALSIFIES(is_object(c->fd), memset((char *)c->buffer + in_first_page(c), 0, c->length - in_first_page(c))))
{
	return byte_read(0) == 'm' && byte_read((off_t)page_size() - 1) == 0;
}

VIOLATION(pread_misses_last_store_to_object, "shm_object.read-sees-mapping", "-", PREAD,
    FALSIFIES(is_object(c->fd) && c->length > 1, ((char *)c->buffer)[c->length - 1] = 0))
{
	return byte_read(0) == 0;
}

static char
byte_written(off_t at)
{
	struct object o = object_create(2 * page_size());
	char *p = map_shared(o.fd, 2 * page_size());

	return pwrite(o.fd, "ww", 2, at) == 2 ? p[at + 1] : '?';
}

static void
write_first_page(struct call *c)
{
	real_pwrite(c->fd, c->buffer, in_first_page(c), c->offset);
	c->result = (intptr_t)c->length;
}

VIOLATION(pwrite_loses_second_page_of_object, "shm_object.read-sees-mapping", "B241", PWRITE,
    REPLACES(is_object(c->fd) && in_first_page(c) < c->length, write_first_page(c)))
{
	return byte_written(0) == 'w' && byte_written((off_t)page_size() - 1) == 0;
}

static void
clear_behind(const struct call *c)
{
	char zero = 0;

	real_pwrite(c->fd, &zero, 1, c->offset + (off_t)c->length);
}

VIOLATION(pwrite_clears_byte_behind, "shm_object.read-sees-mapping", "-", PWRITE,
    FALSIFIES(is_object(c->fd) && c->length > 4, clear_behind(c)))
{
	struct object o = object_create(9);
	char *p = map_shared(o.fd, 9);

	p[8] = 'x';
	return pwrite(o.fd, "wwwwwwww", 8, 0) == 8 && p[8] == 0;
}

VIOLATION(dup_copies_object, "shm_object.dup-shares", "-", DUP,
    REPLACES(is_object(c->fd) && file_size(c->fd) > 0 && is_mapped(c->fd), c->result = copy_of(c->fd)))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	*(char *)map_shared(dup(o.fd), 1) = 'x';
	return *p == 0;
}

static void
duplicate_for_reading(struct call *c)
{
	c->result = open_again(c->fd, O_RDONLY);
}

VIOLATION(dup_of_object_is_for_reading, "shm_object.dup-shares", "-", DUP,
    REPLACES(is_object(c->fd) && file_size(c->fd) > 0 && is_mapped(c->fd), duplicate_for_reading(c)))
{
	struct object o = object_create(1);

	map_shared(o.fd, 1);
	return mmap(NULL, 1, PROT_WRITE, MAP_SHARED, dup(o.fd), 0) == MAP_FAILED;
}
