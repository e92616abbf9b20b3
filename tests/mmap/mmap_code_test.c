/* SPDX-License-Identifier: BSD-2-Clause */

/* Code in mappings: it runs where mmap() was asked for PROT_EXEC, and elsewhere it runs or raises SIGSEGV. */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "object.h"
#include "process.h"

INTERFACE(mmap_code, NEEDS_KNOWN_MACHINE)

#define POSIX_DESCRIPTION "POSIX.1-2017 mmap() DESCRIPTION", "POSIX.1-2024 mmap() DESCRIPTION"
#define EVERY_MANUAL \
	"Linux mmap(2)", "FreeBSD mmap(2)", "NetBSD mmap(2)", "OpenBSD mmap(2)", "DragonFly mmap(2)", "macOS mmap(2)", \
	    "illumos mmap(2)"

/* A function that returns at once, at the end of each page. */
static void
store_functions(char *pages, size_t count)
{
	for (size_t page = 1; page <= count; page++)
		REQUIRE(store_function(&pages[page * page_size() - 64]));
}

static void
call(void *function)
{
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	((void (*)(void))(uintptr_t)function)();
}

static void
check_calls(char *pages, size_t count)
{
	for (size_t page = 1; page <= count; page++)
		in_child(call, &pages[page * page_size() - 64]);
}

/* mmap() with PROT_EXEC. Skips the case where the mount or a policy lets nobody execute what is there. */
static char *
map_executable(int protection, int flags, int fd)
{
	char *p = mmap(NULL, 2 * page_size(), protection | PROT_EXEC, flags, fd, 0);

	need(p != MAP_FAILED || (errno != EPERM && errno != EACCES && errno != ENOTSUP),
	    "needs memory that may be executed: mmap() gives %s", errno_name(errno));
	REQUIRE(p != MAP_FAILED);
	return p;
}

/* Executable and not writable, in both kinds of mappings; the code came by a store through another one. */
static void
run_from(int fd)
{
	char *writable = map_shared(fd, 2 * page_size());
	store_functions(writable, 2);

	check_calls(map_executable(PROT_READ, MAP_SHARED, fd), 2);
	check_calls(map_executable(PROT_READ, MAP_PRIVATE, fd), 2);
	char *p = map_executable(0, MAP_SHARED, fd);
	check_calls(p, 2);
	protection_signal_deviates();
	CHECK_STORE_FAULTS(SIGSEGV, SEGV_ACCERR, &p[page_size()]);
}

CASE(runs__file, SHALL, "Code in a mapping of a file with PROT_EXEC runs, and without PROT_WRITE a store is refused",
    POSIX_DESCRIPTION, EVERY_MANUAL)
{
	run_from(nameless_file(2 * page_size()));
}

CASE(runs__object, SHALL,
    "Code in a mapping of an object with PROT_EXEC runs, and without PROT_WRITE a store is refused", POSIX_DESCRIPTION,
    EVERY_MANUAL, NEEDS_OBJECTS)
{
	known_defect(MACOS, "", "MAP_PRIVATE of an object fails with EINVAL", "macOS bsd/kern/posix_shm.c pshm_mmap()");
	run_from(object_create(2 * page_size()).fd);
}

CASE(runs__anonymous, SHALL, "Code that is stored in anonymous memory with PROT_WRITE and PROT_EXEC runs",
    POSIX_DESCRIPTION, EVERY_MANUAL, COVERS("mmap.prot_exec"))
{
	const int flags[] = { MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS };

	for (unsigned i = 0; i < nitems(flags); i++) {
		char *p = map_executable(PROT_READ | PROT_WRITE, flags[i], -1);

		store_functions(p, 2);
		check_calls(p, 2);
	}
}

CASE(runs__read_only_descriptor, SHALL, "A descriptor that is open for reading alone can be mapped with PROT_EXEC",
    POSIX_DESCRIPTION, "Linux mmap(2)", "illumos mmap(2)", COVERS("mmap.prot_exec_file"))
{
	struct file f = file_create(2 * page_size());
	store_functions(map_shared(f.fd, 2 * page_size()), 2);
	int fd = open(f.name, O_RDONLY | O_CLOEXEC);
	REQUIRE(fd != -1);

	check_calls(map_executable(PROT_READ, MAP_PRIVATE, fd), 2);
	check_calls(map_executable(PROT_READ, MAP_SHARED, fd), 2);
}

static void
call_here(void *function)
{
	((void (*)(void))(uintptr_t)function)();
}

/* POSIX lets an implementation permit more than was asked for. Some machines cannot refuse it. */
static void
run_without_permission(char *pages)
{
	store_functions(pages, 2);
	REQUIRE(mprotect(&pages[page_size()], page_size(), PROT_READ) == 0);

	for (size_t page = 1; page <= 2; page++) {
		struct fault f = fault_of_body(call_here, &pages[page * page_size() - 64]);

		observed(page == 1 ? "writable" : "read-only", "%s", f.signal == 0 ? "runs" : signal_name(f.signal));
		if (f.signal == 0)
			continue;
		protection_signal_deviates();
		CHECK_EQ(SIGSEGV, f.signal);
		CHECK(is_address_of_fault(f, &pages[page * page_size() - 64]));
	}
}

CASE(without_permission__anonymous, OBSERVED, "Code in anonymous memory without PROT_EXEC raises SIGSEGV or runs",
    POSIX_DESCRIPTION, "Linux mmap(2)", COVERS("mmap.no_exec_segv"))
{
	run_without_permission(map_anonymous(2 * page_size(), MAP_PRIVATE));
	run_without_permission(map_anonymous(2 * page_size(), MAP_SHARED));
}

CASE(without_permission__file, OBSERVED, "Code in a mapping of a file without PROT_EXEC raises SIGSEGV or runs",
    POSIX_DESCRIPTION, "Linux mmap(2)")
{
	run_without_permission(map_shared(nameless_file(2 * page_size()), 2 * page_size()));
	run_without_permission(map_private(nameless_file(2 * page_size()), 2 * page_size()));
}

CASE(without_permission__object, OBSERVED, "Code in a mapping of an object without PROT_EXEC raises SIGSEGV or runs",
    POSIX_DESCRIPTION, "Linux mmap(2)", NEEDS_OBJECTS)
{
	run_without_permission(map_shared(object_create(2 * page_size()).fd, 2 * page_size()));
}
