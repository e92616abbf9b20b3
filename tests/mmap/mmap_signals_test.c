/* SPDX-License-Identifier: BSD-2-Clause */

/* The end of a process by a refused access: by the default action, and where it blocks, ignores or handles the signal. */

#include <signal.h>
#include <string.h>

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "memory_cases.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_signals)

#define DEFAULT_ACTION "POSIX.1-2017 <signal.h>"
#define BLOCKED \
	"POSIX.1-2017 sigprocmask() DESCRIPTION", "POSIX.1-2024 sigprocmask() DESCRIPTION", "Linux sigprocmask(2)"
#define IGNORED    "POSIX.1-2017 XSH 2.4.3 Signal Actions", "Linux sigaction(2)"
#define IN_HANDLER "POSIX.1-2017 sigaction() DESCRIPTION", "POSIX.1-2024 sigaction() DESCRIPTION", BLOCKED

/* The first page of the memory can be stored to, the second one not. */
struct pages {
	char *first;
	char *second;
	void (*prepare)(int signal);
	int signal;
	volatile char *handled; /* shared: the number of signals that were handled */
};

static volatile char *byte_of_handler;
static volatile char *count_of_handler;

static void
set_disposition(int signal, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	REQUIRE(sigaction(signal, &action, NULL) == 0);
}

static void
leave_default(int signal)
{
	set_disposition(signal, SIG_DFL);
}

static void
ignore(int signal)
{
	set_disposition(signal, SIG_IGN);
}

