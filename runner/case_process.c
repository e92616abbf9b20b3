/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case_process.h"
#include "platform/signal.h"
#include "run_signals.h"

/* Not every unistd.h declares it. */
extern char **environ; /* NOLINT(readability-redundant-declaration) */

static _Noreturn void
give_up(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(126);
}

static void
close_high(int fd)
{
	if (fd > STDERR_FILENO)
		close(fd);
}

/* A new platform may not have /dev/null yet. An empty file reads the same. */
static int
open_nothing(const char *work)
{
	char path[PATH_MAX + 8];
	int fd = open("/dev/null", O_RDONLY);

	if (fd != -1)
		return fd;
	snprintf(path, sizeof(path), "%s.nothing", work);
	fd = open(path, O_RDONLY | O_CREAT, 0444);
	unlink(path);
	return fd;
}

static void
take_descriptors(const struct run_places *places, bool is_cleanup)
{
	const int flags = O_WRONLY | O_CREAT | (is_cleanup ? O_APPEND : O_TRUNC);
	int in = open_nothing(places->work);
	int out = open(places->output, flags, 0644);
	int errors = places->errors[0] == '\0' ? out : open(places->errors, flags, 0644);

	if (in == -1 || out == -1 || errors == -1 || dup2(in, STDIN_FILENO) == -1 || dup2(out, STDOUT_FILENO) == -1 ||
	    dup2(errors, STDERR_FILENO) == -1)
		give_up("cannot redirect input and output");
	close_high(in);
	close_high(out);
	if (errors != out)
		close_high(errors);
}

/* exec resets signals that are caught, but not those that are ignored: the process that started the runner decides these. */
static void
take_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		if (signal_is_ignored(i))
			signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
take_environment(const char *const *additions, const char *work)
{
	static char *nothing[] = { NULL };
	const char *search = getenv("PATH"); /* setenv() does not move it */

	environ = nothing;
	setenv("PATH", search == NULL ? "/usr/bin:/bin" : search, 1);
	setenv("HOME", work, 1);
	setenv("TMPDIR", work, 1);
	setenv("LC_ALL", "C", 1);
	/* Without it ATF warns that no runner runs the program. */
	setenv("__RUNNING_INSIDE_ATF_RUN", "internal-yes-value", 1);
	for (; additions != NULL && *additions != NULL; additions++)
		putenv((char *)(uintptr_t)*additions);
}

/* The words of the wrapper, then those of the program. */
static char **
command(const struct run *r, const char *result, const char *source, const char *argument)
{
	enum { WORDS_MAX = 64 };
	static const char *words[WORDS_MAX];
	size_t count = 0;

	for (const char *const *word = r->under; word != NULL && *word != NULL && count < WORDS_MAX - 8; word++)
		words[count++] = *word;
	words[count++] = r->program;
	if (!r->is_plain) {
		words[count++] = "-r";
		words[count++] = result;
		words[count++] = "-s";
		words[count++] = source;
	}
	if (r->is_plain && r->argument != NULL) /* -l, which may be looked for as the first word */
		words[count++] = argument;
	for (const char *const *word = r->options; word != NULL && *word != NULL && count < WORDS_MAX - 2; word++)
		words[count++] = *word;
	if (!r->is_plain && r->argument != NULL)
		words[count++] = argument;
	words[count] = NULL;
	return (char **)(uintptr_t)words;
}

void
case_process(const struct run *r, const struct run_places *places, bool is_cleanup)
{
	char source[PATH_MAX];
	char argument[PATH_MAX];
	char **words;

	take_signals();
	setsid();
	umask(022);
	take_descriptors(places, is_cleanup);
	/* ATF cannot find the directory of the program from another directory. */
	snprintf(source, sizeof(source), "%.*s", (int)(strrchr(r->program, '/') - r->program), r->program);
	snprintf(
	    argument, sizeof(argument), "%s%s", r->argument == NULL ? "" : r->argument, is_cleanup ? ":cleanup" : "");
	if ((!is_cleanup && mkdir(places->work, 0755) == -1) || chdir(places->work) == -1)
		give_up(places->work);
	take_environment(r->environment, places->work);
	words = command(r, places->result, source, argument);
	/* A wrapper is searched in PATH, a program is not. Neither call changes the words. */
	if (words[0] == r->program)
		execv(words[0], words);
	else
		execvp(words[0], words);
	give_up(words[0]);
}
