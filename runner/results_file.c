/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_text.h"
#include "results_file.h"

/* Bytes of a case's output. More helps nobody. */
enum { KEPT_MAX = 64 * 1024 };

#define FIRST_LINE "Format: shmcheck-results 1\n"

static FILE *file;
static bool is_durable;

static void
flush_record(void)
{
	putc('\n', file);
	fflush(file);
	if (is_durable)
		fsync(fileno(file));
}

/* Control characters other than tabs would make the file hard to read for tools. */
static void
write_field(const char *name, struct slice value)
{
	while (value.length > 0 && value.bytes[value.length - 1] == '\n')
		value.length--;
	if (value.length == 0)
		return;
	if (value.length > KEPT_MAX)
		value.length = KEPT_MAX;
	fprintf(file, "%s: ", name);
	for (size_t i = 0; i < value.length; i++) {
		const unsigned char byte = (unsigned char)value.bytes[i];

		if (byte == '\n')
			fputs(i + 1 < value.length && value.bytes[i + 1] == '\n' ? "\n+" : "\n+ ", file);
		else
			putc(byte < ' ' && byte != '\t' ? '?' : byte, file);
	}
	putc('\n', file);
}

/* Each case's properties name the platform; a program that cannot be listed has none. */
static void
begin_file(const struct suite *s)
{
	size_t i = 0;

	while (i + 1 < s->case_count && case_property(&s->cases[i].listed, "X-platform").length == 0)
		i++;
	fputs(FIRST_LINE, file);
	if (i < s->case_count)
		write_field("Platform", case_property(&s->cases[i].listed, "X-platform"));
	fprintf(file, "Cases: %zu\n", s->case_count);
	flush_record();
}

void
results_create(const char *path, const struct suite *s)
{
	file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
	if (file == NULL)
		die("cannot write '%s': %s", path, strerror(errno));
	begin_file(s);
}

static void
write_file(const char *name, const char *path)
{
	char *text = path == NULL ? NULL : file_text(path);

	if (text != NULL)
		write_field(name, slice_of(text));
	free(text);
}

void
results_interrupted(const struct suite_case *c)
{
	if (file == NULL)
		return;
	write_field("Interrupted", slice_of(c->id));
	flush_record();
}

void
results_begin(const struct suite_case *c, unsigned beside)
{
	if (file == NULL)
		return;
	write_field("Begin", slice_of(c->id));
	if (beside > 0)
		fprintf(file, "Beside: %u\n", beside);
	flush_record();
}

void
results_end(const struct suite_case *c, long long start, long long end, const char *output, const char *errors)
{
	if (file == NULL)
		return;
	write_field("Program", slice_of(c->program->path));
	write_field("Case", slice_of(c->name));
	write_field("Requirement", case_property(&c->listed, "X-requirement"));
	write_field("Level", case_property(&c->listed, "X-level"));
	write_field("Source", case_property(&c->listed, "X-source"));
	write_field("Promise", case_property(&c->listed, "descr"));
	write_field("Result", slice_of(result_name(c->result)));
	write_field("Reason", slice_of(c->reason == NULL ? "" : c->reason));
	fprintf(file, "Start: %lld\nEnd: %lld\n", start, end);
	write_file("Output", output);
	write_file("Errors", errors);
	flush_record();
}

bool
results_close(void)
{
	bool failed = file != NULL && ferror(file) != 0;

	if (file != NULL && fclose(file) != 0)
		failed = true;
	file = NULL;
	return !failed;
}

/* The length up to the end of the last complete record. The platform went down while the rest was being written. */
static size_t
whole_records(const char *text)
{
	size_t whole = 0;

	for (const char *end = strstr(text, "\n\n"); end != NULL; end = strstr(end + 1, "\n\n"))
		whole = (size_t)(end - text) + 2;
	return whole;
}

