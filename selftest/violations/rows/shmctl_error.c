/* SPDX-License-Identifier: BSD-2-Clause */

/* Identifiers, commands and buffers that shmctl() has to refuse. */

#include <limits.h>

#include "segments.h"

static bool
is_control(const struct call *c)
{
	return c->command == IPC_STAT || c->command == IPC_SET || c->command == IPC_RMID;
}

static bool
is_destroyed(const struct call *c)
{
	return is_control(c) && is_removed(c->id) && known_attachments(c->id) == 0;
}

static int
destroyed_segment(void)
{
	int id = segment_create(1);

	segment_remove(id);
	return id;
}

VIOLATION(shmctl_stat_of_destroyed_accepted, "shmctl.einval-bad-id", "-", SHMCTL,
    ACCEPTS(is_destroyed(c) && is_stat(c), 0, 0))
{
	return error_of_control(destroyed_segment(), IPC_STAT) == 0;
}

VIOLATION(shmctl_set_of_destroyed_accepted, "shmctl.einval-bad-id", "-", SHMCTL,
    ACCEPTS(is_destroyed(c) && c->command == IPC_SET, 0, 0))
{
	return error_of_control(destroyed_segment(), IPC_SET) == 0;
}

VIOLATION(shmctl_rmid_of_destroyed_accepted, "shmctl.einval-bad-id", "-", SHMCTL,
    ACCEPTS(is_destroyed(c) && c->command == IPC_RMID, 0, 0))
{
	return error_of_control(destroyed_segment(), IPC_RMID) == 0;
}

VIOLATION(shmctl_of_destroyed_enoent, "shmctl.einval-bad-id", "-", SHMCTL, MISTAKES(is_destroyed(c), EINVAL, ENOENT))
{
	return error_of_control(destroyed_segment(), IPC_STAT) == ENOENT;
}

VIOLATION(
    shmctl_negative_id_eidrm, "shmctl.einval-bad-id", "-", SHMCTL, MISTAKES(is_control(c) && c->id < 0, EINVAL, EIDRM))
{
	return error_of_control(-1, IPC_STAT) == EIDRM;
}

VIOLATION(shmctl_highest_id_accepted, "shmctl.einval-bad-id", "B013", SHMCTL,
    ACCEPTS(is_control(c) && c->id == INT_MAX, EINVAL, 0))
{
	return error_of_control(INT_MAX, IPC_STAT) == 0;
}

/* The last segment that this process made, when it is there and the one that is meant is not. */
static struct known_segment *
later_segment(const struct call *c)
{
	size_t count;
	struct known_segment *segments = known_segments(&count);
	struct known_segment *last = count == 0 ? NULL : &segments[count - 1];

	return last == NULL || !is_destroyed(c) || last->was_removed ? NULL : last;
}

VIOLATION(shmctl_stat_of_destroyed_reaches_later, "shmctl.einval-bad-id", "-", SHMCTL,
    CHANGES(is_stat(c) && later_segment(c) != NULL, c->id = later_segment(c)->id))
{
	int old = destroyed_segment();
	struct shmid_ds status;

	segment_create(page_size() + 17);
	return shmctl(old, IPC_STAT, &status) == 0 && (size_t)status.shm_segsz == page_size() + 17;
}

VIOLATION(shmctl_rmid_of_destroyed_reaches_later, "shmctl.einval-bad-id", "-", SHMCTL,
    CHANGES(c->command == IPC_RMID && later_segment(c) != NULL, c->id = later_segment(c)->id))
{
	int old = destroyed_segment();
	int later = segment_create(1);

	shmctl(old, IPC_RMID, NULL);
	return error_of_control(later, IPC_STAT) == EINVAL;
}

VIOLATION(shmctl_unknown_command_accepted, "shmctl.einval-bad-cmd", "-", SHMCTL,
    ACCEPTS(c->command > LAST_COMMAND, EINVAL, 0))
{
	return error_of_control(segment_create(1), 12345) == 0;
}

