/* SPDX-License-Identifier: BSD-2-Clause */

/* What goes wrong between the calls: when processes end, when the last one leaves, when an unrelated one comes. */

#include <sys/mman.h>
#include <sys/shm.h>

#include "effects.h"
#include "known.h"
#include "objects.h"
#include "real.h"
#include "violation.h"

/* Empty the range when this process alone has the segment attached. */
static void
empty_if_last(const struct known_range *range)
{
	struct shmid_ds status;

	if (real_shmctl(range->id, IPC_STAT, &status) == 0 && status.shm_nattch == 1 && range->protection & PROT_WRITE)
		memset(range->start, 0, range->length);
}

static void
empty_at_last_detach(const void *address)
{
	const struct known_range *range = known_range_at(address);

	if (range != NULL && range->id != -1)
		empty_if_last(range);
}

static void
empty_at_last_exit(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (ranges[i].id != -1)
			empty_if_last(&ranges[i]);
}

VIOLATION(segment_emptied_by_last_detach, "life_sysv.full-life", "B155", SHMDT,
    CHANGES(true, empty_at_last_detach(c->address)))
{
	int id = segment_create(page_size());
	char *p = shmat(id, NULL, 0);

	*p = 's';
	shmdt(p);
	p = shmat(id, NULL, 0);
	return *p == 0;
}

VIOLATION(segment_emptied_by_last_exit, "life_sysv.persists-over-generations", "B155", EXIT,
    CHANGES(true, empty_at_last_exit()))
{
	int id = segment_create(page_size());
	pid_t child = fork();

	if (child == 0) {
		*(char *)shmat(id, NULL, 0) = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *(char *)shmat(id, NULL, 0) == 0;
}

/* A segment that this process has not made itself. */
VIOLATION(segment_private_to_newcomers, "life_sysv.unrelated-processes", "B193", SHMAT,
    FALSIFIES(
	(c->flags & SHM_RDONLY) == 0 && known_segment(c->id) == NULL, make_private((void *)c->result, page_size())))
{
	key_t key = segment_key();
	pid_t child = fork();
	bool is_seen;
	int id;

	if (child == 0) {
		(void)shmget(key, page_size(), IPC_CREAT | 0600);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	id = shmget(key, 0, 0);
	*(char *)shmat(id, NULL, 0) = 's';
	is_seen = *(char *)shmat(id, NULL, SHM_RDONLY) == 0;
	shmctl(id, IPC_RMID, NULL);
	return is_seen;
}

static pid_t
start_holder(int id)
{
	pid_t child = fork();

	if (child == 0) {
		*(char *)shmat(id, NULL, 0) = 'h';
		raise(SIGKILL);
	}
	waitpid(child, &(int){ 0 }, 0);
	return child;
}

static void
count_one_more(struct call *c)
{
	struct shmid_ds *status = c->buffer;

	status->shm_nattch++;
}

VIOLATION(kill_keeps_attachment, "life_sysv.holder-crash-keeps-segment", "B007", SHMCTL,
    FALSIFIES(c->command == IPC_STAT && known_last_child_was_killed(), count_one_more(c)))
{
	struct shmid_ds status;
	int id = segment_create(1);

	start_holder(id);
	return shmctl(id, IPC_STAT, &status) == 0 && status.shm_nattch == 1;
}

static void
empty_known_segments(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++) {
		void *p = real_shmat(segments[i].id, NULL, 0);

		if (p == (void *)-1)
			continue;
		memset(p, 0, segments[i].size);
		real_shmdt(p);
	}
}

VIOLATION(kill_empties_segments, "life_sysv.holder-crash-keeps-segment", "-", WAITPID,
    FALSIFIES(tells_of_killed_child(c), empty_known_segments()))
{
	int id = segment_create(1);

	start_holder(id);
	return *(char *)shmat(id, NULL, 0) == 0;
}

VIOLATION(kill_leaves_removed_segment, "life_sysv.removed-destroyed-by-crash", "-", SHMCTL,
    ACCEPTS(c->command == IPC_STAT && known_last_child_was_killed(), 0, 0))
{
	struct shmid_ds status;
	int id = segment_create(1);

	start_holder(id);
	shmctl(id, IPC_RMID, NULL);
	return shmctl(id, IPC_STAT, &status) == 0;
}

static void
name_last_as_creator(struct call *c)
{
	struct shmid_ds *status = c->buffer;

	status->shm_cpid = status->shm_lpid;
}

VIOLATION(segment_created_by_last_user, "life_sysv.daemon-reattach", "-", SHMCTL,
    FALSIFIES(c->command == IPC_STAT && known_segment(c->id) == NULL, name_last_as_creator(c)))
{
	struct shmid_ds status;
	key_t key = segment_key();
	pid_t child = fork();
	bool is_seen;
	int id;

	if (child == 0) {
		(void)shmget(key, 1, IPC_CREAT | 0600);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	id = shmget(key, 0, 0);
	shmat(id, NULL, 0);
	is_seen = shmctl(id, IPC_STAT, &status) == 0 && status.shm_cpid == getpid();
	shmctl(id, IPC_RMID, NULL);
	return is_seen;
}

static bool
unmaps_whole_object(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && range->start == (char *)c->address && range->length == whole_pages(c->length) &&
	    is_object(range->fd) && range->protection & PROT_WRITE && range->flags & MAP_SHARED;
}

VIOLATION(object_emptied_by_last_unmap, "life_posix.full-life", "B086", MUNMAP,
    CHANGES(unmaps_whole_object(c), memset(c->address, 0, known_range_at(c->address)->length)))
{
	struct object o = object_create(page_size());
	char *p = map_shared(o.fd, page_size());

	*p = 'o';
	munmap(p, page_size());
	return *(char *)map_shared(o.fd, page_size()) == 0;
}

/* A child makes an object of one byte, and is killed. */
static struct object
orphaned_object(void)
{
	struct object o = object_name();
	pid_t child = fork();

	if (child == 0) {
		o.fd = shm_open(o.name, O_CREAT | O_RDWR, 0600);
		pwrite(o.fd, "o", 1, 0);
		raise(SIGKILL);
	}
	waitpid(child, &(int){ 0 }, 0);
	return o;
}

VIOLATION(object_vanishes_with_killed_creator, "life_posix.creator-crash-before-size", "-", SHM_OPEN,
    REFUSES((c->flags & O_CREAT) == 0 && known_last_child_was_killed(), ENOENT))
{
	struct object o = orphaned_object();

	return shm_open(o.name, O_RDWR, 0) == -1;
}

static void
open_emptied(struct call *c)
{
	struct stat status;
	int fd = real_shm_open(c->name, O_RDWR, 0);

	if (real_fstat(fd, &status) == 0 && real_ftruncate(fd, 0) == 0)
		real_ftruncate(fd, status.st_size);
	real_close(fd);
}

VIOLATION(object_emptied_with_killed_creator, "life_posix.creator-crash-after-store", "-", SHM_OPEN,
    CHANGES((c->flags & O_CREAT) == 0 && known_last_child_was_killed(), open_emptied(c)))
{
	struct object o = orphaned_object();
	char byte = 0;

	return pread(shm_open(o.name, O_RDONLY, 0), &byte, 1, 0) == 1 && byte == 0;
}

static bool
grows_mapped_object(const struct call *c)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);
	struct stat status;

	for (size_t i = 0; i < count; i++)
		if (ranges[i].fd == c->fd && is_object(c->fd) && real_fstat(c->fd, &status) == 0)
			return status.st_size > 0 && c->offset > status.st_size;
	return false;
}

