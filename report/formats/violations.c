/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "violations.h"

/* The columns of a line, with tabs between: violation, requirement, interface, how it ended, why, the cases that find it, ... */
enum { CASES_COLUMN = 5, COLUMNS = 6 };

/* Split at the separators, in place, into at most "limit" fields; the last has the rest. Returns how many there are. */
static size_t
split(char *text, char separator, char **fields, size_t limit)
{
	size_t count = 0;

	for (char *next = text; next != NULL && count < limit;) {
		fields[count++] = next;
		next = strchr(next, separator);
		if (next != NULL)
			*next++ = '\0';
	}
	return count;
}

static void
add_cases(struct violations *violations, const char *violation, char *cases)
{
	for (char *name = strtok(cases, " "); name != NULL; name = strtok(NULL, " ")) {
		if (strchr(name, ':') == NULL)
			continue;
		if (violations->count % 1024 == 0)
			violations->all =
			    allocated(realloc(violations->all, (violations->count + 1024) * sizeof(*violations->all)));
		violations->all[violations->count++] = (struct finding){ name, violation };
	}
}

/* The order of the file is that of the names' addresses. */
static int
by_case(const void *a, const void *b)
{
	const struct finding *x = a;
	const struct finding *y = b;
	int order = strcmp(x->test_case, y->test_case);

	return order != 0 ? order : (x->violation > y->violation) - (x->violation < y->violation);
}

static char *
read_lines(struct violations *violations, size_t length, const char *path)
{
	size_t number = 0;

	if (memchr(violations->bytes, '\0', length) != NULL)
		return text_format("'%s' is no data of make matrix: it has null bytes", path);
	for (char *line = violations->bytes; *line != '\0';) {
		char *end = strchr(line, '\n');
		char *columns[COLUMNS + 1];
		number++;
		if (end == NULL)
			return text_format("line %zu of '%s' is cut off", number, path);
		*end = '\0';
		if (split(line, '\t', columns, COLUMNS + 1) < COLUMNS)
			return text_format(
			    "line %zu of '%s' is no line of the data that make matrix writes", number, path);
		add_cases(violations, columns[0], columns[CASES_COLUMN]);
		line = end + 1;
	}
	if (violations->count == 0)
		return text_format("'%s' has no violation that a case finds", path);
	qsort(violations->all, violations->count, sizeof(*violations->all), by_case);
	return NULL;
}

char *
violations_load(struct violations *violations, const char *path)
{
	struct contents contents = { NULL, 0 };

	*violations = (struct violations){ .count = 0 };
	errno = 0;
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return cannot_read(path);
	bool is_read = contents_read(&contents, file, SIZE_MAX);
	char *complaint = is_read ? NULL : cannot_read(path);
	(void)fclose(file);
	violations->bytes = allocated(realloc(contents.bytes, contents.length + 1));
	violations->bytes[contents.length] = '\0';
	return complaint != NULL ? complaint : read_lines(violations, contents.length, path);
}

void
violations_free(struct violations *violations)
{
	free(violations->all);
	free(violations->bytes);
	*violations = (struct violations){ .count = 0 };
}

const struct finding *
violations_of(const struct violations *violations, const struct result *result, size_t *count)
{
	char *name = text_format("%s:%s", result->program, result->name);
	size_t low = 0;
	size_t high = violations->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(violations->all[middle].test_case, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < violations->count && strcmp(violations->all[low + *count].test_case, name) == 0)
		++*count;
	free(name);
	return &violations->all[low];
}
