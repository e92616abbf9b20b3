/* SPDX-License-Identifier: BSD-2-Clause */

/* What is told of an object beside its size and mode, and its descriptors with calls that are not about its size. */

#include <pthread.h>
#include <time.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "platform/object_place.h"
#include "platform/stat.h"
#include "real.h"
#include "users.h"
#include "violation.h"

static struct stat *
told(const struct call *c)
{
	return c->buffer;
}

VIOLATION(fstat_tells_no_change_time, "shm_object.change-time", "-", FSTAT,
    FALSIFIES(is_object(c->fd), told(c)->st_ctim = (struct timespec){ 0 }))
{
	return status_of(object_create(0).fd).st_ctim.tv_sec == 0;
}

static void
mark_modification(int fd)
{
	futimens(fd, NULL);
}

static time_t
modification_after(bool (*call)(int))
{
	const struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	int fd = object_create(0).fd;

	futimens(fd, long_ago);
	return call(fd) ? status_of(fd).st_mtime : 1;
}

static bool
changes_mode(int fd)
{
	return fchmod(fd, 0640) == 0;
}

VIOLATION(fchmod_of_object_marks_modification, "shm_object.change-time", "-", FCHMOD,
    FALSIFIES(is_object(c->fd), mark_modification(c->fd)))
{
	return modification_after(changes_mode) != 1;
}

/* The object that was opened last. */
static bool
is_newest(int fd)
{
	size_t count;
	const struct known_object *objects = known_objects(&count);

	return is_object(fd) && count > 0 && known_object_of(fd) == &objects[count - 1];
}

static void
tell_times(const struct call *c, time_t seconds)
{
	told(c)->st_atim = told(c)->st_mtim = told(c)->st_ctim = (struct timespec){ .tv_sec = seconds };
}

VIOLATION(fstat_tells_no_times_of_newest, "shm_object.times-of-new-object", "-", FSTAT,
    FALSIFIES(is_newest(c->fd), tell_times(c, 1)))
{
	return status_of(object_create(0).fd).st_mtim.tv_sec == 1;
}

VIOLATION(fstat_tells_later_times_of_newest, "shm_object.times-of-new-object", "-", FSTAT,
    FALSIFIES(is_newest(c->fd), tell_times(c, told(c)->st_mtim.tv_sec + 1000)))
{
	return status_of(object_create(0).fd).st_mtim.tv_sec > time(NULL) + 500;
}

VIOLATION(fstat_tells_no_blocks, "shm_object.blocks", "-", FSTAT, FALSIFIES(is_object(c->fd), told(c)->st_blocks = 0))
{
	int fd = object_create(1).fd;

	*(char *)map_shared(fd, 1) = 'x';
	return status_of(fd).st_blocks == 0;
}

VIOLATION(fstat_tells_blocks_of_size, "shm_object.blocks", "-", FSTAT,
    FALSIFIES(is_object(c->fd), told(c)->st_blocks = (told(c)->st_size + 511) / 512))
{
	return status_of(object_create(1).fd).st_blocks == 1;
}

enum { NOBODY = 65534 };

VIOLATION(fchown_takes_minus_one_for_a_user, "shm_object.fchown-to-itself", "-", FCHOWN,
    CHANGES(is_object(c->fd) && c->user == (uid_t)-1 && c->group == (gid_t)-1, (c->user = NOBODY, c->group = NOBODY)))
{
	int fd = object_create(0).fd;
	uid_t user = status_of(fd).st_uid;

	return fchown(fd, (uid_t)-1, (gid_t)-1) == 0 && status_of(fd).st_uid != user;
}

VIOLATION(fchown_of_object_separates_mappings, "shm_object.fchown-keeps-open-descriptors", "-", FCHOWN,
    FALSIFIES(is_object(c->fd) && is_mapped(c->fd), make_everything_private()))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	fchown(o.fd, geteuid(), getegid());
	*(char *)map_shared(o.fd, 1) = 'x';
	return *p == 0;
}

static bool
maps_for_reading(const struct object *o)
{
	char *p = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, o->fd, 0);

	return p != MAP_FAILED && fault_of_store(p, 'x').signal != 0;
}

VIOLATION(mmap_of_object_by_others_for_reading, "shm_object.fchown-keeps-open-descriptors", "-", MMAP,
    CHANGES(geteuid() != 0 && c->fd != -1 && is_object(c->fd) && c->flags == MAP_SHARED, c->protection &= ~PROT_WRITE))
{
	struct object o = object_create(1);

	return geteuid() == 0 && is_seen_by(OTHER, maps_for_reading, o);
}

