/* SPDX-License-Identifier: BSD-2-Clause */

/* The system calls of Linux that are made past the C library. */

#ifdef __linux__

#include "platform/raw_segment.h"
#include "direct_check.h"
#include "segments.h"

static int
error_of_raw_control(int id, int command)
{
	struct shmid_ds status[2] = { { .shm_perm = { .mode = 0600 } } };

	return raw_shmctl(id, command, status) == -1 ? errno : 0;
}

static int
error_of_raw_attach(int id, int flags)
{
	return raw_shmat(id, NULL, flags) == (void *)-1 ? errno : 0;
}

VIOLATION(raw_shmget_of_unused_key_einval, "raw_segment.get-errors", "-", RAW_SHMGET, MISTAKES(true, ENOENT, EINVAL))
{
	return raw_shmget(segment_key(), 0, 0) == -1 && errno == EINVAL;
}

VIOLATION(raw_shmget_ignores_excl, "raw_segment.get-errors", "-", RAW_SHMGET, ACCEPTS(true, EEXIST, 0))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return raw_shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == 0;
}

VIOLATION(raw_shmat_of_bad_id_null, "raw_segment.attach-errors", "-", RAW_SHMAT, ACCEPTS(c->id < 0, EINVAL, 0))
{
	return raw_shmat(-1, NULL, 0) != (void *)-1;
}

VIOLATION(raw_shmat_unaligned_efault, "raw_segment.attach-errors", "-", RAW_SHMAT,
    MISTAKES(c->address != NULL, EINVAL, EFAULT))
{
	char *p = free_range(attach_multiple());

	return raw_shmat(segment_create(1), p + 1, 0) == (void *)-1 && errno == EFAULT;
}

VIOLATION(raw_shmdt_of_nothing_succeeds, "raw_segment.detach-errors", "-", RAW_SHMDT, ACCEPTS(true, EINVAL, 0))
{
	return raw_shmdt(free_range(page_size())) == 0;
}

VIOLATION(raw_shmctl_unknown_command_enosys, "raw_segment.control-errors", "-", RAW_SHMCTL,
    MISTAKES(c->command > 20 && known_segment(c->id) != NULL, EINVAL, EOPNOTSUPP))
{
	return error_of_raw_control(segment_create(1), 0x7f) == EOPNOTSUPP;
}

VIOLATION(raw_shmctl_removes_what_is_not, "raw_segment.control-errors", "-", RAW_SHMCTL,
    ACCEPTS(c->command == IPC_RMID, EINVAL, 0))
{
	return error_of_raw_control(-1, IPC_RMID) == 0;
}

VIOLATION(raw_shmctl_no_efault, "raw_segment.control-efault", "-", RAW_SHMCTL, ACCEPTS(true, EFAULT, 0))
{
	return raw_shmctl(segment_create(1), IPC_STAT, NULL) == 0;
}

VIOLATION(raw_shmctl_set_efault_einval, "raw_segment.control-efault", "-", RAW_SHMCTL,
    MISTAKES(c->command == IPC_SET, EFAULT, EINVAL))
{
	return raw_shmctl(segment_create(1), IPC_SET, NULL) == -1 && errno == EINVAL;
}

VIOLATION(raw_shmctl_by_others_eacces, "raw_segment.permission-errors", "-", RAW_SHMCTL, MISTAKES(true, EPERM, EACCES))
{
	return error_for(OTHER, error_of_raw_control, segment_create(1), IPC_RMID) == EACCES;
}

VIOLATION(raw_shmat_by_others_accepted, "raw_segment.permission-errors", "-", RAW_SHMAT,
    ACCEPTS(true, EACCES, memory_of_its_own()))
{
	return error_for(OTHER, error_of_raw_attach, segment_create(1), SHM_RDONLY) == 0;
}

VIOLATION(raw_shmdt_returns_id, "raw_segment.returns-zero", "B154", RAW_SHMDT,
    FALSIFIES(attachment_at(c->address) != NULL, c->result = attachment_at(c->address)->id))
{
	segment_create(1);
	return raw_shmdt(segment_attach(segment_create(1), NULL, 0)) > 0;
}

VIOLATION(raw_shmctl_returns_id, "raw_segment.returns-zero", "-", RAW_SHMCTL,
    FALSIFIES(c->command == IPC_STAT || c->command == IPC_SET, c->result = c->id))
{
	struct shmid_ds status[2];

	segment_create(1);
	return raw_shmctl(segment_create(1), IPC_STAT, status) > 0;
}

