/* SPDX-License-Identifier: BSD-2-Clause */

#include <sys/ipc.h>
#include <sys/shm.h>

#include "known.h"
#include "violation.h"

VIOLATION(
    shmget_ignores_excl, "shmget.excl-existing-key", "B012", SHMGET, CHANGES(c->flags &IPC_EXCL, c->flags &= ~IPC_EXCL))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) != -1;
}

VIOLATION(
    shmget_existing_key_enoent, "shmget.excl-existing-key", "-", SHMGET, MISTAKES(c->flags &IPC_EXCL, EEXIST, ENOENT))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1 && errno == ENOENT;
}

VIOLATION(shmget_larger_size_accepted, "shmget.einval-existing-smaller", "B012", SHMGET,
    CHANGES(known_segment_with_key(c->key) != NULL && c->length > known_segment_with_key(c->key)->size, c->length = 0))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 2, 0) != -1;
}
