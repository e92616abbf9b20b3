/* SPDX-License-Identifier: BSD-2-Clause */

/* Stands in for the runner in a guest. Its last argument, a case, says by its name what happens to the guest. */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/klog.h>

static void
result(FILE *results, const char *name, const char *is)
{
	fprintf(results, "Program: tests/guest_test\nCase: %s\nResult: %s\nStart: 1\nEnd: 2\n\n", name, is);
	fflush(results);
}

static void
begin(FILE *results, const char *name)
{
	fprintf(results, "Begin: tests/guest_test:%s\n\n", name);
	fflush(results);
}

static void
panic(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY);

	if (fd == -1 || write(fd, "c", 1) != 1)
		perror("/proc/sysrq-trigger");
}

/* Messages of the kernel's on the console, in between. */
static void
noise(FILE *results)
{
	int fd = open("/dev/kmsg", O_WRONLY);

	klogctl(8, NULL, 8);
	for (int i = 0; i < 200; i++) {
		char name[32];

		if (fd == -1 || write(fd, "<4>a word of the kernel's\n", 26) != 26)
			perror("/dev/kmsg");
		snprintf(name, sizeof(name), "noise_%d", i);
		begin(results, name);
		result(results, name, "passed");
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	const char *what = strrchr(argv[argc - 1], ':');
	FILE *results = NULL;

	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--results") == 0)
			results = fopen(argv[i + 1], "a");
	if (results == NULL || what == NULL)
		return 2;
	what++;
	fprintf(results, "Format: shmcheck-results 1\n\n");
	if (strcmp(what, "never_begins") == 0)
		pause();
	begin(results, "before");
	result(results, "before", "passed");
	if (strcmp(what, "noise") == 0)
		noise(results);
	begin(results, what);
	if (strcmp(what, "panics") == 0)
		panic();
	if (strcmp(what, "hangs") == 0)
		pause();
	result(results, what, strcmp(what, "fails") == 0 ? "failed" : "passed");
	return strcmp(what, "fails") == 0;
}
