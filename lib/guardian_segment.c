/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>

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

/* A segment to be removed. */
struct target {
	int id;
	bool is_ours; /* by the key that we drew for it */
};

/* These two return whether nothing of the case's own is left. */
static bool
remove_without_look(void *target)
{
	const struct target *t = target;

	return shmctl(t->id, IPC_RMID, NULL) == 0 || errno == EINVAL || errno == EIDRM;
}

static bool
remove_if_ours(void *target)
{
	const struct target *t = target;
	struct shmid_ds status;

	if (shmctl(t->id, IPC_STAT, &status) == -1) {
		if (errno != EACCES)
			return true; /* destroyed */
		/* Mode bits keep its owner from looking, but nobody else has a key that we drew. */
		return was_removed_by_key(t->id) || (t->is_ours && shmctl(t->id, IPC_RMID, NULL) == 0);
	}
	if (!guardian_is_known_process(status.shm_cpid))
		return true; /* somebody else's by now */
	return remove_without_look(target);
}

static bool
remove_segment(int id, bool is_ours)
{
	return done_by_some_user(remove_if_ours, &(struct target){ id, is_ours });
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
			clean &= done_by_some_user(remove_without_look, &(struct target){ id, true });
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
