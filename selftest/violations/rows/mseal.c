/* SPDX-License-Identifier: BSD-2-Clause */

/* mseal(), a call of syscall(), and what it protects mappings from. */

#ifdef __linux__

#include <sys/mman.h>
#include <sys/syscall.h>

#include "effects.h"
#include "platform/mman.h"
#include "range.h"
#include "real.h"
#include "violation.h"

static char *
start_of(const struct call *c)
{
	return (char *)c->words[1];
}

static size_t
length_of(const struct call *c)
{
	return (size_t)c->words[2];
}

static bool
is_seal(const struct call *c)
{
	return c->words[0] == SYS_mseal;
}

/* As it should be: aligned, without flags, of pages that are mapped. */
static bool
seals(const struct call *c)
{
	return is_seal(c) && c->words[3] == 0 && known_range_at(start_of(c)) != NULL &&
	    length_of(c) < (size_t)1 << 40; /* bytes: no range that wraps around */
}

static int
real_mseal(char *start, size_t size)
{
	const long words[7] = { SYS_mseal, (long)start, (long)size, 0 };

	return (int)real_make((struct call){ .interface = OTHER_SYSCALL, .words = words });
}

static bool
is_sealed(char *page)
{
	const struct known_range *range = known_range_at(page);

	return range != NULL && real_mprotect(page, page_size(), range->protection) == -1 && errno == EPERM;
}

static bool
has_sealed_page(const struct call *c)
{
	for (size_t at = 0; at < whole_pages(length_of(c)); at += page_size())
		if (is_sealed(start_of(c) + at))
			return true;
	return false;
}

static void
seal_what_is_mapped(char *start, size_t size)
{
	for (size_t at = 0; at < size; at += page_size())
		real_mseal(start + at, page_size());
}

/* Three pages of which the middle one is sealed, or a null pointer where there is no such call. */
static char *
middle_sealed(void)
{
	char *p = map_anonymous(3 * page_size(), MAP_SHARED);

	p[page_size()] = 's';
	return raw_mseal(&p[page_size()], page_size(), 0) == 0 ? &p[page_size()] : NULL;
}

VIOLATION(mseal_ignored, "mseal.unmap-eperm", "-", OTHER_SYSCALL, SKIPS(seals(c)))
{
	char *sealed = middle_sealed();

	return sealed != NULL && munmap(sealed, page_size()) == 0;
}

VIOLATION(mseal_of_files_einval, "mseal.exit-unmaps", "-", OTHER_SYSCALL,
    REFUSES(seals(c) && known_range_at(start_of(c))->fd != -1, EINVAL))
{
	return middle_sealed() != NULL && raw_mseal(map_shared(nameless_file(1), 1), 1, 0) == -1;
}

VIOLATION(mseal_seals_neighbours, "mseal.protect-eperm", "-", OTHER_SYSCALL,
    FALSIFIES(seals(c),
	(real_mseal(start_of(c) - page_size(), page_size()),
	    real_mseal(start_of(c) + whole_pages(length_of(c)), page_size()))))
{
	char *sealed = middle_sealed();

	return sealed != NULL && mprotect(sealed - page_size(), page_size(), PROT_READ) == -1;
}

VIOLATION(mseal_makes_read_only, "mseal.protect-eperm", "-", OTHER_SYSCALL,
    CHANGES(seals(c) && !has_sealed_page(c), real_mprotect(start_of(c), length_of(c), PROT_READ)))
{
	char *sealed = middle_sealed();

	return sealed != NULL && store_is_refused(sealed);
}

VIOLATION(munmap_of_sealed_eacces, "mseal.unmap-eperm", "-", MUNMAP, MISTAKES(true, EPERM, EACCES))
{
	char *sealed = middle_sealed();

	return sealed != NULL && munmap(sealed, page_size()) == -1 && errno == EACCES;
}

/* What is before the sealed page goes all the same. */
static void
unmap_until_sealed(struct call *c)
{
	for (size_t at = 0; at < whole_pages(c->length); at += page_size())
		if (real_munmap((char *)c->address + at, page_size()) == -1)
			break;
	call_fail(c, EPERM);
}

static bool
sealed_within(const struct call *c)
{
	return range_of(c) != NULL && c->length > page_size() && c->length <= range_of(c)->length_then &&
	    is_sealed((char *)c->address + page_size());
}

VIOLATION(munmap_until_sealed, "mseal.unmap-eperm", "-", MUNMAP, REPLACES(sealed_within(c), unmap_until_sealed(c)))
{
	char *sealed = middle_sealed();

	return sealed != NULL && munmap(sealed - page_size(), 3 * page_size()) == -1 &&
	    load_is_refused(sealed - page_size());
}

