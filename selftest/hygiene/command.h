/* SPDX-License-Identifier: BSD-2-Clause */

/* Programs of this directory run a command. They are for Linux. */

#ifndef SHMCHECK_HYGIENE_COMMAND_H
#define SHMCHECK_HYGIENE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/*
 * Start the command and return its process. From then on SIGCHLD, SIGALRM, SIGHUP, SIGINT and SIGTERM are blocked:
 * command_signal() returns them. Ends the program with status 2 if the command cannot be started.
 */
pid_t command_start(char **argv);

/*
 * The next of these signals. If it is not to block, 0 when there is none. Passes SIGHUP, SIGINT and SIGTERM on to the command
 * until command_ended() is called: call it before the command is reaped, when its process id can become another's.
 */
int command_signal(bool block);
void command_ended(void);

/* The status of a process as a shell has it in $?: 128 + N when signal N ended the process. */
int status_of_shell(int status);

/* Store the children of a process, as many as there is room for, and return how many. Needs CONFIG_PROC_CHILDREN: proc(5). */
size_t children_of(pid_t parent, pid_t *children, size_t room);

/* Whether the kernel lists children. Prints a message if not. */
bool children_are_listed(const char *me);

#endif
