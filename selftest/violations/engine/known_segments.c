/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments: those that were made, who may use them, and those of another namespace. */

#include <sys/ipc.h>
#include <sys/shm.h>

#include "ipc.h"
#include "known.h"
#include "known_parts.h"
#include "violation.h"

enum { SEGMENTS_MAX = 256, DETACHED_MAX = 64 };

static struct known_segment segments[SEGMENTS_MAX];
static size_t segment_count;
static struct {
	int id;
	struct ipc_perm permissions;
} permitted[SEGMENTS_MAX];
static size_t permitted_count;
static const void *detached[DETACHED_MAX];
static size_t detached_count;
static unsigned failed_attaches;
static unsigned namespace_count;
static bool has_segments_outside;

struct known_segment *
known_segments(size_t *count)
{
	*count = segment_count;
	return segments;
}

bool
known_any_segment(void)
{
	return segment_count > 0;
}

struct known_segment *
known_segment(int id)
{
	for (size_t i = 0; i < segment_count; i++)
		if (segments[i].id == id)
			return &segments[i];
	return NULL;
}

struct known_segment *
known_segment_with_key(key_t key)
{
	for (size_t i = 0; i < segment_count; i++)
		if (segments[i].key == key && !segments[i].was_removed)
			return &segments[i];
	return NULL;
}

const struct ipc_perm *
known_permissions(int id)
{
	for (size_t i = 0; i < permitted_count; i++)
		if (permitted[i].id == id)
			return &permitted[i].permissions;
	return NULL;
}

int
known_permissions_id(size_t at)
{
	return at < permitted_count ? permitted[at].id : -1;
}

bool
known_was_detached(const volatile void *address)
{
	for (size_t i = 0; i < detached_count && i < DETACHED_MAX; i++)
		if (detached[i] == address)
			return true;
	return false;
}

unsigned
known_failed_attaches(void)
{
	return failed_attaches;
}

unsigned
known_ipc_namespaces(void)
{
	return namespace_count;
}

bool
known_segments_outside(void)
{
	return has_segments_outside;
}

static void
learn_segment(const struct call *c)
{
	struct known_segment *known = known_segment((int)c->result);

	if (known != NULL && !known->was_removed)
		return;
	if (c->key != IPC_PRIVATE && (c->flags & IPC_CREAT) == 0)
		return;
	if (known == NULL && segment_count < SEGMENTS_MAX)
		known = &segments[segment_count++];
	if (known != NULL)
		*known = (struct known_segment){
			.id = (int)c->result, .key = c->key, .size = c->length, .flags = c->flags, .creator = getpid()
		};
}

/* As the system has them; where it doesn't tell the caller, as they were given. */
static void
learn_permissions(int id, const struct ipc_perm *given)
{
	struct shmid_ds status;
	struct call stat = { .interface = SHMCTL, .id = id, .command = IPC_STAT, .buffer = &status };
	size_t at = 0;

	if (real_call(&stat) == 0)
		given = &status.shm_perm;
	while (at < permitted_count && permitted[at].id != id)
		at++;
	if (given == NULL || at == SEGMENTS_MAX)
		return;
	if (at == permitted_count)
		permitted_count++;
	permitted[at].id = id;
	permitted[at].permissions = *given;
}

static void
learn_permissions_of_segment(const struct call *c)
{
	const struct ipc_perm of_creator = { .uid = geteuid(),
		.gid = getegid(),
		.cuid = geteuid(),
		.cgid = getegid(),
		.mode = (mode_t)(c->flags & 0777) };
	bool may_be_made = c->key == IPC_PRIVATE || (c->flags & IPC_CREAT) != 0;

	learn_permissions((int)c->result, may_be_made ? &of_creator : NULL);
}

static void
learn_control(const struct call *c)
{
	if (c->command == IPC_RMID && known_segment(c->id) != NULL)
		known_segment(c->id)->was_removed = true;
	if (c->command == IPC_SET)
		learn_permissions(c->id, &((const struct shmid_ds *)c->buffer)->shm_perm);
}

/* Identifiers of the namespace that was left mean nothing here. */
static void
learn_namespace(const struct call *c)
{
	if (!made_ipc_namespace(c))
		return;
	namespace_count++;
	has_segments_outside = false;
	for (size_t i = 0; i < segment_count; i++)
		has_segments_outside |= !segments[i].was_removed;
	segment_count = 0;
}

void
learn_segments(const struct call *c)
{
	switch (c->interface) {
	case SHMGET:
		learn_segment(c);
		learn_permissions_of_segment(c);
		break;
	case SHMAT:
		if (known_segment(c->id) != NULL)
			known_segment(c->id)->was_attached = true;
		break;
	case SHMDT:
		detached[detached_count++ % DETACHED_MAX] = c->address;
		break;
	case SHMCTL:
		learn_control(c);
		break;
	case UNSHARE:
		learn_namespace(c);
		break;
	default:
		break;
	}
}

void
learn_failure_with_segment(const struct call *c)
{
	const struct known_range *range = c->interface == SHMDT ? known_range_at(c->address) : NULL;

	failed_attaches += c->interface == SHMAT;
	if (c->interface == SHMAT && known_segment(c->id) != NULL)
		known_segment(c->id)->failed_attaches++;
	if (range != NULL && known_segment(range->id) != NULL)
		known_segment(range->id)->failed_detaches++;
}
