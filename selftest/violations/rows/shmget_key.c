/* SPDX-License-Identifier: BSD-2-Clause */

/* Keys, and the identifiers that they have. */

#include <limits.h>

#include <sys/ipc.h>
#include <sys/shm.h>

#include "effects.h"
#include "direct_check.h"
#include "shmget.h"
#include "violation.h"

VIOLATION(shmget_creates_one_byte_less, "shmget.create-when-absent", "-", SHMGET,
    CHANGES(is_plain_creation(c) && c->length > 1 && c->length < page_size(), c->length--))
{
	return segment_stat(shmget(segment_key(), 100, IPC_CREAT | 0600)).shm_segsz == 99;
}

VIOLATION(shmget_creates_without_group, "shmget.create-when-absent", "-", SHMGET,
    CHANGES(is_plain_creation(c), c->flags &= ~0077))
{
	return (segment_stat(shmget(segment_key(), 1, IPC_CREAT | 0640)).shm_perm.mode & 0777) == 0600;
}

VIOLATION(shmget_attaches_new_segment, "shmget.create-when-absent", "-", SHMGET,
    FALSIFIES(is_plain_creation(c), real_shmat((int)c->result, NULL, 0)))
{
	return segment_stat(shmget(segment_key(), 1, IPC_CREAT | 0600)).shm_nattch == 1;
}

static bool
was_removed_twice(key_t key)
{
	unsigned how_many;

	return removed_with_key(key, &how_many) != NULL && how_many >= 2;
}

VIOLATION(shmget_key_wears_out, "shmget.create-when-absent", "-", SHMGET,
    REFUSES(is_exclusive(c) && existing(c) == NULL && was_removed_twice(c->key) && c->length == page_size(), EEXIST))
{
	key_t key = segment_key();

	segment_remove(segment_create_with_key(key, page_size(), 0600));
	segment_remove(segment_create_with_key(key, page_size(), 0600));
	return shmget(key, page_size(), IPC_CREAT | IPC_EXCL | 0600) == -1;
}

static bool
has_sign_in_table(const struct call *c)
{
	return is_lookup(c) && c->key >= 0 && known_segment_with_key(c->key | INT_MIN) != NULL;
}

VIOLATION(shmget_ignores_sign_of_key, "shmget.create-when-absent", "-", SHMGET,
    CHANGES(has_sign_in_table(c), c->key |= INT_MIN))
{
	key_t key = segment_key();
	while (key >= 0)
		key = segment_key();

	return segment_create_with_key(key, 1, 0600) == shmget(key & INT_MAX, 0, 0);
}

VIOLATION(shmget_lookup_finds_other_segment, "shmget.open-existing-returns-same-id", "-", SHMGET,
    REPLACES(is_lookup(c) && existing(c) != NULL && c->length > 0 && other_keyed(c->key) != NULL,
	c->result = other_keyed(c->key)->id))
{
	key_t key = segment_key();
	int other = segment_create(1);

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, 0600) == other;
}

VIOLATION(shmget_lookup_for_reading_eacces, "shmget.open-existing-returns-same-id", "-", SHMGET,
    REFUSES(
	is_lookup(c) && existing(c) != NULL && existing(c)->creator == getpid() && (c->flags & 0600) == 0400, EACCES))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, 0400) == -1;
}

static void
look_up(void *key)
{
	pause_for_parent();
	int id = shmget(*(key_t *)key, 3 * page_size(), 0600);

	if (id != -1)
		*(char *)segment_attach(id, NULL, 0) = 's';
}

/* What a process stored there that does not know who made the segment. */
static char
stored_by_stranger(void)
{
	key_t key = segment_key();
	struct child stranger = child_start(look_up, &key);

	child_reaches_pause(&stranger);
	char *p = segment_attach(segment_create_with_key(key, 3 * page_size(), 0600), NULL, 0);
	child_goes_on(&stranger);
	child_exits(&stranger);
	return *p;
}

