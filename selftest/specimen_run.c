/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "specimen_run.h"

static const char result_file[] = "specimen.result";
static const char errors_file[] = "specimen.errors";

bool
strays_can_be_awaited(void)
{
#ifdef __linux__
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
#else
	return false;
#endif
}

static void
run(const char *program, const char *name, int in, int out)
{
	int errors = open(errors_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (errors == -1 || dup2(in, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1 ||
	    dup2(errors, STDERR_FILENO) == -1)
		_exit(126);
	/* Or ATF warns on standard error that this is no runner. */
	setenv("__RUNNING_INSIDE_ATF_RUN", "internal-yes-value", 1);
	execl(program, program, "-r", result_file, name, (char *)NULL);
	_exit(127);
}

struct specimen
specimen_start(const atf_tc_t *tc, const char *name)
{
	struct specimen s = { .pid = 0 };
	char program[1024];
	int in[2];
	int out[2];

	snprintf(program, sizeof(program), "%s/specimen", atf_tc_get_config_var(tc, "srcdir"));
	unlink(result_file);
	ATF_REQUIRE(pipe(in) == 0 && pipe(out) == 0);
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	fcntl(out[0], F_SETFD, FD_CLOEXEC);
	strays_can_be_awaited();
	fflush(NULL);
	s.pid = fork();
	ATF_REQUIRE(s.pid != -1);
	if (s.pid == 0)
		run(program, name, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	s.to = in[1];
	s.from = out[0];
	return s;
}

char *
specimen_line(struct specimen *s)
{
	static char line[512];
	size_t length = 0;

	while (length < sizeof(line) - 1 && read(s->from, &line[length], 1) == 1 && line[length] != '\n')
		length++;
	line[length] = '\0';
	return line;
}

void
specimen_go_on(struct specimen *s)
{
	ATF_REQUIRE_EQ(3, write(s->to, "go\n", 3));
}

static void
read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (fd != -1 && used < size - 1 && (got = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (fd != -1)
		close(fd);
}

void
specimen_end(struct specimen *s)
{
	close(s->to);
	read_all(s->from, s->output, sizeof(s->output));
	ATF_REQUIRE_EQ(s->pid, waitpid(s->pid, &s->status, 0));
	/* As the reaper of its orphans this ends when the last of them has: no guess at when the guardian is done. */
	while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
		;
	read_all(open(result_file, O_RDONLY), s->result, sizeof(s->result));
	read_all(open(errors_file, O_RDONLY), s->errors, sizeof(s->errors));
}

struct specimen
specimen_run(const atf_tc_t *tc, const char *name)
{
	struct specimen s = specimen_start(tc, name);

	specimen_end(&s);
	return s;
}
