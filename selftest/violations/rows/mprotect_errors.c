/* SPDX-License-Identifier: BSD-2-Clause */

/* What mprotect() must refuse, and what it must not: access beyond the descriptor's, holes, the end of addresses. */

#include <stdint.h>

#include <sys/mman.h>

#include "effects.h"
#include "range.h"
#include "real.h"
#include "violation.h"

/* A page mapped from a descriptor for loads alone. */
static char *
read_only_page(int sharing)
{
	struct object o = object_create(page_size());

	return mmap(NULL, page_size(), PROT_READ, sharing, object_open(&o, O_RDONLY), 0);
}

VIOLATION(mprotect_write_of_read_only_accepted, "mprotect.eacces-beyond-open-mode", "B187", MPROTECT,
    ACCEPTS(is_shared_file(range_of(c)) && c->protection == (PROT_READ | PROT_WRITE), EACCES, 0))
{
	return mprotect(read_only_page(MAP_SHARED), page_size(), PROT_READ | PROT_WRITE) == 0;
}

VIOLATION(mprotect_write_alone_of_read_only_accepted, "mprotect.eacces-beyond-open-mode", "B133", MPROTECT,
    ACCEPTS(is_shared_file(range_of(c)) && c->protection == PROT_WRITE, EACCES, 0))
{
	return mprotect(read_only_page(MAP_SHARED), page_size(), PROT_WRITE) == 0;
}

VIOLATION(mprotect_write_of_read_only_eperm, "mprotect.eacces-beyond-open-mode", "-", MPROTECT,
    MISTAKES(is_shared_file(range_of(c)) && c->protection & PROT_WRITE, EACCES, EPERM))
{
	return mprotect(read_only_page(MAP_SHARED), page_size(), PROT_READ | PROT_WRITE) == -1 && errno == EPERM;
}

VIOLATION(mprotect_forgets_mode_at_close, "mprotect.eacces-beyond-open-mode", "B287", MPROTECT,
    ACCEPTS(is_shared_file(range_of(c)) && file_size(range_of(c)->fd) == -1, EACCES, 0))
{
	struct object o = object_create(page_size());
	int fd = object_open(&o, O_RDONLY);
	char *p = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);

	close(fd);
	return mprotect(p, page_size(), PROT_READ | PROT_WRITE) == 0;
}

/* Private, as nothing else can be had of that descriptor. */
VIOLATION(mprotect_eacces_but_writable, "mprotect.eacces-beyond-open-mode", "-", MPROTECT,
    REPLACES(is_whole(c) && is_shared_file(range_of(c)) && range_of(c)->protection_then == PROT_READ &&
	    c->protection == PROT_WRITE,
	(make_private(c->address, c->length), call_fail(c, EACCES))))
{
	char *p = read_only_page(MAP_SHARED);

	mprotect(p, page_size(), PROT_WRITE);
	return !store_is_refused(p);
}

VIOLATION(mprotect_less_of_read_only_eacces, "mprotect.eacces-beyond-open-mode", "-", MPROTECT,
    REFUSES(
	is_shared_file(range_of(c)) && range_of(c)->protection_then == PROT_READ && c->protection == PROT_NONE, EACCES))
{
	return mprotect(read_only_page(MAP_SHARED), page_size(), PROT_NONE) == -1;
}

static bool
makes_private_writable(const struct call *c)
{
	return is_whole(c) && is_private_file(range_of(c)) && range_of(c)->protection_then == PROT_READ &&
	    c->protection & PROT_WRITE;
}

VIOLATION(mprotect_write_of_private_read_only_eacces, "mprotect.private-rdonly-may-write", "-", MPROTECT,
    REFUSES(makes_private_writable(c), EACCES))
{
	return mprotect(read_only_page(MAP_PRIVATE), page_size(), PROT_READ | PROT_WRITE) == -1;
}

VIOLATION(mprotect_of_private_read_only_ignored, "mprotect.private-rdonly-may-write", "-", MPROTECT,
    SKIPS(makes_private_writable(c)))
{
	char *p = read_only_page(MAP_PRIVATE);

	return mprotect(p, page_size(), PROT_READ | PROT_WRITE) == 0 && store_is_refused(p);
}

VIOLATION(mprotect_from_hole_accepted, "mprotect.enomem-unmapped", "-", MPROTECT,
    ACCEPTS(is_sane(c) && hole_of(c) == 0, ENOMEM, 0))
{
	return mprotect(three_pages_without(0), 3 * page_size(), PROT_READ) == 0;
}

/* Its first page alone was looked at. */
VIOLATION(
    mprotect_over_hole_accepted, "mprotect.enomem-unmapped", "B115", MPROTECT, ACCEPTS(has_hole_inside(c), ENOMEM, 0))
{
	return mprotect(three_pages_without(1), 3 * page_size(), PROT_READ) == 0;
}

VIOLATION(
    mprotect_into_hole_accepted, "mprotect.enomem-unmapped", "B017", MPROTECT, ACCEPTS(has_hole_at_end(c), ENOMEM, 0))
{
	return mprotect(three_pages_without(2), 3 * page_size(), PROT_READ) == 0;
}

