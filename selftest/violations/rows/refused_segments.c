/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls about segments that fail where nothing is wrong. */

#include "segments.h"

VIOLATION(shmdt_of_attachment_einval, "shmdt.detach-removes-mapping", "-", SHMDT,
    REFUSES(attachment_at(c->address) != NULL, EINVAL))
{
	return shmdt(segment_attach(segment_create(1), NULL, 0)) == -1;
}

VIOLATION(shmctl_set_einval, "shmctl.set-uid-gid-mode", "-", SHMCTL, REFUSES(c->command == IPC_SET, EINVAL))
{
	int id = segment_create(1);
	struct shmid_ds status = segment_stat(id);

	return shmctl(id, IPC_SET, &status) == -1;
}

VIOLATION(shmctl_rmid_einval, "shmctl.rmid-unattached-destroys", "-", SHMCTL, REFUSES(c->command == IPC_RMID, EINVAL))
{
	return shmctl(segment_create(1), IPC_RMID, NULL) == -1;
}

#ifdef __linux__

VIOLATION(shmctl_lock_einval, "shmctl.lock-unlock-bit", "-", SHMCTL, REFUSES(c->command == SHM_LOCK, EINVAL))
{
	return shmctl(segment_create(1), SHM_LOCK, NULL) == -1 && errno == EINVAL;
}

VIOLATION(shmctl_unlock_einval, "shmctl.lock-unlock-bit", "-", SHMCTL, REFUSES(c->command == SHM_UNLOCK, EINVAL))
{
	return shmctl(segment_create(1), SHM_UNLOCK, NULL) == -1 && errno == EINVAL;
}

#endif

static bool
finds(const struct call *c)
{
	return c->key != IPC_PRIVATE && (c->flags & IPC_CREAT) == 0 && known_segment_with_key(c->key) != NULL;
}

VIOLATION(shmget_finds_nothing, "shmget.open-existing-returns-same-id", "-", SHMGET, REFUSES(finds(c), ENOENT))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 0, 0) == -1;
}

VIOLATION(shmat_rdonly_einval, "shmat.rdonly-write-sigsegv", "-", SHMAT, REFUSES(c->flags &SHM_RDONLY, EINVAL))
{
	return shmat(segment_create(1), NULL, SHM_RDONLY) == (void *)-1;
}

VIOLATION(ftok_of_file_fails, "ftok.key-not-minus-one-on-success", "-", FTOK, REFUSES(true, EACCES))
{
	return ftok(".", 1) == (key_t)-1;
}
