/* SPDX-License-Identifier: BSD-2-Clause */

/* Permission to find a segment. The direct checks need root, to be other users. */

#include <sys/ipc.h>
#include <sys/shm.h>

#include "direct_check.h"
#include "shmget.h"
#include "violation.h"

struct lookup {
	key_t key;
	int flags;
	int error;
};

static bool
gives(void *arg)
{
	const struct lookup *l = arg;

	errno = 0;
	return (shmget(l->key, page_size(), l->flags) == -1) == (l->error != 0) && errno == l->error;
}

/* Whether this user who looks up a segment of OWNER with this mode gets this error; 0: none. */
static bool
user_gets(enum user user, int mode, int flags, int error)
{
	struct lookup l = { segment_key(), flags, error };

	if (geteuid() != 0)
		return false;
	segment_give(segment_create_with_key(l.key, page_size(), 0600), OWNER, OWNER, mode);
	return is_seen_by(user, gives, &l);
}

static bool
looks_up_with(const struct call *c, int flags)
{
	return existing(c) != NULL && c->flags == flags && geteuid() != 0;
}

VIOLATION(shmget_checks_no_permission, "shmget.eacces-existing", "B220", SHMGET,
    ACCEPTS(looks_up_with(c, 0600), EACCES, existing(c)->id))
{
	return user_gets(OTHER, 0600, 0600, 0);
}

VIOLATION(shmget_creat_checks_no_permission, "shmget.eacces-existing", "-", SHMGET,
    ACCEPTS(looks_up_with(c, IPC_CREAT | 0600), EACCES, existing(c)->id))
{
	return user_gets(OTHER, 0600, IPC_CREAT | 0600, 0);
}

VIOLATION(
    shmget_no_permission_eperm, "shmget.eacces-existing", "-", SHMGET, MISTAKES(looks_up_with(c, 0600), EACCES, EPERM))
{
	return user_gets(OTHER, 0600, 0600, EPERM);
}

VIOLATION(shmget_request_to_execute_eperm, "shmget.lookup-ignores-execute", "-", SHMGET,
    MISTAKES(existing(c) != NULL && (c->flags & 0111) != 0, EACCES, EPERM))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	errno = 0;
	return shmget(key, 0, 0100) == -1 && errno == EPERM;
}

VIOLATION(shmget_hides_segments_of_others, "shmget.eacces-existing", "-", SHMGET,
    MISTAKES(looks_up_with(c, 0006), EACCES, ENOENT))
{
	return user_gets(OTHER, 0660, 0006, ENOENT);
}

/* The caller owns the segment, and may at least read its status. */
static bool
is_owner(int id)
{
	struct shmid_ds status;

	return real_shmctl(id, IPC_STAT, &status) == 0 && status.shm_perm.uid == geteuid();
}

VIOLATION(shmget_owner_may_everything, "shmget.eacces-existing", "-", SHMGET,
    ACCEPTS(looks_up_with(c, 0600) && is_owner(existing(c)->id), EACCES, existing(c)->id))
{
	return user_gets(OWNER, 0400, 0600, 0);
}

VIOLATION(shmget_ignores_group, "shmget.eacces-existing", "-", SHMGET, REFUSES(looks_up_with(c, 0060), EACCES))
{
	return user_gets(GROUP_MEMBER, 0060, 0060, EACCES);
}

VIOLATION(shmget_asks_permission_of_creator, "shmget.eacces-existing", "-", SHMGET,
    REFUSES(looks_up_with(c, IPC_CREAT | 0600), EACCES))
{
	return user_gets(OWNER, 0600, IPC_CREAT | 0600, EACCES);
}

VIOLATION(shmget_grants_writing_to_readers, "shmget.eacces-partial-mode", "-", SHMGET,
    ACCEPTS(looks_up_with(c, 0002) || looks_up_with(c, 0020), EACCES, existing(c)->id))
{
	return user_gets(OTHER, 0604, 0002, 0);
}

VIOLATION(shmget_grants_reading_to_writers, "shmget.eacces-partial-mode", "-", SHMGET,
    ACCEPTS(looks_up_with(c, 0004), EACCES, existing(c)->id))
{
	return user_gets(OTHER, 0602, 0004, 0);
}

VIOLATION(shmget_part_of_access_suffices, "shmget.eacces-partial-mode", "-", SHMGET,
    ACCEPTS(looks_up_with(c, 0006), EACCES, existing(c)->id))
{
	return user_gets(OTHER, 0604, 0006, 0);
}

VIOLATION(shmget_reader_must_write, "shmget.eacces-partial-mode", "-", SHMGET, REFUSES(looks_up_with(c, 0004), EACCES))
{
	return user_gets(OTHER, 0604, 0004, EACCES);
}

VIOLATION(shmget_lookup_without_mode_eacces, "shmget.flags-zero-needs-no-permission", "-", SHMGET,
    REFUSES(looks_up_with(c, 0), EACCES))
{
	return user_gets(OTHER, 0600, 0, EACCES);
}

VIOLATION(shmget_creat_without_mode_eacces, "shmget.flags-zero-needs-no-permission", "-", SHMGET,
    REFUSES(looks_up_with(c, IPC_CREAT), EACCES))
{
	return user_gets(OTHER, 0, IPC_CREAT, EACCES);
}

VIOLATION(shmget_own_segment_without_mode_eacces, "shmget.flags-zero-needs-no-permission", "-", SHMGET,
    REFUSES(existing(c) != NULL && (existing(c)->flags & 0777) == 0 && (c->flags & 0777) == 0, EACCES))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0);
	return shmget(key, 0, 0) == -1 && errno == EACCES;
}

static bool
wants_huge_pages(const struct call *c)
{
	return SHM_HUGETLB != 0 && (c->flags & SHM_HUGETLB) != 0 && geteuid() != 0;
}

static bool
create_with_huge_pages(void *key)
{
	return shmget(*(key_t *)key, page_size(), IPC_CREAT | SHM_HUGETLB | 0600) != -1;
}

static bool
is_without_right_enomem(void *key)
{
	return !create_with_huge_pages(key) && errno == ENOMEM;
}

static bool
leaves_key(void *key)
{
	return !create_with_huge_pages(key) && shmget(*(key_t *)key, 0, 0) != -1;
}

VIOLATION(shmget_hugetlb_needs_no_right, "shmget.flag-hugetlb-eperm", "-", SHMGET,
    CHANGES(wants_huge_pages(c), c->flags &= ~SHM_HUGETLB))
{
	key_t key = segment_key();

	return is_seen_by(OTHER, create_with_huge_pages, &key);
}

VIOLATION(shmget_hugetlb_without_right_enomem, "shmget.flag-hugetlb-eperm", "B284", SHMGET,
    MISTAKES(wants_huge_pages(c), EPERM, ENOMEM))
{
	key_t key = segment_key();

	return is_seen_by(OTHER, is_without_right_enomem, &key);
}

static void
fail_but_create(struct call *c)
{
	real_shmget(c->key, c->length, c->flags & ~SHM_HUGETLB);
	c->result = -1;
	c->error = EPERM;
}

VIOLATION(shmget_hugetlb_without_right_leaves_key, "shmget.flag-hugetlb-eperm", "-", SHMGET,
    REPLACES(wants_huge_pages(c), fail_but_create(c)))
{
	key_t key = segment_key();

	return is_seen_by(OTHER, leaves_key, &key);
}
