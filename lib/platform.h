/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What this platform is, has and lacks. lib/platform/ is the one place that knows platforms by their macros: a header a subject,
 * named after the system's header where it stands in for what that lacks. This is all that any program may need of it; what one
 * interface alone needs is included by its own name, as "platform/namespaces.h".
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
