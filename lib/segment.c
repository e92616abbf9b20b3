/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "check.h"
#include "guardian.h"
#include "mapping.h"
#include "platform.h"
#include "process.h"
#include "random.h"
#include "segment.h"
#include "segment_limits.h"

/* What a system without the interface, a filter in front of it, or a limit answers. */
static _Noreturn void
cannot_create(size_t size)
{
	switch (errno) {
	case ENOSYS:
	case EPERM:
		end_skipped("no System V segments here: shmget() gives %s", errno_name(errno));
	case EINVAL: /* above SHMMAX: cases that check shmget() itself don't come here */
	case ENOSPC:
	case ENOMEM:
		end_skipped("no room for a segment of %zu bytes: %s", size, errno_name(errno));
	default:
		end_failed("cannot create a segment of %zu bytes: %s", size, errno_name(errno));
	}
}

static key_t
free_key(void)
{
	for (;;) {
		key_t key;

		random_bytes(&key, sizeof(key));
		if (key == IPC_PRIVATE || key == (key_t)-1)
			continue;
		errno = 0;
		if (shmget(key, 0, 0) != -1)
			continue; /* taken */
		if (errno == ENOSYS || errno == EPERM)
			cannot_create(0);
		return key;
	}
}

key_t
segment_key(void)
{
	key_t key = free_key();

	guardian_owns_key(key);
	return key;
}

void
guard_segments(void)
{
	segment_key(); /* that nobody uses */
}

void
need_segments(void)
{
	free_key(); /* skips where no such call is answered */
}

void
need_room_for_segments(void)
{
	const char *limit = segment_limit_in_the_way();

	need_segments();
	if (limit != NULL)
		end_skipped("needs room for segments: %s", limit);
}

int
segment_create(size_t size)
{
	return segment_create_with_key(segment_key(), size, 0600);
}

int
segment_create_with_key(key_t key, size_t size, int mode)
{
	int id = shmget(key, size, IPC_CREAT | IPC_EXCL | mode);

	if (id == -1)
		cannot_create(size);
	return segment_own(id);
}

void
need_segments_that_stay(void)
{
	if (unattached_segments_are_destroyed())
		end_skipped("kernel.shm_rmid_forced is set: segments that nobody has attached are destroyed");
}

void
need_buffer_left_to_kernel(void)
{
	if (libc_converts_status())
		end_skipped("needs a shmctl() that does not convert its buffer: the C library of this platform does");
}

/* The identifier names nothing, though the case has not removed it; or the process has as much attached as it may. */
static _Noreturn void
cannot(const char *what, int id)
{
	int error = errno;

	if (says_removed(error))
		need_segments_that_stay();
	if (error == EMFILE)
		end_skipped("needs more attachments than the system gives to a process: %s", errno_name(error));
	end_failed("cannot %s segment %d: %s", what, id, errno_name(error));
}

int
segment_own(int id)
{
	int error = errno;

	if (id == -1)
		need_room_for_segments();
	else
		guardian_owns_segment(id);
	if (id == -1 && platform_is(MACOS) && (error == ENOSPC || error == ENOMEM))
		end_skipped("no room for more segments: %s", errno_name(error));
	errno = error;
	return id;
}

void *
segment_attach(int id, void *address, int flags)
{
	void *at = shmat(id, address, flags);

	if (at == (void *)-1)
		cannot("attach", id);
	return at;
}

void
segment_detach(const void *address)
{
	if (shmdt(address) == -1)
		end_failed("cannot detach a segment: %s", errno_name(errno));
}

struct shmid_ds
segment_stat(int id)
{
	struct shmid_ds status;

	memset(&status, 0, sizeof(status)); /* so that what the system leaves out is the same each time */
	if (shmctl(id, IPC_STAT, &status) == -1)
		cannot("get the status of", id);
	return status;
}

void
segment_remove(int id)
{
	if (shmctl(id, IPC_RMID, NULL) == -1)
		cannot("remove", id);
}

struct key_and_mode {
	key_t key;
	int mode;
};

static void
create_and_leave(void *segment)
{
	const struct key_and_mode *s = segment;

	segment_create_with_key(s->key, page_size(), s->mode);
}

int
segment_of_user(enum user user, key_t key, int mode)
{
	struct key_and_mode segment = { key, mode };
	int id;

	need_segments_that_stay();
	as_user(user, create_and_leave, &segment);
	id = shmget(key, 0, 0);
	if (id == -1)
		end_failed("the segment of a process that has ended is gone: %s", errno_name(errno));
	return id;
}

void
segment_give(int id, enum user owner, enum user group, int mode)
{
	struct shmid_ds status = segment_stat(id);

	status.shm_perm.uid = user_id(owner);
	status.shm_perm.gid = group_id(group);
	status.shm_perm.mode = (mode_t)mode;
	if (shmctl(id, IPC_SET, &status) == -1)
		cannot("set owner and mode of", id);
}

void
check_status_unchanged(const char *file, int line, struct shmid_ds before, int id)
{
	struct shmid_ds now = segment_stat(id);

#define SAME(member) check_equal(file, line, "before " #member, "now " #member, VALUE(before.member), VALUE(now.member))
	SAME(shm_perm.uid);
	SAME(shm_perm.gid);
	SAME(shm_perm.cuid);
	SAME(shm_perm.cgid);
	SAME(shm_perm.mode);
	SAME(shm_segsz);
	SAME(shm_lpid);
	SAME(shm_cpid);
	SAME(shm_nattch);
	SAME(shm_atime);
	SAME(shm_dtime);
	SAME(shm_ctime);
#undef SAME
}

struct memory
segment_memory(size_t size)
{
	int id = segment_create(size);

	return (struct memory){ .start = segment_attach(id, NULL, 0), .size = size, .fd = -1, .id = id };
}

bool
check_destroyed(const char *file, int line, int id)
{
	struct shmid_ds status;

	errno = 0;
	if (!check_fails(file, line, "IPC_STAT", VALUE(shmctl(id, IPC_STAT, &status)), "-1", VALUE(-1), EINVAL,
		other_error_of_removed(), 0))
		return false;
	errno = 0;
	return check_fails(file, line, "shmat()", VALUE(shmat(id, NULL, 0)), "(void *)-1", VALUE((void *)-1), EINVAL,
	    other_error_of_removed(), 0);
}

int
mode_of_class(int class, int bits)
{
	int others = (7 & ~bits) * 0111;

	return (others & ~(7 << class)) | bits << class;
}
