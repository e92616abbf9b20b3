/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The guardian removes what a case made and left, however the case ended: it returned, failed, crashed, timed out or was
 * killed. The guardian is a child in a process group of its own. It is forked before the case makes the first thing, and
 * holds only the end of a pipe. It acts when the case says that it is done, or when the pipe closes because the case and its
 * children have ended: it removes what it was told of and what is still there. Before that it checks that the thing is still
 * the case's own: an identifier or a name that somebody else uses by now stays.
 *
 * ATF's cleanup routines would start the program a second time for each case: 2.4 ms under Kyua, against 0.15 ms. And they
 * do not know what a case made that was killed before it could write that down.
 *
 * Bodies use segment.h, object.h and file.h, which tell the guardian.
 */

#ifndef SHMCHECK_GUARDIAN_H
#define SHMCHECK_GUARDIAN_H

#include <stdbool.h>

#include <sys/types.h>

/*
 * The case is about to make segments with this key, or has made this segment. A segment is the case's own if its creator,
 * shm_cpid, is the case or one of its children. Where no guardian can be started, the segment is removed and the case is
 * skipped.
 */
void guardian_owns_key(key_t key);
void guardian_owns_segment(int id);

/*
 * The case is about to make objects of this name, or files of this path, relative to the directory where the case began.
 * Names are random: until guardian_owns_object() or guardian_owns_file() says what the case made, everything of that name is
 * the case's own. So is each named semaphore of this name.
 */
void guardian_owns_object_name(const char *name);
void guardian_owns_file_name(const char *path);
void guardian_owns_semaphore_name(const char *name);

/* Whether the name of an object, or the path of a file, is short enough to be guarded. */
bool guardian_can_own_name(const char *name);

/* The case has made this object or file, open as fd. Another one that has the name later is not the case's own. */
void guardian_owns_object(const char *name, int fd);
void guardian_owns_file(const char *path, int fd);

/* The case has this child, which may make things too. For a guardian that starts later. */
void guardian_knows_process(pid_t pid);

/*
 * In a child, before it makes anything: the guardian, if there is one, belongs to the parent. The child tells it its process
 * id: the parent may be killed before it could do so.
 */
void guardian_leave(void);

/*
 * For lib/program.c: the descriptor that leads to the guardian, or -1; and, after exec, take that descriptor. The guardian also
 * waits for the end of the program that has it.
 */
int guardian_descriptor(void);
void guardian_resume(int descriptor);

/* Have everything removed now, and wait for that. Returns false if something could not be removed. */
bool guardian_finish(void);

#endif
