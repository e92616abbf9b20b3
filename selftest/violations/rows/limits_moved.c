/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits of Linux that are lowered below what there is, or to nothing; memory that there is not. */

#ifdef __linux__

#include "limits.h"
#include "direct_check.h"
#include "segments.h"
#include "violation.h"

static bool
is_inside(void)
{
	return known_ipc_namespaces() > 0;
}

static bool
is_over_shmmni(void)
{
	return is_inside() && (unsigned long)usage().used_ids > limit_now("shmmni");
}

static bool
is_over_shmall(void)
{
	return is_inside() && usage().shm_tot > limit_now("shmall");
}

/* A segment in a new namespace, whose limit is lowered to this afterwards; -1: there is none. */
static int
segment_over(const char *limit, unsigned long value)
{
	if (!can_enter_namespace())
		return -1;
	make_private_segment(1);
	int id = make_private_segment(2 * page_size());
	ipc_limit_set(limit, value);
	return id;
}

VIOLATION(shmmni_lowered_prevents_attaching, "limits.shmmni-lowered-keeps-existing", "-", SHMAT,
    REFUSES(is_over_shmmni(), EINVAL))
{
	int id = segment_over("shmmni", 1);

	return id != -1 && shmat(id, NULL, 0) == (void *)-1;
}

VIOLATION(shmmni_lowered_attaches_copy, "limits.shmmni-lowered-keeps-existing", "-", SHMAT,
    FALSIFIES(is_over_shmmni(), make_private((void *)c->result, whole_pages(known_segment(c->id)->size))))
{
	int id = segment_over("shmmni", 1);
	char *p = shmat(id, NULL, 0);
	char *again = shmat(id, NULL, 0);

	*p = 'p';
	return *again == 0;
}

VIOLATION(shmmni_lowered_admits_more, "limits.shmmni-lowered-keeps-existing", "-", SHMGET,
    REPLACES(makes_segment(c) && is_over_shmmni(), make_beyond(c, "shmmni", 4096)))
{
	return segment_over("shmmni", 1) != -1 && make_private_segment(1) != -1;
}

VIOLATION(shmall_lowered_cuts_size, "limits.shmall-lowered-keeps-existing", "-", SHMCTL,
    FALSIFIES(is_stat(c) && is_over_shmall(), told_by(c)->shm_segsz = limit_now("shmall") * page_size()))
{
	int id = segment_over("shmall", 1);

	return id != -1 && segment_stat(id).shm_segsz == page_size();
}

VIOLATION(shmall_lowered_admits_more, "limits.shmall-lowered-keeps-existing", "-", SHMGET,
    REPLACES(makes_segment(c) && is_over_shmall(), make_beyond(c, "shmall", 4096)))
{
	return segment_over("shmall", 1) != -1 && make_private_segment(1) != -1;
}

VIOLATION(shmseg_is_shmmni, "limits.shmseg-unlimited", "-", SHMAT,
    REFUSES(is_inside() && known_attachments(c->id) >= limit_now("shmmni"), EMFILE))
{
	int id = segment_over("shmmni", 1);

	if (id == -1)
		return false;
	segment_attach(id, NULL, 0);
	return shmat(id, NULL, 0) == (void *)-1;
}

VIOLATION(shmall_zero_is_no_limit, "limits.zero-admits-none", "-", SHMGET,
    REPLACES(makes_segment(c) && limit_now("shmall") == 0, make_beyond(c, "shmall", 4096)))
{
	return segment_over("shmall", 0) != -1 && make_private_segment(1) != -1;
}

VIOLATION(shmmax_zero_enospc, "limits.zero-admits-none", "-", SHMGET,
    MISTAKES(makes_segment(c) && limit_now("shmmax") == 0, EINVAL, ENOSPC))
{
	return segment_over("shmmax", 0) != -1 && make_private_segment(1) == -1 && errno == ENOSPC;
}

static bool
is_beyond_memory(const struct call *c)
{
	return c->length > SIZE_MAX / 8 && c->length < SIZE_MAX - ((size_t)1 << 25) && (c->flags & SHM_HUGETLB) == 0;
}

static const size_t beyond_memory = SIZE_MAX / (sizeof(size_t) == 8 ? 4 : 1) - ((size_t)1 << 26);

VIOLATION(shmget_without_memory_enospc, "shmget.enomem", "-", SHMGET, MISTAKES(is_beyond_memory(c), ENOMEM, ENOSPC))
{
	return shmget(segment_key(), beyond_memory, IPC_CREAT | 0600) == -1 && errno == ENOSPC;
}

static void
fail_but_create(struct call *c)
{
	real_shmget(c->key, 1, c->flags);
	call_fail(c, ENOMEM);
}

VIOLATION(shmget_without_memory_leaves_key, "shmget.enomem", "-", SHMGET,
    REPLACES(is_beyond_memory(c) && is_plain_creation(c), fail_but_create(c)))
{
	key_t key = segment_key();

	return shmget(key, beyond_memory, IPC_CREAT | 0600) == -1 && shmget(key, 0, 0) != -1;
}

#endif
