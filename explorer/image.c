/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "image.h"
#include "places.h"

static const char marker[] = "--actor";

/* How a new image ends that is told nothing; and how often one starts anew that is in the way. */
enum { NO_IMAGE = 3, STARTS_MAX = 3 };

static char *own_file;

void
image_main(int count, char **arguments, void (*go_on)(struct image *))
{
	struct image image;
	int from;

	if (count > 0 && strchr(arguments[0], '/') != NULL)
		own_file = realpath(arguments[0], NULL);
	if (count != 3 || strcmp(arguments[1], marker) != 0)
		return;
	from = atoi(arguments[2]);
	if (!message_receive(from, &image, sizeof(image)))
		_exit(NO_IMAGE);
	close(from);
	/* Addresses are random: the next one has its own elsewhere. */
	if (image.starts++ < STARTS_MAX &&
	    !places_are_free(image.scene.places, (size_t)PLACES * image.scene.setting.unit) &&
	    places_are_beside_own(image.scene.places, (size_t)PLACES * image.scene.setting.unit))
		image_start(&image);
	go_on(&image);
}

/*
 * Where addresses have 32 bits the new image may lie where the places are. Under an emulator of another machine the system
 * cannot execute the file.
 */
bool
image_can_start(void)
{
	char *arguments[] = { own_file, (char *)(uintptr_t)marker, (char *)(uintptr_t) "-1", NULL };
	int status = 0;
	pid_t pid;

	if (own_file == NULL || UINTPTR_MAX <= UINT32_MAX)
		return false;
	pid = fork();
	if (pid == 0) {
		execv(own_file, arguments);
		_exit(127);
	}
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	return pid != -1 && WIFEXITED(status) && WEXITSTATUS(status) == NO_IMAGE;
}

void
image_start(const struct image *image)
{
	char descriptor[16];
	char *arguments[] = { own_file, (char *)(uintptr_t)marker, descriptor, NULL };
	int ends[2];

	_Static_assert(sizeof(*image) <= _POSIX_PIPE_BUF, "the pipe has room for all of it");
	if (pipe(ends) == -1)
		return;
	snprintf(descriptor, sizeof(descriptor), "%d", ends[0]);
	message_send(ends[1], image, sizeof(*image));
	close(ends[1]);
	fcntl(image->guardian, F_SETFD, 0);
	execv(own_file, arguments);
	close(ends[0]);
}
