/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "option.h"
#include "request.h"
#include "text.h"
#include "version.h"

static const char usage[] = "usage: shmcheck-run [option ...] [CASE ...]\n"
			    "\n"
			    "Runs all cases of the bundle, or those named, and writes TAP to standard output.\n"
			    "A CASE is a directory (tests/sysv), a program (tests/sysv/shmget_test) or one case\n"
			    "(tests/sysv/shmget_test:excl_existing_key), or a pattern of them\n"
			    "('tests/sysv/shmat*', 'tests/sysv/shmat_test:null_*').\n"
			    "\n"
			    "  --top DIR        the bundle (default: the directory of this program)\n"
			    "  --work DIR       where to make a directory for the cases (default: TMPDIR, or /tmp)\n"
			    "  --results FILE   write the results there, for shmcheck-verdict to read; - is\n"
			    "                   standard output, and TAP then goes to standard error\n"
			    "  --resume         continue a run that was cut short, from its results. Cases that were\n"
			    "                   interrupted run again. A case that took the platform down is reported\n"
			    "                   as broken. With --results - read the results from standard input\n"
			    "  --require AREAS  the platform claims these areas: sysv, objects, mmap, sync, with\n"
			    "                   commas between them; an area that is missing fails\n"
			    "  --file-directory DIR\n"
			    "                   the cases make their regular files there, to test its file system\n"
			    "  --variable NAME=N\n"
			    "                   a number for the cases that ask for it: seed, operations, depth or\n"
			    "                   volume, see docs/porting.md; may be repeated\n"
			    "  --timeout N      kill a case after N seconds (default: as it asks, 120 as a rule)\n"
			    "  --jobs N         run N cases at a time (default: one for each processor)\n"
			    "  --under COMMAND  put these words, separated by blanks, before each program; before\n"
			    "                   programs that a case executes only if COMMAND does not follow exec\n"
			    "  --verbose        name each case in a comment as it begins, as with --jobs 1\n"
			    "  --list           print the names of the cases and run none\n"
			    "  --version        print the version\n"
			    "\n"
			    "Exit status: 0 all hold, 1 some fail, 2 the suite cannot run or runs nothing,\n"
			    "128 + N signal N ended it.\n";

static unsigned
number_of(const char *option, const char *text)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || number < 1 || number > 100000)
		die("%s must be a positive number, not '%s'", option, text);
	return (unsigned)number;
}

static unsigned
processors(void)
{
#ifdef _SC_NPROCESSORS_ONLN
	const long count = sysconf(_SC_NPROCESSORS_ONLN);
#else
	const long count = 1;
#endif

	return count < 1 ? 1 : (unsigned)count;
}

/* A mistaken name must not pass for a claim. */
static const char *
areas_of(const char *text)
{
	static const char *const areas[] = { "sysv", "objects", "mmap", "sync" };
	const char *rest = text;

	for (;;) {
		const size_t length = strcspn(rest, ",");
		bool is_known = false;

		for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
			is_known |= slice_equals((struct slice){ rest, length }, areas[i]);
		if (!is_known)
			die("--require takes sysv, objects, mmap and sync, with commas between them, not '%s'", text);
		if (rest[length] == '\0')
			return text;
		rest += length + 1;
	}
}

/* A mistaken name must not pass for what the cases ask for, configured_number(). */
static const char *
variable_of(const char *text)
{
	static const char *const names[] = { "seed", "operations", "depth", "volume" };
	const size_t length = strcspn(text, "=");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_equals((struct slice){ text, length }, names[i]) && text[length] == '=' &&
		    strspn(&text[length + 1], "0123456789") == strlen(&text[length + 1]) && text[length + 1] != '\0')
			return text;
	die("--variable takes seed=N, operations=N, depth=N and volume=N, not '%s'", text);
}

/* Store the value if the option is one that has a value. Returns whether it is. */
static bool
take_value(struct request *r, const char *option, const char *value)
{
	const struct text_option texts[] = {
		{ "--top", &r->top },
		{ "--work", &r->work },
		{ "--results", &r->results },
		{ "--under", &r->under },
		{ "--require", &r->require },
		{ "--file-directory", &r->file_directory },
	};
	const struct {
		const char *option;
		unsigned *number;
	} numbers[] = {
		{ "--timeout", &r->timeout },
		{ "--jobs", &r->jobs },
	};

	if (option_takes_text(texts, sizeof(texts) / sizeof(texts[0]), option, value))
		return true;
	if (strcmp(option, "--variable") == 0) {
		r->variables[r->variable_count++] = variable_of(option_value(option, value));
		return true;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(option, numbers[i].option) == 0) {
			*numbers[i].number = number_of(option, option_value(option, value));
			return true;
		}
	return false;
}

/* The directory by an absolute path: the cases have working directories of their own. For the caller to free. */
static const char *
directory_of(const char *path)
{
	struct stat status;
	char *real = realpath(path, NULL);

	if (real == NULL || stat(real, &status) == -1 || !S_ISDIR(status.st_mode))
		die("--file-directory needs a directory, not '%s'", path);
	return real;
}

static void
take_flag(struct request *r, const char *option)
{
	if (strcmp(option, "--resume") == 0)
		r->resume = true;
	else if (strcmp(option, "--verbose") == 0)
		r->verbose = true;
	else if (strcmp(option, "--list") == 0)
		r->list = true;
	else if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) {
		fputs(usage, stdout);
		exit(0);
	} else if (strcmp(option, "--version") == 0) {
		printf("shmcheck-run %s\n", shmcheck_version);
		exit(0);
	} else
		die("unknown option '%s'; try --help", option);
}

struct request
request_parse(int count, char *const *arguments)
{
	struct request r = { .words = allocated(calloc((size_t)count + 1, sizeof(*r.words))),
		.variables = allocated(calloc((size_t)count + 1, sizeof(*r.variables))) };
	bool options = true;

	for (int i = 1; i < count; i++) {
		const char *argument = arguments[i];

		if (!options || argument[0] != '-')
			r.words[r.word_count++] = argument;
		else if (strcmp(argument, "--") == 0)
			options = false;
		else if (take_value(&r, argument, arguments[i + 1]))
			i++;
		else
			take_flag(&r, argument);
	}
	if (r.resume && r.results == NULL)
		die("--resume needs --results");
	if (r.require != NULL)
		r.require = areas_of(r.require);
	if (r.file_directory != NULL)
		r.file_directory = directory_of(r.file_directory);
	if (r.jobs == 0)
		r.jobs = processors();
	return r;
}
