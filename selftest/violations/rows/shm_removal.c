/* SPDX-License-Identifier: BSD-2-Clause */

/* Removal of what others hold, and what is left of it. Removal as such: shmctl_rmid.c. */

#include <signal.h>

#include "segments.h"
#include "shmget.h"

static bool
is_removal(const struct call *c)
{
	return c->command == IPC_RMID && known_segment(c->id) != NULL && !is_removed(c->id);
}

static unsigned
attachments_now(int id)
{
	return (unsigned)real_status(id).shm_nattch;
}

static int
destroyed_segment(void)
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	segment_remove(id);
	segment_detach(p);
	return id;
}

VIOLATION(shmat_rdonly_of_destroyed_enoent, "shmat.einval-bad-id", "-", SHMAT,
    MISTAKES(c->flags == SHM_RDONLY && is_removed(c->id), EINVAL, ENOENT))
{
	return error_of_attach(destroyed_segment(), SHM_RDONLY) == ENOENT;
}

/* The caller never saw the segment, which others have attached. */
static bool
is_unknown_and_held(const struct call *c)
{
	return c->command == IPC_RMID && known_segment(c->id) == NULL && known_attachments(c->id) == 0 &&
	    attachments_now(c->id) > 0;
}

/* The error of that: a child has made the segment and has it attached, and its identifier comes through the pipe. */
static int
error_of_removal_of_childs(void)
{
	int ends[2];
	int id;

	segment_key();
	pid_t child = pipe(ends) == 0 ? fork() : -1;
	if (child == 0) {
		id = segment_create(1);
		segment_attach(id, NULL, 0);
		_exit(write(ends[1], &id, sizeof(id)) == (ssize_t)sizeof(id) ? pause() : 1);
	}
	guardian_knows_process(child);
	if (child == -1 || read(ends[0], &id, sizeof(id)) != (ssize_t)sizeof(id))
		return -1;
	int error = shmctl(id, IPC_RMID, NULL) == -1 ? errno : 0;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return error;
}

VIOLATION(shmctl_rmid_by_who_has_it_not_ebusy, "shmctl.rmid-attached-keeps-data", "-", SHMCTL,
    REFUSES(is_unknown_and_held(c), EBUSY))
{
	return error_of_removal_of_childs() == EBUSY;
}

static bool
is_of_removed(const struct known_range *range)
{
	return range->id != -1 && is_removed(range->id);
}

static void
replace(const struct known_range *range)
{
	put_zeros(range->start, range->length, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

VIOLATION(fork_child_lacks_removed, "shmctl.rmid-attached-keeps-data", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_of_removed), for_known_ranges(is_of_removed, replace)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	int status;

	*p = 'x';
	segment_remove(id);
	pid_t child = fork();
	if (child == 0)
		_exit(*p);
	return waitpid(child, &status, 0) == child && status == 0;
}

static bool
is_held_to_read_alone(const struct call *c)
{
	return is_removal(c) && attachment_of(c->id, SHM_RDONLY) != NULL && attachment_of(c->id, 0) == NULL;
}

VIOLATION(shmctl_rmid_clears_what_is_only_read, "shmctl.rmid-attached-keeps-data", "-", SHMCTL,
    FALSIFIES(is_held_to_read_alone(c), replace(attachment_of(c->id, SHM_RDONLY))))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);
	char *ro = segment_attach(id, NULL, SHM_RDONLY);

	*p = 'x';
	segment_detach(p);
	segment_remove(id);
	return *ro == 0;
}

VIOLATION(shmctl_rmid_by_child_that_has_it_removes_nothing, "shmctl.rmid-hides-key", "-", SHMCTL,
    SKIPS(is_removal(c) && !is_first_process() && known_attachments(c->id) > 0 &&
	known_segment(c->id)->creator != getpid()))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);
	pid_t child = fork();

	if (child == 0) {
		segment_attach(id, NULL, 0);
		_exit(shmctl(id, IPC_RMID, NULL));
	}
	waitpid(child, NULL, 0);
	return shmget(key, 0, 0) == id;
}

