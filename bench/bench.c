/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: bench BUILD_ROOT ROUNDS [PROGRAM ...]
 *
 * Measures the suite against the floor: as many empty cases in as many programs, under the same Kyua, in turns.
 * Prints the medians of CPU time (all processes) and wall time at parallelism 1, 2 and 4, and their ratio.
 *
 * The named programs do as much as a variable says: they explore sequences, or do one thing thousands of times. No floor tells
 * how long that may take, so they are measured by themselves.
 */

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { ROUNDS_MAX = 99, PROGRAMS_MAX = 1000, OPTIONS = 16 };

struct cost {
	double cpu;
	double wall;
};

static char scratch[PATH_MAX];

static _Noreturn void
die(const char *what, const char *of)
{
	fprintf(stderr, "bench: %s %s: %s\n", what, of, strerror(errno));
	exit(2);
}

/* The path in two parts, "/" between. Ends the program when it is too long. */
static void
join(char path[PATH_MAX], const char *directory, const char *name)
{
	int length = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	if (length < 0 || length >= PATH_MAX) {
		errno = ENAMETOOLONG;
		die("cannot use", name);
	}
}

static void
copy(const char *from, const char *to)
{
	char buffer[65536];
	ssize_t got;
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	if (in == -1)
		die("cannot read", from);
	if (out == -1)
		die("cannot write", to);
	while ((got = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, (size_t)got) != got)
			die("cannot write", to);
	close(in);
	close(out);
}

static long
count_cases(const char *program)
{
	char command[PATH_MAX + 16];
	char line[4096];
	long count = 0;
	FILE *list;

	snprintf(command, sizeof(command), "'%s' -l", program);
	list = popen(command, "r");
	if (list == NULL)
		die("cannot run", program);
	while (fgets(line, sizeof(line), list) != NULL)
		count += strncmp(line, "ident: ", 7) == 0;
	if (pclose(list) != 0 || count == 0) {
		fprintf(stderr, "bench: %s lists no cases\n", program);
		exit(2);
	}
	return count;
}

/* Programs of the suite by their paths below the build root, as Kyua names them. */
struct programs {
	const char *paths[PROGRAMS_MAX + 1]; /* ends with a null pointer */
	unsigned count;
	long cases;
};

static bool
is_among(const char *path, char *const *paths)
{
	while (*paths != NULL && strcmp(*paths, path) != 0)
		paths++;
	return *paths != NULL;
}

static void
programs_add(struct programs *programs, const char *path, const char *program)
{
	if (programs->count == PROGRAMS_MAX) {
		fprintf(stderr, "bench: more than %d programs\n", PROGRAMS_MAX);
		exit(2);
	}
	programs->paths[programs->count++] = path;
	programs->cases += count_cases(program);
}

/* What is found lives as long as this program. */
static void
find_programs(const char *build_root, char *const *scaled, struct programs *sentences, struct programs *apart)
{
	char path[PATH_MAX];
	glob_t found;

	join(path, build_root, "tests/*_test");
	glob(path, 0, NULL, &found);
	join(path, build_root, "tests/*/*_test");
	if (glob(path, GLOB_APPEND, NULL, &found) != 0) {
		fprintf(stderr, "bench: no test programs below %s: build first\n", build_root);
		exit(2);
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *below = found.gl_pathv[i] + strlen(build_root) + 1;

		programs_add(is_among(below, scaled) ? apart : sentences, below, found.gl_pathv[i]);
	}
}

/* The floor in the scratch directory: a program of empty cases for each program. */
static void
make_floor(const char *build_root, const struct programs *programs)
{
	char path[PATH_MAX];
	char empty[PATH_MAX];
	char name[64];
	FILE *kyuafile;

	join(empty, build_root, "bench/empty");
	join(path, scratch, "Kyuafile");
	kyuafile = fopen(path, "w");
	if (kyuafile == NULL)
		die("cannot write", path);
	fprintf(kyuafile, "syntax(2)\ntest_suite(\"floor\")\n");
	for (unsigned i = 0; i < programs->count; i++) {
		join(path, build_root, programs->paths[i]);
		snprintf(name, sizeof(name), "p%02u_%ld_test", i, count_cases(path));
		join(path, scratch, name);
		copy(empty, path);
		fprintf(kyuafile, "atf_test_program{name=\"%s\"}\n", name);
	}
	fclose(kyuafile);
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Run Kyua as ci/suite does: in a minimal environment, with a results file of its own. Null: all programs of the Kyuafile. */
static struct cost
run(int parallelism, const char *kyuafile, const char *build_root, const struct programs *programs)
{
	char option[32];
	char results[PATH_MAX];
	char home[PATH_MAX + 8];
	char tmpdir[PATH_MAX + 8];
	const char *path = getenv("PATH");
	char path_variable[8192];
	struct rusage usage;
	struct timespec start;
	struct timespec end;
	int status;
	pid_t pid;

	snprintf(option, sizeof(option), "parallelism=%d", parallelism);
	join(results, scratch, "results.db");
	snprintf(home, sizeof(home), "HOME=%s", scratch);
	snprintf(tmpdir, sizeof(tmpdir), "TMPDIR=%s", scratch);
	snprintf(path_variable, sizeof(path_variable), "PATH=%s", path == NULL ? "/usr/bin:/bin" : path);
	unlink(results);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == -1)
		die("cannot", "fork");
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		const char *const options[OPTIONS] = { "env", "-i", path_variable, home, tmpdir, "kyua",
			"--logfile=/dev/null", "-v", option, "test", "-k", kyuafile, "--build-root", build_root, "-r",
			results };
		const char *arguments[OPTIONS + PROGRAMS_MAX + 1] = { NULL };
		memcpy(arguments, options, sizeof(options));
		if (programs != NULL)
			memcpy(arguments + OPTIONS, programs->paths, sizeof(programs->paths));
		execvp("env", (char *const *)arguments);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) == -1)
		die("cannot wait for", "kyua");
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
		fprintf(stderr, "bench: kyua could not run %s\n", kyuafile);
		exit(2);
	}
	return (struct cost){ .cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime),
		.wall = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9 };
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *numbers, int count)
{
	qsort(numbers, (size_t)count, sizeof(*numbers), by_size);
	return numbers[count / 2];
}

