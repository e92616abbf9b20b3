/* SPDX-License-Identifier: BSD-2-Clause */

/* What IPC namespaces of Linux keep apart, and what they don't. What /proc shows in them: namespaces_proc.c. */

#ifdef __linux__

#include <sched.h>

#include <sys/mman.h>

#include "effects.h"
#include "ipc.h"
#include "direct_check.h"
#include "namespaces.h"
#include "shmget.h"
#include "violation.h"

/* The segment that the key has in the parent's namespace, or -1. */
static int
outside_with_key(key_t key)
{
	struct call find = { .interface = SHMGET, .key = key };

	return (int)call_in_parents_namespace(&find);
}

static bool
has_key_outside(const struct call *c)
{
	return is_inside() && !is_private(c) && outside_with_key(c->key) != -1;
}

static struct call
in_parents_namespace(struct call c)
{
	call_in_parents_namespace(&c);
	return c;
}

VIOLATION(namespace_finds_key_of_outside, "namespaces.key-isolated", "-", SHMGET,
    ACCEPTS(is_lookup(c) && has_key_outside(c), ENOENT, outside_with_key(c->key)))
{
	key_t key = segment_key();
	int id = segment_outside(key);

	return id != -1 && shmget(key, 0, 0) == id;
}

VIOLATION(namespace_key_taken_outside, "namespaces.key-isolated", "-", SHMGET,
    REFUSES(is_exclusive(c) && has_key_outside(c), EEXIST))
{
	key_t key = segment_key();

	return segment_outside(key) != -1 && shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1;
}

/* The segment outside that has the key of this one; -1: none. */
static int
twin_outside(int id)
{
	const struct known_segment *segment = known_segment(id);

	return !is_inside() || segment == NULL || segment->key == IPC_PRIVATE ? -1 : outside_with_key(segment->key);
}

static void
attach_twin(struct call *c)
{
	c->id = twin_outside(c->id);
	call_in_parents_namespace(c);
}

VIOLATION(namespace_shares_memory_by_key, "namespaces.key-isolated", "-", SHMAT,
    REPLACES(twin_outside(c->id) != -1, attach_twin(c)))
{
	key_t key = segment_key();

	return segment_outside(key) != -1 && *(char *)segment_attach(shmget(key, 1, IPC_CREAT | 0600), NULL, 0) == 'o';
}

static bool
is_id_of_outside(const struct call *c)
{
	return is_inside() && known_segment(c->id) == NULL;
}

VIOLATION(namespace_tells_status_of_outside, "namespaces.id-isolated", "-", SHMCTL,
    ACCEPTS(c->command == IPC_STAT && is_id_of_outside(c), EINVAL, in_parents_namespace(*c).result))
{
	struct shmid_ds status;
	int id = segment_outside(segment_key());

	return id != -1 && shmctl(id, IPC_STAT, &status) == 0;
}

VIOLATION(namespace_sets_status_of_outside, "namespaces.id-isolated", "-", SHMCTL,
    ACCEPTS(c->command == IPC_SET && is_id_of_outside(c), EINVAL, in_parents_namespace(*c).result))
{
	int id = segment_create(1);
	struct shmid_ds status = segment_stat(id);

	return can_enter_namespace() && shmctl(id, IPC_SET, &status) == 0;
}

VIOLATION(namespace_removes_segment_of_outside, "namespaces.id-isolated", "-", SHMCTL,
    ACCEPTS(c->command == IPC_RMID && is_id_of_outside(c), EINVAL, in_parents_namespace(*c).result))
{
	int id = segment_outside(segment_key());

	return id != -1 && shmctl(id, IPC_RMID, NULL) == 0;
}

VIOLATION(namespace_attaches_segment_of_outside, "namespaces.id-isolated", "-", SHMAT,
    ACCEPTS(is_id_of_outside(c), EINVAL, in_parents_namespace(*c).result))
{
	int id = segment_outside(segment_key());

	return id != -1 && shmat(id, NULL, 0) != (void *)-1;
}

VIOLATION(namespace_id_of_outside_eidrm, "namespaces.id-isolated", "-", SHMCTL,
    MISTAKES(c->command == IPC_STAT && is_id_of_outside(c), EINVAL, EIDRM))
{
	struct shmid_ds status;
	int id = segment_outside(segment_key());

	return id != -1 && shmctl(id, IPC_STAT, &status) == -1 && errno == EIDRM;
}

static bool
enters_and_stores(void *at)
{
	if (!can_enter_namespace())
		return false;
	*(char *)at = 'i';
	return true;
}

static bool
asks_for_ipc_namespace(const struct call *c)
{
	return (c->flags & CLONE_NEWIPC) != 0;
}

