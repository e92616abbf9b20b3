/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "clock.h"
#include "guardian.h"
#include "platform.h"

/* One thing to know, written to the pipe at once: fits in _POSIX_PIPE_BUF, so that writers do not mix. */
struct entry {
	enum { KEY, SEGMENT, OBJECT, REGULAR_FILE, PROCESS, FINISH } kind;
	bool has_identity;
	pid_t process;
	key_t key;
	int id;
	dev_t device;
	ino_t inode;
	char name[GUARDED_NAME_SIZE];
};

_Static_assert(sizeof(struct entry) <= 512, "an entry is written at once");

static int to_guardian = -1;
static pid_t guardian;

/* The case and its children, for a guardian that starts later. */
enum { PROCESSES_MAX = 1024 };
static pid_t processes[PROCESSES_MAX];
static unsigned process_count;

/* What the guardian was told. */
static struct entry few_entries[16]; /* enough for nearly every case, without a heap */
static struct entry *entries = few_entries;
static size_t entry_room = nitems(few_entries);
static size_t entry_count;

static bool
is_known_process(pid_t pid)
{
	for (unsigned i = 0; i < process_count && i < PROCESSES_MAX; i++)
		if (processes[i] == pid)
			return true;
	return false;
}

static void
know_process(pid_t pid)
{
	if (!is_known_process(pid))
		processes[process_count++ % PROCESSES_MAX] = pid;
}

/* Whether the key that we drew for it has led to this segment, and it was removed: it may still be attached. */
static bool
was_removed_by_key(int id)
{
	for (size_t i = 0; i < entry_count; i++)
		if (entries[i].kind == KEY && entries[i].has_identity && entries[i].id == id)
			return true;
	return false;
}

/* Functions of the guardian answer whether nothing of the case's own is left. */
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
	if (!is_known_process(status.shm_cpid))
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

/* False also when there is nothing of this name. */
static bool
identify(const struct entry *entry, struct stat *status)
{
	char path[GUARDED_NAME_SIZE + 16];
	bool known;
	int fd;

	if (entry->kind == REGULAR_FILE)
		return lstat(entry->name, status) == 0;
	if (object_path(entry->name, path, sizeof(path)))
		return lstat(path, status) == 0;
	fd = shm_open(entry->name, O_RDONLY, 0);
	if (fd == -1)
		return false;
	known = fstat(fd, status) == 0;
	close(fd);
	return known;
}

/* The last word on a name: whether what has it now is one of those that the case made. */
static bool
is_ours(const struct entry *named)
{
	struct stat status;
	bool any_identity = false;

	if (!identify(named, &status))
		/* Or there is nothing; or it can't be looked at: names are random, so that it must be ours. */
		return errno != ENOENT && errno != ENAMETOOLONG && errno != EINVAL;
	for (size_t i = 0; i < entry_count; i++) {
		const struct entry *e = &entries[i];

		if (e->kind != named->kind || strcmp(e->name, named->name) != 0)
			continue;
		if (e->has_identity && e->device == status.st_dev && e->inode == status.st_ino)
			return true;
		any_identity = e->has_identity;
	}
	return !any_identity;
}

static bool
remove_named(const struct entry *entry)
{
	if (!is_ours(entry))
		return true;
	if (entry->kind == REGULAR_FILE)
		return unlink(entry->name) == 0 || errno == ENOENT;
	return shm_unlink(entry->name) == 0 || errno == ENOENT;
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
		    key == IPC_PRIVATE && creator == processes[0] && changed >= since)
			clean &= shmctl(id, IPC_RMID, NULL) == 0 || errno == EINVAL || errno == EIDRM;
	}
	fclose(list);
	return clean;
}

static bool
remove_all(void)
{
	bool clean = true;

	for (size_t i = 0; entries != NULL && i < entry_count; i++) {
		struct entry *e = &entries[i];

		if (e->kind == KEY)
			clean &= remove_by_key(e);
		else if (e->kind == SEGMENT)
			clean &= remove_segment(e->id, false);
		else if (!e->has_identity)
			clean &= remove_named(e);
	}
	return clean;
}

