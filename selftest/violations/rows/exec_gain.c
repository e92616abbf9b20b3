/* SPDX-License-Identifier: BSD-2-Clause */

/* PR_SET_MDWE of Linux: what a process and its children still get, and what they no longer get. */

#ifdef __linux__

#include <sys/mman.h>
#include <sys/prctl.h>

#include "child.h"
#include "effects.h"
#include "platform/exec_gain.h"
#include "range.h"
#include "real.h"
#include "violation.h"

enum { SET_MASK = 65, GET_MASK = 66, CODE = PROT_READ | PROT_EXEC, ALL = CODE | PROT_WRITE };

static bool
refuses_exec_gain(void)
{
	return real_make((struct call){ .interface = PRCTL, .command = GET_MASK }) > 0;
}

static bool
sets(const struct call *c)
{
	return c->command == SET_MASK && (c->argument & REFUSE_EXEC_GAIN) != 0;
}

static bool
has_unknown_bits(const struct call *c)
{
	return c->command == SET_MASK && (c->argument & ~(REFUSE_EXEC_GAIN | NOT_INHERITED)) != 0;
}

static char *
new_page(int sharing)
{
	return map_anonymous(page_size(), sharing);
}

static bool
gains_exec(void)
{
	return mprotect(new_page(MAP_SHARED), page_size(), CODE) == 0;
}

VIOLATION(exec_gain_is_not_refused, "mprotect.exec-gain-refused", "-", PRCTL, SKIPS(sets(c)))
{
	return set_exec_gain(REFUSE_EXEC_GAIN) == 0 && gains_exec();
}

VIOLATION(mmap_for_all_accepted, "mprotect.exec-gain-refused", "-", MMAP,
    ACCEPTS(c->protection == ALL, EACCES,
	real_mmap(NULL, c->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)))
{
	set_exec_gain(REFUSE_EXEC_GAIN);
	return mmap(NULL, page_size(), ALL, MAP_PRIVATE | MAP_ANON, -1, 0) != MAP_FAILED;
}

VIOLATION(mprotect_exec_gain_eperm, "mprotect.exec-gain-refused", "-", MPROTECT,
    MISTAKES((c->protection & PROT_EXEC) != 0 && refuses_exec_gain(), EACCES, EPERM))
{
	set_exec_gain(REFUSE_EXEC_GAIN);
	return !gains_exec() && errno == EPERM;
}

VIOLATION(
    exec_gain_spoils_shared, "mprotect.exec-gain-refused", "-", PRCTL, FALSIFIES(sets(c), spoil_shared_mappings()))
{
	char *p = new_page(MAP_SHARED);

	*p = 'p';
	set_exec_gain(REFUSE_EXEC_GAIN);
	return *p != 'p';
}

VIOLATION(
    exec_gain_spoils_private, "mprotect.exec-gain-refused", "-", PRCTL, FALSIFIES(sets(c), spoil_private_mappings()))
{
	char *p = new_page(MAP_PRIVATE);

	*p = 'p';
	set_exec_gain(REFUSE_EXEC_GAIN);
	return *p != 'p';
}

static bool
can_be_stored_to(const struct known_range *range)
{
	return (range->protection & PROT_WRITE) != 0;
}

static void
make_read_only(const struct known_range *range)
{
	real_mprotect(range->start, range->length, PROT_READ);
}

VIOLATION(exec_gain_makes_read_only, "mprotect.exec-gain-refused", "-", PRCTL,
    FALSIFIES(sets(c), for_known_ranges(can_be_stored_to, make_read_only)))
{
	char *p = new_page(MAP_SHARED);

	set_exec_gain(REFUSE_EXEC_GAIN);
	return store_is_refused(p);
}

VIOLATION(mprotect_without_exec_refused, "mprotect.exec-gain-refused", "-", MPROTECT,
    REFUSES((c->protection & PROT_EXEC) == 0 && refuses_exec_gain(), EACCES))
{
	set_exec_gain(REFUSE_EXEC_GAIN);
	return mprotect(new_page(MAP_SHARED), page_size(), PROT_READ) == -1;
}