VIOLATION(
    mprotect_over_hole_efault, "mprotect.enomem-unmapped", "-", MPROTECT, MISTAKES(has_hole_inside(c), ENOMEM, EFAULT))
{
	return mprotect(three_pages_without(1), 3 * page_size(), PROT_READ) == -1 && errno == EFAULT;
}

static bool
is_outside(const struct call *c)
{
	return range_of(c) == NULL && !is_sane(c);
}

VIOLATION(mprotect_of_kernel_accepted, "mprotect.enomem-unmapped", "-", MPROTECT, ACCEPTS(is_outside(c), ENOMEM, 0))
{
	return mprotect(address_of_kernel(), page_size(), PROT_READ) == 0;
}

VIOLATION(mprotect_of_kernel_einval, "mprotect.enomem-unmapped", "-", MPROTECT, MISTAKES(is_outside(c), ENOMEM, EINVAL))
{
	return mprotect(address_of_kernel(), page_size(), PROT_READ) == -1 && errno == EINVAL;
}

VIOLATION(mprotect_round_the_end_accepted, "mprotect.enomem-unmapped", "B028", MPROTECT,
    ACCEPTS(range_of(c) != NULL && !is_sane(c), ENOMEM, 0))
{
	return mprotect(map_anonymous(page_size(), MAP_PRIVATE), SIZE_MAX - page_size() + 1, PROT_READ) == 0;
}

VIOLATION(mprotect_write_and_exec_eacces, "mprotect.enotsup-write-exec", "-", MPROTECT,
    REFUSES(c->protection &PROT_WRITE && c->protection & PROT_EXEC, EACCES))
{
	return mprotect(map_anonymous(page_size(), MAP_PRIVATE), page_size(), PROT_READ | PROT_WRITE | PROT_EXEC) ==
	    -1 &&
	    errno == EACCES;
}

VIOLATION(mprotect_unaligned_rounds_down, "mprotect.unaligned", "-", MPROTECT, CHANGES(is_unaligned(c), round_down(c)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	return mprotect(p + 1, page_size() - 1, PROT_READ) == 0;
}

enum { ALL_PROTECTIONS = PROT_READ | PROT_WRITE | PROT_EXEC, SPARE_PROTECTION = 0x40000000 };

static bool
has_unknown_bits(const struct call *c)
{
	return (c->protection & SPARE_PROTECTION) != 0;
}

VIOLATION(mprotect_unknown_bits_ignored, "mprotect.bad-prot", "-", MPROTECT,
    CHANGES(has_unknown_bits(c), c->protection &= ALL_PROTECTIONS))
{
	return mprotect(map_anonymous(page_size(), MAP_PRIVATE), page_size(), PROT_READ | SPARE_PROTECTION) == 0;
}

VIOLATION(
    mprotect_unknown_bits_enotsup, "mprotect.bad-prot", "-", MPROTECT, MISTAKES(has_unknown_bits(c), EINVAL, ENOTSUP))
{
	return mprotect(map_anonymous(page_size(), MAP_PRIVATE), page_size(), PROT_READ | SPARE_PROTECTION) == -1 &&
	    errno == ENOTSUP;
}

/* As of a kernel that refuses the call when it has changed a page. */
static void
fail_and_protect(struct call *c, long pages_off)
{
	char *page = (char *)c->address - (uintptr_t)c->address % page_size();

	real_mprotect(page + pages_off * (long)page_size(), page_size(), PROT_READ);
	call_fail(c, EINVAL);
}

VIOLATION(mprotect_unaligned_closes_page_before, "mprotect.unaligned", "-", MPROTECT,
    REPLACES(is_unaligned(c), fail_and_protect(c, -1)))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	mprotect(&p[page_size() + 1], page_size() - 1, PROT_READ);
	return store_is_refused(p);
}

VIOLATION(mprotect_unaligned_closes_page_behind, "mprotect.unaligned", "-", MPROTECT,
    REPLACES(is_unaligned(c), fail_and_protect(c, 1)))
{
	char *p = map_anonymous(3 * page_size(), MAP_PRIVATE);

	mprotect(&p[page_size() + 1], page_size() - 1, PROT_READ);
	return store_is_refused(&p[2 * page_size()]);
}

VIOLATION(mprotect_of_nothing_closes_page, "mprotect.len-zero", "-", MPROTECT,
    REPLACES(c->length == 0, c->result = real_mprotect(c->address, page_size(), c->protection)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	mprotect(p, 0, PROT_READ);
	return store_is_refused(p);
}

VIOLATION(mprotect_unknown_bits_einval_but_closed, "mprotect.bad-prot", "-", MPROTECT,
    REPLACES(has_unknown_bits(c), fail_and_protect(c, 0)))
{
	char *p = map_anonymous(page_size(), MAP_PRIVATE);

	mprotect(p, page_size(), PROT_READ | SPARE_PROTECTION);
	return store_is_refused(p);
}
