/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/types.h>
#include <sys/utsname.h>

#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#include "platform/c_library.h"
#include "platform/version.h"

enum { RELEASE_SIZE = 256 };

#ifdef __APPLE__

static bool
get_release(char *release)
{
	size_t size = RELEASE_SIZE;

	return sysctlbyname("kern.osproductversion", release, &size, NULL, 0) == 0;
}

#else

static bool
get_release(char *release)
{
	struct utsname name;

	if (uname(&name) == -1)
		return false;
	snprintf(release, RELEASE_SIZE, "%s", name.release);
	return true;
}

#endif

bool
release_is_at_least(const char *release, unsigned major, unsigned minor)
{
	unsigned here[2] = { 0, 0 };

	if (sscanf(release, "%u.%u", &here[0], &here[1]) < 1) /* NOLINT(cert-err34-c): a system's own number */
		return true;
	return here[0] > major || (here[0] == major && here[1] >= minor);
}

bool
platform_is_at_least(unsigned major, unsigned minor)
{
	char release[RELEASE_SIZE];

	return !get_release(release) || release_is_at_least(release, major, minor);
}

/* The release has the version that the text starts with. True if it starts with none. */
static bool
release_has(const char *release, const char *text)
{
	char *end;
	unsigned long major = strtoul(text, &end, 10);
	unsigned long minor = 0;

	if (end == text)
		return true;
	if (*end == '.')
		minor = strtoul(end + 1, &end, 10);
	return release_is_at_least(release, (unsigned)major, (unsigned)minor);
}

bool
version_is_at_least(const char *text)
{
	char release[RELEASE_SIZE];

	return !get_release(release) || release_has(release, text);
}

bool
glibc_is_at_least(const char *text)
{
	const char *libc = platform_libc(); /* "glibc 2.36" */

	return release_has(libc + strcspn(libc, "0123456789"), text);
}