/* Room for one more, which the caller fills. Null when there is no memory. */
static struct entry *
next_entry(void)
{
	struct entry *more;

	if (entry_count == entry_room) {
		more = realloc(entries == few_entries ? NULL : entries, 4 * entry_room * sizeof(*entries));
		if (more == NULL)
			return NULL;
		if (entries == few_entries)
			memcpy(more, few_entries, sizeof(few_entries));
		entries = more;
		entry_room *= 4;
	}
	return &entries[entry_count];
}

static _Noreturn void
guard(int from_case)
{
	const time_t since = coarse_time();
	struct entry *entry;
	bool finished = false;
	bool clean;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setpgid(0, 0); /* its parent does so too, whoever is first */
	if (from_case != 0 && dup2(from_case, 0) == -1)
		_exit(1);
	close_from(1);

	while (
	    !finished && (entry = next_entry()) != NULL && read(0, entry, sizeof(*entry)) == (ssize_t)sizeof(*entry)) {
		if (entry->kind == FINISH)
			finished = true;
		else if (entry->kind == PROCESS)
			know_process(entry->process);
		else
			entry_count++;
	}
	clean = remove_all();
	if (!finished)
		clean &= remove_untold(since);
	_exit(clean ? 0 : 1);
}

static void
start(void)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) == -1 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) == -1)
		end_skipped("needs more descriptors: cannot make a pipe for the guardian: %s", errno_name(errno));
	know_process(getpid());
	fflush(NULL);
	pid = fork();
	if (pid == -1)
		end_skipped("needs more processes: cannot fork the guardian: %s", errno_name(errno));
	if (pid == 0)
		guard(ends[0]);
	guardian = pid;
	/* By the parent, so that it holds before anything is owned: runners kill the whole group of a case. */
	setpgid(guardian, guardian);
	close(ends[0]);
	to_guardian = ends[1];
}

static void
tell(const struct entry *entry)
{
	if (to_guardian == -1)
		start();
	if (write(to_guardian, entry, sizeof(*entry)) != (ssize_t)sizeof(*entry))
		end_failed("the guardian does not answer: %s", errno_name(errno));
}

static void
tell_name(int kind, const char *name, int fd)
{
	struct entry entry = { .kind = kind };
	struct stat status;

	if (strlen(name) >= sizeof(entry.name))
		end_failed("the name %s is too long to be guarded", name);
	memcpy(entry.name, name, strlen(name));
	if (fd != -1) {
		if (fstat(fd, &status) == -1)
			end_failed("cannot tell what %s is: %s", name, errno_name(errno));
		entry.has_identity = true;
		entry.device = status.st_dev;
		entry.inode = status.st_ino;
	}
	tell(&entry);
}

void
guardian_owns_key(key_t key)
{
	tell(&(struct entry){ .kind = KEY, .key = key });
}

void
guardian_owns_segment(int id)
{
	tell(&(struct entry){ .kind = SEGMENT, .id = id });
}

void
guardian_owns_object_name(const char *name)
{
	tell_name(OBJECT, name, -1);
}

void
guardian_owns_file_name(const char *path)
{
	tell_name(REGULAR_FILE, path, -1);
}

void
guardian_owns_object(const char *name, int fd)
{
	tell_name(OBJECT, name, fd);
}

void
guardian_owns_file(const char *path, int fd)
{
	tell_name(REGULAR_FILE, path, fd);
}

void
guardian_knows_process(pid_t pid)
{
	know_process(pid);
}

void
guardian_leave(void)
{
	guardian = 0;
	know_process(getpid());
	if (to_guardian != -1)
		tell(&(struct entry){ .kind = PROCESS, .process = getpid() });
}

int
guardian_descriptor(void)
{
	return to_guardian;
}

void
guardian_resume(int descriptor)
{
	to_guardian = descriptor;
}

bool
guardian_finish(void)
{
	int status = 0;

	if (guardian == 0)
		return true;
	tell(&(struct entry){ .kind = FINISH });
	close(to_guardian);
	to_guardian = -1;
	while (waitpid(guardian, &status, 0) == -1)
		if (errno != EINTR)
			break;
	guardian = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
