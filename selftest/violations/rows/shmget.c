/* SPDX-License-Identifier: BSD-2-Clause */

/* Exclusive creation. */

#include <sys/ipc.h>
#include <sys/shm.h>

#include "direct_check.h"
#include "shmget.h"
#include "violation.h"

VIOLATION(shmget_ignores_excl, "shmget.excl-existing-key", "-", SHMGET,
    CHANGES((c->flags & IPC_EXCL) != 0, c->flags &= ~IPC_EXCL))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) != -1;
}

VIOLATION(shmget_existing_key_enoent, "shmget.excl-existing-key", "-", SHMGET,
    MISTAKES((c->flags & IPC_EXCL) != 0 && existing(c) != NULL, EEXIST, ENOENT))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1 && errno == ENOENT;
}

VIOLATION(shmget_excl_of_size_zero_finds, "shmget.excl-existing-key", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) != NULL && c->length == 0, c->flags &= ~IPC_EXCL))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return shmget(key, 0, IPC_CREAT | IPC_EXCL | 0600) == id;
}

VIOLATION(shmget_excl_clears_existing, "shmget.excl-existing-key", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) != NULL, clear(existing(c)->id)))
{
	key_t key = segment_key();
	char *p = segment_attach(segment_create_with_key(key, 1, 0600), NULL, 0);

	*p = 'p';
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1 && *p == 0;
}

VIOLATION(shmget_excl_attaches_existing, "shmget.excl-existing-key", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) != NULL, real_shmat(existing(c)->id, NULL, 0)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1 && segment_stat(id).shm_nattch == 1;
}

VIOLATION(shmget_excl_replaces_existing, "shmget.excl-existing-key", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) != NULL && c->length == 1, real_shmctl(existing(c)->id, IPC_RMID, NULL)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	int again = shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600);

	return again != -1 && again != id;
}

static bool
creates_again(void *key)
{
	return shmget(*(key_t *)key, 1, IPC_CREAT | IPC_EXCL | 0600) != -1;
}

VIOLATION(shmget_excl_finds_segment_of_parent, "shmget.excl-existing-key", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) != NULL && existing(c)->creator != getpid(), c->flags &= ~IPC_EXCL))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return is_seen_by(SAME_USER, creates_again, &key);
}

static bool
creates_again_with_eacces(void *key)
{
	return !creates_again(key) && errno == EACCES;
}

/* In a process that does not know the segment: its brother made it. */
static bool
is_seen_by_second(bool (*check)(void *))
{
	key_t key = segment_key();

	return is_seen_by(SAME_USER, creates_again, &key) && is_seen_by(SAME_USER, check, &key);
}

VIOLATION(shmget_excl_has_two_winners, "shmget.excl-atomic-one-winner", "-", SHMGET,
    ACCEPTS(is_exclusive(c) && existing(c) == NULL, EEXIST, real_shmget(c->key, 0, 0)))
{
	return is_seen_by_second(creates_again);
}

VIOLATION(shmget_excl_loser_eacces, "shmget.excl-atomic-one-winner", "-", SHMGET,
    MISTAKES(is_exclusive(c) && existing(c) == NULL, EEXIST, EACCES))
{
	return is_seen_by_second(creates_again_with_eacces);
}