VIOLATION(mprotect_of_code_refused, "mprotect.exec-gain-refused", "-", MPROTECT,
    REFUSES(c->protection == CODE && refuses_exec_gain(), EPERM))
{
	char *p = mmap(NULL, page_size(), CODE, MAP_PRIVATE | MAP_ANON, -1, 0);

	set_exec_gain(REFUSE_EXEC_GAIN);
	return mprotect(p, page_size(), CODE) == -1;
}

VIOLATION(mmap_of_code_refused, "mprotect.exec-gain-refused", "-", MMAP,
    REFUSES(c->protection == CODE && refuses_exec_gain(), EACCES))
{
	set_exec_gain(REFUSE_EXEC_GAIN);
	return mmap(NULL, page_size(), CODE, MAP_PRIVATE | MAP_ANON, -1, 0) == MAP_FAILED;
}

VIOLATION(exec_gain_always_inherited, "mprotect.exec-gain-refused", "-", PRCTL,
    CHANGES(sets(c), c->argument = REFUSE_EXEC_GAIN))
{
	return set_exec_gain(REFUSE_EXEC_GAIN | NOT_INHERITED) == 0 && !holds_in_child(gains_exec);
}

VIOLATION(exec_gain_never_inherited, "mprotect.exec-gain-refused", "-", PRCTL,
    CHANGES(sets(c), c->argument = REFUSE_EXEC_GAIN | NOT_INHERITED))
{
	return set_exec_gain(REFUSE_EXEC_GAIN) == 0 && holds_in_child(gains_exec);
}

VIOLATION(mprotect_to_code_clears, "mprotect.exec-gain-refused", "-", MPROTECT,
    CHANGES(c->protection == CODE && is_shared(range_of(c)) && (range_of(c)->protection & PROT_WRITE) != 0,
	*(char *)c->address = 0))
{
	char *p = new_page(MAP_SHARED);

	*p = 's';
	mprotect(p, page_size(), CODE);
	return *p == 0;
}

VIOLATION(exec_gain_seems_taken_back, "mprotect.exec-gain-refused", "-", PRCTL,
    ACCEPTS(c->command == SET_MASK && !sets(c), EPERM, 0))
{
	set_exec_gain(REFUSE_EXEC_GAIN);
	return set_exec_gain(0) == 0;
}

VIOLATION(
    exec_gain_refused_once, "mprotect.exec-gain-refused", "-", PRCTL, REFUSES(sets(c) && refuses_exec_gain(), EPERM))
{
	set_exec_gain(REFUSE_EXEC_GAIN);
	return set_exec_gain(REFUSE_EXEC_GAIN) == -1;
}

VIOLATION(exec_gain_heirs_alone_accepted, "mprotect.exec-gain-mask-einval", "-", PRCTL,
    ACCEPTS(c->command == SET_MASK && !has_unknown_bits(c), EINVAL, 0))
{
	return set_exec_gain(NOT_INHERITED) == 0;
}

VIOLATION(exec_gain_unknown_bits_accepted, "mprotect.exec-gain-mask-einval", "-", PRCTL,
    ACCEPTS(has_unknown_bits(c), EINVAL, 0))
{
	return set_exec_gain(1UL << 20) == 0;
}

static void
set_and_fail(struct call *c)
{
	c->argument &= REFUSE_EXEC_GAIN;
	real_call(c);
	call_fail(c, EINVAL);
}

VIOLATION(exec_gain_unknown_bits_set_others, "mprotect.exec-gain-mask-einval", "-", PRCTL,
    REPLACES(has_unknown_bits(c), set_and_fail(c)))
{
	return set_exec_gain(REFUSE_EXEC_GAIN | 1UL << 20) == -1 && !gains_exec();
}

#endif
