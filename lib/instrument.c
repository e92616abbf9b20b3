/* SPDX-License-Identifier: BSD-2-Clause */

#include "instrument.h"

/* gcc tells by a macro, clang by a feature. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER
#endif
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define HAS_ADDRESS_SANITIZER
#endif
#ifdef __SANITIZE_THREAD__
#define HAS_THREAD_SANITIZER
#endif

/* Valgrind's answer to those who ask it is in a header of its own. */
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND 0
#endif

#ifdef HAS_ADDRESS_SANITIZER
/* ATF's library leaks what it lists, for which LeakSanitizer would fail every program. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

#ifdef HAS_THREAD_SANITIZER
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
	       "thread:fork_against_attach_body\n";
}
#endif

bool
instrumented_by(unsigned instruments)
{
	unsigned here = RUNNING_ON_VALGRIND ? VALGRIND : 0;

#ifdef HAS_ADDRESS_SANITIZER
	here |= ADDRESS_SANITIZER;
#endif
#ifdef HAS_THREAD_SANITIZER
	here |= THREAD_SANITIZER;
#endif
	return (here & instruments) != 0;
}

const char *
instrument_name(unsigned instruments)
{
	if ((instruments & VALGRIND) != 0 && instrumented_by(VALGRIND))
		return "Valgrind";
	return (instruments & THREAD_SANITIZER) != 0 && instrumented_by(THREAD_SANITIZER) ? "ThreadSanitizer"
											  : "AddressSanitizer";
}
