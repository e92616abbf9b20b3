/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <unistd.h>

#include <sys/stat.h>

#include <sys/resource.h>

#include "clock.h"
#include "guardian.h"
#include "image.h"
#include "instrument.h"
#include "platform.h"
#include "platform/behaviour.h"
#include "platform/memfd.h"
#include "platform/mman.h"
#include "platform/nitems.h"
#include "platform/object_place.h"
#include "platform/resource.h"
#include "platform/statvfs.h"
#include "segment.h"
#include "segment_limits.h"
#include "site.h"

bool
site_tail_stays(int fd)
{
	return is_on_tmpfs(fd) || is_on_ufs(fd) || platform_is(NETBSD);
}

bool
site_end_is_open(int fd)
{
	struct statvfs fs;

	return platform_is(DRAGONFLY) ||
	    (platform_is(NETBSD) && is_on_ufs(fd) && fstatvfs(fd, &fs) == 0 && fs.f_frsize > page_size());
}

bool
site_has_room(int fd, const struct setting *s)
{
	const uintmax_t size = (uintmax_t)BACKINGS * UNITS * s->unit;
	struct statvfs place;
	bool has;

	if (fd == -1)
		return false;
	has = fstatvfs(fd, &place) == -1 || place.f_blocks == 0 || (uintmax_t)place.f_bavail * place.f_frsize >= size;
	has &= ftruncate(fd, (off_t)(UNITS * (size_t)s->unit)) == 0;
	close(fd);
	return has;
}

bool
site_has_segments(const struct setting *s)
{
	const size_t size = UNITS * (size_t)s->unit;
	int ids[BACKINGS];
	bool are_there = true;

	for (unsigned i = 0; i < nitems(ids); i++) {
		ids[i] = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
		are_there &= ids[i] != -1;
		if (ids[i] != -1)
			guardian_owns_segment(ids[i]);
	}
	for (unsigned i = 0; i < nitems(ids); i++)
		if (ids[i] != -1)
			are_there &= shmctl(ids[i], IPC_RMID, NULL) == 0;
	return are_there && !unattached_segments_are_destroyed();
}

/* Not in all branches of FreeBSD. */
static bool
segments_have_whole_pages(void)
{
	const int id = shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	struct shmid_ds status = { .shm_segsz = 1 };

	if (id == -1)
		return false;
	guardian_owns_segment(id);
	shmctl(id, IPC_STAT, &status);
	shmctl(id, IPC_RMID, NULL);
	return platform_is(FREEBSD) && (size_t)status.shm_segsz == page_size();
}

/* An administrator may turn that off. */
static bool
access_is_not_raised(void)
{
	char *p = mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool is_refused;

	if (p == MAP_FAILED)
		return false;
	is_refused = mprotect(p, page_size(), PROT_READ | PROT_WRITE) == -1 && errno == EACCES;
	munmap(p, page_size());
	return platform_is(NETBSD) && is_refused;
}

static int
error_of_msync_hole(void)
{
	if (platform_is(NETBSD | OPENBSD))
		return EFAULT;
	return platform_is(DRAGONFLY) ? EINVAL : ENOMEM;
}

static bool
has_guards(void)
{
	void *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool has;

	if (p == MAP_FAILED)
		return false;
	has = madvise(p, page_size(), MADV_GUARD_INSTALL) == 0;
	munmap(p, page_size());
	return has;
}

static bool
has_advice(void)
{
	void *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool has;

	if (p == MAP_FAILED)
		return false;
	has = madvise(p, page_size(), MADV_WIPEONFORK) == 0;
	munmap(p, page_size());
	return has;
}

static bool
has_memfds(void)
{
	const int fd = memfd_create("explorer", 0);

	if (fd != -1)
		close(fd);
	return fd != -1;
}

