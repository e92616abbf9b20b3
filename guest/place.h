/* SPDX-License-Identifier: BSD-2-Clause */

/* What the first process of every system does about its files. */

#ifndef PLACE_H
#define PLACE_H

/* Write what went wrong, with errno, to standard error. */
void complain(const char *what);

/* Have /dev/console as standard input, output and error. Returns 0, or -1 with errno. */
int open_console(void);

/* Make this directory, if it is missing. */
void make_directory(const char *path);

#endif
