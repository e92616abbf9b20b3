/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case_process.h"

/* Not every unistd.h declares it. */
extern char **environ; /* NOLINT(readability-redundant-declaration) */

static _Noreturn void
give_up(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(126);
}

static void
take_descriptors(const char *output)
{
	int in = open("/dev/null", O_RDONLY);
	int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (in == -1 || out == -1 || dup2(in, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1 ||
	    dup2(out, STDERR_FILENO) == -1)
		give_up("cannot redirect input and output");
	if (in > STDERR_FILENO)
		close(in);
	if (out > STDERR_FILENO)
		close(out);
}

static void
take_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
take_environment(const char *const *additions, const char *work)
{
	static char *nothing[] = { NULL };
	const char *search = getenv("PATH"); /* stays where it is */

	environ = nothing;
	setenv("PATH", search == NULL ? "/usr/bin:/bin" : search, 1);
	setenv("HOME", work, 1);
	setenv("TMPDIR", work, 1);
	setenv("LC_ALL", "C", 1);
	/* Or ATF warns that this is no runner. */
	setenv("__RUNNING_INSIDE_ATF_RUN", "internal-yes-value", 1);
	for (; additions != NULL && *additions != NULL; additions++)
		putenv((char *)(uintptr_t)*additions);
}

void
case_process(const struct run *r, const struct run_places *places)
{
	char source[PATH_MAX];
	const char *const plain[] = { r->program, r->argument, NULL };
	const char *const atf[] = { r->program, "-r", places->result, "-s", source, r->argument, NULL };

	take_signals();
	setsid();
	umask(022);
	take_descriptors(places->output);
	/* ATF can't find that out itself in a directory that is not the program's. */
	snprintf(source, sizeof(source), "%.*s", (int)(strrchr(r->program, '/') - r->program), r->program);
	if (mkdir(places->work, 0755) == -1 || chdir(places->work) == -1)
		give_up(places->work);
	take_environment(r->environment, places->work);
	/* execv() changes neither the words nor where they are. */
	execv(r->program, (char **)(uintptr_t)(r->is_plain ? plain : atf));
	give_up(r->program);
}
