/* SPDX-License-Identifier: BSD-2-Clause */

/* The users who make calls: cases about permissions run as root and take their roles in children. */

#ifndef SHMCHECK_USER_H
#define SHMCHECK_USER_H

#include <sys/types.h>

/* Who makes a call. OWNER and GROUP_MEMBER share a group; OTHER shares nothing with them. */
enum user { SAME_USER, SUPERUSER, OWNER, GROUP_MEMBER, OTHER };

/* Skip the case unless it runs as root, which can take these roles. */
void need_users(void);

/* The same, and unless root overrides the permissions of segments: in containers it often lacks CAP_IPC_OWNER. */
void need_users_and_ipc_privileges(void);

/* Somebody without privileges: OWNER, or the caller where that is not root and can't become another. */
enum user plain_user(void);

/* The ids of these users, which no account has. SAME_USER is the caller, effective ids. */
uid_t user_id(enum user);
gid_t group_id(enum user);

/* Become that user for good: in a child. Skips the case where the system does not let root do so. */
void user_become(enum user);

#endif