VIOLATION(mmap_over_sealed_einval, "mseal.map-over-eperm", "-", MMAP, MISTAKES(c->flags &MAP_FIXED, EPERM, EINVAL))
{
	char *sealed = middle_sealed();

	return sealed != NULL &&
	    mmap(sealed, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED &&
	    errno == EINVAL;
}

VIOLATION(mremap_of_sealed_eacces, "mseal.remap-eperm", "-", MREMAP, MISTAKES(true, EPERM, EACCES))
{
	char *sealed = middle_sealed();

	return sealed != NULL && mremap(sealed, page_size(), 2 * page_size(), MREMAP_MAYMOVE) == MAP_FAILED &&
	    errno == EACCES;
}

VIOLATION(mprotect_of_sealed_eacces, "mseal.protect-eperm", "-", MPROTECT, MISTAKES(true, EPERM, EACCES))
{
	char *sealed = middle_sealed();

	return sealed != NULL && mprotect(sealed, page_size(), PROT_READ) == -1 && errno == EACCES;
}

static char *
sealed_for_reading(void)
{
	char *p = map_anonymous(1, MAP_PRIVATE);

	*p = 'r';
	mprotect(p, page_size(), PROT_READ);
	return raw_mseal(p, page_size(), 0) == 0 ? p : NULL;
}

VIOLATION(madvise_of_sealed_eacces, "mseal.advise-eperm", "-", MADVISE, MISTAKES(true, EPERM, EACCES))
{
	char *p = sealed_for_reading();

	return p != NULL && madvise(p, page_size(), MADV_DONTNEED) == -1 && errno == EACCES;
}

VIOLATION(madvise_of_sealed_always_eperm, "mseal.advise-eperm", "-", MADVISE,
    REFUSES(c->command == MADV_RANDOM && is_sealed(c->address), EPERM))
{
	char *p = sealed_for_reading();

	return p != NULL && madvise(p, page_size(), MADV_RANDOM) == -1;
}

VIOLATION(mseal_of_sealed_eperm, "mseal.seal-again", "-", OTHER_SYSCALL, REFUSES(seals(c) && has_sealed_page(c), EPERM))
{
	char *sealed = middle_sealed();

	return sealed != NULL && raw_mseal(sealed, page_size(), 0) == -1;
}

VIOLATION(mseal_refuses_odd_size, "mseal.size-rounded-up", "-", OTHER_SYSCALL,
    REFUSES(seals(c) && length_of(c) % page_size() != 0, EINVAL))
{
	return middle_sealed() != NULL && raw_mseal(map_anonymous(1, MAP_SHARED), 1, 0) == -1;
}

VIOLATION(mseal_of_unaligned_accepted, "mseal.einval", "-", OTHER_SYSCALL,
    ACCEPTS(is_seal(c) && (uintptr_t)start_of(c) % page_size() != 0, EINVAL, 0))
{
	return raw_mseal((char *)map_anonymous(1, MAP_SHARED) + 1, 1, 0) == 0;
}

/* Not for private memory, with which lib/ asks for the call. */
static bool
has_flags(const struct call *c)
{
	return is_seal(c) && c->words[3] != 0 && is_shared(known_range_at(start_of(c)));
}

VIOLATION(mseal_with_flags_accepted, "mseal.einval", "-", OTHER_SYSCALL, ACCEPTS(has_flags(c), EINVAL, 0))
{
	return raw_mseal(map_anonymous(1, MAP_SHARED), page_size(), 1) == 0;
}

VIOLATION(mseal_that_wraps_accepted, "mseal.einval", "-", OTHER_SYSCALL,
    ACCEPTS(is_seal(c) && length_of(c) > SIZE_MAX / 2, EINVAL, 0))
{
	return raw_mseal(map_anonymous(1, MAP_SHARED), SIZE_MAX - page_size(), 0) == 0;
}

VIOLATION(mseal_with_flags_seals, "mseal.einval", "-", OTHER_SYSCALL,
    REPLACES(has_flags(c), (seal_what_is_mapped(start_of(c), length_of(c)), call_fail(c, EINVAL))))
{
	char *p = map_anonymous(1, MAP_SHARED);

	return raw_mseal(p, page_size(), 1) == -1 && munmap(p, page_size()) == -1;
}

VIOLATION(mseal_of_hole_accepted, "mseal.enomem-unmapped", "-", OTHER_SYSCALL, ACCEPTS(is_seal(c), ENOMEM, 0))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	unmap(p, page_size());
	return raw_mseal(p, 2 * page_size(), 0) == 0;
}

static bool
has_hole(const struct call *c)
{
	const char *last = start_of(c) + length_of(c) - 1;

	return is_seal(c) && c->words[3] == 0 && length_of(c) > page_size() && length_of(c) < SIZE_MAX / 2 &&
	    (known_range_at(start_of(c)) == NULL || known_range_at(last) == NULL ||
		known_range_at(start_of(c) + page_size()) == NULL);
}

VIOLATION(mseal_of_hole_seals_rest, "mseal.enomem-unmapped", "-", OTHER_SYSCALL,
    REPLACES(has_hole(c), (seal_what_is_mapped(start_of(c), length_of(c)), call_fail(c, ENOMEM))))
{
	char *p = map_anonymous(2 * page_size(), MAP_SHARED);

	unmap(p, page_size());
	return raw_mseal(p, 2 * page_size(), 0) == -1 && munmap(p, 2 * page_size()) == -1;
}

#endif
