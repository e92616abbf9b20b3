/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <unistd.h>

#include "channel.h"

bool
message_send(int to, const void *message, size_t size)
{
	ssize_t sent;

	/* Messages are shorter than _POSIX_PIPE_BUF: they are sent as a whole. */
	do
		sent = write(to, message, size);
	while (sent == -1 && errno == EINTR);
	return sent == (ssize_t)size;
}

bool
message_receive(int from, void *message, size_t size)
{
	char *bytes = message;
	size_t got = 0;

	while (got < size) {
		const ssize_t part = read(from, bytes + got, size - got);

		if (part == -1 && errno == EINTR)
			continue;
		if (part <= 0)
			return false;
		got += (size_t)part;
	}
	return true;
}
