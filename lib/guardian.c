/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "check.h"
#include "clock.h"
#include "guardian.h"
#include "guardian_kind.h"
#include "platform.h"
#include "platform/unistd.h"

_Static_assert(sizeof(struct entry) <= 512, "an entry is written at once");

/* For each kind; null for the kinds of which this program makes nothing. */
static struct {
	bool (*entry)(struct entry *);
	bool (*not_told)(time_t);
} removers[ENTRY_KINDS];

static int to_guardian = -1;
static pid_t guardian;

/* The case and its children. A guardian that starts later needs them. */
enum { PROCESSES_MAX = 1024 };
static pid_t processes[PROCESSES_MAX];
static unsigned process_count;

/* What the guardian was told. */
static struct entry few_entries[16]; /* enough for most cases, so that they need no heap */
static struct entry *entries = few_entries;
static size_t entry_room = nitems(few_entries);
static size_t entry_count;

bool
guardian_is_known_process(pid_t pid)
{
	for (unsigned i = 0; i < process_count && i < PROCESSES_MAX; i++)
		if (processes[i] == pid)
			return true;
	return false;
}

static void
know_process(pid_t pid)
{
	if (!guardian_is_known_process(pid))
		processes[process_count++ % PROCESSES_MAX] = pid;
}

pid_t
guardian_of_process(void)
{
	return processes[0];
}

const struct entry *
guardian_entries(size_t *count)
{
	*count = entry_count;
	return entries;
}

void
guardian_removes(enum entry_kind kind, bool (*entry)(struct entry *), bool (*not_told)(time_t))
{
	removers[kind].entry = entry;
	removers[kind].not_told = not_told;
}

static bool
remove_all(void)
{
	bool clean = true;

	for (size_t i = 0; entries != NULL && i < entry_count; i++)
		clean &= removers[entries[i].kind].entry(&entries[i]);
	return clean;
}

static bool
remove_not_told(time_t since)
{
	bool clean = true;

	for (size_t kind = 0; kind < nitems(removers); kind++)
		if (removers[kind].not_told != NULL)
			clean &= removers[kind].not_told(since);
	return clean;
}

/* One more entry, for the caller to fill. Null when there is no memory. */
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
	setpgid(0, 0); /* the parent makes this call too: one of the two is first */
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
		clean &= remove_not_told(since);
	_exit(clean ? 0 : 1);
}

/* What exists already is removed here: no guardian will do that. */
static _Noreturn void
cannot_start(const struct entry *first, const char *why)
{
	int error = errno;
	struct entry *entry = next_entry();

	know_process(getpid());
	if (first->kind < ENTRY_KINDS && entry != NULL) {
		*entry = *first;
		entry_count++;
		removers[first->kind].entry(entry);
	}
	end_skipped("needs more %s: %s", why, errno_name(error));
}

/* "first" is the first thing that the guardian will be told. */
static void
start(const struct entry *first)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) == -1 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) == -1)
		cannot_start(first, "descriptors: cannot make a pipe for the guardian");
	know_process(getpid());
	fflush(NULL);
	pid = fork();
	if (pid == -1)
		cannot_start(first, "processes: cannot fork the guardian");
	if (pid == 0)
		guard(ends[0]);
	guardian = pid;
	/* The parent makes the call, so that it has an effect before the case owns anything: runners kill the group of a case. */
	setpgid(guardian, guardian);
	close(ends[0]);
	to_guardian = ends[1];
}

void
guardian_tell(const struct entry *entry)
{
	if (to_guardian == -1)
		start(entry);
	if (write(to_guardian, entry, sizeof(*entry)) != (ssize_t)sizeof(*entry))
		end_failed("the guardian does not answer: %s", errno_name(errno));
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
		guardian_tell(&(struct entry){ .kind = PROCESS, .process = getpid() });
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
	guardian_tell(&(struct entry){ .kind = FINISH });
	close(to_guardian);
	to_guardian = -1;
	while (waitpid(guardian, &status, 0) == -1)
		if (errno != EINTR)
			break;
	guardian = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
