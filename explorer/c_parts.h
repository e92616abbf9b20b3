/* SPDX-License-Identifier: BSD-2-Clause */

/* The parts of a C program that stand before its steps. Some are there only if an operation needs them. */

#ifndef SHMCHECK_C_PARTS_H
#define SHMCHECK_C_PARTS_H

#include <stdint.h>
#include <stdio.h>

#include "model/operation.h"

/* Sets of operations: which parts a program needs. */
#define ONLY(kind)    (UINT64_C(1) << (kind))
#define SEGMENT_MODES (ONLY(IPC_SET_MODE) | ONLY(IPC_MODE) | ONLY(IPC_USERS) | ONLY(IPC_TIMES))
#define TELLS_TIMES   (ONLY(IPC_TIMES) | ONLY(FSTAT_TIMES))
#define TELLS_USER    (ONLY(IPC_MODE) | ONLY(FSTAT_MODE))
#define TELLS_STATUS  (ONLY(IPC_STATUS) | SEGMENT_MODES)
#define TELLS_STAT    (ONLY(FSTAT) | ONLY(FSTAT_MODE) | ONLY(FSTAT_TIMES) | ONLY(FIND_OBJECT) | ONLY(FIND_FILE))
#define ABOUT_SEGMENTS \
	(ONLY(SHMGET) | ONLY(SHMAT) | ONLY(SHMDT) | ONLY(IPC_STATUS) | ONLY(IPC_REMOVE) | ONLY(FIND_SEGMENT) | \
	    ONLY(PEEK_SEGMENT) | SEGMENT_MODES)
#define ABOUT_OBJECTS (ONLY(SHM_OPEN) | ONLY(SHM_UNLINK) | ONLY(FIND_OBJECT) | ONLY(PEEK_OBJECT))
#define ABOUT_FILES   (ONLY(OPEN) | ONLY(UNLINK) | ONLY(FIND_FILE) | ONLY(PEEK_FILE))
#define ABOUT_NAMES   (ABOUT_SEGMENTS | ABOUT_OBJECTS | ABOUT_FILES)
#define OPENS_ONE     (ONLY(SHM_OPEN) | ONLY(OPEN))
#define CALLS_FCNTL   (ONLY(GETFD) | ONLY(SETFD))
#define READS         (ONLY(READ_NEXT) | ONLY(PREAD))
#define WRITES        (ONLY(WRITE_NEXT) | ONLY(PWRITE))
#define KEEPS_ONE     (OPENS_ONE | ONLY(MEMFD_CREATE) | ONLY(DUP))
#define ABOUT_DESCRIPTORS \
	(ONLY(FTRUNCATE) | ONLY(FSTAT) | ONLY(FSTAT_MODE) | ONLY(FSTAT_TIMES) | ONLY(FCHMOD) | ONLY(CLOSE) | \
	    CALLS_FCNTL | ONLY(LSEEK) | READS | WRITES | KEEPS_ONE)
#define ABOUT_IDENTIFIERS \
	(ONLY(SHMGET) | ONLY(SHMAT) | ONLY(IPC_STATUS) | ONLY(IPC_REMOVE) | ONLY(FIND_SEGMENT) | SEGMENT_MODES)
#define ABOUT_PLACES \
	(ONLY(SHMAT) | ONLY(SHMDT) | ONLY(MMAP) | ONLY(MUNMAP) | ONLY(MPROTECT) | ONLY(MSYNC) | ONLY(GUARD) | \
	    ONLY(UNGUARD) | ONLY(ADVISE) | ONLY(MLOCK) | ONLY(MUNLOCK) | ONLY(LOAD) | ONLY(STORE))
#define PEEKS       (ONLY(PEEK_SEGMENT) | ONLY(PEEK_OBJECT) | ONLY(PEEK_FILE))
#define LOADS       (ONLY(LOAD) | PEEKS)
#define ABOUT_UNITS (ABOUT_PLACES | PEEKS | ONLY(SHMGET) | ONLY(FTRUNCATE) | ONLY(LSEEK) | ONLY(PREAD) | ONLY(PWRITE))
/* Of no operation alone: processes take turns; the system chooses addresses, also of attachments, and some are unmapped or detached. */
#define TAKES_TURNS     (UINT64_C(1) << 63)
#define TELLS_PROCESSES (UINT64_C(1) << 62)
#define CHOOSES         (UINT64_C(1) << 59)
#define CHOOSES_ATTACH  (UINT64_C(1) << 61)
#define CHOOSES_UNMAP   (UINT64_C(1) << 60)
#define MAKES_PRIVATE   (UINT64_C(1) << 55) /* segments that no key finds */
#define CHOOSES_ADVICE  (UINT64_C(1) << 56)
#define INTERRUPTED     (UINT64_C(1) << 57) /* signals arrive in a call */
#define CHOOSES_DETACH  (UINT64_C(1) << 58)
#define STARTS          (ONLY(SPAWN) | ONLY(VFORK))
#define STARTS_AGAIN    (ONLY(EXEC) | STARTS)
#define ABOUT_PROCESSES (ONLY(FORK) | STARTS_AGAIN | ONLY(EXIT) | ONLY(KILL) | ONLY(BECOME_OTHER) | ONLY(IPC_USERS))

/* Write the headers and the variables; the functions; and what a program has that starts itself again. */
void c_parts_declare(FILE *, uint64_t used);
void c_parts_define(FILE *, uint64_t used);
void c_parts_of_image(FILE *, uint64_t used);

#endif
