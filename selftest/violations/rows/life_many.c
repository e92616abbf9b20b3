/* SPDX-License-Identifier: BSD-2-Clause */

/* What is used up by each of many cycles, and pages of many that are in another's place. */

#ifdef __linux__

#include <fcntl.h>

#include <sys/mman.h>
#include <sys/shm.h>

#include "direct_check.h"
#include "mmap.h"
#include "segments.h"

static bool
unmaps_unreserved(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range != NULL && is_private_anonymous_range(range) && range->flags & MAP_NORESERVE;
}

VIOLATION(munmap_keeps_unreserved_memory, "life_many.page-tables-come-back", "-", MUNMAP, SKIPS(unmaps_unreserved(c)))
{
	char *p = mmap(NULL, page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);

	munmap(p, page_size());
	return !load_is_refused(p);
}

/* Shared memory of more than a few pages, of which nobody has touched the first. */
static bool
is_untouched(const struct known_range *range)
{
	return range->id == -1 && range->fd == -1 && range->flags & MAP_SHARED && range->length > 16 * page_size() &&
	    !is_resident(range->start);
}

/* With a length of 0, mremap() maps the same memory a second time. */
static void
show_first_in_second(const struct known_range *range)
{
	real_make((struct call){ .interface = MREMAP,
	    .address = range->start,
	    .length = 0,
	    .new_length = page_size(),
	    .flags = MREMAP_MAYMOVE | MREMAP_FIXED,
	    .new_address = range->start + page_size() });
}

VIOLATION(fork_child_has_first_page_in_second, "life_many.pages-of-many", "-", FORK,
    FALSIFIES(c->result == 0 && has_known_range(is_untouched), for_known_ranges(is_untouched, show_first_in_second)))
{
	char *p = map_anonymous(17 * page_size(), MAP_SHARED);
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		*p = 'c';
		_exit(p[page_size()] == 'c');
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) == 1;
}

VIOLATION(rmid_of_detached_keeps_descriptor, "shm_process.life-cycle", "-", SHMCTL,
    FALSIFIES(c->command == IPC_RMID && known_segment(c->id) != NULL && known_segment(c->id)->was_attached &&
	    known_attachments(c->id) == 0,
	real_open(".", O_RDONLY | O_CLOEXEC)))
{
	int id = segment_create(1);
	int before = open(".", O_RDONLY);
	int after;

	close(before);
	segment_detach(segment_attach(id, NULL, 0));
	segment_remove(id);
	after = open(".", O_RDONLY);
	close(after);
	return after != before;
}

static bool
are_all_removed(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (!segments[i].was_removed)
			return false;
	return count > 0;
}

static void
count_one_more(struct shm_info *info)
{
	info->used_ids++;
	info->shm_tot++;
	info->shm_rss++;
}

VIOLATION(shm_info_counts_removed, "shm_process.life-cycle", "-", SHMCTL,
    FALSIFIES(c->command == SHM_INFO && known_ipc_namespaces() > 0 && are_all_removed(), count_one_more(c->buffer)))
{
	struct shm_info info;

	if (!can_enter_namespace())
		return false;
	segment_remove(segment_create(1));
	return shmctl(0, SHM_INFO, (void *)&info) != -1 && info.used_ids == 1;
}

#endif
