/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits of Linux on how many segments and pages there are in all, in IPC namespaces that are made for that. */

#ifdef __linux__

#include "limits.h"
#include "direct_check.h"
#include "violation.h"

static bool
is_last_of_shmmni(const struct call *c)
{
	unsigned long shmmni = limit_now("shmmni");

	return makes_segment(c) && shmmni > 1 && (unsigned long)usage().used_ids + 1 == shmmni;
}

/* Make this number of segments in a new namespace that has room for two. */
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
	(void)shmget(key, 1, IPC_CREAT | 0600);
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

#endif
