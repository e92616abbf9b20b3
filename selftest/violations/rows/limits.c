/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits of Linux on segments, in IPC namespaces that are made for that: elsewhere nothing here happens. */

#ifdef __linux__

#include <sys/mman.h>

#include "ipc.h"
#include "seen.h"
#include "shmget.h"
#include "violation.h"

static bool
makes_segment(const struct call *c)
{
	return known_ipc_namespaces() > 0 && (c->flags & IPC_CREAT) != 0 && existing(c) == NULL;
}

/* Make it although it is beyond a limit, which would have to be as high as this. */
static void
make_beyond(struct call *c, const char *limit, unsigned long needed)
{
	unsigned long value = limit_now(limit);

	limit_set(limit, needed);
	real_call(c);
	limit_set(limit, value);
}

static int
make_private_segment(size_t size)
{
	return shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
}

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

static struct shm_info
usage(void)
{
	struct shm_info info;

	if (real_shmctl(0, SHM_INFO, &info) == -1)
		memset(&info, 0, sizeof(info));
	return info;
}

static bool
is_last_of_shmmni(const struct call *c)
{
	unsigned long shmmni = limit_now("shmmni");

	return makes_segment(c) && shmmni > 1 && (unsigned long)usage().used_ids + 1 == shmmni;
}

static bool
is_full(void)
{
	return known_ipc_namespaces() > 0 && (unsigned long)usage().used_ids >= limit_now("shmmni");
}

static bool
has_removed_any(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (segments[i].was_removed)
			return true;
	return false;
}

/* Make so many segments in a new namespace that has room for two. */
static bool
fill_shmmni(int count)
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmmni", 2);
	for (int i = 0; i < count; i++)
		make_private_segment(1);
	return true;
}

VIOLATION(shmmni_excludes_itself, "limits.shmmni-boundary", "-", SHMGET,
    REFUSES(is_last_of_shmmni(c) && !has_removed_any(), ENOSPC))
{
	return fill_shmmni(1) && make_private_segment(1) == -1;
}

VIOLATION(shmmni_exceeded_by_one, "limits.shmmni-boundary", "-", SHMGET,
    REPLACES(makes_segment(c) && is_full() && (unsigned long)usage().used_ids == limit_now("shmmni"),
	make_beyond(c, "shmmni", limit_now("shmmni") + 1)))
{
	return fill_shmmni(2) && make_private_segment(1) != -1;
}

VIOLATION(shmmni_exceeded_enomem, "limits.shmmni-boundary", "-", SHMGET,
    MISTAKES(makes_segment(c) && is_full(), ENOSPC, ENOMEM))
{
	return fill_shmmni(2) && make_private_segment(1) == -1 && errno == ENOMEM;
}

VIOLATION(shmmni_counts_removed, "limits.shmmni-boundary", "-", SHMGET,
    REFUSES(is_last_of_shmmni(c) && has_removed_any(), ENOSPC))
{
	if (!fill_shmmni(1))
		return false;
	segment_remove(make_private_segment(1));
	return make_private_segment(1) == -1;
}

VIOLATION(shmmni_reached_prevents_lookup, "limits.shmmni-boundary", "-", SHMGET,
    REFUSES(is_lookup(c) && existing(c) != NULL && is_full(), ENOSPC))
{
	key_t key = segment_key();

	if (!fill_shmmni(1))
		return false;
	shmget(key, 1, IPC_CREAT | 0600);
	return shmget(key, 0, 0) == -1;
}

VIOLATION(shmmni_refusal_leaves_key, "limits.shmmni-boundary", "-", SHMGET,
    REPLACES(makes_segment(c) && !is_private(c) && is_full(),
	(make_beyond(c, "shmmni", limit_now("shmmni") + 1), c->result = -1, c->error = ENOSPC)))
{
	key_t key = segment_key();

	return fill_shmmni(2) && shmget(key, 1, IPC_CREAT | 0600) == -1 && shmget(key, 0, 0) != -1;
}

/* The pages that there would be with this segment. */
static unsigned long
pages_with(const struct call *c)
{
	return usage().shm_tot + pages_of(c->length);
}

