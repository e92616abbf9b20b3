/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: report BUILD_ROOT RESULTS FORMAT ...
 *
 * Measures shmcheck-report on one run under 25 names, in each format: CPU time, wall time and the most memory. Fails if one takes
 * more than a second of CPU time, which depends less on what else runs, or 200 MB.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

/* Of ru_maxrss: on Linux and the BSDs it is in KiB, on macOS in bytes. */
#ifdef __APPLE__
enum { UNIT = 1 };
#else
enum { UNIT = 1024 };
#endif

enum { PLATFORMS = 25, MEGABYTES_MOST = 200 };
static const double seconds_most = 1.0;

struct cost {
	double cpu;
	double wall;
	double megabytes;
};

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void
run(const char *program, const char *format, const char *results)
{
	static char names[PLATFORMS][32];
	const char *arguments[4 + 2 * PLATFORMS + 1] = { "shmcheck-report", "--format", format, "--output=/dev/null" };

	for (int i = 0; i < PLATFORMS; i++) {
		snprintf(names[i], sizeof(names[i]), "--name=platform %d", i + 1);
		arguments[4 + 2 * i] = names[i];
		arguments[5 + 2 * i] = results;
	}
	execv(program, (char *const *)arguments);
	_exit(127);
}

static struct cost
measure(const char *program, const char *format, const char *results)
{
	struct rusage usage;
	double start = now();
	int status;
	pid_t pid = fork();

	if (pid == 0)
		run(program, format, results);
	if (pid == -1 || wait4(pid, &status, 0, &usage) == -1 || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
		fprintf(stderr, "report: '%s --format %s %s' fails\n", program, format, results);
		exit(2);
	}
	return (struct cost){ .cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime),
		.wall = now() - start,
		.megabytes = (double)usage.ru_maxrss * UNIT / 1e6 };
}

int
main(int argc, char **argv)
{
	char program[PATH_MAX];
	bool is_within = true;

	if (argc < 4) {
		fprintf(stderr, "usage: report BUILD_ROOT RESULTS FORMAT ...\n");
		return 2;
	}
	snprintf(program, sizeof(program), "%s/report/shmcheck-report", argv[1]);
	printf(
	    "shmcheck-report of %d platforms\n\n%-9s  %9s  %9s  %9s\n", PLATFORMS, "format", "CPU, s", "wall, s", "MB");
	for (int i = 3; i < argc; i++) {
		struct cost cost = measure(program, argv[i], argv[2]);
		bool is_more = cost.cpu > seconds_most || cost.megabytes > MEGABYTES_MOST;

		printf("%-9s  %9.2f  %9.2f  %9.0f%s\n", argv[i], cost.cpu, cost.wall, cost.megabytes,
		    is_more ? "  more than allowed" : "");
		is_within &= !is_more;
	}
	return is_within ? 0 : 1;
}