static struct suite_case *
find_case(struct suite *s, struct slice id)
{
	for (size_t i = 0; i < s->case_count; i++)
		if (slice_equals(id, s->cases[i].id))
			return &s->cases[i];
	return NULL;
}

static void
take_begin(struct suite *s, struct slice id, bool is_alone)
{
	struct suite_case *c = find_case(s, id);

	if (c == NULL)
		return;
	c->begun++;
	c->was_alone_before = c->was_alone;
	c->was_alone |= is_alone;
}

/* The runner ended the case: the last Begin does not count. */
static void
take_interruption(struct suite *s, struct slice id)
{
	struct suite_case *c = find_case(s, id);

	if (c == NULL || c->begun == 0)
		return;
	c->begun--;
	c->was_alone = c->was_alone_before;
}

static void
take_end(struct suite *s, struct slice program, struct slice name, struct slice result)
{
	char *id = text_format("%.*s:%.*s", (int)program.length, program.bytes, (int)name.length, name.bytes);
	struct suite_case *c = find_case(s, slice_of(id));

	free(id);
	if (c == NULL)
		return;
	c->has_ended = true;
	for (c->result = RESULT_PASSED; c->result < RESULT_BROKEN; c->result++)
		if (slice_equals(result, result_name(c->result)))
			break;
	c->begun = 0;
	c->was_alone = false;
}

/* The last number of cases in the file; 0 if there is none. */
static size_t cases_of_file;

static void
take_record(struct suite *s, struct slice record)
{
	struct slice line;
	struct slice begun = { NULL, 0 };
	struct slice program = { NULL, 0 };
	struct slice name = { NULL, 0 };
	struct slice result = { NULL, 0 };
	struct slice interrupted = { NULL, 0 };
	bool is_alone = true;

	while (slice_line(&record, &line)) {
		if (slice_skip(&line, "Begin: "))
			begun = line;
		else if (slice_skip(&line, "Beside: "))
			is_alone = false;
		else if (slice_skip(&line, "Program: "))
			program = line;
		else if (slice_skip(&line, "Case: "))
			name = line;
		else if (slice_skip(&line, "Result: "))
			result = line;
		else if (slice_skip(&line, "Cases: "))
			cases_of_file = strtoul(line.bytes, NULL, 10);
		else if (slice_skip(&line, "Interrupted: "))
			interrupted = line;
	}
	if (interrupted.bytes != NULL)
		take_interruption(s, interrupted);
	else if (begun.bytes != NULL)
		take_begin(s, begun, is_alone);
	else if (result.bytes != NULL && name.bytes != NULL && program.bytes != NULL)
		take_end(s, program, name, result);
}

static void
take_records(struct suite *s, const char *path, const char *text)
{
	const char *end = strstr(text, "\n\n");

	if (strncmp(text, FIRST_LINE, strlen(FIRST_LINE)) != 0)
		die("'%s' is not a file of results that can be resumed", path);
	for (const char *record = text; end != NULL; record = end + 2, end = strstr(record, "\n\n"))
		take_record(s, (struct slice){ record, (size_t)(end - record) + 1 });
}

void
results_resume(const char *path, struct suite *s)
{
	char *text = file_text(path);
	const bool is_new = text == NULL || whole_records(text) == 0;

	if (text == NULL && errno != ENOENT)
		die("cannot read '%s': %s", path, strerror(errno));
	is_durable = true;
	if (!is_new)
		take_records(s, path, text);
	if (strcmp(path, "-") == 0) {
		file = stdout;
		if (!is_new)
			fwrite(text, 1, whole_records(text), file);
	} else {
		if (!is_new && truncate(path, (off_t)whole_records(text)) == -1)
			die("cannot write '%s': %s", path, strerror(errno));
		file = fopen(path, is_new ? "w" : "a");
		if (file == NULL)
			die("cannot write '%s': %s", path, strerror(errno));
	}
	if (is_new || (cases_of_file != 0 && cases_of_file != s->case_count))
		begin_file(s);
	free(text);
}