static void
grow_dirty(struct call *c)
{
	if (real_call(c) == 0)
		real_pwrite(c->fd, "dirt", 1, c->offset - 1);
}

VIOLATION(object_grows_dirty_while_mapped, "life_posix.resize-while-mapped", "B080", FTRUNCATE,
    REPLACES(grows_mapped_object(c), grow_dirty(c)))
{
	struct object o = object_create(1);
	char byte = 0;

	map_shared(o.fd, 1);
	ftruncate(o.fd, 2);
	return pread(o.fd, &byte, 1, 1) == 1 && byte != 0;
}

VIOLATION(object_descriptor_closed_by_exec, "life_posix.exec-handover", "-", FCNTL,
    SKIPS(is_object(c->fd) && c->command == F_SETFD && c->argument == 0))
{
	int fd = object_create(1).fd;

	return fcntl(fd, F_SETFD, 0) == 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static bool
is_shared_page(const struct known_range *range)
{
	return range->fd != -1 && range->flags & MAP_SHARED && range->length == page_size();
}

static void
lose(const struct known_range *range)
{
	real_munmap(range->start, range->length);
}

VIOLATION(fork_child_lacks_single_pages, "life_mixed.same-lock-everywhere", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_shared_page), for_known_ranges(is_shared_page, lose)))
{
	char *p = map_shared(nameless_file(page_size()), page_size());
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(load_is_refused(p));
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

/* One more than the process has from its parent, which has mapped it twice. */
static bool
is_third_mapping(const struct call *c)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);
	unsigned inherited = 0;

	for (size_t i = 0; i < count; i++)
		inherited += ranges[i].is_inherited && ranges[i].fd == c->fd;
	return c->flags & MAP_SHARED && inherited > 1 && is_object(c->fd);
}

VIOLATION(mmap_third_time_private, "atomics.address-free", "B193", MMAP,
    CHANGES(is_third_mapping(c), c->flags ^= MAP_SHARED | MAP_PRIVATE))
{
	struct object o = object_create(page_size());
	const char *p = map_shared(o.fd, page_size());
	pid_t child;

	map_shared(o.fd, page_size());
	child = fork();
	if (child == 0) {
		*(char *)map_shared(o.fd, page_size()) = 'c';
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}

VIOLATION(detach_empties_for_others, "life_mixed.fork-chain-unmap-order", "-", SHMDT,
    CHANGES(known_range_at(c->address) != NULL && known_range_at(c->address)->is_inherited,
	memset(c->address, 0, known_range_at(c->address)->length)))
{
	char *p = segment_attach(segment_create(1), NULL, 0);
	pid_t child;

	*p = 'p';
	child = fork();
	if (child == 0) {
		shmdt(p);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return *p == 0;
}
