/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: explore BUILD_ROOT [ROUNDS]
 *
 * Measures the explorer, in CPU time of all its processes, as that depends least on what else runs: operations a second; the
 * share of the time that the actors need for the same operations with no model; whether the cost grows with the number of
 * operations; different worlds a second of an exhaustive search. Medians of some rounds in turns. Fails if the share is below
 * 0.7, or if four times as many operations take a fifth more or less than four times the time.
 */

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { FEW = 50000, MANY = 4 * FEW, ROUNDS_MAX = 99, DEPTH = 4 };

static char explorer[PATH_MAX];
static char scratch[] = "/tmp/shmcheck-bench.XXXXXX";

static void
remove_scratch(void)
{
	char command[sizeof(scratch) + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", scratch);
	if (system(command) != 0) /* NOLINT(cert-env33-c,concurrency-mt-unsafe): our own directory */
		fprintf(stderr, "explore: cannot remove %s\n", scratch);
}

static double
cpu_of_children(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Run the explorer with these arguments, in the scratch directory; its output goes to the file "output". Returns CPU seconds. */
static double run(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

static double
run(const char *format, ...)
{
	const double before = cpu_of_children();
	char arguments[200];
	char command[PATH_MAX + 400];
	va_list list;

	va_start(list, format);
	vsnprintf(arguments, sizeof(arguments), format, list);
	va_end(list);
	snprintf(command, sizeof(command), "'%s' --work . %s >output", explorer, arguments);
	if (system(command) != 0) { /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
		fprintf(stderr, "explore: %s: it fails\n", command);
		exit(2);
	}
	return cpu_of_children() - before;
}

/* The sum of the number that stands before this word, over the lines of the file "output". */
static double
told(const char *word)
{
	char line[1000];
	double sum = 0;
	FILE *output = fopen("output", "r");

	while (output != NULL && fgets(line, sizeof(line), output) != NULL) {
		char *at = strstr(line, word);

		if (at == NULL)
			continue;
		while (at > line && at[-1] != ' ')
			at--;
		while (at > line && (at[-1] == ' ' || (at[-1] >= '0' && at[-1] <= '9') || at[-1] == '.'))
			at--;
		sum += strtod(at, NULL);
	}
	if (output != NULL)
		fclose(output);
	return sum;
}

static int
by_size(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *numbers, int count)
{
	qsort(numbers, (size_t)count, sizeof(*numbers), by_size);
	return numbers[count / 2];
}

int
main(int count, char **arguments)
{
	const int rounds = count > 2 ? atoi(arguments[2]) : 5;
	double few[ROUNDS_MAX] = { 0 };
	double many[ROUNDS_MAX] = { 0 };
	double blind[ROUNDS_MAX] = { 0 };
	double worlds[ROUNDS_MAX] = { 0 };
	char path[PATH_MAX];
	double seconds;
	double share;
	double growth;

	if (count < 2 || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: explore BUILD_ROOT [ROUNDS]\n");
		return 2;
	}
	snprintf(path, sizeof(path), "%s/explorer/shmcheck-explore", arguments[1]);
	if (realpath(path, explorer) == NULL || mkdtemp(scratch) == NULL || chmod(scratch, 0755) == -1 ||
	    chdir(scratch) == -1) {
		perror(path);
		return 2;
	}
	atexit(remove_scratch);
	run("--operations %d --record record", FEW);
	for (int i = 0; i < rounds; i++) {
		few[i] = run("--operations %d", FEW);
		many[i] = run("--operations %d", MANY);
		run("--replay record --blind");
		blind[i] = told("s of CPU time");
		seconds = run("--exhaustive %d --area segments", DEPTH);
		worlds[i] = told("worlds by") / seconds;
	}
	share = median(blind, rounds) / median(few, rounds);
	growth = median(many, rounds) / median(few, rounds);
	printf("\nexplorer, median of %d rounds in turns, CPU seconds of all processes\n\n", rounds);
	printf("%9.0f operations a second at random, looks included\n", MANY / median(many, rounds));
	printf("%9.2f of the time is what the actors need with no model (at least 0.70)\n", share);
	printf("%9.2f times the time for 4 times the operations (3.20 to 4.80)\n", growth);
	printf("%9.0f different worlds a second in an exhaustive search, \"segments\" to depth %d\n",
	    median(worlds, rounds), DEPTH);
	return share < 0.7 || growth < 3.2 || growth > 4.8 ? 1 : 0;
}
