/* SPDX-License-Identifier: BSD-2-Clause */

/* The command that a program of this directory runs, for as long as it goes on. Linux. */

#ifndef SHMCHECK_HYGIENE_COMMAND_H
#define SHMCHECK_HYGIENE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/*
 * Start it. From here on SIGCHLD, SIGALRM, SIGHUP, SIGINT and SIGTERM are blocked and come through command_signal(). Ends
 * the program with status 2 if it cannot.
 */
pid_t command_start(char **argv);

/*
 * The next of these signals, and 0 when there is none or, if asked to block, when a wait was in vain. What asks to end goes
 * on to the command, unless that was told to have ended: it is not reaped before, so that its number is still its own.
 */
int command_signal(bool block);
void command_ended(void);

/* The status of a process as a shell tells it: 128 + N when signal N ended it. */
int status_of_shell(int status);

/* The children that a process has now, as far as there is room. Needs CONFIG_PROC_CHILDREN of the kernel: proc(5). */
size_t children_of(pid_t parent, pid_t *children, size_t room);

/* Whether the kernel tells them; says so if not. */
bool children_are_told(const char *me);

#endif
