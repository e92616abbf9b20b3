/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <unistd.h>

#include <sys/mman.h>

#include "guardian.h"
#include "platform.h"
#include "platform/nitems.h"
#include "platform/object_place.h"
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
