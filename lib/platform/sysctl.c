/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>
#include <string.h>

#include <sys/types.h>

#include "platform/has.h"
#include "platform/sysctl.h"

/* Systems have numbers of 32 bits and of 64. */
union number {
	unsigned narrow;
	unsigned long long wide;
};

#if defined(__OpenBSD__)

#include <sys/shm.h>
#include <sys/sysctl.h>

/* There are no names in the system itself, sysctl(2); these are all that we ask for. */
static int
get(const char *name, union number *value, size_t *size)
{
	static const struct {
		const char *name;
		int path[3];
		unsigned length;
	} known[] = { { "kern.sysvshm", { CTL_KERN, KERN_SYSVSHM }, 2 },
		{ "kern.shminfo.shmmax", { CTL_KERN, KERN_SHMINFO, KERN_SHMINFO_SHMMAX }, 3 },
		{ "kern.shminfo.shmmin", { CTL_KERN, KERN_SHMINFO, KERN_SHMINFO_SHMMIN }, 3 },
		{ "kern.shminfo.shmmni", { CTL_KERN, KERN_SHMINFO, KERN_SHMINFO_SHMMNI }, 3 },
		{ "kern.shminfo.shmseg", { CTL_KERN, KERN_SHMINFO, KERN_SHMINFO_SHMSEG }, 3 },
		{ "kern.shminfo.shmall", { CTL_KERN, KERN_SHMINFO, KERN_SHMINFO_SHMALL }, 3 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) == 0)
			return sysctl(known[i].path, known[i].length, value, size, NULL, 0);
	}
	return -1;
}

#elif defined(HAS_SYSCTLBYNAME)

#include <sys/sysctl.h>

static int
get(const char *name, union number *value, size_t *size)
{
	return sysctlbyname(name, value, size, NULL, 0);
}

#else

static int
get(const char *name, union number *value, size_t *size)
{
	(void)name;
	value->wide = 0;
	*size = 0;
	return -1;
}

#endif

bool
sysctl_number(const char *name, unsigned long long *number)
{
	union number value = { .wide = 0 };
	size_t size = sizeof(value);

	if (get(name, &value, &size) == -1)
		return false;
	*number = size == sizeof(value.narrow) ? value.narrow : value.wide;
	return true;
}
