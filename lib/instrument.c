/* SPDX-License-Identifier: BSD-2-Clause */

#include "instrument.h"
#include "platform/instruments.h"

/* ATF's library leaks what it lists, for which LeakSanitizer would fail every program. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

/*
 * ThreadSanitizer knows a mutex by its address, and the first two cases lock one at one address and unlock it at another, or
 * unlock what another process has locked, which is to fail. The third forks while its thread runs or has just ended, which
 * the parent joins: to a child that inherits it unjoined it looks like a leak.
 */
const char *__tsan_default_suppressions(void);

const char *
__tsan_default_suppressions(void)
{
	return "mutex:errorcheck_across_processes_body\n"
	       "mutex:usable_at_different_addresses_body\n"
	       "thread:fork_against_attach_body\n"
	       /* Threads whose memory others map, unmap and attach: what they load is the question. */
	       "race:access_again_and_again\n"
	       "race:shm_thread_test.c\n"
	       "race:mmap_threads_test.c\n";
}

bool
instrumented_by(unsigned instruments)
{
	const unsigned here = (RUNNING_ON_VALGRIND ? VALGRIND : 0) | (HAS_ADDRESS_SANITIZER ? ADDRESS_SANITIZER : 0) |
	    (HAS_THREAD_SANITIZER ? THREAD_SANITIZER : 0);

	return (here & instruments) != 0;
}

const char *
instrument_name(unsigned instrument)
{
	switch (instrument) {
	case ADDRESS_SANITIZER:
		return "AddressSanitizer";
	case THREAD_SANITIZER:
		return "ThreadSanitizer";
	case VALGRIND:
		return "Valgrind";
	default:
		return "an instrument";
	}
}