VIOLATION(shmctl_unknown_command_enosys, "shmctl.einval-bad-cmd", "B001", SHMCTL,
    MISTAKES(c->command == INT_MAX, EINVAL, ENOSYS))
{
	return error_of_control(segment_create(1), INT_MAX) == ENOSYS;
}

VIOLATION(shmctl_negative_command_accepted, "shmctl.einval-bad-cmd", "-", SHMCTL, ACCEPTS(c->command < 0, EINVAL, 0))
{
	return error_of_control(segment_create(1), -1) == 0;
}

VIOLATION(shmctl_command_cut_to_eight_bits, "shmctl.einval-bad-cmd", "-", SHMCTL,
    CHANGES((c->command & ~0xff) != 0, c->command &= 0xff))
{
	int id = segment_create(1);

	shmctl(id, INT_MIN, NULL);
	return error_of_control(id, IPC_STAT) == EINVAL;
}

static void
set_and_refuse(struct call *c)
{
	real_shmctl(c->id, IPC_SET, c->buffer);
	c->result = -1;
	c->error = EINVAL;
}

VIOLATION(shmctl_refused_command_sets, "shmctl.einval-bad-cmd", "-", SHMCTL,
    REPLACES(c->command > LAST_COMMAND, set_and_refuse(c)))
{
	int id = segment_create(1);
	struct shmid_ds change = segment_stat(id);

	change.shm_perm.mode = 0640;
	shmctl(id, 12345, &change);
	return (segment_stat(id).shm_perm.mode & 0777) == 0640;
}

/* The error of a call with a buffer of no access, or where only the kernel has access. */
static int
error_of_bad_buffer(int command, bool is_of_kernel)
{
	void *buffer = is_of_kernel ? address_of_kernel() : map_anonymous(page_size(), MAP_PRIVATE);

	if (!is_of_kernel && mprotect(buffer, page_size(), PROT_NONE) == -1)
		return -1;
	return shmctl(segment_create(1), command, buffer) == -1 ? errno : 0;
}

static bool
is_of_kernel(const struct call *c)
{
	return (uintptr_t)c->buffer >= UINTPTR_MAX - page_size();
}

VIOLATION(shmctl_stat_bad_buffer_accepted, "shmctl.efault-buf", "-", SHMCTL,
    ACCEPTS(is_stat(c) && !is_of_kernel(c), EFAULT, 0))
{
	return error_of_bad_buffer(IPC_STAT, false) == 0;
}

VIOLATION(shmctl_set_bad_buffer_accepted, "shmctl.efault-buf", "-", SHMCTL,
    ACCEPTS(c->command == IPC_SET && !is_of_kernel(c), EFAULT, 0))
{
	return error_of_bad_buffer(IPC_SET, false) == 0;
}

VIOLATION(shmctl_stat_kernel_buffer_einval, "shmctl.efault-buf", "-", SHMCTL,
    MISTAKES(is_stat(c) && is_of_kernel(c), EFAULT, EINVAL))
{
	return error_of_bad_buffer(IPC_STAT, true) == EINVAL;
}

VIOLATION(shmctl_set_kernel_buffer_eacces, "shmctl.efault-buf", "-", SHMCTL,
    MISTAKES(c->command == IPC_SET && is_of_kernel(c), EFAULT, EACCES))
{
	return error_of_bad_buffer(IPC_SET, true) == EACCES;
}

static void
set_mode_and_refuse(struct call *c)
{
	struct shmid_ds change = real_status(c->id);

	change.shm_perm.mode = 0;
	real_shmctl(c->id, IPC_SET, &change);
	c->result = -1;
	c->error = EFAULT;
}

/* It fails, but not before it has set what it could not read. */
VIOLATION(shmctl_set_bad_buffer_clears_mode, "shmctl.efault-buf", "-", SHMCTL,
    REPLACES(c->command == IPC_SET && is_of_kernel(c), set_mode_and_refuse(c)))
{
	int id = segment_create(1);

	shmctl(id, IPC_SET, address_of_kernel());
	return error_of_attach(id, 0) == EACCES || (segment_stat(id).shm_perm.mode & 0777) == 0;
}
