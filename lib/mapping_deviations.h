/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Where systems differ from the standard in what they do with mappings. Each function calls deviates() or known_defect() of
 * deviation.h on the systems that differ.
 */

#ifndef SHMCHECK_MAPPING_DEVIATIONS_H
#define SHMCHECK_MAPPING_DEVIATIONS_H

#include <stddef.h>

/* mprotect() gives no access that mmap() was not asked for. */
void raised_protection_deviates(void);

/* An access that the protection refuses raises SIGSEGV, see signal_of_protection(). */
void protection_signal_deviates(void);

/*
 * An access to a whole page behind the end of a file raises SIGBUS. "signals" are those of accesses behind the end of the file
 * or object fd, 0 where there was none. Before the checks of them: it checks them for what the systems do that differ.
 */
void behind_end_deviates(int fd, const int signals[], size_t count);

#endif
