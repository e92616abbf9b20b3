/* SPDX-License-Identifier: BSD-2-Clause */

/* Code that runs after mprotect() has given access for it. */

#include <stdint.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "platform/machine.h"
#include "process.h"

INTERFACE(mprotect, NEEDS_KNOWN_MACHINE)

static void
call(void *address)
{
	((void (*)(void))(uintptr_t)address)();
}

/* To what was stored to. Skips the case where a setting of the system refuses that, as that of Linux's security modules. */
static bool
make_executable(char *p)
{
	errno = 0;
	int result = mprotect(p, page_size(), PROT_READ | PROT_EXEC);
	int error = errno;

	need(result == 0 || error != EACCES, "no page may be executed here that was stored to: EACCES");
	return CHECK_RETURNS_ERROR(0, result == 0 ? 0 : error);
}

static void
run_stored_code(int sharing)
{
	char *p = map_anonymous(page_size(), sharing);
	REQUIRE(store_function(p));

	if (!make_executable(p))
		return;

	in_child(call, p);
	CHECK_EQ(0, fault_of_body(call, p).signal);
	CHECK(store_is_refused(p));
}

CASE(exec_runs_code, SHALL,
    "Private memory that was stored to runs as code after PROT_EXEC, here and in a child, and can't be stored to",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", COVERS("mprotect.exec mprotect.rw_to_rx"))
{
	run_stored_code(MAP_PRIVATE);
}

CASE(exec_runs_code__shared, SHALL,
    "Shared memory that was stored to runs as code after PROT_EXEC, here and in a child, and can't be stored to",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)")
{
	run_stored_code(MAP_SHARED);
}

CASE(exec_removed, OBSERVED, "After PROT_EXEC is taken away code runs still, or a signal stops it",
    "POSIX.1-2017 mprotect() DESCRIPTION", COVERS("mprotect.exec_remove_segv"))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	REQUIRE(store_function(p));
	if (!make_executable(p))
		return;
	call(p);

	CHECK_SUCCEEDS(mprotect(p, page_size(), PROT_READ));
	int signal = fault_of_body(call, p).signal;

	observed("code-without-exec", "%s", signal == 0 ? "runs" : "a signal");
	CHECK_LOAD_OK(p);
}
