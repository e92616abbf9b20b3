/* SPDX-License-Identifier: BSD-2-Clause */

/* What systems do with mappings against the standard: each function says so where it holds, by case.h. */

#ifndef SHMCHECK_MAPPING_DEVIATIONS_H
#define SHMCHECK_MAPPING_DEVIATIONS_H

/* mprotect() gives no access that mmap() was not asked for. */
void raised_protection_deviates(void);

/* An access that the protection refuses raises SIGSEGV, see signal_of_protection(). */
void protection_signal_deviates(void);

/* An access behind the end of a file raises SIGBUS. */
void end_of_file_signal_deviates(void);

#endif