VIOLATION(shmget_key_unknown_to_strangers, "shmget.open-existing-returns-same-id", "-", SHMGET,
    REFUSES(is_lookup(c) && existing(c) == NULL && c->length > 2 * page_size(), ENOENT))
{
	return stored_by_stranger() == 0;
}

static size_t
size_of_segment(int id)
{
	struct shmid_ds status;

	return real_shmctl(id, IPC_STAT, &status) == 0 ? status.shm_segsz : 0;
}

VIOLATION(shmat_gives_strangers_a_copy, "shmget.open-existing-returns-same-id", "-", SHMAT,
    FALSIFIES(known_segment(c->id) == NULL && size_of_segment(c->id) > page_size(),
	make_private((void *)c->result, whole_pages(size_of_segment(c->id)))))
{
	return stored_by_stranger() == 0;
}

static bool
opens_with_creat(const struct call *c)
{
	return is_creation(c) && existing(c) != NULL;
}

static void
set_mode(int id, int flags)
{
	struct shmid_ds status;

	if (real_shmctl(id, IPC_STAT, &status) == -1)
		return;
	status.shm_perm.mode = (mode_t)(flags & 0777);
	real_shmctl(id, IPC_SET, &status);
}

VIOLATION(shmget_creat_changes_existing_mode, "shmget.creat-on-existing-opens", "-", SHMGET,
    FALSIFIES(opens_with_creat(c) && (c->flags & 0777) != 0, set_mode((int)c->result, c->flags)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0660);

	(void)shmget(key, 1, IPC_CREAT | 0600);
	return (segment_stat(id).shm_perm.mode & 0777) == 0600;
}

VIOLATION(shmget_creat_clears_existing, "shmget.creat-on-existing-opens", "-", SHMGET,
    FALSIFIES(opens_with_creat(c), clear((int)c->result)))
{
	key_t key = segment_key();
	char *p = segment_attach(segment_create_with_key(key, 1, 0600), NULL, 0);

	*p = 'p';
	(void)shmget(key, 1, IPC_CREAT | 0600);
	return *p == 0;
}

VIOLATION(shmget_creat_on_existing_eexist, "shmget.creat-on-existing-opens", "-", SHMGET,
    REFUSES(opens_with_creat(c) && c->length == existing(c)->size, EEXIST))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 1, IPC_CREAT | 0600) == -1;
}

VIOLATION(shmget_creat_of_size_zero_on_existing_einval, "shmget.creat-on-existing-opens", "-", SHMGET,
    REFUSES(opens_with_creat(c) && c->length == 0, EINVAL))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return shmget(key, 0, IPC_CREAT | 0600) == -1;
}

VIOLATION(shmget_absent_key_created, "shmget.enoent-no-creat", "-", SHMGET,
    CHANGES(is_lookup(c) && (c->flags & IPC_EXCL) == 0 && existing(c) == NULL && c->length > 0, c->flags |= IPC_CREAT))
{
	return shmget(segment_key(), 1, 0600) != -1;
}

VIOLATION(shmget_excl_alone_creates, "shmget.enoent-no-creat", "-", SHMGET,
    CHANGES(is_lookup(c) && (c->flags & IPC_EXCL) != 0, c->flags |= IPC_CREAT))
{
	return shmget(segment_key(), 1, IPC_EXCL | 0600) != -1;
}

VIOLATION(shmget_absent_key_einval, "shmget.enoent-no-creat", "-", SHMGET,
    MISTAKES(is_lookup(c) && c->length > 0 && removed(c) == NULL, ENOENT, EINVAL))
{
	return shmget(segment_key(), 1, 0600) == -1 && errno == EINVAL;
}

static bool
finds_removed(const struct call *c)
{
	return is_lookup(c) && c->length > 0 && removed(c) != NULL;
}

static int
lookup_of_removed(void)
{
	key_t key = segment_key();

	segment_remove(segment_create_with_key(key, 1, 0600));
	errno = 0;
	return shmget(key, 1, 0600);
}

