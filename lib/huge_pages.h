/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Huge pages of Linux, Documentation/admin-guide/mm/hugetlbpage.rst: memory that the administrator sets aside, or lets the
 * system take when it is asked for. Both are settings of the whole machine, which no case changes. Elsewhere everything here
 * skips the case.
 */

#ifndef SHMCHECK_HUGE_PAGES_H
#define SHMCHECK_HUGE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "need.h"

/* The kernel has huge pages, though maybe none is free. */
#define NEEDS_KERNEL_WITH_HUGE_PAGES NEED("a kernel with huge pages", .ask = need_kernel_with_huge_pages)

void need_kernel_with_huge_pages(void);

/*
 * This number of huge pages of the default size can be had, and some more: those of a case before may not be free yet. Another
 * case that asks, of another running suite too, waits until this one has ended. For the few cases that check whether huge pages
 * can be mapped at all.
 */
#define NEEDS_FREE_HUGE_PAGES(count) NEED(#count " huge pages", .ask_amount = need_free_huge_pages, .amount = (count))

void need_free_huge_pages(uintmax_t count);

/*
 * The same, and the platform maps huge pages: where it refuses them all, mmap_flags_test:hugetlb fails, and the other cases
 * have nothing to add.
 */
#define NEEDS_HUGE_PAGES(count) NEED(#count " huge pages", .ask_amount = need_huge_pages, .amount = (count))

void need_huge_pages(uintmax_t count);

/* The same, where nothing can be skipped: false where need_huge_pages() would skip. */
bool has_huge_pages(unsigned count);

/* Bytes of a huge page of the default size. 0 where the kernel has none. */
size_t huge_page_size(void);

/* A free range of addresses of this size at a multiple of the huge page. */
char *free_huge_range(size_t size);

/* Bytes of whole huge pages, of more than all memory of the machine: no setting of the administrator can give them. */
size_t huge_pages_above_memory(void);

/* The machine has less memory than a size_t can tell, so that there is such a number. */
#define NEEDS_LESS_MEMORY_THAN_ADDRESSES NEED("less memory than addresses", .ask = need_less_memory_than_addresses)

void need_less_memory_than_addresses(void);

#endif
