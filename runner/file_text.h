/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_FILE_TEXT_H
#define SHMCHECK_FILE_TEXT_H

/*
 * All of a file as a string, for the caller to free; "-" is standard input. Null, with errno, when it cannot be read. Null
 * bytes end it early.
 */
char *file_text(const char *path);

#endif
