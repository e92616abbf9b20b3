/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The guardian removes what a case made and left, whatever happened to the case: it returned, failed, crashed, timed out or
 * was killed. It is a child in a process group of its own, forked before the first owned thing is made, that holds nothing but the
 * end of a pipe; when the case says that it is done, or the pipe closes because the case and its children are gone, it
 * removes what it was told of and what is still there, after checking that it still is the case's own: an identifier or a
 * name that somebody else uses by then stays.
 *
 * Why not ATF's cleanup routines: they cost a second start of the program for each case, 2.4 ms under Kyua against 0.15 ms,
 * and don't know what a case had made that was killed before it could write it down.
 *
 * Bodies use segment.h, object.h and file.h, which tell the guardian.
 */

#ifndef SHMCHECK_GUARDIAN_H
#define SHMCHECK_GUARDIAN_H

#include <stdbool.h>

#include <sys/types.h>

/*
 * The case is about to make segments with this key, or has made this segment. Segments are the case's own while their
 * creator, shm_cpid, is the case or one of its children.
 */
void guardian_owns_key(key_t key);
void guardian_owns_segment(int id);

/*
 * The case is about to make objects of this name, or files of this path (relative to the directory where the case began).
 * While none has been made known by its file serial number since, all of that name are taken for the case's own: names are
 * random.
 */
void guardian_owns_object_name(const char *name);
void guardian_owns_file_name(const char *path);

/* Whether the name of an object, or the path of a file, is short enough to be guarded. */
bool guardian_can_own_name(const char *name);

/* The case has made this object or file, open as fd: what has the name later and is another is not the case's own. */
void guardian_owns_object(const char *name, int fd);
void guardian_owns_file(const char *path, int fd);

/* A child of the case, which may make things too: for a guardian that starts later. */
void guardian_knows_process(pid_t pid);

/*
 * In a child, before it makes anything: the guardian, if there is one, is the parent's. The child itself tells it who it is,
 * as the parent may be killed before it could.
 */
void guardian_leave(void);

/*
 * For lib/program.c: the descriptor that leads to the guardian, or -1, for the image that follows exec, and the other way
 * round. While that image has it, the guardian waits for its end too.
 */
int guardian_descriptor(void);
void guardian_resume(int descriptor);

/* Have everything removed now, and wait for it. False when something could not be removed. */
bool guardian_finish(void);

#endif