void
site_find_alternatives(struct setting *s)
{
	s->has_advice = platform_is(LINUX) && has_advice();
	s->has_memfds = platform_is(LINUX) && has_memfds();
	s->removed_segments_stay = platform_is(LINUX);
	s->has_guards = platform_is(LINUX) && has_guards();
	s->objects_have_times = !platform_is(MACOS);
	s->detach_sets_last_user = platform_is(LINUX | ILLUMOS);
	s->objects_have_modes = !platform_is(OPENBSD | MACOS);
	s->error_of_foreign_unlink = platform_is(MUSL | NETBSD | OPENBSD) ? EPERM : EACCES;
	s->removed_have_other_error = other_error_of_removed() != 0;
	s->removed_segments_show = SHM_DEST != 0;
	s->segments_have_whole_pages = s->has_segments && segments_have_whole_pages();
	s->read_only_attach_replaces = platform_is(FREEBSD) && SHM_REMAP == (SHM_RDONLY | SHM_RND);
	s->calls_take_attachments = platform_is(LINUX | OTHER_PLATFORM);
	s->attach_can_replace = SHM_REMAP != 0 && platform_is(LINUX | OTHER_PLATFORM);
	s->objects_are_sized_once = platform_is(MACOS);
	s->objects_are_mapped_shared_and_whole = platform_is(MACOS);
	s->holes_are_protected = platform_is(FREEBSD | NETBSD | OPENBSD | DRAGONFLY);
	s->holes_are_not_unmapped = platform_is(OPENBSD | DRAGONFLY);
	s->access_is_not_raised = access_is_not_raised();
	s->cut_page_loses_stores = platform_is(OPENBSD);
	s->error_of_taken_address = error_of_taken_address();
	s->other_error_of_taken_address = other_error_of_taken_address();
	s->error_of_msync_hole = error_of_msync_hole();
}

static bool
decides_group(const char *directory)
{
	struct stat status;

	return stat(directory, &status) == -1 || (status.st_mode & S_ISGID) != 0;
}

bool
site_has_groups_of_creators(void)
{
	char path[64];

	return platform_is(LINUX) && object_path("", path, sizeof(path)) && !decides_group(path) && !decides_group(".");
}

bool
site_times_agree(int fd)
{
	const time_t now = coarse_time();
	struct stat status;

	/* It was made a moment ago. */
	return fstat(fd, &status) == 0 && status.st_ctime <= now + 1 && status.st_ctime + 1 >= now;
}

bool
site_overrides_segments(void)
{
	const int id = shmget(IPC_PRIVATE, 1, IPC_CREAT);
	void *p;

	if (id == -1)
		return false;
	guardian_owns_segment(id);
	p = shmat(id, NULL, 0);
	if (p != (void *)-1)
		shmdt(p);
	shmctl(id, IPC_RMID, NULL);
	return p != (void *)-1;
}

bool
site_has_vfork(void)
{
	/* ThreadSanitizer makes it a fork(), so that the child has attachments of its own, which end with it. */
	return !instrumented_by(THREAD_SANITIZER) && end_in_vfork() != -1;
}

bool
site_has_objects(void)
{
	return shm_unlink("/explorer-has-no-such-object") == 0 || (errno != ENOSYS && errno != ENOTSUP);
}

/* Whether this process may lock that much. */
static bool
can_lock(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
	bool can = p != MAP_FAILED && mlock(p, size) == 0;

	if (p != MAP_FAILED)
		munmap(p, size);
	return can;
}

void
site_find_locks(struct setting *s)
{
	const size_t most = (size_t)PLACES * s->unit;
	struct rlimit limit = { 0, 0 };

	s->locks.are_there = !instrumented_by(ADDRESS_SANITIZER | THREAD_SANITIZER);
	s->locks.are_counted = locked_bytes() == 0;
	s->locks.msync_tells = msync_tells_locks();
	s->locks.stay_at_failure = platform_is(LINUX | OTHER_PLATFORM);
	s->locks.munlock_needs_them = platform_is(NETBSD | DRAGONFLY);
	s->locks.limit = UINT32_MAX;
	if (!s->locks.are_there || can_lock(most))
		return;
	/* A refusal that no limit tells of leaves nothing to be known of locks; what counts is known of Linux. */
	s->locks.are_there = platform_is(LINUX | OTHER_PLATFORM) && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
	    (uintmax_t)limit.rlim_cur < most;
	s->locks.limit = (uint32_t)(limit.rlim_cur / s->page * s->page);
}
