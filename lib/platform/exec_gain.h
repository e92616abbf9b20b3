/* SPDX-License-Identifier: BSD-2-Clause */

/* The switch of Linux 6.3 by which a process refuses itself memory that gains PROT_EXEC. Elsewhere there is none. */

#ifndef SHMCHECK_PLATFORM_EXEC_GAIN_H
#define SHMCHECK_PLATFORM_EXEC_GAIN_H

/* The bits of the mask, PR_MDWE_REFUSE_EXEC_GAIN and PR_MDWE_NO_INHERIT. */
enum { REFUSE_EXEC_GAIN = 1, NOT_INHERITED = 2 };

/* prctl() with PR_SET_MDWE and this mask. Fails with ENOSYS elsewhere. */
int set_exec_gain(unsigned long mask);

#endif