VIOLATION(raw_shmat_not_shared, "raw_segment.same-segment", "-", RAW_SHMAT,
    FALSIFIES(known_segment(c->id) != NULL && c->result != 0,
	make_private((void *)c->result, whole_pages(known_segment(c->id)->size))))
{
	int id = segment_create(1);

	*(char *)segment_attach(id, NULL, 0) = 'a';
	char *p = raw_shmat(id, NULL, 0);
	*p = 'b';
	return *(char *)segment_attach(id, NULL, 0) == 'a';
}

VIOLATION(raw_shmget_beside_library, "raw_segment.same-segment", "-", RAW_SHMGET,
    REPLACES(
	known_segment_with_key(c->key) != NULL && (c->flags & IPC_CREAT) == 0 && c->length == 0, call_fail(c, ENOENT)))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return raw_shmget(key, 0, 0) == -1;
}

/* Callers with a buffer that cannot be read are to have their error. */
static bool
is_on_stack(const void *buffer)
{
	char here;
	uintptr_t distance = (uintptr_t)buffer - (uintptr_t)&here;

	return distance < 1 << 16;
}

static bool
is_raw_stat(const struct call *c)
{
	return is_stat(c) && known_segment(c->id) != NULL;
}

/* The structures of kernel and library are the same where these rows are tried. */
VIOLATION(raw_stat_cuts_size, "raw_segment.stat-layout", "B209", RAW_SHMCTL,
    FALSIFIES(is_raw_stat(c), told_by(c)->shm_segsz &= ~(size_t)1))
{
	struct shmid_ds status[2];

	raw_shmctl(segment_create(1), IPC_STAT, status);
	return status[0].shm_segsz == 0;
}

VIOLATION(raw_stat_leaves_upper_half, "raw_segment.stat-layout", "B209", RAW_SHMCTL,
    FALSIFIES(is_raw_stat(c), memset((char *)&told_by(c)->shm_atime + sizeof(time_t) / 2, 0x5a, sizeof(time_t) / 2)))
{
	struct shmid_ds status[2];

	raw_shmctl(segment_create(1), IPC_STAT, status);
	return status[0].shm_atime != 0;
}

static void
stat_but_end(struct call *c)
{
	char *end = (char *)c->buffer + sizeof(struct shmid_ds) - sizeof(long);
	long kept;

	memcpy(&kept, end, sizeof(kept));
	real_call(c);
	if (c->error == 0)
		memcpy(end, &kept, sizeof(kept));
}

VIOLATION(raw_stat_leaves_reserved, "raw_segment.stat-fills-structure", "-", RAW_SHMCTL,
    REPLACES(
	is_raw_stat(c) && is_on_stack(c->buffer) && ((const unsigned char *)c->buffer)[0] == 0xff, stat_but_end(c)))
{
	struct shmid_ds status[2];

	memset(status, 0xff, sizeof(status));
	raw_shmctl(segment_create(1), IPC_STAT, status);
	return ((const unsigned char *)&status[1])[-1] == 0xff;
}

VIOLATION(raw_stat_writes_beyond, "raw_segment.stat-fills-structure", "-", RAW_SHMCTL,
    FALSIFIES(
	is_raw_stat(c) && ((const unsigned char *)&told_by(c)[1])[7] == 0xff, ((unsigned char *)&told_by(c)[1])[7] = 0))
{
	struct shmid_ds status[2];

	memset(status, 0xff, sizeof(status));
	raw_shmctl(segment_create(1), IPC_STAT, status);
	return ((const unsigned char *)&status[1])[7] == 0;
}

VIOLATION(raw_set_sets_nothing, "raw_segment.set-takes-permissions", "-", RAW_SHMCTL,
    SKIPS(c->command == IPC_SET && known_segment(c->id) != NULL))
{
	int id = segment_create(1);
	struct shmid_ds status[2];

	if (raw_shmctl(id, IPC_STAT, status) == -1)
		return false;
	status[0].shm_perm.mode = 0640;
	return raw_shmctl(id, IPC_SET, status) == 0 && segment_stat(id).shm_perm.mode == 0600;
}

VIOLATION(raw_set_refuses_other_bits, "raw_segment.set-takes-permissions", "-", RAW_SHMCTL,
    REFUSES(c->command == IPC_SET && is_on_stack(c->buffer) && (told_by(c)->shm_perm.mode & 07000) != 0, EINVAL))
{
	int id = segment_create(1);
	struct shmid_ds status[2];

	if (raw_shmctl(id, IPC_STAT, status) == -1)
		return false;
	status[0].shm_perm.mode = 07640;
	return raw_shmctl(id, IPC_SET, status) == -1;
}

#endif
