/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_OVERCOMMIT_H
#define SHMCHECK_PLATFORM_OVERCOMMIT_H

/*
 * vm.overcommit_memory of Linux, proc(5): 1 gives memory that the machine does not have, 2 reserves all that is given, and takes
 * no MAP_NORESERVE. 0 where there is no such setting.
 */
int overcommit_mode(void);

#endif
