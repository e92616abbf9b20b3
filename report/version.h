/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_VERSION_H
#define SHMCHECK_REPORT_VERSION_H

/* What ci/version printed when this was built. */
extern const char shmcheck_version[];

#endif
