/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * System V segments of the case: they are removed when the case ends, however it ends. A function that cannot do what it says
 * ends the case: as skipped where the system has no segments or no room for one, else as failed.
 */

#ifndef SHMCHECK_SEGMENT_H
#define SHMCHECK_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "need.h"
#include "platform/shm.h"
#include "user.h"

/* A random key that nobody uses, and not IPC_PRIVATE. Segments that the case makes with it are its own. */
key_t segment_key(void);

/* A new segment with mode 0600 and a key of its own; or with this key, from segment_key(). Returns the identifier. */
int segment_create(size_t size);
int segment_create_with_key(key_t key, size_t size, int mode);

/* The system answers shmget() at all. */
#define NEEDS_SEGMENTS NEED("System V segments", .ask = need_segments)

void need_segments(void);

/* The same, and its limits leave room for the few small segments that a case makes. */
#define NEEDS_ROOM_FOR_SEGMENTS NEED("room for segments", .ask = need_room_for_segments)

void need_room_for_segments(void);

/* The system keeps segments that nobody has attached: kernel.shm_rmid_forced of Linux is not set. */
#define NEEDS_SEGMENTS_THAT_STAY NEED("segments that stay without attachments", .ask = need_segments_that_stay)

void need_segments_that_stay(void);

/* The C library hands the buffer of shmctl() to the kernel as it is: see libc_converts_status(). */
#define NEEDS_BUFFER_LEFT_TO_KERNEL \
	NEED("a shmctl() that does not convert its buffer", .ask = need_buffer_left_to_kernel)

void need_buffer_left_to_kernel(void);

/*
 * Have the guardian begin now, with the rights that this process has now: before the case gives them up, or before children
 * make segments that it is to remove.
 */
void guard_segments(void);

/*
 * Make a segment the case's own that a plain shmget() made. Returns the identifier. If that is -1, the case is skipped where
 * need_room_for_segments() skips it; else -1 is returned, for the case to judge. On macOS ENOSPC and ENOMEM skip it too: all
 * cases that run at a time share 32 segments and 1024 pages there, and no call tells what is left.
 */
int segment_own(int id);

/*
 * shmat(), shmdt(), shmctl() with IPC_STAT and with IPC_RMID, where the case is about something else. They skip it where the
 * system has destroyed the segment because nobody had it attached, see NEEDS_SEGMENTS_THAT_STAY, or gives a process no further
 * attachment: macOS gives eight.
 */
void *segment_attach(int id, void *address, int flags);
void segment_detach(const void *address);
struct shmid_ds segment_stat(int id);
void segment_remove(int id);

/*
 * A new segment of one page with this key and mode, made by a process of that user which has ended. Skips the case where
 * the system would destroy it then.
 */
int segment_of_user(enum user, key_t key, int mode);

/* As root, give the segment to this user and this user's group, with this mode. The creator stays root. */
void segment_give(int id, enum user owner, enum user group, int mode);

/*
 * The call fails with EINVAL, as its identifier is that of a removed segment. Linux documents EIDRM beside it, shmop(2) and
 * shmctl(2): there, and on a platform that the suite does not know, it may be either. "failure" is what the call returns then,
 * -1 or (void *)-1.
 */
#define CHECK_FAILS_AS_REMOVED(failure, call) CHECK_FAILS_IN(EINVAL, other_error_of_removed(), 0, failure, call)

/* EIDRM, or 0 where EINVAL is the only error. Whether this one says that the identifier names no segment. */
int other_error_of_removed(void);
bool says_removed(int error);

/*
 * shmat() fails, as something is mapped at the address: with the error that einval_occupied__einval or einval_occupied__enomem
 * of tests/sysv/shmat_occupied_test.c has of this platform, and on a platform that neither knows with EINVAL or ENOMEM.
 */
#define CHECK_FAILS_AS_TAKEN(call) \
	CHECK_FAILS_IN(error_of_taken_address(), other_error_of_taken_address(), 0, (void *)-1, call)

/* EINVAL or ENOMEM; and the other of them where no document tells which it is, else 0. */
int error_of_taken_address(void);
int other_error_of_taken_address(void);

/* The identifier names no segment: IPC_STAT fails and, where it does, shmat(), as CHECK_FAILS_AS_REMOVED() says. */
#define CHECK_DESTROYED(id) check_destroyed(__FILE__, __LINE__, id)

bool check_destroyed(const char *file, int line, int id);

/*
 * A mode in which this class has these three bits, and the other classes have just those that it lacks: so that the answer to
 * a call tells by which class the caller was judged. A class is told by how far its bits are from the lowest.
 */
enum { BITS_OF_OTHERS = 0, BITS_OF_GROUP = 3, BITS_OF_USER = 6 };
int mode_of_class(int class, int bits);

/* All that POSIX has in the segment's status is still as it was. */
#define CHECK_STATUS_UNCHANGED(before, id) check_status_unchanged(__FILE__, __LINE__, before, id)

void check_status_unchanged(const char *file, int line, struct shmid_ds before, int id);

#endif
