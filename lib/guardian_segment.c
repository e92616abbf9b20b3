/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>

#include "check.h"
#include "guardian.h"
#include "guardian_kind.h"
#include "platform.h"
#include "user.h"

/* Whether this segment was found by a key that we drew, and was removed. It may still be attached. */
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
	bool is_ours; /* it has a key that we drew */
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
		/* The mode forbids IPC_STAT. Only the case has a key that we drew. */
		return was_removed_by_key(t->id) || (t->is_ours && shmctl(t->id, IPC_RMID, NULL) == 0);
	}
	if (!guardian_is_known_process(status.shm_cpid))
		return true; /* it is another's by now */
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
 * Remove what a case made with IPC_PRIVATE and had not told when it was killed. Linux has a list of all segments, whose
 * columns are in proc(5). The creator of the segment is the process that the guardian belongs to, and the segment is not
 * older than the guardian. No other process has had that id since the guardian began.
 */
static bool
remove_not_told(time_t since)
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
	guardian_removes(SEGMENT, remove_by_id, remove_not_told);
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
