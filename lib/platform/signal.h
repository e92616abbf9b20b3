/* SPDX-License-Identifier: BSD-2-Clause */

/* <signal.h>, and a stand-in for what POSIX lacks of it before POSIX.1-2024. */

#ifndef SHMCHECK_PLATFORM_SIGNAL_H
#define SHMCHECK_PLATFORM_SIGNAL_H

#include <limits.h>
#include <signal.h>

/* A number above those of all signals. Calls refuse those that are no signals. */
#ifndef NSIG
#ifdef NSIG_MAX
#define NSIG NSIG_MAX
#else
#define NSIG 129
#endif
#endif

#endif
