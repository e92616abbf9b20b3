/* SPDX-License-Identifier: BSD-2-Clause */

#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "known.h"
#include "violation.h"

/* Without a heap, which would make mappings of its own. What is more is not known. */
enum { RANGES_MAX = 256, SEGMENTS_MAX = 256, DETACHED_MAX = 64 };

static struct known_range ranges[RANGES_MAX];
static size_t range_count;
static struct known_segment segments[SEGMENTS_MAX];
static size_t segment_count;
static struct {
	int id;
	struct ipc_perm permissions;
} permitted[SEGMENTS_MAX];
static size_t permitted_count;
static const void *detached[DETACHED_MAX];
static size_t detached_count;
static pid_t ended_child;
static int ended_status;

struct known_range *
known_ranges(size_t *count)
{
	*count = range_count;
	return ranges;
}

struct known_range *
known_range_at(const volatile void *address)
{
	for (size_t i = 0; i < range_count; i++)
		if ((uintptr_t)address - (uintptr_t)ranges[i].start < ranges[i].length)
			return &ranges[i];
	return NULL;
}

struct known_segment *
known_segments(size_t *count)
{
	*count = segment_count;
	return segments;
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

pid_t
known_ended_child(int *status)
{
	*status = ended_status;
	return ended_child;
}

unsigned
known_attachments(int id)
{
	unsigned count = 0;

	for (size_t i = 0; i < range_count; i++)
		count += ranges[i].id == id;
	return count;
}

static size_t
whole_pages(size_t length)
{
	return (length + page_size() - 1) / page_size() * page_size();
}

static void
add(struct known_range range)
{
	if (range_count < RANGES_MAX)
		ranges[range_count++] = range;
}

/* What is left of each range beside a hole: nothing, one part or two. */
static void
make_hole(const char *start, size_t length)
{
	uintptr_t from = (uintptr_t)start;
	uintptr_t to = from + whole_pages(length);

	for (size_t i = range_count; i-- > 0;) {
		struct known_range whole = ranges[i];
		uintptr_t first = (uintptr_t)whole.start;
		uintptr_t last = first + whole.length;

		if (last <= from || to <= first)
			continue;
		ranges[i] = ranges[--range_count];
		if (first < from) {
			add(whole);
			ranges[range_count - 1].length = from - first;
		}
		if (to < last) {
			add(whole);
			ranges[range_count - 1].start = whole.start + (to - first);
			ranges[range_count - 1].length = last - to;
			ranges[range_count - 1].offset += (off_t)(to - first);
		}
	}
}

static void
learn_attachment(const struct call *c)
{
	struct shmid_ds status;
	struct call stat = { .interface = SHMCTL, .id = c->id, .command = IPC_STAT, .buffer = &status };
	struct known_segment *segment = known_segment(c->id);
	size_t size = segment == NULL ? 0 : segment->size;

	if (segment != NULL)
		segment->was_attached = true;
	else if (real_call(&stat) == 0)
		size = status.shm_segsz;
	make_hole((char *)c->result, size);
	add((struct known_range){ .start = (char *)c->result,
	    .length = whole_pages(size),
	    .protection = c->flags & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE,
	    .flags = c->flags,
	    .id = c->id,
	    .fd = -1 });
}

static void
learn_segment(const struct call *c)
{
	if (known_segment((int)c->result) != NULL || segment_count == SEGMENTS_MAX)
		return;
	if (c->key != IPC_PRIVATE && (c->flags & IPC_CREAT) == 0)
		return;
	segments[segment_count++] =
	    (struct known_segment){ .id = (int)c->result, .key = c->key, .size = c->length, .creator = getpid() };
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

static void
learn_detachment(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	if (range != NULL && range->id != -1)
		make_hole(range->start, range->length);
	detached[detached_count++ % DETACHED_MAX] = c->address;
}

static void
learn_end_of_child(const struct call *c)
{
	ended_child = (pid_t)c->result;
	if (c->buffer != NULL)
		ended_status = *(const int *)c->buffer;
}

static void
learn_failure(const struct call *c)
{
	const struct known_range *range = c->interface == SHMDT ? known_range_at(c->address) : NULL;

	if (c->interface == SHMAT && known_segment(c->id) != NULL)
		known_segment(c->id)->failed_attaches++;
	if (range != NULL && known_segment(range->id) != NULL)
		known_segment(range->id)->failed_detaches++;
}

void
known_update(const struct call *c)
{
	if (c->error != 0) {
		learn_failure(c);
		return;
	}
	switch (c->interface) {
	case SHMGET:
		learn_segment(c);
		learn_permissions_of_segment(c);
		break;
	case SHMAT:
		learn_attachment(c);
		break;
	case SHMDT:
		learn_detachment(c);
		break;
	case SHMCTL:
		learn_control(c);
		break;
	case MMAP:
		make_hole((char *)c->result, c->length);
		add((struct known_range){ (char *)c->result, whole_pages(c->length), c->protection, c->flags, -1,
		    c->flags & MAP_ANON ? -1 : c->fd, c->offset, false });
		break;
	case MUNMAP:
		make_hole(c->address, c->length);
		break;
	case FORK:
		for (size_t i = 0; c->result == 0 && i < range_count; i++)
			ranges[i].is_inherited = true;
		break;
	case WAITPID:
		learn_end_of_child(c);
		break;
	default:
		break;
	}
}
