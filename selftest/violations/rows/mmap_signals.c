/* SPDX-License-Identifier: BSD-2-Clause */

/* The end of a process by a refused access, and what it leaves. */

#include <signal.h>

#include "mmap.h"

static bool
tells_of_death_by(const struct call *c, int signal)
{
	const int *status = c->buffer;

	return status != NULL && c->result > 0 && WIFSIGNALED(*status) && WTERMSIG(*status) == signal;
}

/* The status of a child that stores to this address. */
static int
status_of_store(volatile char *at)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		*at = 's';
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status;
}

static char *
closed_page(void)
{
	return mmap(NULL, page_size(), PROT_NONE, PRIVATE_ANONYMOUS, -1, 0);
}

VIOLATION(refused_access_kills_by_sigkill, "mmap_signals.default-action", "-", WAITPID,
    FALSIFIES(tells_of_death_by(c, SIGSEGV), *(int *)c->buffer = SIGKILL))
{
	return WTERMSIG(status_of_store(closed_page())) == SIGKILL;
}

VIOLATION(refused_access_only_ends_child, "mmap_signals.default-action", "-", WAITPID,
    FALSIFIES(tells_of_death_by(c, SIGSEGV), *(int *)c->buffer = 0))
{
	return status_of_store(closed_page()) == 0;
}

VIOLATION(access_behind_end_kills_by_sigsegv, "mmap_signals.default-action", "B085", WAITPID,
    FALSIFIES(tells_of_death_by(c, SIGBUS), *(int *)c->buffer = SIGSEGV))
{
	return WTERMSIG(status_of_store(map_shared(nameless_file(0), page_size()))) == SIGSEGV;
}

/* The store is done behind the end, and the file is longer then. */
static void
grow_mapped_files(void)
{
	size_t count;
	const struct known_range *ranges = known_ranges(&count);

	for (size_t i = 0; i < count; i++)
		if (is_shared_file_range(&ranges[i]) && file_bytes(ranges[i].fd) < ranges[i].length)
			real_ftruncate(ranges[i].fd, (off_t)ranges[i].length);
}

VIOLATION(access_behind_end_grows_file, "mmap_signals.default-action", "-", WAITPID,
    FALSIFIES(tells_of_death_by(c, SIGBUS), grow_mapped_files()))
{
	int fd = nameless_file(0);

	status_of_store(map_shared(fd, page_size()));
	return size_of(fd) == (off_t)page_size();
}

static bool
is_shared_range(const struct known_range *range)
{
	return (range->flags & SHARING_TYPES) == MAP_SHARED || range->id != -1;
}

/* What the process that died could not store is stored all the same. */
static void
store_in_read_only(const struct known_range *range)
{
	if (range->protection != PROT_READ || real_mprotect(range->start, range->length, READ_WRITE) == -1)
		return;
	range->start[page_size() / 2] = 's';
	real_mprotect(range->start, range->length, PROT_READ);
}

VIOLATION(refused_store_is_done, "mmap_signals.default-action", "-", WAITPID,
    FALSIFIES(tells_of_death_by(c, SIGSEGV), for_known_ranges(is_shared_range, store_in_read_only)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mprotect(p, page_size(), PROT_READ);
	status_of_store(p);
	return p[page_size() / 2] == 's';
}

static void
lose_first_byte(const struct known_range *range)
{
	if ((range->protection & PROT_WRITE) != 0)
		spoil_byte(range->start);
}

VIOLATION(death_by_fault_spoils_memory, "mmap_signals.default-action", "-", WAITPID,
    FALSIFIES(tells_of_death_by(c, SIGSEGV) || tells_of_death_by(c, SIGBUS),
	for_known_ranges(is_shared_range, lose_first_byte)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	status_of_store(closed_page());
	return *p == SPOILED;
}

/* Where the signal is ignored, the access seems to be done: some memory takes the place of what refused it. */
static void
open_page(int signal, siginfo_t *info, void *context)
{
	char *page = (char *)info->si_addr - (uintptr_t)info->si_addr % page_size();

	(void)signal;
	(void)context;
	real_mmap(page, page_size(), READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
}

static bool
ignores_faults(const struct call *c)
{
	const struct sigaction *action = c->address;

	return (c->id == SIGSEGV || c->id == SIGBUS) && action != NULL && action->sa_handler == SIG_IGN;
}

static void
skip_faults(struct call *c)
{
	static struct sigaction skips = { .sa_sigaction = open_page, .sa_flags = SA_SIGINFO };

	c->address = &skips;
}

/* Whether a child with this disposition of the signal goes on behind a refused store. */
static bool
is_skipped(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };
	int status = 1;
	volatile char *p = closed_page();
	pid_t child = fork();

	if (child == 0) {
		sigaction(SIGSEGV, &action, NULL);
		*p = 's';
		_exit(*p == 's' ? 0 : 1);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

VIOLATION(ignored_fault_is_skipped, "mmap_signals.ignored", "-", SIGACTION, CHANGES(ignores_faults(c), skip_faults(c)))
{
	return is_skipped(SIG_IGN);
}

/* A handler that stores where it was called for finds a page there, and the process goes on. */
static bool
handles_faults(const struct call *c)
{
	const struct sigaction *action = c->address;

	return (c->id == SIGSEGV || c->id == SIGBUS) && action != NULL && action->sa_handler != SIG_IGN &&
	    action->sa_handler != SIG_DFL && (action->sa_flags & SA_SIGINFO) == 0;
}

VIOLATION(
    handled_fault_is_skipped, "mmap_signals.in-handler", "-", SIGACTION, CHANGES(handles_faults(c), skip_faults(c)))
{
	return is_skipped(_exit);
}
