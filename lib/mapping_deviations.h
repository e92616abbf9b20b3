/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * How systems differ from the standard with mappings. Each function calls deviates() or known_defect(), see case.h, on the
 * systems that differ.
 */

#ifndef SHMCHECK_MAPPING_DEVIATIONS_H
#define SHMCHECK_MAPPING_DEVIATIONS_H

/* mprotect() gives no access that mmap() was not asked for. */
void raised_protection_deviates(void);

/* An access that the protection refuses raises SIGSEGV, see signal_of_protection(). */
void protection_signal_deviates(void);

/* An access behind the end of a file raises SIGBUS. */
void end_of_file_signal_deviates(void);

#endif
