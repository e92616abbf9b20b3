/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_NITEMS_H
#define SHMCHECK_PLATFORM_NITEMS_H

/* How many elements an array has. BSDs define it in <sys/param.h>. */
#ifndef nitems
#define nitems(array) (sizeof(array) / sizeof((array)[0]))
#endif

#endif
