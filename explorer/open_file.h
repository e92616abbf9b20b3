/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_OPEN_FILE_H
#define SHMCHECK_OPEN_FILE_H

#include <stdio.h>

/* fopen(), "r" or "w". Ends the program if that fails. */
FILE *open_file(const char *path, const char *mode);

#endif
