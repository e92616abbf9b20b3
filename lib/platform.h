/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What this platform is, has and lacks. Only lib/platform/ tells platforms apart by their macros. It has a header for each
 * subject. One that adds what a header of the system may lack has its name: "platform/mman.h" is for <sys/mman.h>. This header
 * includes those that many programs need. A program that needs another one includes it by its name, "platform/namespaces.h".
 */

#ifndef SHMCHECK_PLATFORM_H
#define SHMCHECK_PLATFORM_H

#include "platform/behaviour.h"
#include "platform/c_library.h"
#include "platform/capability.h"
#include "platform/fcntl.h"
#include "platform/identity.h"
#include "platform/limits.h"
#include "platform/machine.h"
#include "platform/mman.h"
#include "platform/resource.h"
#include "platform/shm.h"
#include "platform/version.h"

#endif
