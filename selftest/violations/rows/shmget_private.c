/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments that IPC_PRIVATE makes. */

#include <sys/ipc.h>
#include <sys/shm.h>

#include "shmget.h"
#include "violation.h"

static bool
is_private_without_creat(const struct call *c)
{
	return is_private(c) && (c->flags & IPC_CREAT) == 0 && c->length > 0;
}

static bool
is_private_with_excl(const struct call *c)
{
	return is_private(c) && (c->flags & IPC_EXCL) != 0;
}

static const struct known_segment *
private_segment(void)
{
	return known_segment_with_key(IPC_PRIVATE);
}

static int
create_private(int flags)
{
	return segment_own(shmget(IPC_PRIVATE, 1, flags | 0600));
}

VIOLATION(shmget_private_returns_earlier, "shmget.private-always-new", "-", SHMGET,
    REPLACES(is_private_without_creat(c) && private_segment() != NULL, c->result = private_segment()->id))
{
	int first = create_private(0);

	return first == create_private(0);
}

/* A bit of shmflg above those of the mode that means nothing for shmget(). */
static bool
is_private_with_unknown_flag(const struct call *c)
{
	return is_private(c) && (c->flags & ~(0777 | IPC_CREAT | IPC_EXCL | SHM_HUGETLB | SHM_NORESERVE)) != 0;
}

enum { UNKNOWN_FLAG = 1 << 20 };

VIOLATION(shmget_private_unknown_flag_einval, "shmget.private-ignores-excl", "-", SHMGET,
    REFUSES(is_private_with_unknown_flag(c), EINVAL))
{
	return create_private(UNKNOWN_FLAG) == -1;
}

VIOLATION(shmget_private_unknown_flag_takes_from_group, "shmget.private-ignores-excl", "-", SHMGET,
    CHANGES(is_private_with_unknown_flag(c), c->flags &= ~0070))
{
	return (segment_stat(create_private(UNKNOWN_FLAG | 0060)).shm_perm.mode & 0070) == 0;
}

VIOLATION(shmget_private_unknown_flag_takes_a_byte, "shmget.private-ignores-excl", "-", SHMGET,
    CHANGES(is_private_with_unknown_flag(c) && c->length > 1, c->length--))
{
	int id = segment_own(shmget(IPC_PRIVATE, 2, UNKNOWN_FLAG | 0600));

	return id != -1 && segment_stat(id).shm_segsz == 1;
}

VIOLATION(
    shmget_private_needs_creat, "shmget.private-always-new", "-", SHMGET, REFUSES(is_private_without_creat(c), ENOENT))
{
	return create_private(0) == -1;
}

VIOLATION(shmget_private_finds_keyed, "shmget.private-always-new", "-", SHMGET,
    REPLACES(is_private_without_creat(c) && other_keyed(0) != NULL && private_segment() == NULL,
	c->result = other_keyed(0)->id))
{
	int keyed = segment_create(1);

	return create_private(0) == keyed;
}

VIOLATION(shmget_private_segments_share_memory, "shmget.private-always-new", "-", SHMAT,
    CHANGES(known_segment(c->id) != NULL && known_segment(c->id)->key == IPC_PRIVATE && private_segment() != NULL,
	c->id = private_segment()->id))
{
	char *p = segment_attach(create_private(0), NULL, 0);
	char *q = segment_attach(create_private(0), NULL, 0);

	*p = 'p';
	return *q == 'p';
}

VIOLATION(shmget_private_excl_eexist, "shmget.private-ignores-excl", "-", SHMGET,
    REFUSES(is_private_with_excl(c) && private_segment() != NULL, EEXIST))
{
	create_private(IPC_CREAT | IPC_EXCL);
	return create_private(IPC_CREAT | IPC_EXCL) == -1;
}

VIOLATION(shmget_private_excl_returns_earlier, "shmget.private-ignores-excl", "-", SHMGET,
    REPLACES(is_private_with_excl(c) && private_segment() != NULL, c->result = private_segment()->id))
{
	int first = create_private(IPC_CREAT | IPC_EXCL);

	return first == create_private(IPC_CREAT | IPC_EXCL);
}
