/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>

#include "check.h"
#include "guardian_kind.h"
#include "platform.h"

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

static bool
remove_segment(int id, bool ours_by_key)
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
	return shmctl(id, IPC_RMID, NULL) == 0 || errno == EINVAL || errno == EIDRM;
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
			clean &= shmctl(id, IPC_RMID, NULL) == 0 || errno == EINVAL || errno == EIDRM;
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
