/* SPDX-License-Identifier: BSD-2-Clause */

/* What becomes of mappings and of what they stored when a process ends. */

#include <signal.h>

#include "mmap.h"

/* The process's own mapping of a file. */
static const struct known_range *
own_file_range(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_shared_file_range(&ranges[i]) && !ranges[i].is_inherited && ranges[i].protection == READ_WRITE &&
		    is_file(ranges[i].fd) && ranges[i].length > page_size() &&
		    file_bytes(ranges[i].fd) == ranges[i].length)
			return &ranges[i];
	return NULL;
}

static void
drop_stores(size_t from)
{
	const struct known_range *range = own_file_range();

	memset(range->start + from, 0, range->length - from);
}

/* What a child has stored in this page of the file, after it has ended so. */
static char
stored_by_child(size_t page, int signal)
{
	int fd = nameless_file(3 * page_size());
	pid_t child = fork();

	if (child == 0) {
		((char *)map_shared(fd, 3 * page_size()))[page * page_size()] = 'x';
		if (signal != 0)
			raise(signal);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return content_of(fd, 3 * page_size())[page * page_size()];
}

VIOLATION(exit_drops_stores, "mmap_process.exit-flushes-shared", "B059", EXIT,
    CHANGES(own_file_range() != NULL, drop_stores(0)))
{
	return stored_by_child(0, 0) == 0;
}

VIOLATION(exit_drops_stores_to_last_page, "mmap_process.exit-flushes-shared", "-", EXIT,
    CHANGES(own_file_range() != NULL, drop_stores(own_file_range()->length - page_size())))
{
	return stored_by_child(0, 0) == 'x' && stored_by_child(2, 0) == 0;
}

/* A mapping whose stores would reach the file when it is unmapped by a call, and that is not. */
static bool
is_file_without_name(const struct call *c)
{
	return asks_shared_file(c) && c->protection == READ_WRITE && c->length > page_size() && is_file(c->fd) &&
	    real_status_of(c->fd).st_nlink == 0 && file_bytes(c->fd) == c->length;
}

VIOLATION(mmap_by_child_writes_at_munmap_only, "mmap_process.exit-flushes-shared", "B059", MMAP,
    CHANGES(is_file_without_name(c) && !is_first_process(), c->flags ^= SHARING_TYPES))
{
	return stored_by_child(0, SIGKILL) == 0;
}

#ifdef __linux__

/* Map all objects that can be sealed, and leave them so: as if they were mapped by the process that has ended. */
static void
leave_objects_mapped(void)
{
	for (int fd = 0; fd < 64; fd++) {
		int seals = (int)real_make((struct call){ .interface = FCNTL, .fd = fd, .command = F_GET_SEALS });

		if (seals != -1 && (seals & F_SEAL_SEAL) == 0)
			real_mmap(NULL, page_size(), READ_WRITE, MAP_SHARED, fd, 0);
	}
}

static bool
has_ended(const struct call *c, bool by_signal)
{
	const int *status = c->buffer;

	return status != NULL && c->result > 0 && (by_signal ? WIFSIGNALED(*status) : WIFEXITED(*status));
}

/* Whether what a child had mapped for writing when it ended so can't be sealed against that. */
static bool
is_still_mapped(int signal)
{
	int status;
	int fd = memfd_sealable(page_size());
	pid_t child = fork();

	if (child == 0) {
		map_shared(fd, page_size());
		if (signal != 0)
			raise(signal);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == -1 && errno == EBUSY;
}

VIOLATION(exit_leaves_memory_mapped, "mmap_process.exit-unmaps", "-", WAITPID,
    FALSIFIES(has_ended(c, false), leave_objects_mapped()))
{
	return is_still_mapped(0);
}

VIOLATION(death_leaves_memory_mapped, "mmap_process.exit-unmaps", "-", WAITPID,
    FALSIFIES(has_ended(c, true), leave_objects_mapped()))
{
	return is_still_mapped(SIGKILL);
}

#endif
