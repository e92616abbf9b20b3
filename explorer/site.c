/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <unistd.h>

#include <sys/resource.h>

#include "guardian.h"
#include "instrument.h"
#include "platform.h"
#include "platform/behaviour.h"
#include "platform/mman.h"
#include "platform/nitems.h"
#include "platform/object_place.h"
#include "platform/resource.h"
#include "platform/statvfs.h"
#include "segment_limits.h"
#include "site.h"

bool
site_tail_stays(int fd)
{
	return is_on_tmpfs(fd) || is_on_ufs(fd) || platform_is(NETBSD);
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
	int ids[2 * KEYS + 2];
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
	s->locks.stay_at_failure = s->is_linux;
	s->locks.munlock_needs_them = platform_is(NETBSD | DRAGONFLY);
	s->locks.limit = UINT32_MAX;
	if (!s->locks.are_there || can_lock(most))
		return;
	/* A refusal that no limit tells of leaves nothing to be known of locks. */
	s->locks.are_there = getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < most;
	s->locks.limit = (uint32_t)(limit.rlim_cur / s->page * s->page);
}
