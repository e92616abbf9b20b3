/* SPDX-License-Identifier: BSD-2-Clause */

/* The list of all segments that Linux shows in /proc, and the programs that read it and remove segments. */

#ifdef __linux__

#include <stdio.h>
#include <stdlib.h>

#include "ipc.h"
#include "direct_check.h"
#include "shmget.h"
#include "violation.h"

/* The columns of /proc/sysvipc/shm. */
enum column { KEY, SHMID, PERMS, SIZE, CPID, LPID, NATTCH, UID, GID, CUID, CGID, ATIME, DTIME, CTIME };

static const char list[] = "/proc/sysvipc/shm";

/* The list is read, by root or by another user. */
static bool
reads_list(const struct call *c)
{
	return strcmp(c->name, list) == 0 && strcmp(program_invocation_short_name, "ipcs") != 0;
}

static bool
ipcs_reads_list(const struct call *c)
{
	return strcmp(c->name, list) == 0 && strcmp(program_invocation_short_name, "ipcs") == 0;
}

/* Where the line, or the column in it, begins; at its end when there is none. */
static char *
next_line(char *line)
{
	line += strcspn(line, "\n");
	return *line == '\0' ? line : line + 1;
}

static char *
column_of(char *line, enum column column)
{
	line += strspn(line, " ");
	for (int i = 0; i < (int)column; i++) {
		line += strcspn(line, " \n");
		line += strspn(line, " ");
	}
	return line;
}

static char content[1 << 16];

/* The number of another segment, time, ...: its last digit, of whatever base, is another. */
static void
change_column(const struct call *c, enum column column)
{
	size_t size = content_now(c, content, sizeof(content));

	for (char *line = next_line(content); *line != '\0'; line = next_line(line)) {
		char *value = column_of(line, column);
		value[strcspn(value, " \n") - 1] ^= 1;
	}
	content_set(c, content, size);
}

/* Without the bits above 0777. */
static void
hide_flags(const struct call *c)
{
	size_t size = content_now(c, content, sizeof(content));

	for (char *line = next_line(content); *line != '\0'; line = next_line(line)) {
		char *value = column_of(line, PERMS);
		for (char *digit = value + strcspn(value, " ") - 4; digit >= value; digit--)
			*digit = '0';
	}
	content_set(c, content, size);
}

/* With the bit of a removed segment, 01000, where there are none above 0777. */
static void
show_as_removed(const struct call *c)
{
	size_t size = content_now(c, content, sizeof(content));

	for (char *line = next_line(content); *line != '\0'; line = next_line(line)) {
		char *value = column_of(line, PERMS);
		if (strcspn(value, " ") == 3)
			value[-1] = '1';
	}
	content_set(c, content, size);
}

/* The header alone. */
static void
hide_all(const struct call *c)
{
	content_now(c, content, sizeof(content));
	content_set(c, content, (size_t)(next_line(content) - content));
}

/* All lines but those of segments that are attached. */
static void
hide_attached(const struct call *c)
{
	content_now(c, content, sizeof(content));
	char *end = next_line(content);

	for (char *line = end; *line != '\0';) {
		char *next = next_line(line);
		size_t length = (size_t)(next - line);
		if (strtol(column_of(line, NATTCH), NULL, 10) == 0) {
			memmove(end, line, length);
			end += length;
		}
		line = next;
	}
	content_set(c, content, (size_t)(end - content));
}

/* The value in this column of the segment's line; -1: it has no line. */
static long long
listed(int id, enum column column, int base)
{
	static char line[512];
	long long value = -1;
	FILE *file = fopen(list, "r");

	if (file == NULL)
		return -1;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strtol(column_of(line, SHMID), NULL, 10) == id)
			value = strtoll(column_of(line, column), NULL, base);
	fclose(file);
	return value;
}

/* The direct check of a wrong column sees an attached segment, its status and its value in the list. */
#define WRONG_COLUMN(name, column, right) \
	VIOLATION(name, "admin.proc-sysvipc-lists", "-", FOPEN, FALSIFIES(reads_list(c), change_column(c, column))) \
	{ \
		int id = segment_create(1); \
		segment_attach(id, NULL, 0); \
		struct shmid_ds status = segment_stat(id); \
		long long value = listed(id, column, 10); \
		return value != -1 && value != (long long)(right) && status.shm_nattch == 1; \
	}

WRONG_COLUMN(proc_sysvipc_size_wrong, SIZE, status.shm_segsz)
WRONG_COLUMN(proc_sysvipc_cpid_wrong, CPID, status.shm_cpid)
WRONG_COLUMN(proc_sysvipc_lpid_wrong, LPID, status.shm_lpid)
WRONG_COLUMN(proc_sysvipc_nattch_wrong, NATTCH, status.shm_nattch)
WRONG_COLUMN(proc_sysvipc_uid_wrong, UID, status.shm_perm.uid)
WRONG_COLUMN(proc_sysvipc_gid_wrong, GID, status.shm_perm.gid)
WRONG_COLUMN(proc_sysvipc_cuid_wrong, CUID, status.shm_perm.cuid)
WRONG_COLUMN(proc_sysvipc_cgid_wrong, CGID, status.shm_perm.cgid)
WRONG_COLUMN(proc_sysvipc_atime_wrong, ATIME, status.shm_atime)
WRONG_COLUMN(proc_sysvipc_dtime_wrong, DTIME, status.shm_dtime)
WRONG_COLUMN(proc_sysvipc_ctime_wrong, CTIME, status.shm_ctime)