/* Make segments of these sizes in a new namespace with this shmall: whether the last of them fails with the error. */
static bool
last_gives_with_shmall(unsigned long shmall, const size_t *sizes, int count, int error)
{
	int id = -1;

	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmall", shmall);
	for (int i = 0; i < count; i++) {
		errno = 0;
		id = make_private_segment(sizes[i]);
	}
	return (id == -1) == (error != 0) && errno == error;
}

VIOLATION(shmall_excludes_itself, "limits.shmall-boundary", "-", SHMGET,
    REFUSES(makes_segment(c) && c->length == page_size() && pages_with(c) == limit_now("shmall"), ENOSPC))
{
	return last_gives_with_shmall(1, (size_t[]){ page_size() }, 1, ENOSPC);
}

VIOLATION(shmall_exceeded_by_last_segment, "limits.shmall-boundary", "-", SHMGET,
    REPLACES(makes_segment(c) && usage().shm_tot < limit_now("shmall") && pages_with(c) > limit_now("shmall"),
	make_beyond(c, "shmall", pages_with(c))))
{
	return last_gives_with_shmall(1, (size_t[]){ 2 * page_size() }, 1, 0);
}

VIOLATION(shmall_exceeded_enomem, "limits.shmall-boundary", "-", SHMGET,
    MISTAKES(makes_segment(c) && c->length > page_size() && pages_with(c) > limit_now("shmall"), ENOSPC, ENOMEM))
{
	return last_gives_with_shmall(1, (size_t[]){ 2 * page_size() }, 1, ENOMEM);
}

/* The bytes of the segments that there are, and this one's. */
static size_t
bytes_with(const struct call *c)
{
	size_t bytes = c->length;
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		bytes += segments[i].was_removed ? 0 : segments[i].size;
	return bytes;
}

VIOLATION(shmall_counts_bytes, "limits.shmall-counts-whole-pages", "-", SHMGET,
    REPLACES(makes_segment(c) && pages_with(c) > limit_now("shmall") && pages_of(bytes_with(c)) <= limit_now("shmall"),
	make_beyond(c, "shmall", pages_with(c))))
{
	return last_gives_with_shmall(1, (size_t[]){ 1, 1 }, 2, 0);
}

VIOLATION(shmall_counts_part_of_page_twice, "limits.shmall-counts-whole-pages", "-", SHMGET,
    REFUSES(
	makes_segment(c) && c->length % page_size() == page_size() - 1 && pages_with(c) == limit_now("shmall"), ENOSPC))
{
	return last_gives_with_shmall(1, (size_t[]){ page_size() - 1 }, 1, ENOSPC);
}

/* The pages of all segments that this process has made and removed. */
static size_t
pages_removed(void)
{
	size_t pages = 0;
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		pages += segments[i].was_removed ? pages_of(segments[i].size) : 0;
	return pages;
}

VIOLATION(shmall_never_freed, "limits.shmall-freed-on-destroy", "-", SHMGET,
    REFUSES(makes_segment(c) && c->length > 1 && pages_removed() + pages_with(c) > limit_now("shmall"), ENOSPC))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmall", 2);
	segment_remove(make_private_segment(2 * page_size()));
	return make_private_segment(2 * page_size()) == -1;
}

VIOLATION(shmall_leaks_slowly, "limits.shmall-freed-on-destroy", "-", SHMGET,
    REFUSES(makes_segment(c) && pages_removed() / 10 + pages_with(c) > limit_now("shmall"), ENOSPC))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmall", 1);
	for (int i = 0; i < 10; i++)
		segment_remove(make_private_segment(page_size()));
	return make_private_segment(page_size()) == -1;
}

static bool
removes_attached_near_limit(const struct call *c)
{
	return c->command == IPC_RMID && known_ipc_namespaces() > 0 && known_attachments(c->id) > 0 &&
	    usage().shm_tot == limit_now("shmall");
}

VIOLATION(shmall_not_freed_by_last_detach, "limits.shmall-freed-on-destroy", "-", SHMCTL,
    CHANGES(removes_attached_near_limit(c), real_shmat(c->id, NULL, 0)))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmall", 1);
	int id = make_private_segment(page_size());
	char *p = segment_attach(id, NULL, 0);
	segment_remove(id);
	segment_detach(p);
	return make_private_segment(page_size()) == -1;
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
