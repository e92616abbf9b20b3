/* SPDX-License-Identifier: BSD-2-Clause */

/* In an actor: what is told of modes, owners, users and times, and changed. */

#ifndef SHMCHECK_EXPLORER_PERMISSION_H
#define SHMCHECK_EXPLORER_PERMISSION_H

#include <stdbool.h>

#include "platform/shm.h"
#include "scene.h"

/* IPC_STAT. False with errno. */
bool ask_segment(int id, struct shmid_ds *status);

/* IPC_SET, which changes nothing but the mode and the owner. */
struct answer set_mode_of_segment(const struct scene *, int id, enum mode, enum new_owner);

/* The permission bits, and the number of the user; USERS if it is another. Of a segment the owner and the creator. */
struct answer tell_mode_of_segment(const struct scene *, int id);
struct answer tell_mode_of_descriptor(const struct scene *, int fd);

/* The process ids of who made the segment, and of who used it last. */
struct answer tell_users(int id);

/* Which times are not 0, and which are not of this round: 1, 2 and 4 are the bits of access, modification and change. */
struct answer tell_times_of_segment(const struct scene *, int id);
struct answer tell_times_of_descriptor(const struct scene *, int fd);

/* Become the other user, for good. */
struct answer become_other(const struct scene *);

#endif
