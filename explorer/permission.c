/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "permission.h"
#include "platform/grp.h"
#include "platform/shm.h"
#include "user.h"

/* What is told of an owner whom a round does not have. */
enum { NOBODY_OF_ROUND = USERS };

static struct answer
result_of(int result)
{
	return result == -1 ? FAILS(errno) : SUCCEEDS;
}

struct answer
set_mode_of_segment(int id, enum mode mode)
{
	struct shmid_ds status;

	/* Without the right to read the caller is the owner, or is refused. */
	memset(&status, 0, sizeof(status));
	status.shm_perm.uid = geteuid();
	status.shm_perm.gid = getegid();
	shmctl(id, IPC_STAT, &status);
	status.shm_perm.mode = (status.shm_perm.mode & ~0777U) | mode_bits(mode);
	return result_of(shmctl(id, IPC_SET, &status));
}

static unsigned
user_of(const struct scene *s, uid_t user, gid_t group)
{
	for (unsigned i = 0; i < USERS; i++)
		if (user == s->users[i] && group == s->groups[i])
			return i;
	return NOBODY_OF_ROUND;
}

struct answer
tell_mode_of_segment(const struct scene *s, int id)
{
	struct shmid_ds status;
	unsigned owner;

	memset(&status, 0, sizeof(status));
	if (shmctl(id, IPC_STAT, &status) == -1)
		return FAILS(errno);
	owner = user_of(s, status.shm_perm.uid, status.shm_perm.gid);
	if (owner != user_of(s, status.shm_perm.cuid, status.shm_perm.cgid))
		owner = NOBODY_OF_ROUND;
	return GIVES_TWO(status.shm_perm.mode & 0777U, owner);
}

/* BSDs give what is made the group of the directory. */
struct answer
tell_mode_of_descriptor(const struct scene *s, int fd)
{
	struct stat status;
	unsigned owner = 0;

	if (fstat(fd, &status) == -1)
		return FAILS(errno);
	while (owner < USERS && status.st_uid != s->users[owner])
		owner++;
	return GIVES_TWO(status.st_mode & 0777, owner);
}

struct answer
become_other(const struct scene *s)
{
	if (setgroups(0, NULL) == -1 || setgid(s->groups[OTHER_USER]) == -1)
		return FAILS(errno);
	return result_of(setuid(s->users[OTHER_USER]));
}
