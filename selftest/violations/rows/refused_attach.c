/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls of shmat() and shmctl() that fail, or succeed, whatever they are asked for. */

#include "linux_shmctl.h"
#include "segments.h"

VIOLATION(shmat_refuses_second_attachment, "shmat.multiple-attach-distinct", "-", SHMAT,
    REFUSES(known_attachments(c->id) > 0, EMFILE))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return shmat(id, NULL, 0) == (void *)-1;
}

VIOLATION(shmat_ignores_chosen_address, "shmat.exact-address", "-", SHMAT,
    CHANGES(c->address != NULL, (c->address = NULL, c->flags &= SHM_RDONLY)))
{
	char *range = free_range(2 * attach_multiple());
	char *wanted = range + attach_multiple();

	return shmat(segment_create(1), wanted, 0) != wanted;
}

VIOLATION(shmat_fails_without_errno, "shmat.einval-bad-id", "-", SHMAT, REPLACES(true, (real_call(c), c->error = 0)))
{
	errno = 0;
	return shmat(-1, NULL, 0) == (void *)-1 && errno == 0;
}

VIOLATION(shmdt_fails_with_enosys, "shmdt.einval-not-attached", "-", SHMDT,
    REPLACES(true, (real_call(c), c->error = c->error == 0 ? 0 : ENOSYS)))
{
	return shmdt(free_range(page_size())) == -1 && errno == ENOSYS;
}

VIOLATION(shmctl_fails_with_enosys, "shmctl.einval-bad-id", "-", SHMCTL,
    REPLACES(true, (real_call(c), c->error = c->error == 0 ? 0 : ENOSYS)))
{
	return shmctl(-1, IPC_RMID, NULL) == -1 && errno == ENOSYS;
}

VIOLATION(shmctl_stat_refused, "shmctl.stat-copies-all", "-", SHMCTL, REFUSES(is_stat(c), EINVAL))
{
	struct shmid_ds status;

	return shmctl(segment_create(1), IPC_STAT, &status) == -1;
}

#ifdef __linux__

VIOLATION(ipc_info_refused, "shmctl.ipc-info", "-", SHMCTL, REFUSES(c->command == IPC_INFO, EINVAL))
{
	struct shmid_ds buffer[4];

	return shmctl(0, IPC_INFO, buffer) == -1;
}

VIOLATION(shm_info_refused, "shmctl.shm-info", "-", SHMCTL, REFUSES(c->command == SHM_INFO, EINVAL))
{
	struct shmid_ds buffer[4];

	return shmctl(0, SHM_INFO, buffer) == -1;
}

#endif
