/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * For libFuzzer: what shmcheck-report reads, and what it writes of that. The first byte of the input chooses the reader: E is
 * followed by a file of expectations, V by the data of the matrix of violations; else it is a file of results, of shmcheck-run or
 * of Kyua.
 */

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "diff.h"
#include "format.h"
#include "load.h"

const char program_name[] = "read_anything";

static char path[] = "/tmp/shmcheck-fuzz.XXXXXX";

static const char *const formats[] = { "text", "markdown", "html", "json", "junit", "tap", "ktap", "kcidb", "index" };

int LLVMFuzzerInitialize(int *, char ***);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
remove_file(void)
{
	(void)unlink(path);
}

int
LLVMFuzzerInitialize(int *count, char ***arguments)
{
	int descriptor = mkstemp(path);

	(void)count;
	(void)arguments;
	if (descriptor == -1)
		die("cannot make '%s'", path);
	(void)close(descriptor);
	(void)atexit(remove_file);
	return 0;
}

static void
write_file(const uint8_t *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
		die("cannot write '%s'", path);
}

static void
write_reports(const struct runs *runs)
{
	struct matrix matrix = matrix_make(runs);
	struct report report = { .runs = runs, .matrix = &matrix, .verbose = true };
	char *bytes = NULL;
	size_t length;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		FILE *memory = allocated(open_memstream(&bytes, &length));
		format_named(formats[i])->write(memory, &report);
		(void)fclose(memory);
		free(bytes);
	}
	matrix_free(&matrix);
}

static void
read_results(void)
{
	struct runs runs = { .count = 0 };
	char *complaint;

	runs_add(&runs, NULL, path);
	complaint = runs_load(&runs);
	if (complaint == NULL)
		write_reports(&runs);
	free(complaint);
	runs_free(&runs);
}

static void
read_expectations(void)
{
	struct results none = { .count = 0 };
	struct comparison comparison = { .path = NULL };

	free(comparison_make(&comparison, &none, path));
	comparison_free(&comparison);
}

static void
read_violations(void)
{
	struct result result = { .program = "tests/sysv/shmget_test", .name = "excl_existing_key" };
	struct violations violations;
	size_t count;
	char *complaint = violations_load(&violations, path);

	if (complaint == NULL)
		(void)violations_of(&violations, &result, &count);
	free(complaint);
	violations_free(&violations);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	bool has_prefix = length > 0 && (bytes[0] == 'E' || bytes[0] == 'V');

	write_file(bytes + has_prefix, length - has_prefix);
	if (!has_prefix)
		read_results();
	else if (bytes[0] == 'E')
		read_expectations();
	else
		read_violations();
	return 0;
}
