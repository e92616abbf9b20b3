/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_FILE_TEXT_H
#define SHMCHECK_FILE_TEXT_H

/*
 * The contents of a file as a string, for the caller to free; "-" is standard input. A null byte ends the string. Returns null,
 * with errno, if the file cannot be read.
 */
char *file_text(const char *path);

#endif