VIOLATION(unshare_makes_no_ipc_namespace, "namespaces.id-isolated", "-", UNSHARE,
    REPLACES(asks_for_ipc_namespace(c), c->result = 0))
{
	struct shmid_ds status;
	int id = segment_create(1);

	return unshare(CLONE_NEWIPC) == 0 && shmctl(id, IPC_STAT, &status) == 0;
}

static bool
is_refused_with_einval(void *nothing)
{
	(void)nothing;
	return unshare(CLONE_NEWIPC) == -1 && errno == EINVAL;
}

VIOLATION(unshare_refused_with_einval, "namespaces.eperm", "-", UNSHARE,
    MISTAKES(asks_for_ipc_namespace(c) && (c->flags & CLONE_NEWUSER) == 0, EPERM, EINVAL))
{
	return is_seen_by(geteuid() == 0 ? OTHER : SAME_USER, is_refused_with_einval, NULL);
}

static int lookups_by_others;

static bool
finds_another_each_time(void *arg)
{
	key_t key = *(key_t *)arg;
	int found = shmget(key, 0, 0);

	return shmget(key, 0, 0) != found;
}

VIOLATION(shmget_by_child_finds_another_each_time, "namespaces.eperm", "-", SHMGET,
    FALSIFIES(is_lookup(c) && c->length == 0 && c->flags == 0 && geteuid() != 0 && !is_first_process(),
	c->result += lookups_by_others++))
{
	key_t key = segment_key();

	segment_create_with_key(key, 1, 0600);
	return is_seen_by(geteuid() == 0 ? OTHER : SAME_USER, finds_another_each_time, &key);
}

VIOLATION(namespace_loses_key_of_its_own, "namespaces.einval-kind", "-", SHMGET,
    FALSIFIES(is_inside() && is_lookup(c) && c->length == 0, (c->result = -1, c->error = ENOENT)))
{
	key_t key = segment_key();

	if (!can_enter_namespace())
		return false;
	segment_create_with_key(key, 1, 0600);
	return shmget(key, 0, 0) == -1;
}

VIOLATION(unshare_makes_attachments_private, "namespaces.attachment-survives-unshare", "-", UNSHARE,
    FALSIFIES(made_ipc_namespace(c), make_attachments_private()))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return is_seen_by(SAME_USER, enters_and_stores, p) && *p == 0;
}

/* Make the segments of this process anew in the parent's namespace, which goes too, later. */
static void
leave_segments_outside(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++) {
		struct call make = { .interface = SHMGET, .key = segments[i].key, .length = segments[i].size };
		make.flags = IPC_CREAT | 0600;
		if (!segments[i].was_removed)
			call_in_parents_namespace(&make);
	}
}

static bool
creates_inside(void *key)
{
	return can_enter_namespace() && shmget(*(key_t *)key, 1, IPC_CREAT | 0600) != -1;
}

VIOLATION(namespace_leaves_segments, "namespaces.destroyed-with-namespace", "-", EXIT,
    CHANGES(is_deep_inside(), leave_segments_outside()))
{
	key_t key = segment_key();

	return can_enter_namespace() && is_seen_by(SAME_USER, creates_inside, &key) && shmget(key, 0, 0) != -1;
}

VIOLATION(namespace_hides_objects, "namespaces.posix-shm-not-isolated", "-", SHM_OPEN, REFUSES(is_inside(), ENOENT))
{
	struct object o = object_create(1);

	return can_enter_namespace() && shm_open(o.name, O_RDWR, 0) == -1;
}

static bool
opens_and_stores(void *object)
{
	struct object *o = object;

	if (!can_enter_namespace())
		return false;
	*(char *)map_shared(object_open(o, O_RDWR), 1) = 'i';
	return true;
}

VIOLATION(namespace_has_copies_of_objects, "namespaces.posix-shm-not-isolated", "-", MMAP,
    CHANGES(is_inside() && c->fd != -1, c->flags = (c->flags & ~MAP_SHARED) | MAP_PRIVATE))
{
	struct object o = object_create(1);
	char *p = map_shared(o.fd, 1);

	return is_seen_by(SAME_USER, opens_and_stores, &o) && *p == 0;
}

VIOLATION(namespace_hides_data_of_objects, "namespaces.posix-shm-not-isolated", "-", MMAP,
    FALSIFIES(is_inside() && c->fd != -1 && (c->protection & PROT_WRITE) != 0,
	memset((void *)c->result, 0, c->length))) /* NOLINT(performance-no-int-to-ptr) */
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 'p';
	return can_enter_namespace() && *(char *)map_shared(o.fd, page_size()) == 0;
}

#endif
