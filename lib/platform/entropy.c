/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/entropy.h"
#include "platform/has.h"

#ifdef __APPLE__
#include <sys/random.h> /* getentropy(), which others have in <unistd.h> */
#endif

#if defined(HAS_GETENTROPY)

static bool
library_entropy(void *buffer, size_t size)
{
	return getentropy(buffer, size) == 0;
}

#elif defined(HAS_ARC4RANDOM_BUF)

static bool
library_entropy(void *buffer, size_t size)
{
	arc4random_buf(buffer, size);
	return true;
}

#else

static bool
library_entropy(void *buffer, size_t size)
{
	(void)buffer;
	(void)size;
	errno = ENOSYS;
	return false;
}

#endif

static bool
device_entropy(void *buffer, size_t size)
{
	int fd = open("/dev/urandom", O_RDONLY);
	bool is_read = fd != -1 && read(fd, buffer, size) == (ssize_t)size;
	int error = errno;

	if (fd != -1)
		close(fd);
	errno = error;
	return is_read;
}

bool
system_entropy(void *buffer, size_t size)
{
	/* A kernel may lack the system call that its C library makes. */
	return library_entropy(buffer, size) || device_entropy(buffer, size);
}
