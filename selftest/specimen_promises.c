/* SPDX-License-Identifier: BSD-2-Clause */

/* Cases of platforms that differ, and of outcomes that a manual documents. Run by case_test, which expects how each ends. */

#include <signal.h>

#include "case.h"
#include "process.h"

INTERFACE(specimen)

CASE(deviates_as_documented, SHALL, "One is two", "POSIX.1-2017 one()")
{
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(deviates_no_longer, SHALL, "One is one", "POSIX.1-2017 one()")
{
	deviates(platform(), "one is two", "one(2) NOTES");
	CHECK_EQ(1, 1);
}

CASE(deviates_but_fails_before, SHALL, "One is two", "POSIX.1-2017 one()")
{
	CHECK_EQ(3, 1);
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(deviates_as_it_says, SHALL, "One is two", "POSIX.1-2017 one()")
{
	CHECK_INSTEAD(platform(), errno != -1);
	CHECK_INSTEAD((unsigned)platform() << 1, errno == -1);
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(deviates_in_another_way, SHALL, "One is two", "POSIX.1-2017 one()")
{
	CHECK_INSTEAD(platform(), errno == -1);
	deviates(platform(), "one is three", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(deviates_elsewhere, SHALL, "One is two", "POSIX.1-2017 one()")
{
	deviates((unsigned)platform() << 1, "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(has_a_defect, SHALL, "One is two", "POSIX.1-2017 one()")
{
	known_defect(platform(), "1.0", "one is one", "findings");
	CHECK_EQ(2, 1);
}

CASE(has_a_defect_no_longer, SHALL, "One is one", "POSIX.1-2017 one()")
{
	known_defect(platform(), "", "one is two", "findings");
	CHECK_EQ(1, 1);
}

CASE(has_a_defect_elsewhere, SHALL, "One is two", "POSIX.1-2017 one()")
{
	known_defect((unsigned)platform() << 1, "", "one is one", "findings");
	CHECK_EQ(2, 1);
}

static void
deviate(void *nothing)
{
	(void)nothing;
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(deviates_in_child, SHALL, "One is two in a child", "POSIX.1-2017 one()")
{
	in_child(deviate, NULL);
}

static void
deviate_in_vain(void *nothing)
{
	(void)nothing;
	deviates(platform(), "one is two", "one(2) NOTES");
	CHECK_EQ(1, 1);
}

CASE(deviates_in_child_no_longer, SHALL, "One is one in a child", "POSIX.1-2017 one()")
{
	in_child(deviate_in_vain, NULL);
}

CASE(deviates_twice, SHALL, "One is two and three", "POSIX.1-2017 one()")
{
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(3, 1);
}

CASE(deviates_in_two_ways, SHALL, "One is two and three", "POSIX.1-2017 one()")
{
	deviates(platform(), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
	known_defect(platform(), "", "one is not three", "findings");
	CHECK_EQ(3, 1);
}

static int
fail_with(int error)
{
	errno = error;
	return -1;
}

CASE(deviates_by_error, SHALL, "One fails with ENOENT", "POSIX.1-2017 one()")
{
	deviates(platform(), "one fails with EINVAL or EPERM", "one(2) EACCES");
	CHECK_FAILS(ENOENT, -1, fail_with(EINVAL));
	CHECK_FAILS(ENOENT, -1, fail_with(EIO));
}

CASE(deviates_by_another_error, SHALL, "One fails with ENOENT", "POSIX.1-2017 one()")
{
	deviates(platform(), "one fails with EINVAL, not ENOENT", "one(2) EACCES");
	CHECK_FAILS(ENOENT, -1, fail_with(EACCES));
}

CASE(deviates_by_signal, SHALL, "One raises SIGBUS", "POSIX.1-2017 one()")
{
	deviates(platform(), "one raises SIGSEGV, not SIGBUS", "one(2)");
	CHECK_EQ(SIGBUS, SIGSEGV);
}

CASE(deviates_by_no_signal, SHALL, "One raises SIGBUS", "POSIX.1-2017 one()")
{
	deviates(platform(), "one raises SIGSEGV, not SIGBUS", "one(2)");
	CHECK_EQ(SIGBUS, 0);
}

CASE(deviates_in_old_versions, SHALL, "One is two", "POSIX.1-2017 one()")
{
	deviates(before((unsigned)platform(), "0.1"), "one is one", "one(2) NOTES");
	CHECK_EQ(2, 1);
}

CASE(deviates_in_versions_to_come, SHALL, "One is two", "POSIX.1-2017 one()")
{
	deviates(since((unsigned)platform(), "9999"), "one is one", "one(2) NOTES");
	known_defect(platform(), "9999.1", "one is one", "findings");
	CHECK_EQ(2, 1);
}

CASE(deviates_in_this_version, SHALL, "One is two", "POSIX.1-2017 one()")
{
	deviates(before((unsigned)platform(), "9999") & since((unsigned)platform(), "0.1"), "one is one", "one(2)");
	CHECK_EQ(2, 1);
}

CASE(has_a_race, SHALL, "One is two", "POSIX.1-2017 one()")
{
	known_race(platform(), "", "one is one at times", "findings");
	CHECK_EQ(2, 1);
}

CASE(has_a_race_that_does_not_show, SHALL, "One is one", "POSIX.1-2017 one()")
{
	known_race(platform(), "", "one is two at times", "findings");
	CHECK_EQ(1, 1);
}

/* The choice of each platform, as any of them may run it. */
#define ALL_CHOOSE(page, key, value) \
	CHOICE("Linux " page, key, value), CHOICE("FreeBSD " page, key, value), CHOICE("NetBSD " page, key, value), \
	    CHOICE("OpenBSD " page, key, value), CHOICE("DragonFly " page, key, value), \
	    CHOICE("macOS " page, key, value), CHOICE("illumos " page, key, value)

CASE(observes, OBSERVED, "One is something", "POSIX.1-2017 one()", CHOICE("Atlantis one(2)", "one", "2"),
    ALL_CHOOSE("one(2)", "two", "3"), ALL_CHOOSE("9999.1 one(2)", "one", "3"))
{
	observed("one", "%d", 1);
}

CASE(observes_what_is_documented, OBSERVED, "One is something", "POSIX.1-2017 one()",
    ALL_CHOOSE("0.1 one(2)", "one", "zero or one or two"))
{
	observed("one", "one");
	observed("one", "two");
}

CASE(observes_something_else, OBSERVED, "One is something", "POSIX.1-2017 one()",
    ALL_CHOOSE("one(2)", "one", "zero or one"))
{
	errno = EINTR;
	observed("one", "on");
	CHECK_EQ(EINTR, errno);
}
