/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#include "call.h"
#include "model/model.h"
#include "permission.h"
#include "platform/grp.h"
#include "platform/shm.h"
#include "user.h"

/* What is told of an owner whom a round does not have. */
enum { NOBODY_OF_ROUND = USERS };

bool
ask_segment(int id, struct shmid_ds *status)
{
	memset(status, 0, sizeof(*status));
	return shmctl(id, IPC_STAT, status) == 0;
}

/* What IPC_SET does not store. */
static void
make_nonsense(struct shmid_ds *status)
{
	status->shm_perm.mode |= 07000;
	status->shm_perm.cuid++;
	status->shm_perm.cgid++;
	status->shm_cpid++;
	status->shm_segsz++;
	status->shm_atime++;
	status->shm_dtime++;
	status->shm_ctime = 1;
}

struct answer
set_mode_of_segment(const struct scene *s, int id, enum mode mode, enum new_owner owner)
{
	const unsigned user = owner == FIRST_AS_OWNER ? FIRST_USER : OTHER_USER;
	struct shmid_ds status;

	/* Without the right to read the caller is the owner, or is refused. */
	memset(&status, 0, sizeof(status));
	status.shm_perm.uid = geteuid();
	status.shm_perm.gid = getegid();
	shmctl(id, IPC_STAT, &status);
	if (owner != SAME_OWNER) {
		status.shm_perm.uid = s->users[user];
		status.shm_perm.gid = s->groups[user];
	}
	status.shm_perm.mode = (status.shm_perm.mode & ~0777U) | mode_bits(mode);
	make_nonsense(&status);
	return answer_of_call(shmctl(id, IPC_SET, &status));
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
	unsigned users;
	unsigned mode;

	if (!ask_segment(id, &status))
		return FAILS(errno);
	users = user_of(s, status.shm_perm.uid, status.shm_perm.gid) +
	    user_of(s, status.shm_perm.cuid, status.shm_perm.cgid) * USERS_AND_NOBODY;
	mode = status.shm_perm.mode & 0777U;
	if ((status.shm_perm.mode & SHM_DEST) != 0)
		mode |= REMOVED_BIT;
	/* Elsewhere than where there is that bit, the others are the system's own. */
	if (SHM_DEST != 0)
		mode |= status.shm_perm.mode & 06000U;
	return GIVES_TWO(mode, users);
}

/* Elsewhere than on Linux what is made may have the group of the directory. */
struct answer
tell_mode_of_descriptor(const struct scene *s, int fd)
{
	struct stat status;
	unsigned owner = 0;

	if (fstat(fd, &status) == -1)
		return FAILS(errno);
	while (owner < USERS &&
	    (status.st_uid != s->users[owner] || (s->has_groups_of_creators && status.st_gid != s->groups[owner])))
		owner++;
	/* The type is the system's choice, but for these two. */
	return GIVES_TWO(
	    status.st_mode & (S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode) ? S_IFMT | 0777U : 0777U), owner);
}

struct answer
tell_users(int id)
{
	struct shmid_ds status;

	if (!ask_segment(id, &status))
		return FAILS(errno);
	return GIVES_TWO(status.shm_cpid, status.shm_lpid);
}

/*
 * Which of three times are not of this round: a set. A system sets times by a clock that may lag behind, or by the precise
 * one: the round has begun by the first, and now is by the second.
 */
static unsigned
which_are_wrong(const struct scene *s, const time_t times[3])
{
	struct timespec now;
	unsigned wrong = 0;

	clock_gettime(CLOCK_REALTIME, &now);
	for (unsigned i = 0; i < 3; i++)
		if (times[i] < s->start || times[i] > now.tv_sec)
			wrong |= 1U << i;
	return wrong;
}

struct answer
tell_times_of_segment(const struct scene *s, int id)
{
	struct shmid_ds status;
	unsigned are_set;
	unsigned are_wrong;

	if (!ask_segment(id, &status))
		return FAILS(errno);
	are_set = (status.shm_atime != 0 ? WAS_ATTACHED : 0) | (status.shm_dtime != 0 ? WAS_DETACHED : 0);
	are_wrong = which_are_wrong(s,
	    (time_t[3]){ status.shm_atime != 0 ? status.shm_atime : s->start,
		status.shm_dtime != 0 ? status.shm_dtime : s->start, status.shm_ctime });
	return GIVES_TWO(are_set, are_wrong);
}

struct answer
tell_times_of_descriptor(const struct scene *s, int fd)
{
	struct stat status;

	if (fstat(fd, &status) == -1)
		return FAILS(errno);
	return GIVES(which_are_wrong(s, (time_t[3]){ status.st_atime, status.st_mtime, status.st_ctime }));
}

/* The real user stays: nothing that the processes of a round do is asked of that. */
struct answer
become_other(const struct scene *s)
{
	if (setgroups(0, NULL) == -1 || setegid(s->groups[OTHER_USER]) == -1)
		return FAILS(errno);
	return answer_of_call(seteuid(s->users[OTHER_USER]));
}
