/* SPDX-License-Identifier: BSD-2-Clause */

/* The fault probe sees signal, code and address, and leaves handlers and the mask as they were. */

#include <stdint.h>
#include <unistd.h>

#include <sys/mman.h>

#include <atf-c.h>

#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform.h"
#include "record.h"

#define CASE_OF_FAULT(name, description) \
	ATF_TC(name); \
	ATF_TC_HEAD(name, tc) \
	{ \
		atf_tc_set_md_var(tc, "descr", description); \
	} \
	ATF_TC_BODY(name, tc)

static void
check_fault(struct fault f, int signal, int code, const void *address)
{
	ATF_CHECK_EQ_MSG(signal, f.signal, "signal %d", f.signal);
	ATF_CHECK_EQ_MSG(code, f.code, "code %d", f.code);
	ATF_CHECK_EQ_MSG(address, f.address, "address %p", (const void *)(uintptr_t)f.address);
}

CASE_OF_FAULT(no_fault, "An access that works is no fault, and a store is made")
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	(void)tc;
	ATF_CHECK_EQ(0, fault_of_load(p).signal);
	ATF_CHECK_EQ(0, fault_of_store(p, 'x').signal);
	ATF_CHECK_EQ('x', *p);
	ATF_CHECK(CHECK_STORE_OK(p));
	ATF_CHECK_EQ('x', *p);
	ATF_CHECK_EQ(0, record_failures());
}

CASE_OF_FAULT(protected, "A store to a page without that access is SEGV_ACCERR and is not made")
{
	char *p = map_anonymous(2 * page_size(), MAP_PRIVATE);
	char *last = p + 2 * page_size() - 1;

	(void)tc;
	*last = 'a';
	ATF_REQUIRE_EQ(0, mprotect(p, 2 * page_size(), PROT_READ));
	check_fault(fault_of_load(last), 0, 0, NULL);
	check_fault(fault_of_store(last, 'x'), SIGSEGV, SEGV_ACCERR, last);
	ATF_CHECK_EQ('a', *last);
	ATF_REQUIRE_EQ(0, mprotect(p, 2 * page_size(), PROT_NONE));
	check_fault(fault_of_load(p + 3), SIGSEGV, SEGV_ACCERR, p + 3);
}

CASE_OF_FAULT(unmapped, "An access where nothing is mapped is SEGV_MAPERR")
{
	char *p = free_range(page_size());

	(void)tc;
	check_fault(fault_of_load(p), SIGSEGV, SEGV_MAPERR, p);
	check_fault(fault_of_store(p + 7, 'x'), SIGSEGV, SEGV_MAPERR, p + 7);
}

CASE_OF_FAULT(beyond_end, "An access to a page behind the end of a file is BUS_ADRERR")
{
	char *p = map_shared(file_create(1).fd, 2 * page_size());

	(void)tc;
	check_fault(fault_of_load(p), 0, 0, NULL);
	check_fault(fault_of_load(p + page_size()), SIGBUS, BUS_ADRERR, p + page_size());
}

static void
other_handler(int signal)
{
	_exit(signal);
}

CASE_OF_FAULT(leaves_dispositions, "Handlers and the signal mask are as before, after a fault and without one")
{
	struct sigaction action = { .sa_handler = other_handler, .sa_flags = SA_NODEFER };
	struct sigaction before;
	struct sigaction now;
	sigset_t mask;
	char *p = free_range(page_size());

	(void)tc;
	sigaction(SIGBUS, NULL, &before);
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);

	fault_of_load(p);
	fault_of_load(&mask);

	sigaction(SIGSEGV, NULL, &now);
	ATF_CHECK(now.sa_handler == other_handler);
	sigaction(SIGBUS, NULL, &now);
	ATF_CHECK(now.sa_handler == before.sa_handler);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	ATF_CHECK_EQ(1, sigismember(&mask, SIGUSR1));
	ATF_CHECK_EQ(0, sigismember(&mask, SIGSEGV));
}

CASE_OF_FAULT(checks, "A check of a fault fails on no fault, another signal, another code and another page")
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);
	char *hole = free_range(page_size());

	(void)tc;
	ATF_CHECK(CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, hole));
	ATF_CHECK(CHECK_STORE_FAULTS(SIGSEGV, SEGV_MAPERR, hole));
	ATF_CHECK_EQ(0, record_failures());
	ATF_CHECK(!CHECK_LOAD_FAULTS(SIGSEGV, SEGV_MAPERR, p));
	ATF_CHECK(!CHECK_LOAD_FAULTS(SIGBUS, SEGV_MAPERR, hole));
	ATF_CHECK(!CHECK_LOAD_FAULTS(SIGSEGV, SEGV_ACCERR, hole));
	ATF_CHECK(!CHECK_LOAD_OK(hole));
	ATF_CHECK(!CHECK_STORE_OK(hole));
	ATF_REQUIRE_EQ(0, mprotect(p, page_size(), PROT_READ));
	ATF_CHECK(CHECK_LOAD_OK(p));
	ATF_CHECK(!CHECK_STORE_OK(p));
	ATF_CHECK_EQ(6, record_failures());
}

CASE_OF_FAULT(range, "A range counts as unmapped when no page of it is mapped, the last byte's included")
{
	char *p = free_range(3 * page_size());

	(void)tc;
	ATF_CHECK(CHECK_UNMAPPED(p, 3 * page_size()));
	ATF_CHECK_EQ(0, record_failures());
	ATF_REQUIRE(
	    mmap(p + 2 * page_size(), 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
	ATF_CHECK(CHECK_UNMAPPED(p, 2 * page_size()));
	ATF_CHECK(!CHECK_UNMAPPED(p, 2 * page_size() + 1));
	ATF_CHECK(!CHECK_UNMAPPED(p, 3 * page_size()));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, no_fault);
	ATF_TP_ADD_TC(tp, protected);
	ATF_TP_ADD_TC(tp, unmapped);
	ATF_TP_ADD_TC(tp, beyond_end);
	ATF_TP_ADD_TC(tp, leaves_dispositions);
	ATF_TP_ADD_TC(tp, checks);
	ATF_TP_ADD_TC(tp, range);
	return atf_no_error();
}
