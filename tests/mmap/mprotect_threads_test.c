/* SPDX-License-Identifier: BSD-2-Clause */

/* Access that one thread takes away while another uses it: it is gone for both when the call returns. */

#include "accessor.h"
#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "mapping_deviations.h"
#include "memory_cases.h"
#include "volume.h"

INTERFACE(mprotect)

enum { ROUNDS = 20 };

CASE_FOR_EACH_MEMORY(removes_write__by_thread, SHALL,
    "When mprotect() to PROT_READ has returned, another thread that was storing to the page is stopped by SIGSEGV",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "OpenBSD mprotect(2)")
{
	struct memory m = memory_create(kind, page_size());

	protection_signal_deviates();
	for (unsigned i = 0; i < volume(ROUNDS); i++) {
		struct accessor other;

		accessor_start(&other, m.start, STORES);
		CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_READ));
		CHECK_EQ(SIGSEGV, accessor_end(&other).signal);
		CHECK_LOAD_OK(m.start);
		REQUIRE(mprotect(m.start, m.size, PROT_READ | PROT_WRITE) == 0);
	}
}

CASE_FOR_EACH_MEMORY(removes_all__by_thread, SHALL,
    "When mprotect() to PROT_NONE has returned, another thread that was loading from the page is stopped by SIGSEGV",
    "POSIX.1-2017 mprotect() DESCRIPTION", "Linux mprotect(2)", "FreeBSD mprotect(2)", "NetBSD mprotect(2)",
    "OpenBSD mprotect(2)", "DragonFly mprotect(2)", "macOS mprotect(2)", "illumos mprotect(2)")
{
	struct memory m = memory_create(kind, page_size());
	m.start[0] = 'm';

	protection_signal_deviates();
	for (unsigned i = 0; i < volume(ROUNDS); i++) {
		struct accessor other;

		accessor_start(&other, m.start, LOADS);
		CHECK_SUCCEEDS(mprotect(m.start, m.size, PROT_NONE));
		CHECK_EQ(SIGSEGV, accessor_end(&other).signal);
		REQUIRE(mprotect(m.start, m.size, PROT_READ | PROT_WRITE) == 0);
		CHECK_BYTES('m', m.start, 1);
	}
}
