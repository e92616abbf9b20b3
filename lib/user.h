/* SPDX-License-Identifier: BSD-2-Clause */

/* The users who make calls. Cases about permissions run as root; their children become these users. */

#ifndef SHMCHECK_USER_H
#define SHMCHECK_USER_H

#include <stdbool.h>

#include <sys/types.h>

#include "need.h"

/* Who makes a call. OWNER and GROUP_MEMBER share a group; OTHER shares nothing with them. */
enum user { SAME_USER, SUPERUSER, OWNER, GROUP_MEMBER, OTHER };

/* The case runs as root, who can take these roles in children: on Linux with CAP_SETUID and CAP_SETGID. */
#define NEEDS_USERS NEED("several users", .user = "root", .ask = need_users)

void need_users(void);

/* The case runs as an ordinary user, or as root who can become one: plain_user(). */
#define NEEDS_PLAIN_USER NEED("an ordinary user, or root who can become one", .ask = need_plain_user)

void need_plain_user(void);

/*
 * Root overrides the permissions of segments: on Linux with CAP_IPC_OWNER and CAP_SYS_ADMIN, which it often lacks in
 * containers.
 */
#define NEEDS_IPC_PRIVILEGES NEED("the right to use and remove all segments", .ask = need_ipc_privileges)

void need_ipc_privileges(void);

/* A user without privileges: OWNER if the caller is root, else the caller. */
enum user plain_user(void);

/* The ids of these users, which no account has. SAME_USER has the effective ids of the caller. */
uid_t user_id(enum user);
gid_t group_id(enum user);

/* In a child: become that user for good. Skips the case where the system does not let root do so. */
void user_become(enum user);

/*
 * Do to the things of these users what root in a container may lack the right to: the attempt is made as the caller and then,
 * until it succeeds, as each of them. Returns whether it did. The caller stays who it is.
 */
bool done_by_some_user(bool (*attempt)(void *argument), void *argument);

#endif
