/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits of Linux on the size of segments, and the defaults of all limits, in IPC namespaces that are made for that: elsewhere nothing here happens. */

#ifdef __linux__

#include <sys/mman.h>

#include "ipc.h"
#include "limits.h"
#include "direct_check.h"
#include "violation.h"

VIOLATION(shmget_size_zero_makes_page, "limits.shmmin-one", "-", SHMGET,
    CHANGES(is_private(c) && (c->flags & IPC_CREAT) != 0 && c->length == 0, c->length = page_size()))
{
	return segment_own(make_private_segment(0)) != -1;
}

VIOLATION(shmget_smallest_size_is_two, "limits.shmmin-one", "-", SHMGET,
    CHANGES(is_exclusive(c) && existing(c) == NULL && c->length == 1, c->length = 2))
{
	return segment_stat(segment_create(1)).shm_segsz == 2;
}

VIOLATION(shmat_one_byte_not_shared, "limits.shmmin-one", "-", SHMAT,
    FALSIFIES(known_segment(c->id) != NULL && known_segment(c->id)->size == 1 && known_segment(c->id)->was_attached &&
	    (c->flags & SHM_RDONLY) != 0,
	real_mmap((void *)c->result, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0)))
{
	int id = segment_create(1);

	*(char *)segment_attach(id, NULL, 0) = 'a';
	return *(char *)segment_attach(id, NULL, SHM_RDONLY) == 0;
}

/* The size against shmmax. */
static bool
is_over_by(const struct call *c, size_t bytes)
{
	return makes_segment(c) && c->length == limit_now("shmmax") + bytes;
}

/* What shmget() says to a size, with a shmmax. */
static bool
gives_with_shmmax(size_t shmmax, size_t size, int error)
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmmax", shmmax);
	errno = 0;
	return (make_private_segment(size) == -1) == (error != 0) && errno == error;
}

VIOLATION(shmmax_excludes_itself, "limits.shmmax-boundary", "-", SHMGET, REFUSES(is_over_by(c, 0), EINVAL))
{
	return gives_with_shmmax(100, 100, EINVAL);
}

VIOLATION(shmmax_exceeded_by_one, "limits.shmmax-boundary", "-", SHMGET,
    REPLACES(is_over_by(c, 1), make_beyond(c, "shmmax", c->length)))
{
	return gives_with_shmmax(100, 101, 0);
}

VIOLATION(shmmax_rounded_up_to_page, "limits.shmmax-boundary", "-", SHMGET,
    REPLACES(makes_segment(c) && c->length > limit_now("shmmax") && c->length % page_size() == 0 &&
	    pages_of(c->length) == pages_of(limit_now("shmmax")),
	make_beyond(c, "shmmax", c->length)))
{
	return gives_with_shmmax(100, page_size(), 0);
}

VIOLATION(shmmax_exceeded_enomem, "limits.shmmax-boundary", "-", SHMGET,
    MISTAKES(makes_segment(c) && !is_private(c) && c->length > limit_now("shmmax"), EINVAL, ENOMEM))
{
	key_t key = segment_key();

	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmmax", 100);
	return shmget(key, 101, IPC_CREAT | 0600) == -1 && errno == ENOMEM;
}

VIOLATION(shmmax_not_enforced, "limits.shmmax-boundary", "B053", SHMGET,
    CHANGES(makes_segment(c) && c->length > limit_now("shmmax"), c->length = limit_now("shmmax")))
{
	return gives_with_shmmax(100, 1000000, 0);
}

VIOLATION(shmget_highest_number_wraps, "limits.shmmax-boundary", "-", SHMGET,
    CHANGES(is_plain_creation(c) && c->length > SIZE_MAX - page_size(), c->length = 1))
{
	return shmget(segment_key(), SIZE_MAX, IPC_CREAT | 0600) != -1;
}

VIOLATION(shmget_highest_number_eoverflow, "limits.shmmax-boundary", "-", SHMGET,
    MISTAKES(is_plain_creation(c) && c->length > SIZE_MAX - page_size(), EINVAL, EOVERFLOW))
{
	return shmget(segment_key(), SIZE_MAX, IPC_CREAT | 0600) == -1 && errno == EOVERFLOW;
}

static bool
is_over_shmmax_now(int id)
{
	return known_ipc_namespaces() > 0 && known_segment(id) != NULL && known_segment(id)->size > limit_now("shmmax");
}

/* A segment of two pages in a namespace that has a lower limit since then; -1: there is none. */
static int
segment_over_shmmax(void)
{
	int id;

	if (!can_enter_namespace())
		return -1;
	id = make_private_segment(2 * page_size());
	ipc_limit_set("shmmax", page_size());
	return id;
}

VIOLATION(shmmax_lowered_prevents_attaching, "limits.shmmax-lowered-keeps-existing", "-", SHMAT,
    REFUSES(is_over_shmmax_now(c->id), EINVAL))
{
	int id = segment_over_shmmax();

	return id != -1 && shmat(id, NULL, 0) == (void *)-1;
}

VIOLATION(shmmax_lowered_cuts_size, "limits.shmmax-lowered-keeps-existing", "-", SHMCTL,
    FALSIFIES(c->command == IPC_STAT && is_over_shmmax_now(c->id),
	((struct shmid_ds *)c->buffer)->shm_segsz = limit_now("shmmax")))
{
	int id = segment_over_shmmax();

	return id != -1 && segment_stat(id).shm_segsz == page_size();
}

VIOLATION(shmmax_lowered_clears_rest, "limits.shmmax-lowered-keeps-existing", "-", SHMAT,
    FALSIFIES(is_over_shmmax_now(c->id), memset((char *)c->result + limit_now("shmmax"), 0, 1)))
{
	int id = segment_over_shmmax();

	if (id == -1)
		return false;
	char *p = segment_attach(id, NULL, 0);
	p[page_size()] = 'a';
	segment_attach(id, NULL, 0);
	return p[page_size()] == 0;
}

static bool
limit_is(const char *name, unsigned long value)
{
	return can_enter_namespace() && ipc_limit(name) == value;
}

VIOLATION(shmmax_starts_at_32_megabytes, "limits.defaults-unlimited", "-", UNSHARE,
    FALSIFIES(made_ipc_namespace(c), limit_set("shmmax", 1 << 25)))
{
	return limit_is("shmmax", 1 << 25);
}

VIOLATION(shmall_starts_at_8_gigabytes, "limits.defaults-unlimited", "-", UNSHARE,
    FALSIFIES(made_ipc_namespace(c), limit_set("shmall", 1 << 21)))
{
	return limit_is("shmall", 1 << 21);
}

VIOLATION(shmmni_starts_at_128, "limits.defaults-unlimited", "-", UNSHARE,
    FALSIFIES(made_ipc_namespace(c), limit_set("shmmni", 128)))
{
	return limit_is("shmmni", 128);
}

#endif
