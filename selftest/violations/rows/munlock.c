/* SPDX-License-Identifier: BSD-2-Clause */

/* munlock() inside of pages, locks among signals, of other mappings of the same memory and of memory without access. */

#include <signal.h>
#include <stdint.h>

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static void
lock_whole(const struct known_range *range)
{
	real_mlock(range->start, range->length);
}

/* How many of two pages are locked after munlock() of a byte of each. */
static long
pages_locked_after_unaligned(void)
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munlock(&p[page_size() - 1], 2);
	return (locked_bytes() - before) / (long)page_size();
}

VIOLATION(munlock_unaligned_ignored, "mlock.unaligned-address", "-", MUNLOCK, SKIPS(is_unaligned(c)))
{
	return pages_locked_after_unaligned() == 2;
}

VIOLATION(munlock_unaligned_rounds_up, "mlock.unaligned-address", "-", MUNLOCK,
    CHANGES(is_unaligned(c), (c->address = page_of(c, 1), round_down(c))))
{
	return pages_locked_after_unaligned() == 1;
}

VIOLATION(munlock_unaligned_takes_one_page, "mlock.unaligned-address", "-", MUNLOCK,
    CHANGES(is_unaligned(c), (round_down(c), c->length = page_size())))
{
	return pages_locked_after_unaligned() == 1;
}

VIOLATION(munlock_unaligned_takes_all, "mlock.unaligned-address", "-", MUNLOCK,
    CHANGES(is_unaligned(c) && range_of(c) != NULL, (c->address = range_of(c)->start, c->length = range_of(c)->length)))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munlock(&p[1], 1);
	return locked_bytes() == before;
}

VIOLATION(munlock_unaligned_enomem, "mlock.unaligned-address", "-", MUNLOCK, REFUSES(is_unaligned(c), ENOMEM))
{
	return munlock((char *)map_anonymous(page_size(), MAP_SHARED) + 1, 1) == -1 && errno == ENOMEM;
}

VIOLATION(munlock_unaligned_clears, "mlock.unaligned-address", "-", MUNLOCK,
    FALSIFIES(is_unaligned(c) && range_of(c) != NULL, *range_of(c)->start = 0))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	*p = 'm';
	munlock(p + 1, 1);
	return *p == 0;
}

static void
handle(int number)
{
	(void)number;
}

static char *
page_of_handler(void)
{
	struct sigaction action = { .sa_handler = handle };

	sigaction(SIGUSR1, &action, NULL);
	return map_anonymous(page_size(), MAP_SHARED);
}

VIOLATION(mlock_among_signals_enomem, "mlock.among-signals", "-", MLOCK, REFUSES(known_is_interruptible(), ENOMEM))
{
	return mlock(page_of_handler(), page_size()) == -1;
}

VIOLATION(mlock_among_signals_locks_nothing, "mlock.among-signals", "-", MLOCK, SKIPS(known_is_interruptible()))
{
	return mlock(page_of_handler(), page_size()) == 0 && locked_bytes() == 0;
}

VIOLATION(munlock_among_signals_einval, "mlock.among-signals", "-", MUNLOCK, REFUSES(known_is_interruptible(), EINVAL))
{
	return munlock(page_of_handler(), page_size()) == -1;
}

VIOLATION(munlock_among_signals_ignored, "mlock.among-signals", "-", MUNLOCK, SKIPS(known_is_interruptible()))
{
	char *p = page_of_handler();

	return mlock(p, page_size()) == 0 && munlock(p, page_size()) == 0 && locked_bytes() != 0;
}

VIOLATION(munlock_among_signals_clears, "mlock.among-signals", "-", MUNLOCK,
    FALSIFIES(known_is_interruptible(), *(char *)c->address = 0))
{
	char *p = page_of_handler();

	*p = 'm';
	munlock(p, page_size());
	return *p == 0;
}

VIOLATION(munlock_among_signals_stores, "mlock.among-signals", "-", MUNLOCK,
    FALSIFIES(known_is_interruptible(), ((char *)c->address)[c->length - 1] = SPOILED))
{
	char *p = page_of_handler();

	munlock(p, page_size());
	return p[page_size() - 1] == SPOILED;
}

static struct known_range *
locked_alias(const struct call *c)
{
	struct known_range *alias = alias_of(c);

	return is_part(c) && range_of(c)->locks > 0 ? alias : NULL;
}

VIOLATION(munmap_of_part_locks_alias, "munmap.removes-locks", "-", MUNMAP,
    CHANGES(locked_alias(c) != NULL, lock_whole(locked_alias(c))))
{
	int fd = object_create(2 * page_size()).fd;
	char *p = map_shared(fd, 2 * page_size());
	map_shared(fd, 2 * page_size());
	long before = locked_bytes();

	mlock(p, 2 * page_size());
	munmap(p, page_size());
	return locked_bytes() > before + (long)page_size();
}

#ifdef __linux__

static bool
is_without_access(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->protection == PROT_NONE;
}

static char *
page_without_access(void)
{
	return mmap(NULL, page_size(), PROT_NONE, MAP_SHARED | MAP_ANON, -1, 0);
}

static void
bring_in_and_lock(struct call *c)
{
	real_mprotect(c->address, c->length, PROT_READ | PROT_WRITE);
	*(volatile char *)c->address = 0;
	real_mprotect(c->address, c->length, PROT_NONE);
	real_call(c);
}

VIOLATION(mlock2_without_access_brings_in, "mlock2.onfault-without-access", "-", MLOCK2,
    REPLACES(is_without_access(c), bring_in_and_lock(c)))
{
	char *p = page_without_access();

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return is_resident(p);
}

VIOLATION(mlock2_without_access_gives_it, "mlock2.onfault-without-access", "-", MLOCK2,
    FALSIFIES(is_without_access(c), real_mprotect(c->address, c->length, PROT_READ)))
{
	char *p = page_without_access();

	mlock2(p, page_size(), MLOCK_ONFAULT);
	return !load_is_refused(p);
}

VIOLATION(
    mlock2_without_access_enomem, "mlock2.onfault-without-access", "-", MLOCK2, REFUSES(is_without_access(c), ENOMEM))
{
	return mlock2(page_without_access(), page_size(), MLOCK_ONFAULT) == -1;
}

static bool
locks_all(const struct call *c)
{
	return range_of(c) != NULL && range_of(c)->locks > 0 && is_whole(c);
}

VIOLATION(mprotect_of_locked_gives_less, "mlock2.onfault-without-access", "-", MPROTECT,
    CHANGES(locks_all(c), c->protection &= ~PROT_WRITE))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mlock(p, page_size());
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	return store_is_refused(p);
}

VIOLATION(mprotect_of_locked_unlocks, "mlock2.onfault-without-access", "-", MPROTECT,
    FALSIFIES(locks_all(c), real_munlock(c->address, c->length)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);
	long before = locked_bytes();

	mlock(p, page_size());
	mprotect(p, page_size(), PROT_READ);
	return locked_bytes() == before;
}

VIOLATION(mprotect_of_locked_brings_in, "mlock2.onfault-without-access", "-", MPROTECT,
    FALSIFIES(locks_all(c) && c->protection != PROT_NONE,
	*(volatile char *)(last_page_of(c)) = *(volatile char *)last_page_of(c)))
{
	char *p = map_anonymous(page_size(), MAP_SHARED);

	mlock2(p, page_size(), MLOCK_ONFAULT);
	mprotect(p, page_size(), PROT_READ | PROT_WRITE);
	return is_resident(p);
}

#endif