VIOLATION(
    proc_sysvipc_key_wrong, "admin.proc-sysvipc-lists", "-", FOPEN, FALSIFIES(reads_list(c), change_column(c, KEY)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return (key_t)listed(id, KEY, 10) != key;
}

VIOLATION(
    proc_sysvipc_hides_attached, "admin.proc-sysvipc-lists", "-", FOPEN, FALSIFIES(reads_list(c), hide_attached(c)))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return listed(id, SHMID, 10) == -1;
}

VIOLATION(proc_sysvipc_hides_removal, "admin.proc-sysvipc-lists", "-", FOPEN, FALSIFIES(reads_list(c), hide_flags(c)))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return listed(id, PERMS, 8) == 0600;
}

static bool
is_hidden(void *id)
{
	return listed(*(int *)id, SHMID, 10) == -1;
}

VIOLATION(proc_sysvipc_for_root_alone, "admin.proc-sysvipc-world-readable", "-", FOPEN,
    REFUSES(geteuid() != 0 && reads_list(c), EACCES))
{
	int id = segment_create(1);

	return !is_hidden(&id) && is_seen_by(OTHER, is_hidden, &id);
}

VIOLATION(proc_sysvipc_hides_what_others_cannot_read, "admin.proc-sysvipc-world-readable", "-", FOPEN,
    FALSIFIES(geteuid() != 0 && reads_list(c), hide_all(c)))
{
	int id = segment_create(1);

	return !is_hidden(&id) && is_seen_by(OTHER, is_hidden, &id);
}

static bool
has_wrong_size(void *id)
{
	return listed(*(int *)id, SIZE, 10) == 0;
}

VIOLATION(proc_sysvipc_size_wrong_for_others, "admin.proc-sysvipc-world-readable", "-", FOPEN,
    FALSIFIES(geteuid() != 0 && reads_list(c), change_column(c, SIZE)))
{
	int id = segment_create(1);

	return is_seen_by(OTHER, has_wrong_size, &id);
}

/* Whether the line of ipcs for a segment, attached and then removed or not, is there and says that it is to go. */
static bool
ipcs_shows(bool is_removed, bool is_there, bool is_to_go)
{
	char command[64];
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	if (is_removed)
		segment_remove(id);
	snprintf(command, sizeof(command), "ipcs -m | grep ' %d ' | grep -q %s", id, is_to_go ? "dest" : "-v dest");
	return (system(command) == 0) == is_there; /* NOLINT(cert-env33-c) */
}

static bool
is_ipcrm(const struct call *c)
{
	return c->command == IPC_RMID && strcmp(program_invocation_short_name, "ipcrm") == 0;
}

/* What ipcrm returned: 0 when it succeeded. */
static int
removed_by_ipcrm(int id)
{
	char command[64];

	snprintf(command, sizeof(command), "exec ipcrm -m %d >/dev/null 2>&1", id);
	return system(command); /* NOLINT(cert-env33-c) */
}

static bool
ipcrm_succeeds(void *id)
{
	return removed_by_ipcrm(*(int *)id) == 0;
}

VIOLATION(ipcrm_removes_nothing, "admin.ipcrm-removes-segment", "-", SHMCTL, SKIPS(is_ipcrm(c)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return removed_by_ipcrm(id) == 0 && shmget(key, 0, 0) == id;
}

VIOLATION(ipcrm_is_refused, "admin.ipcrm-removes-segment", "-", SHMCTL, REFUSES(is_ipcrm(c), EPERM))
{
	return removed_by_ipcrm(segment_create(1)) != 0;
}

VIOLATION(ipcrm_does_not_tell_of_refusal, "admin.ipcrm-removes-segment", "-", SHMCTL, ACCEPTS(is_ipcrm(c), EPERM, 0))
{
	int id = segment_create(1);

	return geteuid() == 0 && is_seen_by(OTHER, ipcrm_succeeds, &id);
}

/* As far as the segment can be attached by then. */
static void
clear_whole(int id)
{
	struct shmid_ds status;
	char *p = real_shmctl(id, IPC_STAT, &status) == -1 ? (void *)-1 : real_shmat(id, NULL, 0);

	if (p != (void *)-1)
		memset(p, 0, status.shm_segsz);
}

VIOLATION(ipcrm_clears_memory, "admin.ipcrm-removes-segment", "-", SHMCTL, CHANGES(is_ipcrm(c), clear_whole(c->id)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 'a';
	return removed_by_ipcrm(id) == 0 && *p == 0;
}

VIOLATION(ipcs_hides_segments, "admin.ipcs-shows-segment", "-", FOPEN, FALSIFIES(ipcs_reads_list(c), hide_all(c)))
{
	return ipcs_shows(false, false, false);
}

VIOLATION(ipcs_hides_removal, "admin.ipcs-shows-segment", "-", FOPEN, FALSIFIES(ipcs_reads_list(c), hide_flags(c)))
{
	return ipcs_shows(true, true, false);
}

VIOLATION(ipcs_shows_all_as_removed, "admin.ipcs-shows-segment", "-", FOPEN,
    FALSIFIES(ipcs_reads_list(c), show_as_removed(c)))
{
	return ipcs_shows(false, true, true);
}

#endif