VIOLATION(shmget_removed_key_found, "shmget.enoent-no-creat", "B203", SHMGET,
    REPLACES(finds_removed(c), c->result = removed(c)->id))
{
	return lookup_of_removed() != -1;
}

VIOLATION(shmget_removed_key_eidrm, "shmget.enoent-no-creat", "-", SHMGET, MISTAKES(finds_removed(c), ENOENT, EIDRM))
{
	return lookup_of_removed() == -1 && errno == EIDRM;
}

static bool
is_creation_after_256(const struct call *c)
{
	static unsigned count;

	return (c->flags & IPC_CREAT) != 0 && ++count > 256;
}

VIOLATION(shmget_identifier_overflows, "shmget.id-non-negative", "-", SHMGET,
    FALSIFIES(is_creation_after_256(c), c->result = (int)c->result | INT_MIN))
{
	key_t key = segment_key();
	int id = 0;

	for (int i = 0; i < 257 && id >= 0; i++) {
		id = shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
		if (id >= 0)
			segment_remove(id);
	}
	return id < -1;
}

static bool
is_first_of_namespace(const struct known_segment *segment)
{
	return known_ipc_namespaces() > 0 && segment != NULL && (segment->flags & IPC_CREAT) == 0;
}

VIOLATION(shmat_identifier_zero_einval, "shmget.id-zero-is-valid", "-", SHMAT,
    REFUSES(c->id == 0 && is_first_of_namespace(known_segment(0)), EINVAL))
{
	if (!can_enter_namespace())
		return false;
	int id = shmget(IPC_PRIVATE, 1, 0600);
	return id == 0 && shmat(id, NULL, 0) == (void *)-1;
}

VIOLATION(shmget_removed_but_attached_found, "shmget.removed-but-attached-key-free", "-", SHMGET,
    REPLACES(is_lookup(c) && removed_but_attached(c) != NULL, c->result = removed_but_attached(c)->id))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmget(key, 0, 0) == id;
}

VIOLATION(shmget_removed_but_attached_eexist, "shmget.removed-but-attached-key-free", "-", SHMGET,
    REFUSES(is_exclusive(c) && removed_but_attached(c) != NULL, EEXIST))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1;
}

static const struct known_segment *
old_of_same_key(int id)
{
	const struct known_segment *new = known_segment(id);
	unsigned how_many;
	const struct known_segment *old = new == NULL ? NULL : removed_with_key(new->key, &how_many);

	return old != NULL && old != new &&known_attachments(old->id) > 0 ? old : NULL;
}

VIOLATION(shmat_of_new_segment_gives_removed_one, "shmget.removed-but-attached-key-free", "-", SHMAT,
    CHANGES(old_of_same_key(c->id) != NULL, c->id = old_of_same_key(c->id)->id))
{
	key_t key = segment_key();
	int old = segment_create_with_key(key, 1, 0600);
	char *p = segment_attach(old, NULL, 0);

	*p = 'p';
	segment_remove(old);
	return *(char *)segment_attach(segment_create_with_key(key, 1, 0600), NULL, 0) == 'p';
}

VIOLATION(shmget_minus_one_refused, "shmget.create-when-absent", "-", SHMGET, REFUSES(c->key == (key_t)-1, EINVAL))
{
	errno = 0;
	return shmget(-1, 0, 0) == -1 && errno == EINVAL;
}

/* As a program does that keeps -1 for "no key". */
VIOLATION(shmget_minus_one_is_private, "shmget.create-when-absent", "-", SHMGET,
    CHANGES(c->key == (key_t)-1, c->key = IPC_PRIVATE))
{
	int one = segment_own(shmget(-1, page_size(), IPC_CREAT | 0600));
	int other = segment_own(shmget(-1, page_size(), IPC_CREAT | 0600));

	return one != -1 && other != -1 && one != other;
}
