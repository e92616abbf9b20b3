/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report writes all of its output, or says in one line why not and leaves everything as it was. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "platform/mounts.h"
#include "report_run.h"
#include "test.h"

#define ONE        RESULTS_HEAD "Program: x_test\nCase: one\nResult: passed\n\n"
#define JSON(...)  ARGUMENTS("--format=json", __VA_ARGS__)
#define OLD        "what was there\n"
#define CANNOT     "shmcheck-report: cannot write "
#define PRIVATE    "/dev/shm" /* once mount_private_shm() is called */
#define MORE_CASES 2000

/* Return how many files the directory has. */
static size_t
files_in(const char *path)
{
	DIR *directory = opendir(path);
	size_t count = 0;

	ATF_REQUIRE(directory != NULL);
	for (struct dirent *next; (next = readdir(directory)) != NULL;)
		if (strcmp(next->d_name, ".") != 0 && strcmp(next->d_name, "..") != 0)
			count++;
	closedir(directory);
	return count;
}

static bool
file_is(const char *path, const char *text)
{
	char *contents = file_contents(path);
	bool same = strcmp(contents, text) == 0;

	free(contents);
	return same;
}

/* A report on it takes more than half a mebibyte as JSON. */
static void
write_long_results(const char *path)
{
	static const char format[] =
	    "Program: x_test\nCase: case_%04d\nPromise: It is a long sentence, which is about nothing at all, and "
	    "which ends only here, so that the report becomes long, too\nResult: passed\n\n";
	FILE *file = fopen(path, "wb");

	ATF_REQUIRE(file != NULL);
	ATF_REQUIRE(fputs(RESULTS_HEAD, file) >= 0);
	for (int i = 0; i < MORE_CASES; i++)
		ATF_REQUIRE(fprintf(file, format, i) > 0);
	ATF_REQUIRE_EQ(0, fclose(file));
}

TEST(whole, "A new file has the mode that others have; an old one is replaced and keeps its own; a link stays a link")
{
	struct stat status;

	results_write("r.txt", ONE);
	ATF_REQUIRE(umask(027) != (mode_t)-1);
	atf_utils_wait(report_start(tc, JSON("--output=new", "r.txt"), NULL), 0, "", "");
	ATF_REQUIRE_EQ(0, stat("new", &status));
	ATF_CHECK_EQ(0640, status.st_mode & 0777);

	results_write("old", OLD);
	ATF_REQUIRE_EQ(0, chmod("old", 0606));
	ATF_REQUIRE_EQ(0, symlink("old", "link"));
	atf_utils_wait(report_start(tc, JSON("--output=link", "r.txt"), NULL), 0, "", "");
	ATF_REQUIRE_EQ(0, stat("old", &status));
	ATF_CHECK_EQ(0606, status.st_mode & 0777);
	ATF_REQUIRE_EQ(0, lstat("link", &status));
	ATF_CHECK(S_ISLNK(status.st_mode));
	ATF_CHECK(atf_utils_compare_file("old", file_contents("new")));
}

TEST(standard_output, "/dev/stdout is what it is for others, be it a file or none, and stays a link")
{
	struct stat status;

	results_write("r.txt", ONE);
	atf_utils_wait(report_start(tc, JSON("r.txt"), NULL), 0, "save:plain", "");
	atf_utils_wait(report_start(tc, JSON("--output=/dev/stdout", "r.txt"), NULL), 0, "save:out", "");
	ATF_CHECK(atf_utils_compare_file("out", file_contents("plain")));
	ATF_CHECK(lstat("/dev/stdout", &status) != 0 || !S_ISREG(status.st_mode));
}

TEST(no_place, "A directory, a missing one, a file as a directory, and a name that is too long are errors")
{
	char option[400] = "--output=";
	char message[500] = CANNOT "'";

	results_write("r.txt", ONE);
	ATF_REQUIRE_EQ(0, mkdir("directory", 0755));
	report_error(tc, JSON("--output=directory", "r.txt"), CANNOT "'directory': Is a directory\n");
	report_error(tc, JSON("--output=missing/out", "r.txt"), CANNOT "'missing/out': No such file or directory\n");
	report_error(tc, JSON("--output=r.txt/out", "r.txt"), CANNOT "'r.txt/out': Not a directory\n");
	report_error(tc, JSON("--output=", "r.txt"), CANNOT "'': No such file or directory\n");
	memset(option + strlen(option), 'n', 300);
	strcat(strcat(message, option + strlen("--output=")), "': File name too long\n");
	report_error(tc, JSON(option, "r.txt"), message);
	ATF_CHECK_EQ(0, files_in("directory"));
}

TEST(read_only_directory, "In a directory that may not be written to, a file stays as it is")
{
	if (geteuid() == 0)
		atf_tc_skip("root may write in any directory");
	results_write("r.txt", ONE);
	ATF_REQUIRE_EQ(0, mkdir("directory", 0755));
	results_write("directory/out", OLD);
	ATF_REQUIRE_EQ(0, chmod("directory", 0555));
	report_error(tc, JSON("--output=directory/out", "r.txt"), CANNOT "'directory/out': Permission denied\n");
	report_error(tc, JSON("--output=directory/new", "r.txt"), CANNOT "'directory/new': Permission denied\n");
	ATF_CHECK(file_is("directory/out", OLD));
	ATF_CHECK_EQ(1, files_in("directory"));
}