static void
block(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	set_disposition(signal, SIG_DFL);
	REQUIRE(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
}

/* While the handler runs, the signal is blocked. */
static void
store_again(int signal)
{
	(void)signal;
	++*count_of_handler;
	*byte_of_handler = 's';
}

static void
handle(int signal)
{
	set_disposition(signal, store_again);
}

static void
handle_and_block(int signal)
{
	block(signal);
	handle(signal);
}

static void
store_in_both(void *arg)
{
	const struct pages *p = arg;

	memset(p->first, 'c', page_size());
	byte_of_handler = &p->second[page_size() / 2];
	count_of_handler = p->handled;
	p->prepare(p->signal);
	p->second[page_size() / 2] = 's';
	memset(p->first, 'd', page_size()); /* nobody comes here */
}

/* The child dies by the signal. What it stored before stays, and nothing after the refused access is done. */
static void
check_death(struct memory m, int signal, void (*prepare)(int), int handled)
{
	volatile char *count = map_anonymous(page_size(), MAP_SHARED);
	struct pages p = { m.start, m.start + page_size(), prepare, signal, count };

	struct child c = child_start(store_in_both, &p);
	child_dies(&c, signal);

	CHECK_BYTES('c', m.start, page_size());
	CHECK_EQ(handled, *count);
}

static void
check_death_by_protection(memory_kind *kind, void (*prepare)(int), int handled)
{
	struct memory m = memory_create(kind, 2 * page_size());
	REQUIRE(mprotect(m.start + page_size(), page_size(), PROT_READ) == 0);

	protection_signal_deviates();
	check_death(m, SIGSEGV, prepare, handled);

	CHECK_BYTES(0, m.start + page_size(), page_size());
}

static void
check_death_behind_end(int fd, void (*prepare)(int), int handled)
{
	struct memory m = { .start = map_shared(fd, 2 * page_size()), .size = 2 * page_size(), .fd = fd, .id = -1 };

	int signal = fault_of_load(m.start + page_size()).signal;
	behind_end_deviates(fd, &signal, 1);
	check_death(m, SIGBUS, prepare, handled);

	CHECK_EQ(page_size(), size_of(fd));
}

CASE_FOR_EACH_MEMORY(default_action, SHALL,
    "A store that the protection refuses ends the process by SIGSEGV, and shared memory keeps what it stored before",
    DEFAULT_ACTION, "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	check_death_by_protection(kind, leave_default, 0);
}

CASE(default_action__file_behind_end, SHALL,
    "An access to a whole page behind the end of the file ends the process by SIGBUS", DEFAULT_ACTION,
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION")
{
	check_death_behind_end(nameless_file(page_size()), leave_default, 0);
}

CASE(default_action__object_behind_end, SHALL,
    "An access to a whole page behind the end of the object ends the process by SIGBUS", DEFAULT_ACTION,
    "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION", NEEDS_OBJECTS)
{
	known_defect(MACOS, "", "a range that is larger than the object fails with EINVAL",
	    "macOS bsd/kern/posix_shm.c pshm_mmap()");
	check_death_behind_end(object_create(page_size()).fd, leave_default, 0);
}

static void
store_in_empty_file(void *arg)
{
	leave_default(SIGBUS);
	*(volatile char *)arg = 's';
}

CASE(default_action__empty_file, SHALL, "A store to a mapping of an empty file ends the process by SIGBUS",
    DEFAULT_ACTION, "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION",
    COVERS("mmap.sigbus_empty_file"))
{
	int fd = nameless_file(0);
	char *both[] = { map_private(fd, page_size()), map_shared(fd, page_size()) };

	for (unsigned i = 0; i < nitems(both); i++) {
		int signal = fault_of_load(both[i]).signal;
		behind_end_deviates(fd, &signal, 1);
		struct child c = child_start(store_in_empty_file, both[i]);
		child_dies(&c, SIGBUS);
	}
	CHECK_EQ(0, size_of(fd));
}

static void
store_at(void *address)
{
	leave_default(SIGSEGV);
	*(volatile char *)address = 's';
}

CASE(default_action__unmapped, SHALL, "A store where nothing is mapped ends the process by SIGSEGV", DEFAULT_ACTION)
{
	char *pages = map_anonymous(3 * page_size(), MAP_SHARED);
	unmap(&pages[page_size()], page_size());

	struct child c = child_start(store_at, &pages[page_size()]);
	child_dies(&c, SIGSEGV);

	CHECK_BYTES(0, pages, page_size());
	CHECK_BYTES(0, &pages[2 * page_size()], page_size());
}

CASE(default_action__address_zero, OBSERVED, "A store at address zero, where nothing is mapped, raises SIGSEGV",
    DEFAULT_ACTION, COVERS("mmap.segv_null"), NEEDS_NO_INSTRUMENT(ADDRESS_SANITIZER))
{
	volatile char *volatile nowhere = NULL; /* the compiler does not know */

	struct child c = child_start(store_at, (void *)(uintptr_t)nowhere);
	child_dies(&c, SIGSEGV);
}

/* POSIX leaves open what happens. No known system lets the process go on or waits for ever. */

CASE(blocked__protection, OBSERVED, "A refused access ends the process by SIGSEGV though the signal is blocked",
    BLOCKED, COVERS("mmap.segv_blocked_kills"))
{
	check_death_by_protection(anonymous_memory, block, 0);
}

CASE(blocked__behind_end, OBSERVED,
    "An access behind the end of the file ends the process by SIGBUS though the signal is blocked", BLOCKED,
    COVERS("mmap.sigbus_blocked_kills"))
{
	check_death_behind_end(nameless_file(page_size()), block, 0);
}

CASE(ignored__protection, OBSERVED, "A refused access ends the process by SIGSEGV though the signal is ignored",
    IGNORED, COVERS("mmap.segv_ignored_kills"))
{
	check_death_by_protection(anonymous_memory, ignore, 0);
}

CASE(ignored__behind_end, OBSERVED,
    "An access behind the end of the file ends the process by SIGBUS though the signal is ignored", IGNORED,
    COVERS("mmap.sigbus_ignored_kills"))
{
	check_death_behind_end(nameless_file(page_size()), ignore, 0);
}

CASE(handled_and_blocked__protection, OBSERVED,
    "A refused access ends the process by SIGSEGV though it has a handler, as the signal is blocked", BLOCKED,
    COVERS("mmap.sigbus_blocked_handled_kills"))
{
	check_death_by_protection(anonymous_memory, handle_and_block, 0);
}

CASE(handled_and_blocked__behind_end, OBSERVED,
    "An access behind the end ends the process by SIGBUS though it has a handler, as the signal is blocked", BLOCKED)
{
	check_death_behind_end(nameless_file(page_size()), handle_and_block, 0);
}

CASE(in_handler__protection, OBSERVED, "A refused access in the handler of SIGSEGV ends the process by that signal",
    IN_HANDLER, COVERS("mmap.segv_recurse_kills"))
{
	check_death_by_protection(anonymous_memory, handle, 1);
}

CASE(in_handler__behind_end, OBSERVED,
    "An access behind the end of the file in the handler of SIGBUS ends the process by that signal", IN_HANDLER,
    COVERS("mmap.sigbus_recurse_kills"))
{
	check_death_behind_end(nameless_file(page_size()), handle, 1);
}
