/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * SHMLBA as <sys/shm.h> has it when it is included alone: 0 where it is defined by what that header does not define. To be
 * included after <sys/shm.h> and before any other header, so it includes none.
 */

#ifndef SHMCHECK_PLATFORM_SHMLBA_H
#define SHMCHECK_PLATFORM_SHMLBA_H

#if defined(__DragonFly__) && !defined(PAGE_SIZE)
#define SHMLBA_OF_HEADER 0
#else
#define SHMLBA_OF_HEADER SHMLBA
#endif

#endif