static void
measure(int parallelism, int rounds, const char *build_root, const struct programs *sentences)
{
	double suite_cpu[ROUNDS_MAX] = { 0 };
	double suite_wall[ROUNDS_MAX] = { 0 };
	double floor_cpu[ROUNDS_MAX] = { 0 };
	double floor_wall[ROUNDS_MAX] = { 0 };
	char floor_kyuafile[PATH_MAX];

	join(floor_kyuafile, scratch, "Kyuafile");
	for (int i = 0; i < rounds; i++) {
		struct cost suite = run(parallelism, "Kyuafile", build_root, sentences);
		struct cost floor = run(parallelism, floor_kyuafile, scratch, NULL);

		suite_cpu[i] = suite.cpu;
		suite_wall[i] = suite.wall;
		floor_cpu[i] = floor.cpu;
		floor_wall[i] = floor.wall;
	}
	printf("%11d  %9.2f %9.2f %6.2f  %9.2f %9.2f %6.2f\n", parallelism, median(suite_cpu, rounds),
	    median(floor_cpu, rounds), median(suite_cpu, rounds) / median(floor_cpu, rounds),
	    median(suite_wall, rounds), median(floor_wall, rounds),
	    median(suite_wall, rounds) / median(floor_wall, rounds));
	fflush(stdout);
}

static void
measure_whole(int rounds, const char *build_root, const struct programs *programs, const char *what)
{
	double cpu[ROUNDS_MAX] = { 0 };
	double wall[ROUNDS_MAX] = { 0 };

	for (int i = 0; i < rounds; i++) {
		struct cost cost = run(2, "Kyuafile", build_root, programs);

		cpu[i] = cost.cpu;
		wall[i] = cost.wall;
	}
	printf("%s: %.2f CPU, %.2f wall at parallelism 2\n", what, median(cpu, rounds), median(wall, rounds));
	fflush(stdout);
}

static void
remove_scratch(void)
{
	char command[PATH_MAX + 16];

	snprintf(command, sizeof(command), "rm -rf '%s'", scratch);
	if (system(command) != 0) /* NOLINT(cert-env33-c): our own directory */
		fprintf(stderr, "bench: cannot remove %s\n", scratch);
}

int
main(int argc, char **argv)
{
	static const int parallelisms[] = { 1, 2, 4 };
	static struct programs sentences;
	static struct programs apart;
	const char *tmpdir = getenv("TMPDIR");
	int rounds = argc > 2 ? atoi(argv[2]) : 0;
	char what[128];

	if (argc < 3 || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench BUILD_ROOT ROUNDS [PROGRAM ...]\n");
		return 2;
	}
	join(scratch, tmpdir == NULL ? "/tmp" : tmpdir, "shmcheck-bench.XXXXXX");
	if (mkdtemp(scratch) == NULL)
		die("cannot make", scratch);
	chmod(scratch, 0755);
	atexit(remove_scratch);

	find_programs(argv[1], argv + 3, &sentences, &apart);
	make_floor(argv[1], &sentences);
	printf("%ld cases in %u programs, median of %d rounds in turns, seconds\n\n", sentences.cases, sentences.count,
	    rounds);
	printf("%11s  %-26s  %-26s\n", "", "CPU, all processes", "wall");
	printf("%11s  %9s %9s %6s  %9s %9s %6s\n", "parallelism", "suite", "floor", "ratio", "suite", "floor", "ratio");
	for (size_t i = 0; i < sizeof(parallelisms) / sizeof(parallelisms[0]); i++)
		measure(parallelisms[i], rounds, argv[1], &sentences);
	printf("\n");
	snprintf(
	    what, sizeof(what), "%ld cases in %u programs that a variable scales, apart", apart.cases, apart.count);
	if (apart.count > 0)
		measure_whole(rounds, argv[1], &apart, what);
	measure_whole(rounds, argv[1], NULL, "all together");
	return 0;
}
