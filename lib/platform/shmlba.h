/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * SHMLBA of a program that includes only <sys/shm.h>; 0 if the header defines it by a macro that it does not define. This
 * header stands behind <sys/shm.h> and before all others, so it includes none.
 */

#ifndef SHMCHECK_PLATFORM_SHMLBA_H
#define SHMCHECK_PLATFORM_SHMLBA_H

#if defined(__DragonFly__) && !defined(PAGE_SIZE)
#define SHMLBA_OF_HEADER 0
#else
#define SHMLBA_OF_HEADER SHMLBA
#endif

#endif
