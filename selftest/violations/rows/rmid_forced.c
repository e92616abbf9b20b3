/* SPDX-License-Identifier: BSD-2-Clause */

/* shm_rmid_forced of Linux, in IPC namespaces that are made for that. */

#ifdef __linux__

#include "ipc.h"
#include "direct_check.h"
#include "segment_limits.h"
#include "shmget.h"
#include "violation.h"

static const char setting[] = "shm_rmid_forced";

static bool
is_forced(void)
{
	return known_ipc_namespaces() > 0 && limit_now(setting) == 1;
}

/* Attach the segments that nobody has attached; remove those that are. */
static void
keep_orphans(void)
{
	struct shm_info info;
	struct shmid_ds status;
	int last = real_shmctl(0, SHM_INFO, &info);

	for (int i = 0; i <= last; i++) {
		int id = real_shmctl(i, SHM_STAT, &status);

		if (id != -1 && status.shm_nattch == 0)
			real_shmat(id, NULL, 0);
	}
}

static void
remove_attached(void)
{
	struct shm_info info;
	struct shmid_ds status;
	int last = real_shmctl(0, SHM_INFO, &info);

	for (int i = 0; i <= last; i++) {
		int id = real_shmctl(i, SHM_STAT, &status);

		if (id != -1 && status.shm_nattch > 0)
			real_shmctl(id, IPC_RMID, NULL);
	}
}

static bool
creates(void *key)
{
	return shmget(*(key_t *)key, 1, IPC_CREAT | 0600) != -1;
}

/* The setting comes when a process that has ended has left a segment, attached or not: whether it is found then. */
static bool
is_found_after_setting(bool is_attached, bool *is_found)
{
	key_t key = segment_key();

	if (!can_enter_namespace() || !is_seen_by(SAME_USER, creates, &key))
		return false;
	if (is_attached)
		segment_attach(shmget(key, 0, 0), NULL, 0);
	ipc_limit_set(setting, 1);
	*is_found = shmget(key, 0, 0) != -1;
	return true;
}

VIOLATION(rmid_forced_keeps_orphans, "admin.rmid-forced-destroys-orphans", "-", FOPEN,
    CHANGES(opens_limit(c, setting, "w"), keep_orphans()))
{
	bool is_found;

	return is_found_after_setting(false, &is_found) && is_found;
}

VIOLATION(rmid_forced_removes_attached, "admin.rmid-forced-destroys-orphans", "-", FOPEN,
    CHANGES(opens_limit(c, setting, "w"), remove_attached()))
{
	bool is_found;

	return is_found_after_setting(true, &is_found) && !is_found;
}

static const struct known_range *
detached(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return range == NULL || range->id == -1 || !is_forced() ? NULL : range;
}

static bool
is_detach_with(const struct call *c, unsigned attachments)
{
	return detached(c) != NULL && known_attachments(detached(c)->id) == attachments;
}

/* Whether the segment is still there when this number of its two attachments has been detached. */
static bool
is_found_after(int detachments, bool *is_found)
{
	key_t key = segment_key();

	if (!can_enter_namespace())
		return false;
	ipc_limit_set(setting, 1);
	int id = shmget(key, 1, IPC_CREAT | 0600);
	char *attachments[] = { segment_attach(id, NULL, 0), segment_attach(id, NULL, 0) };
	for (int i = 0; i < detachments; i++)
		segment_detach(attachments[i]);
	*is_found = shmget(key, 0, 0) != -1;
	return true;
}

VIOLATION(rmid_forced_last_detach_keeps, "admin.rmid-forced-last-detach", "-", SHMDT,
    CHANGES(is_detach_with(c, 1), real_shmat(detached(c)->id, NULL, 0)))
{
	bool is_found;

	return is_found_after(2, &is_found) && is_found;
}

VIOLATION(rmid_forced_first_detach_destroys, "admin.rmid-forced-last-detach", "-", SHMDT,
    CHANGES(is_detach_with(c, 2), real_shmctl(detached(c)->id, IPC_RMID, NULL)))
{
	bool is_found;

	return is_found_after(1, &is_found) && !is_found;
}

/* This process has made a segment that it has not attached. */
static bool
leaves_orphan(void)
{
	size_t count;
	const struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (segments[i].creator == getpid() && !segments[i].was_attached && !segments[i].was_removed)
			return true;
	return false;
}

VIOLATION(rmid_forced_creator_leaves_segment, "admin.rmid-forced-creator-exit", "-", EXIT,
    CHANGES(is_forced() && leaves_orphan(), limit_set(setting, 0)))
{
	key_t key = segment_key();

	if (!can_enter_namespace())
		return false;
	ipc_limit_set(setting, 1);
	return is_seen_by(SAME_USER, creates, &key) && shmget(key, 0, 0) != -1;
}

static bool
is_reset(const struct call *c)
{
	return is_forced() && opens_limit(c, setting, "w");
}

static bool
has_been_reset(const struct call *c)
{
	static bool is_first = true;
	bool was_forced = is_reset(c) && !is_first;

	is_first = is_first && !opens_limit(c, setting, "w");
	return was_forced;
}

VIOLATION(rmid_forced_cannot_be_reset, "admin.rmid-forced-last-detach", "-", FOPEN,
    CHANGES(has_been_reset(c), c->name = "/dev/null"))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set(setting, 1);
	ipc_limit_set(setting, 0);
	return ipc_limit(setting) == 1;
}

/* Of those who ask lib/segment_limits.h. */
VIOLATION(rmid_forced_hidden, "admin.suite-must-detect-rmid-forced", "-", FOPEN,
    CHANGES(opens_limit(c, setting, "re"), c->name = "/dev/null"))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set(setting, 1);
	return !unattached_segments_are_destroyed();
}

VIOLATION(rmid_forced_shown_by_default, "admin.suite-must-detect-rmid-forced", "-", FOPEN,
    FALSIFIES(opens_limit(c, setting, "r"), content_set_number(c, 1)))
{
	return can_enter_namespace() && ipc_limit(setting) == 1 && !unattached_segments_are_destroyed();
}

#endif
