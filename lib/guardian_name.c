/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "check.h"
#include "guardian.h"
#include "guardian_name.h"

bool
guardian_can_own_name(const char *name)
{
	return strlen(name) < GUARDED_NAME_SIZE;
}

void
guardian_tell_name(enum entry_kind kind, const char *name, int fd)
{
	struct entry entry = { .kind = kind };
	struct stat status;

	if (!guardian_can_own_name(name))
		end_failed("the name %s is too long to be guarded", name);
	memcpy(entry.name, name, strlen(name));
	if (fd != -1) {
		if (fstat(fd, &status) == -1)
			end_failed("cannot tell what %s is: %s", name, errno_name(errno));
		entry.has_identity = true;
		entry.device = status.st_dev;
		entry.inode = status.st_ino;
	}
	guardian_tell(&entry);
}

/* Whether what has the name now is one of the things that the case made. */
static bool
is_ours(const struct entry *named, int (*status_of_name)(const char *, struct stat *))
{
	size_t count;
	const struct entry *entries = guardian_entries(&count);
	struct stat status;
	bool any_identity = false;

	if (status_of_name(named->name, &status) == -1)
		/* Where it cannot be looked at it is ours, as names are random. Else nothing has the name. */
		return errno != ENOENT && errno != ENAMETOOLONG && errno != EINVAL;
	for (size_t i = 0; i < count; i++) {
		const struct entry *e = &entries[i];

		if (e->kind != named->kind || strcmp(e->name, named->name) != 0)
			continue;
		if (e->has_identity && e->device == status.st_dev && e->inode == status.st_ino)
			return true;
		any_identity = e->has_identity;
	}
	return !any_identity;
}

bool
guardian_remove_name(const struct entry *entry, int (*status)(const char *, struct stat *), int (*remove)(const char *))
{
	/* An entry with an identity follows the entry with the name alone. That one is acted upon. */
	return entry->has_identity || !is_ours(entry, status) || remove(entry->name) == 0 || errno == ENOENT;
}
