/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guardian.h"
#include "permission.h"
#include "platform/capability.h"
#include "platform/shm.h"
#include "random.h"
#include "scene_setup.h"
#include "site.h"
#include "user.h"

/* Keys and names that nobody has. The guardian knows them before anything has them. */
static void
draw_names(struct scene *s)
{
	for (unsigned i = 0; i < KEYS; i++) {
		do
			s->keys[i] = (key_t)random_number();
		while (s->keys[i] == IPC_PRIVATE || s->keys[i] == (key_t)-1 ||
		    (shmget(s->keys[i], 0, 0) != -1 && s->setting.has_segments));
		if (s->setting.has_segments)
			guardian_owns_key(s->keys[i]);
	}
	for (unsigned i = 0; i < NAMES; i++) {
		snprintf(s->objects[i], sizeof(s->objects[i]), "/explorer-%016" PRIx64, random_number());
		snprintf(s->files[i], sizeof(s->files[i]), "explorer-%016" PRIx64, random_number());
		if (s->setting.has_objects)
			guardian_owns_object_name(s->objects[i]);
		guardian_owns_file_name(s->files[i]);
	}
}

/* Remove what has the name. Returns whether nothing has it then. */
static bool
is_removed(int (*remove_name)(const char *), const char *name)
{
	if (remove_name(name) == -1)
		return true;
	return remove_name(name) == -1;
}

/* Whether no key and no name is taken any more. */
static bool
remove_all(const struct scene *s)
{
	bool is_clean = true;

	for (unsigned i = 0; i < KEYS && s->setting.has_segments; i++) {
		const int id = shmget(s->keys[i], 0, 0);

		is_clean &= id == -1 || (shmctl(id, IPC_RMID, NULL) == 0 && shmget(s->keys[i], 0, 0) == -1);
	}
	for (unsigned i = 0; i < NAMES; i++) {
		is_clean &= !s->setting.has_objects || is_removed(shm_unlink, s->objects[i]);
		is_clean &= is_removed(unlink, s->files[i]);
	}
	return is_clean;
}

bool
scene_clear(struct scene *s)
{
	if (remove_all(s))
		return true;
	/* The guardian may do better than a platform that differs, while it still knows who made what is left. */
	scene_renew(s);
	return false;
}

void
scene_renew(struct scene *s)
{
	guardian_finish();
	draw_names(s);
}

/* Whether this user may open again, with these flags, what has a mode without any bits: an object or a file, which is open. */
static bool
overrides_mode(int fd, int (*open_name)(const char *, int, ...), const char *name, int flags)
{
	int again;

	if (fd == -1 || fchmod(fd, 0) == -1)
		return false;
	again = open_name(name, flags);
	fchmod(fd, 0600);
	if (again != -1)
		close(again);
	return again != -1;
}

static int
open_object(const char *name, int flags, ...)
{
	return shm_open(name, flags, 0);
}

/* Look at an object and a file, which are removed again. */
static void
look_at_places(struct scene *s)
{
	int fd = shm_open(s->objects[0], O_RDWR | O_CREAT | O_EXCL, 0600);

	s->setting.overrides[OBJECT] = overrides_mode(fd, open_object, s->objects[0], O_RDWR);
	s->setting.overrides_reading[OBJECT] = overrides_mode(fd, open_object, s->objects[0], O_RDONLY);
	s->setting.object_tail_stays = fd != -1 && site_tail_stays(fd);
	s->setting.has_objects &= site_has_room(fd, &s->setting);
	/* Their memory is like that of objects if these are where they should be. */
	s->setting.has_memfds &= s->setting.has_objects && s->setting.object_tail_stays;
	shm_unlink(s->objects[0]);
	fd = open(s->files[0], O_RDWR | O_CREAT | O_EXCL, 0600);
	s->setting.file_times_agree = fd != -1 && site_times_agree(fd);
	s->setting.overrides[REGULAR_FILE] = overrides_mode(fd, open, s->files[0], O_RDWR);
	s->setting.overrides_reading[REGULAR_FILE] = overrides_mode(fd, open, s->files[0], O_RDONLY);
	s->setting.file_tail_stays = fd != -1 && site_tail_stays(fd);
	s->setting.end_is_open = fd != -1 && site_end_is_open(fd);
	s->setting.has_files = site_has_room(fd, &s->setting);
	unlink(s->files[0]);
}

/* It is the effective user who asks: access() would not do. */
static bool
may_search_here(const struct scene *s)
{
	struct stat status;

	return stat(s->files[0], &status) == -1 && errno == ENOENT;
}

static bool
make_as_other(const struct scene *s)
{
	return become_other(s).error == 0 &&
	    (!s->setting.has_segments || shmget(s->keys[0], 1, IPC_CREAT | IPC_EXCL | 0600) != -1) &&
	    (!s->setting.has_objects || shm_open(s->objects[0], O_RDWR | O_CREAT | O_EXCL, 0600) != -1);
}

/*
 * Find out whether root can become another user, and has all rights over what that makes; and whether that may search the
 * working directory.
 */
static void
look_at_other(struct scene *s)
{
	enum { HAS_MADE = 10, REACHES_FILES };
	struct setting *setting = &s->setting;
	int status = 0;
	pid_t pid;

	if (geteuid() != 0 || !setting->objects_have_modes || (setting->has_segments && !setting->overrides[SEGMENT]) ||
	    (setting->has_objects && !setting->overrides[OBJECT]) ||
	    (setting->has_files && !setting->overrides[REGULAR_FILE]) || !has_capability(CAPABILITY_FOWNER) ||
	    !has_capability(CAPABILITY_KILL))
		return;
	pid = fork();
	if (pid == 0) {
		guardian_leave();
		if (!make_as_other(s))
			_exit(0);
		_exit(may_search_here(s) ? REACHES_FILES : HAS_MADE);
	}
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	setting->can_become_other = scene_clear(s) && (status == HAS_MADE || status == REACHES_FILES);
	setting->other_reaches_files = status == REACHES_FILES;
}

void
scene_prepare(struct scene *s)
{
	if (s->setting.has_segments)
		s->setting.overrides[SEGMENT] = site_overrides_segments();
	s->users[FIRST_USER] = geteuid();
	s->groups[FIRST_USER] = getegid();
	s->users[OTHER_USER] = user_id(OTHER);
	s->groups[OTHER_USER] = group_id(OWNER); /* its number is another one than the user's */
	draw_names(s);
	look_at_places(s);
	s->has_groups_of_creators = site_has_groups_of_creators();
	look_at_other(s);
}
