/* SPDX-License-Identifier: BSD-2-Clause */

/* Each check holds when it should, fails when it should, and says what was expected and what came back. */

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/shm.h>

#include <atf-c.h>

#include "check.h"
#include "huge_pages.h"
#include "instrument.h"
#include "mapping.h"
#include "need.h"
#include "platform.h"
#include "record.h"

/* record_first() keeps the first message only, so that each message is looked at in a case of its own. */
#define MESSAGE(name, check, message) \
	ATF_TC(name); \
	ATF_TC_HEAD(name, tc) \
	{ \
		atf_tc_set_md_var(tc, "descr", "The message of a failed check: " #name); \
	} \
	ATF_TC_BODY(name, tc) \
	{ \
		(void)tc; \
		ATF_CHECK(!(check)); \
		ATF_CHECK_EQ(1, record_failures()); \
		ATF_CHECK_MSG(strstr(record_first(), message) != NULL, "%s", record_first()); \
		ATF_CHECK_MSG(strstr(record_first(), "check_test.c:") != NULL, "%s", record_first()); \
	}

static int
fail_with(int error)
{
	errno = error;
	return -1;
}

static int
give(int result)
{
	return result;
}

static char zeros[16];

/* A page that cannot be loaded. */
static char *
closed_page(void)
{
	return mmap(NULL, page_size(), PROT_NONE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
}

/* clang-format off */
MESSAGE(equal, CHECK_EQ('a', give(3)), "give(3) is 3, expected 'a' = 97")
MESSAGE(equal_pointer, CHECK_EQ((void *)16, NULL), " is 0x0, expected (void *)16 = 0x10")
MESSAGE(different, CHECK_NE(-1, give(-1)), "give(-1) is -1, the same as -1")
MESSAGE(condition, CHECK(give(0) == 1), "give(0) == 1 does not hold")
MESSAGE(fails_but_works, CHECK_FAILS(EINVAL, -1, give(0)), "give(0) gave 0, expected -1 with EINVAL")
MESSAGE(fails_otherwise, CHECK_FAILS(EINVAL, -1, fail_with(ENOMEM)), "failed with ENOMEM, expected EINVAL")
MESSAGE(fails_with_another_value, CHECK_FAILS(EINVAL, -1, give(-2)), "give(-2) gave -2, expected -1 with EINVAL")
MESSAGE(fails_in, CHECK_FAILS_IN(EINVAL, EIDRM, 0, -1, fail_with(EPERM)), "failed with EPERM, expected EINVAL or EIDRM")
MESSAGE(fails_without_errno, CHECK_FAILS(EINVAL, -1, give(-1)), "give(-1) failed with no error, expected EINVAL")
MESSAGE(succeeds, CHECK_SUCCEEDS(fail_with(EACCES)), "gave -1 with EACCES, expected 0")
MESSAGE(succeeds_exactly, CHECK_SUCCEEDS(give(1)), "give(1) gave 1 (EPERM), expected 0")
MESSAGE(returns_error, CHECK_RETURNS_ERROR(EINVAL, give(0)), "give(0) returned no error, expected EINVAL")
MESSAGE(bytes, CHECK_BYTES(1, zeros, sizeof(zeros)), "byte 0 of 16 at zeros is 0x00, expected 0x01")
MESSAGE(pattern, CHECK_PATTERN(5, zeros, sizeof(zeros)), "byte 0 of 16 at zeros is 0x00, stored was 0x05")
MESSAGE(bytes_closed, CHECK_BYTES(0, closed_page(), 16), "an access to byte 0 of 16 at closed_page() raised SIG")
MESSAGE(pattern_closed, CHECK_PATTERN(5, closed_page(), 16), "an access to byte 0 of 16 at closed_page() raised SIG")
/* clang-format on */

ATF_TC(holds);
ATF_TC_HEAD(holds, tc)
{
	atf_tc_set_md_var(tc, "descr", "Checks of what is so hold, across types and signs");
}
ATF_TC_BODY(holds, tc)
{
	(void)tc;
	ATF_CHECK(CHECK_EQ(1, 1UL));
	ATF_CHECK(CHECK_EQ((unsigned short)3, 3L));
	ATF_CHECK(CHECK_EQ(UINTMAX_MAX, UINTMAX_MAX));
	ATF_CHECK(CHECK_EQ(zeros, (void *)zeros));
	ATF_CHECK(CHECK_EQ((void *)-1, (char *)-1));
	ATF_CHECK(CHECK_NE(0, -1));
	ATF_CHECK(CHECK(true));
	ATF_CHECK(CHECK_FAILS(EINVAL, -1, fail_with(EINVAL)));
	ATF_CHECK(CHECK_FAILS_IN(EINVAL, EIDRM, 0, -1, fail_with(EIDRM)));
	ATF_CHECK(CHECK_FAILS_IN(EINVAL, EIDRM, ENOMEM, -1, fail_with(ENOMEM)));
	ATF_CHECK(CHECK_SUCCEEDS(give(0)));
	ATF_CHECK(CHECK_RETURNS_ERROR(EINVAL, EINVAL));
	ATF_CHECK(CHECK_BYTES(0, zeros, sizeof(zeros)));
	ATF_CHECK_EQ(0, record_failures());
	ATF_CHECK_STREQ("", record_first());
}

ATF_TC(signs);
ATF_TC_HEAD(signs, tc)
{
	atf_tc_set_md_var(tc, "descr", "-1 is not the largest unsigned number, and a pointer is no number");
}
ATF_TC_BODY(signs, tc)
{
	(void)tc;
	ATF_CHECK(!CHECK_EQ(-1, UINT_MAX));
	ATF_CHECK(!CHECK_EQ(UINTMAX_MAX, -1));
	ATF_CHECK(!CHECK_EQ(-1, (void *)-1));
	ATF_CHECK(!CHECK_EQ(0, NULL));
	ATF_CHECK_EQ(4, record_failures());
}

ATF_TC(errno_is_cleared);
ATF_TC_HEAD(errno_is_cleared, tc)
{
	atf_tc_set_md_var(tc, "descr", "An errno left by an earlier call does not satisfy a check");
}
ATF_TC_BODY(errno_is_cleared, tc)
{
	(void)tc;
	errno = EINVAL;
	ATF_CHECK(!CHECK_FAILS(EINVAL, -1, give(-1)));
}

ATF_TC(last_byte);
ATF_TC_HEAD(last_byte, tc)
{
	atf_tc_set_md_var(tc, "descr", "One wrong byte at the end is seen, and a page in the place of another");
}
ATF_TC_BODY(last_byte, tc)
{
	size_t size = 3 * page_size() + 1;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);

	(void)tc;
	ATF_REQUIRE(p != MAP_FAILED);
	pattern_store(9, p, size);
	ATF_CHECK(CHECK_PATTERN(9, p, size));
	ATF_CHECK(CHECK_PATTERN_FROM(9, page_size(), p + page_size(), page_size()));
	ATF_CHECK_EQ(0, record_failures());
	ATF_CHECK(!CHECK_PATTERN(9, p + page_size(), page_size()));
	p[size - 1]++;
	ATF_CHECK(!CHECK_PATTERN(9, p, size));
	memset(p, 7, size);
	p[size - 1]++;
	ATF_CHECK(!CHECK_BYTES(7, p, size));
}

ATF_TC(names);
ATF_TC_HEAD(names, tc)
{
	atf_tc_set_md_var(tc, "descr", "Errors, signals and codes have their names, unknown ones their number");
}
ATF_TC_BODY(names, tc)
{
	(void)tc;
	ATF_CHECK_STREQ("EINVAL", errno_name(EINVAL));
	ATF_CHECK_STREQ("errno 9999", errno_name(9999));
	ATF_CHECK_STREQ("errno -1", errno_name(-1));
	ATF_CHECK_STREQ("SIGBUS", signal_name(SIGBUS));
	ATF_CHECK_STREQ("SEGV_ACCERR", signal_code_name(SIGSEGV, SEGV_ACCERR));
	ATF_CHECK_STREQ("BUS_ADRERR", signal_code_name(SIGBUS, BUS_ADRERR));
	ATF_CHECK_STREQ("si_code 77", signal_code_name(SIGBUS, 77));
}

static const char *
text_of(const char *need)
{
	return need_text(need_among_sources(need));
}

ATF_TC(needs);
ATF_TC_HEAD(needs, tc)
{
	atf_tc_set_md_var(tc, "descr", "A need is told in words, with the names of platforms and instruments");
}
ATF_TC_BODY(needs, tc)
{
	(void)tc;
	ATF_CHECK_STREQ("root", text_of(NEEDS_ROOT));
	ATF_CHECK_STREQ("Linux", text_of(NEEDS_PLATFORM(LINUX)));
	ATF_CHECK_STREQ("FreeBSD or DragonFly", text_of(NEEDS_PLATFORM(FREEBSD | DRAGONFLY)));
	ATF_CHECK_STREQ("no ThreadSanitizer or Valgrind", text_of(NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND)));
	ATF_CHECK_STREQ("1 huge page", text_of(NEEDS_HUGE_PAGES(1)));
	ATF_CHECK_STREQ("1 page that may be locked", text_of(NEEDS_LOCKABLE_PAGES(1)));
	ATF_CHECK_STREQ("12 pages that may be locked", text_of(NEEDS_LOCKABLE_PAGES(12)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, equal);
	ATF_TP_ADD_TC(tp, equal_pointer);
	ATF_TP_ADD_TC(tp, different);
	ATF_TP_ADD_TC(tp, condition);
	ATF_TP_ADD_TC(tp, fails_but_works);
	ATF_TP_ADD_TC(tp, fails_otherwise);
	ATF_TP_ADD_TC(tp, fails_with_another_value);
	ATF_TP_ADD_TC(tp, fails_in);
	ATF_TP_ADD_TC(tp, fails_without_errno);
	ATF_TP_ADD_TC(tp, succeeds);
	ATF_TP_ADD_TC(tp, succeeds_exactly);
	ATF_TP_ADD_TC(tp, returns_error);
	ATF_TP_ADD_TC(tp, bytes);
	ATF_TP_ADD_TC(tp, pattern);
	ATF_TP_ADD_TC(tp, bytes_closed);
	ATF_TP_ADD_TC(tp, pattern_closed);
	ATF_TP_ADD_TC(tp, holds);
	ATF_TP_ADD_TC(tp, signs);
	ATF_TP_ADD_TC(tp, errno_is_cleared);
	ATF_TP_ADD_TC(tp, last_byte);
	ATF_TP_ADD_TC(tp, names);
	ATF_TP_ADD_TC(tp, needs);
	return atf_no_error();
}
