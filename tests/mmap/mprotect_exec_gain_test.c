/* SPDX-License-Identifier: BSD-2-Clause */

/* PR_SET_MDWE of Linux: a process that lets no memory gain PROT_EXEC, neither its own nor that of its children. */

#include "case.h"
#include "fault.h"
#include "instrument.h"
#include "mapping.h"
#include "platform/exec_gain.h"
#include "process.h"

static const int CODE = PROT_READ | PROT_EXEC;
static const int ALL = PROT_READ | PROT_WRITE | PROT_EXEC;

/* Security modules of Linux may refuse it to every process. */
static void
need_exec_gain(void)
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	bool works = mprotect(p, page_size(), ALL) == 0;
	need(works, "needs memory that may gain PROT_EXEC: %s", errno_name(errno));
	unmap(p, page_size());
}

INTERFACE(mprotect, NEED("memory that may gain PROT_EXEC", .ask = need_exec_gain), NEEDS_NO_INSTRUMENT(VALGRIND))

/* In a child: from now on the process has the switch. */
static void
turn_on(unsigned long mask)
{
	int result = set_exec_gain(mask);

	need(result == 0 || errno != EINVAL, "needs PR_SET_MDWE: prctl() fails with EINVAL");
	REQUIRE(result == 0);
}

struct pages {
	char *stored;
	char *shared;
	char *code; /* has PROT_EXEC from its start */
};

static struct pages
map_pages(void)
{
	struct pages p = { map_anonymous(page_size(), MAP_PRIVATE), map_anonymous(page_size(), MAP_SHARED),
		mmap(NULL, page_size(), CODE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) };

	REQUIRE(p.code != MAP_FAILED);
	pattern_store('p', p.stored, page_size());
	pattern_store('s', p.shared, page_size());
	return p;
}

static void
check_refusal(void *pages)
{
	const struct pages *p = pages;

	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS(EACCES, MAP_FAILED, mmap(NULL, page_size(), ALL, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	CHECK_FAILS(EACCES, -1, mprotect(p->stored, page_size(), CODE));
	CHECK_FAILS(EACCES, -1, mprotect(p->shared, page_size(), CODE));
	CHECK_FAILS(EACCES, -1, mprotect(p->code, page_size(), ALL));

	CHECK_PATTERN('p', p->stored, page_size());
	CHECK_PATTERN('s', p->shared, page_size());
	CHECK_STORE_OK(p->stored);
	CHECK_STORE_OK(p->shared);
}

static void
check_what_stays_allowed(const struct pages *p)
{
	CHECK_SUCCEEDS(mprotect(p->stored, page_size(), PROT_READ));
	CHECK_SUCCEEDS(mprotect(p->stored, page_size(), PROT_READ | PROT_WRITE));
	CHECK_SUCCEEDS(mprotect(p->code, page_size(), CODE));
	CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), CODE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

static void
refuse(void *unused)
{
	(void)unused;
	struct pages p = map_pages();
	turn_on(REFUSE_EXEC_GAIN);

	check_refusal(&p);
	check_what_stays_allowed(&p);
}

CASE(exec_gain_refused, DOCUMENTED,
    "With PR_MDWE_REFUSE_EXEC_GAIN no mapping is made that can be stored to and executed, and none gains PROT_EXEC; "
    "one that has it keeps it",
    "Linux 6.3 PR_SET_MDWE(2const)", "Linux 6.3 include/linux/mman.h map_deny_write_exec()", COVERS("mprotect.mdwe"))
{
	in_child(refuse, NULL);
}

static void
refuse_in_child(void *unused)
{
	(void)unused;
	struct pages p = map_pages();
	turn_on(REFUSE_EXEC_GAIN);

	in_child(check_refusal, &p);
}

CASE(exec_gain_refused__in_child, DOCUMENTED, "A child made by fork is refused what its parent is refused",
    "Linux 6.3 PR_SET_MDWE(2const)", "Linux 6.3 include/linux/mman.h map_deny_write_exec()", COVERS("mprotect.mdwe"))
{
	in_child(refuse_in_child, NULL);
}

static void
gain(void *pages)
{
	const struct pages *p = pages;

	CHECK_SUCCEEDS(mprotect(p->shared, page_size(), CODE));
	CHECK_NE(MAP_FAILED, mmap(NULL, page_size(), ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	CHECK_PATTERN('s', p->shared, page_size());
}

static void
refuse_without_heirs(void *unused)
{
	(void)unused;
	struct pages p = map_pages();
	turn_on(REFUSE_EXEC_GAIN | NOT_INHERITED);

	in_child(gain, &p);
	check_refusal(&p);
}

CASE(exec_gain_refused__not_inherited, DOCUMENTED,
    "With PR_MDWE_NO_INHERIT the process is refused PROT_EXEC, and its children are not",
    "Linux 6.6 PR_SET_MDWE(2const)", "Linux 6.6 include/linux/mman.h map_deny_write_exec()")
{
	in_child(refuse_without_heirs, NULL);
}

static void
try_to_turn_off(void *unused)
{
	(void)unused;
	char *p = map_anonymous(page_size(), MAP_SHARED);
	turn_on(REFUSE_EXEC_GAIN);

	CHECK_EQ(-1, set_exec_gain(0));
	CHECK_FAILS(EACCES, -1, mprotect(p, page_size(), CODE));
	CHECK_SUCCEEDS(set_exec_gain(REFUSE_EXEC_GAIN)); /* which it has */
}

CASE(exec_gain_refused__for_good, DOCUMENTED, "A process that refuses PROT_EXEC cannot take that back",
    "Linux 6.3 PR_SET_MDWE(2const)")
{
	in_child(try_to_turn_off, NULL);
}

static void
set_wrong_masks(void *unused)
{
	(void)unused;
	int known = set_exec_gain(0);
	need(known == 0 || errno != EINVAL, "needs PR_SET_MDWE: prctl() fails with EINVAL");

	CHECK_FAILS(EINVAL, -1, set_exec_gain(NOT_INHERITED));
	CHECK_FAILS(EINVAL, -1, set_exec_gain(1UL << 20));
	CHECK_FAILS(EINVAL, -1, set_exec_gain(REFUSE_EXEC_GAIN | 1UL << 20));
	CHECK_SUCCEEDS(mprotect(map_anonymous(page_size(), MAP_SHARED), page_size(), CODE));
}

CASE(exec_gain_mask_einval, DOCUMENTED,
    "PR_SET_MDWE with a bit that does not exist, or with PR_MDWE_NO_INHERIT alone, fails with EINVAL and refuses "
    "nothing",
    "Linux 6.3 PR_SET_MDWE(2const)")
{
	in_child(set_wrong_masks, NULL);
}