VIOLATION(shmctl_stat_finds_what_the_killed_removed, "shmctl.rmid-unattached-destroys", "-", SHMCTL,
    ACCEPTS(is_stat(c) && known_segment(c->id) != NULL && !is_removed(c->id) && known_last_child_was_killed(), 0, 0))
{
	int id = segment_create(1);
	pid_t child = fork();

	if (child == 0) {
		segment_remove(id);
		_exit(raise(SIGKILL));
	}
	waitpid(child, &(int){ 0 }, 0);
	return error_of_control(id, IPC_STAT) == 0;
}

static bool
asks_for_more_than_removed(const struct call *c)
{
	const struct known_segment *old = removed_but_attached(c);

	return old != NULL && c->length > old->size;
}

/* The result of a call with the key of a segment of one page that is removed and attached. */
static int
result_for_key_of_removed(size_t size, int flags, int *old)
{
	key_t key = segment_key();

	*old = segment_create_with_key(key, page_size(), 0600);
	segment_attach(*old, NULL, 0);
	segment_remove(*old);
	errno = 0;
	return shmget(key, size, flags);
}

VIOLATION(shmget_larger_than_removed_einval, "shmctl.rmid-hides-key", "-", SHMGET,
    REFUSES(asks_for_more_than_removed(c), EINVAL))
{
	int old;

	return result_for_key_of_removed(2 * page_size(), IPC_CREAT | 0600, &old) == -1 && errno == EINVAL;
}

VIOLATION(shmget_creat_finds_removed, "shmget.removed-but-attached-key-free", "-", SHMGET,
    REPLACES(is_creation(c) && removed_but_attached(c) != NULL && c->length == 1 * page_size(),
	c->result = removed_but_attached(c)->id))
{
	int old;
	int id = result_for_key_of_removed(page_size(), IPC_CREAT | 0600, &old);

	return id == old;
}

/* Of three segments in turn with one key the third is what the second was. */
static const struct known_segment *
second_of_three(int id)
{
	const struct known_segment *segment = known_segment(id);
	unsigned how_many = 0;
	const struct known_segment *last;

	if (segment == NULL || segment->was_removed)
		return NULL;
	last = removed_with_key(segment->key, &how_many);
	return how_many >= 2 && known_attachments(last->id) > 0 ? last : NULL;
}

VIOLATION(shmat_gives_removed_predecessor, "shmget.removed-but-attached-key-free", "-", SHMAT,
    REPLACES(second_of_three(c->id) != NULL && attachment_of(second_of_three(c->id)->id, 0) != NULL,
	c->result = (intptr_t)real_shmat(second_of_three(c->id)->id, c->address, c->flags)))
{
	key_t key = segment_key();
	char *p = NULL;
	int id = -1;

	for (int i = 0; i < 3; i++) {
		if (id != -1)
			segment_remove(id);
		id = segment_create_with_key(key, 1, 0600);
		p = segment_attach(id, NULL, 0);
		if (i < 2)
			*p = 'x';
	}
	return *p == 'x';
}

VIOLATION(shmctl_rmid_again_clears, "shmctl.rmid-twice", "-", SHMCTL,
    FALSIFIES(c->command == IPC_RMID && is_removed(c->id) && known_attachments(c->id) > 1,
	memset(attachment_of(c->id, 0)->start, 0, attachment_of(c->id, 0)->length)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	segment_attach(id, NULL, 0);
	*p = 'x';
	segment_remove(id);
	shmctl(id, IPC_RMID, NULL);
	return *p == 0;
}

VIOLATION(shmctl_set_of_removed_brings_key_back, "shmctl.rmid-then-set", "-", SHMCTL,
    FALSIFIES(c->command == IPC_SET && is_removed(c->id),
	real_shmget(known_segment(c->id)->key, 1, IPC_CREAT | IPC_EXCL | 0600)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return error_of_control(id, IPC_SET) == 0 && shmget(key, 0, 0) != -1;
}

/* Nothing is mapped there. */
static bool
is_nowhere(const void *buffer)
{
	struct call sync = { .interface = MSYNC,
		.address = (void *)((uintptr_t)buffer / page_size() * page_size()),
		.length = page_size(),
		.flags = MS_ASYNC };

	return buffer != NULL && real_call(&sync) == -1;
}

VIOLATION(shmctl_rmid_bad_buffer_efault, "shmctl.rmid-null-buffer", "B004", SHMCTL,
    REFUSES(is_removal(c) && is_nowhere(c->buffer), EFAULT))
{
	return shmctl(segment_create(1), IPC_RMID, address_of_kernel()) == -1 && errno == EFAULT;
}