VIOLATION(lseek_in_object_tells_no_offset, "shm_open.new-file-description", "-", LSEEK,
    FALSIFIES(is_object(c->fd) && c->command == SEEK_CUR && c->offset == 0 && c->result > 0, c->result = 0))
{
	int fd = object_create(1).fd;

	return lseek(fd, 3, SEEK_SET) == 3 && lseek(fd, 0, SEEK_CUR) == 0;
}

static unsigned questions;

VIOLATION(fcntl_getfl_of_object_changes, "shm_open.new-file-description", "-", FCNTL,
    FALSIFIES(c->command == F_GETFL && is_object(c->fd) && questions++ % 2 == 1, c->result ^= O_NONBLOCK))
{
	int fd = object_create(0).fd;

	int first = fcntl(fd, F_GETFL);

	return fcntl(fd, F_GETFL) != first;
}

VIOLATION(lseek_in_object_opened_again_is_behind_start, "shm_open.offset-unspecified", "-", LSEEK,
    FALSIFIES(
	is_object(c->fd) && c->command == SEEK_CUR && other_descriptor(c->fd) != -1 && c->result == 0, c->result = 7))
{
	struct object o = object_create(0);

	return lseek(object_open(&o, O_RDWR), 0, SEEK_CUR) == 7;
}

static void *
call_when_cancelled(void *fd)
{
	struct object o = object_random_name();

	pthread_cancel(pthread_self());
	*(int *)fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
	return NULL;
}

VIOLATION(shm_open_is_cancellation_point, "shm_open.no-cancellation-point", "-", SHM_OPEN,
    CHANGES(call_creates(c), pthread_testcancel()))
{
	pthread_t thread;
	int fd = -2;

	if (pthread_create(&thread, NULL, call_when_cancelled, &fd) != 0)
		return false;
	pthread_join(thread, NULL);
	return fd == -2;
}

static void
spoil_and_tell(struct call *c)
{
	(void)c;
	spoil_shared_mappings();
}

static int
signal_behind_end(char **kept)
{
	struct object o = object_create(1);

	*kept = map_shared(object_create(1).fd, 1);
	**kept = 'k';
	return fault_of_load((char *)map_shared(o.fd, 2 * page_size()) + page_size()).signal;
}

VIOLATION(sigbus_spoils_mappings, "shm_object.full-place", "-", FAULT, FALSIFIES(c->id == SIGBUS, spoil_and_tell(c)))
{
	char *kept;

	return signal_behind_end(&kept) == SIGBUS && *kept == SPOILED;
}

static void
lose_mappings(struct call *c)
{
	(void)c;
	lose_everything_shared();
}

VIOLATION(sigbus_unmaps_objects, "shm_object.full-place", "-", FAULT,
    FALSIFIES(c->id == SIGBUS && !known_any_segment(), lose_mappings(c)))
{
	char *kept;

	return signal_behind_end(&kept) == SIGBUS && fault_of_load(kept).signal != 0;
}

VIOLATION(ftruncate_of_object_spoils_private_copies, "shm_object.shrink-private-copies", "-", FTRUNCATE,
    FALSIFIES(is_object(c->fd), spoil_private_mappings()))
{
	struct object o = object_create(2 * page_size());
	char *p = map_private(o.fd, 2 * page_size());

	*p = 'p';
	return ftruncate(o.fd, (off_t)page_size()) == 0 && *p == SPOILED;
}

static bool
is_file_of_object(const char *path)
{
	return strncmp(path, "/dev/shm/", 9) == 0;
}

static bool
is_mapped_object(const struct known_range *range)
{
	return range->fd != -1 && is_object(range->fd);
}

VIOLATION(fstat_of_other_object_tells_no_modification, "mmap.mtime-marked-after-msync", "-", FSTAT,
    FALSIFIES(is_object(c->fd) && !is_mapped(c->fd) && has_known_range(is_mapped_object), told(c)->st_mtime = 0))
{
	int other = object_create(1).fd;

	map_shared(object_create(1).fd, 1);
	return status_of(other).st_mtime == 0;
}

#ifdef O_PATH

VIOLATION(open_for_path_alone_opens_for_all, "shm_object.path-descriptor", "-", OPEN,
    CHANGES((c->flags & O_PATH) != 0 && is_file_of_object(c->name), c->flags = O_RDWR | O_CLOEXEC))
{
	struct object o = object_create(1);
	char path[64];

	return object_path(o.name, path, sizeof(path)) && ftruncate(open(path, O_PATH), 0) == 0;
}

#endif