TEST(read_only_file_system, "On a file system that is mounted read-only there is no report")
{
	results_write("r.txt", ONE);
	if (!mount_private_shm("ro") || access(PRIVATE, W_OK) == 0 || errno != EROFS)
		atf_tc_skip("no file system can be mounted read-only here");
	report_error(
	    tc, JSON("--output=" PRIVATE "/out", "r.txt"), CANNOT "'" PRIVATE "/out': Read-only file system\n");
}

TEST(full_device, "/dev/full is an error, as standard output and by name")
{
	if (access("/dev/full", W_OK) != 0)
		atf_tc_skip("there is no /dev/full");
	results_write("r.txt", ONE);
	report_error(tc, JSON("--output=/dev/full", "r.txt"), CANNOT "'/dev/full': No space left on device\n");
	atf_utils_wait(
	    report_start(tc, JSON("r.txt"), "/dev/full"), 2, "", CANNOT "the report: No space left on device\n");
	atf_utils_wait(
	    report_start(tc, ARGUMENTS("r.txt"), "/dev/full"), 2, "", CANNOT "the report: No space left on device\n");
}

TEST(full_disk, "Where a disk becomes full, a file stays as it is, and no other is left")
{
	write_long_results("r.txt");
	if (!mount_private_shm("size=128k"))
		atf_tc_skip("no small file system can be mounted here");
	results_write(PRIVATE "/out", OLD);
	report_error(
	    tc, JSON("--output=" PRIVATE "/out", "r.txt"), CANNOT "'" PRIVATE "/out': No space left on device\n");
	ATF_CHECK(file_is(PRIVATE "/out", OLD));
	ATF_CHECK_EQ(1, files_in(PRIVATE));
}

TEST(file_size_limit, "Above the limit of a file's size, a file stays as it is, and no other is left")
{
	const struct rlimit limit = { 65536, 65536 };

	write_long_results("r.txt");
	ATF_REQUIRE_EQ(0, mkdir("directory", 0755));
	results_write("directory/out", OLD);
	ATF_REQUIRE_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	report_error(tc, JSON("--output=directory/out", "r.txt"), CANNOT "'directory/out': File too large\n");
	ATF_CHECK(file_is("directory/out", OLD));
	ATF_CHECK_EQ(1, files_in("directory"));
}

TEST(closed, "A standard output that is closed is an error")
{
	char program[PATH_MAX];

	results_write("r.txt", ONE);
	tool_path(tc, "shmcheck-report", program);
	if (access(program, X_OK) != 0)
		atf_tc_skip("shmcheck-report is not built here");
	pid_t child = atf_utils_fork();
	if (child == 0) {
		(void)close(STDOUT_FILENO);
		(void)execl(program, program, "r.txt", (char *)NULL);
		_exit(127);
	}
	atf_utils_wait(child, 2, "", CANNOT "the report: Bad file descriptor\n");
}

TEST(input, "What is to be read is not written to")
{
	results_write("r.txt", ONE);
	results_write("e.txt", "x_test:one fails\n");
	ATF_REQUIRE_EQ(0, link("r.txt", "same.txt"));
	report_error(
	    tc, JSON("--output=r.txt", "r.txt"), "shmcheck-report: 'r.txt' is to be read, and not to be written to\n");
	report_error(tc, JSON("--output=same.txt", "r.txt"),
	    "shmcheck-report: 'same.txt' is to be read, and not to be written to\n");
	report_error(tc, JSON("--output=e.txt", "--expect=e.txt", "r.txt"),
	    "shmcheck-report: 'e.txt' is to be read, and not to be written to\n");
	ATF_CHECK(file_is("r.txt", ONE));
}

TEST(after_bad_input, "After an error in what is read, the output is as it was")
{
	results_write("r.txt", ONE);
	results_write("bad.txt", "nothing of ours\n");
	results_write("out.txt", OLD);
	report_error(tc, JSON("--output=out.txt", "r.txt", "bad.txt"),
	    "shmcheck-report: 'bad.txt' is neither a results database of Kyua nor a results file of shmcheck\n");
	report_error(tc, JSON("--output=out.txt", "r.txt", "missing.txt"),
	    "shmcheck-report: cannot read 'missing.txt': No such file or directory\n");
	report_error(tc, ARGUMENTS("--output=out.txt", "--format=none", "r.txt"),
	    "shmcheck-report: unknown format 'none'; try --help\n");
	ATF_CHECK(file_is("out.txt", OLD));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, whole);
	ATF_TP_ADD_TC(tp, standard_output);
	ATF_TP_ADD_TC(tp, no_place);
	ATF_TP_ADD_TC(tp, read_only_directory);
	ATF_TP_ADD_TC(tp, read_only_file_system);
	ATF_TP_ADD_TC(tp, full_device);
	ATF_TP_ADD_TC(tp, full_disk);
	ATF_TP_ADD_TC(tp, file_size_limit);
	ATF_TP_ADD_TC(tp, closed);
	ATF_TP_ADD_TC(tp, input);
	ATF_TP_ADD_TC(tp, after_bad_input);
	return atf_no_error();
}
