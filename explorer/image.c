/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "image.h"
#include "places.h"
#include "platform/unistd.h"

extern char **environ; /* NOLINT(readability-redundant-declaration): for BSDs */

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

/* How to start an image that is told what it needs to know. */
struct start {
	char descriptor[16];
	char *arguments[4];
	int from;
};

/* Returns false if there is no pipe. */
static bool
start_begin(struct start *s, const struct image *image)
{
	int ends[2];

	_Static_assert(sizeof(*image) <= _POSIX_PIPE_BUF, "the pipe has room for all of it");
	if (pipe(ends) == -1)
		return false;
	snprintf(s->descriptor, sizeof(s->descriptor), "%d", ends[0]);
	s->arguments[0] = own_file;
	s->arguments[1] = (char *)(uintptr_t)marker;
	s->arguments[2] = s->descriptor;
	s->arguments[3] = NULL;
	s->from = ends[0];
	message_send(ends[1], image, sizeof(*image));
	close(ends[1]);
	fcntl(image->guardian, F_SETFD, 0);
	return true;
}

/* In the process that goes on. */
static void
start_end(const struct start *s, const struct image *image)
{
	const int error = errno;

	close(s->from);
	fcntl(image->guardian, F_SETFD, FD_CLOEXEC);
	errno = error;
}

void
image_start(const struct image *image)
{
	struct start s;

	if (!start_begin(&s, image))
		return;
	execv(own_file, s.arguments);
	start_end(&s, image);
}

pid_t
image_spawn(const struct image *image)
{
	struct start s;
	pid_t pid;

	if (!start_begin(&s, image))
		return -1;
	errno = posix_spawnp(&pid, own_file, NULL, NULL, s.arguments, environ);
	if (errno != 0)
		pid = -1;
	start_end(&s, image);
	return pid;
}

static pid_t
vfork_and_execute(char *const *arguments)
{
	const pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): it is what is tested */

	if (pid == 0) {
		execv(own_file, arguments); /* NOLINT(clang-analyzer-unix.Vfork): it calls exec alone */
		_exit(127);
	}
	return pid;
}

pid_t
image_vfork(const struct image *image)
{
	struct start s;
	pid_t pid;

	if (!start_begin(&s, image))
		return -1;
	pid = vfork_and_execute(s.arguments);
	start_end(&s, image);
	return pid;
}

static pid_t
vfork_and_end(void)
{
	const pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): it is what is tested */

	if (pid == 0)
		_exit(0);
	return pid;
}

int
end_in_vfork(void)
{
	const pid_t pid = vfork_and_end();
	int result = -1;

	if (pid == -1)
		return -1;
	do
		result = waitpid(pid, NULL, 0);
	while (result == -1 && errno == EINTR);
	return result == pid ? 0 : -1;
}
