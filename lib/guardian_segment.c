/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "guardian.h"
#include "guardian_kind.h"
#include "platform.h"
#include "user.h"

/* Whether the key that we drew for it has led to this segment, and it was removed: it may still be attached. */
static bool
was_removed_by_key(int id)
{
	size_t count;
	const struct entry *entries = guardian_entries(&count);

	for (size_t i = 0; i < count; i++)
		if (entries[i].kind == KEY && entries[i].has_identity && entries[i].id == id)
			return true;
	return false;
}

/* For as_some_user(): remove a segment that is known to be the case's own. */
static bool
remove_without_look(int id, bool ours_by_key)
{
	(void)ours_by_key;
	return shmctl(id, IPC_RMID, NULL) == 0 || errno == EINVAL || errno == EIDRM;
}

/*
 * The same for one that may be another's by now: it is ours by the key that we drew for it, or by its creator. False where
 * this user may not look at it or not remove it.
 */
static bool
remove_if_ours(int id, bool ours_by_key)
{
	struct shmid_ds status;

	if (shmctl(id, IPC_STAT, &status) == -1) {
		if (errno != EACCES)
			return true; /* destroyed */
		/* Mode bits keep its owner from looking, but nobody else has a key that we drew. */
		return was_removed_by_key(id) || (ours_by_key && shmctl(id, IPC_RMID, NULL) == 0);
	}
	if (!guardian_is_known_process(status.shm_cpid))
		return true; /* somebody else's by now */
	return remove_without_look(id, ours_by_key);
}

/* Root without CAP_SYS_ADMIN may not remove what a child has made as another user. Then that user does. */
static bool
as_some_user(bool (*remove)(int id, bool ours_by_key), int id, bool ours_by_key)
{
	static const enum user users[] = { OWNER, GROUP_MEMBER, OTHER };
	bool is_done = remove(id, ours_by_key);

	for (size_t i = 0; i < nitems(users) && !is_done && geteuid() == 0 && seteuid(user_id(users[i])) == 0; i++) {
		is_done = remove(id, ours_by_key);
		if (seteuid(0) == -1)
			break;
	}
	return is_done;
}

static bool
remove_segment(int id, bool ours_by_key)
{
	return as_some_user(remove_if_ours, id, ours_by_key);
}

static bool
remove_by_key(struct entry *entry)
{
	entry->id = shmget(entry->key, 0, 0);
	if (entry->id == -1)
		return true;
	entry->has_identity = remove_segment(entry->id, true);
	return entry->has_identity;
}

static bool
remove_by_id(struct entry *entry)
{
	return remove_segment(entry->id, false);
}

/*
 * What a case made with IPC_PRIVATE when it was killed, before it could tell. Where a list of all segments is, on Linux, it
 * is found by its creator, the process that the guardian is of: that has lived from then on, so that nobody else has had its
 * number meanwhile, and by being no older than the guardian. See proc(5) for the columns.
 */
static bool
remove_untold(time_t since)
{
	FILE *list = fopen("/proc/sysvipc/shm", "r");
	char line[512];
	bool clean = true;

	if (list == NULL)
		return true;
	while (fgets(line, sizeof(line), list) != NULL) {
		int key;
		int id;
		int creator;
		intmax_t changed;

		if (sscanf(line, "%d %d %*o %*u %d %*d %*u %*u %*u %*u %*u %*u %*u %jd", &key, &id, &creator,
			&changed) == 4 &&
		    key == IPC_PRIVATE && creator == guardian_of_process() && changed >= since)
			clean &= as_some_user(remove_without_look, id, true);
	}
	fclose(list);
	return clean;
}

__attribute__((constructor)) static void
segments_are_removed(void)
{
	guardian_removes(KEY, remove_by_key, NULL);
	guardian_removes(SEGMENT, remove_by_id, remove_untold);
}

void
guardian_owns_key(key_t key)
{
	guardian_tell(&(struct entry){ .kind = KEY, .key = key });
}

void
guardian_owns_segment(int id)
{
	guardian_tell(&(struct entry){ .kind = SEGMENT, .id = id });
}
