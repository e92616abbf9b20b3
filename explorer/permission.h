/* SPDX-License-Identifier: BSD-2-Clause */

/* In an actor: what is told of modes and owners, and changed. */

#ifndef SHMCHECK_EXPLORER_PERMISSION_H
#define SHMCHECK_EXPLORER_PERMISSION_H

#include "scene.h"

/* IPC_SET, which changes nothing but the mode. */
struct answer set_mode_of_segment(int id, enum mode);

/* The permission bits, and the number of the user; USERS if it is another, or if owner and creator differ. */
struct answer tell_mode_of_segment(const struct scene *, int id);
struct answer tell_mode_of_descriptor(const struct scene *, int fd);

/* Become the other user, for good. */
struct answer become_other(const struct scene *);

#endif
