/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "runner_record.h"

/* The version of the format. */
#define VERSION "1"

const char *const field_names[FIELDS] = {
	[FORMAT] = "Format",
	[PLATFORM] = "Platform",
	[CASES] = "Cases",
	[BEGIN] = "Begin",
	[INTERRUPTED] = "Interrupted",
	[PROGRAM] = "Program",
	[CASE] = "Case",
	[REQUIREMENT] = "Requirement",
	[LEVEL] = "Level",
	[SOURCE] = "Source",
	[PROMISE] = "Promise",
	[RESULT] = "Result",
	[REASON] = "Reason",
	[START] = "Start",
	[END] = "End",
	[OUTPUT] = "Output",
	[ERRORS] = "Errors",
};

/* Remove the next line from the front. Returns false if there is none; a line without an end is none. */
static bool
next_line(struct reader *reader, char **line, size_t *length)
{
	char *end =
	    reader->next == reader->end ? NULL : memchr(reader->next, '\n', (size_t)(reader->end - reader->next));

	if (end == NULL)
		return false;
	*line = reader->next;
	*length = (size_t)(end - reader->next);
	reader->next = end + 1;
	reader->line++;
	return true;
}

/* Return the length of the field's name at the start of the line, or 0 if there is none. */
static size_t
name_length(const char *line, size_t length)
{
	size_t i = 0;

	while (i < length &&
	    ((line[i] >= 'A' && line[i] <= 'Z') || (line[i] >= 'a' && line[i] <= 'z') || line[i] == '-' ||
		line[i] == '_'))
		i++;
	return i < length && line[i] == ':' ? i : 0;
}

static enum field
field_of(struct slice name)
{
	enum field field = 0;

	while (field < FIELDS && !slice_equals(name, field_names[field]))
		field++;
	return field;
}

/* Check the first line, and the first line of another file that follows in the same one. */
static char *
check_format(struct slice text, const char *path)
{
	if (!slice_skip(&text, RUNNER_MAGIC " ") || text.length == 0)
		return text_format("'%s' is damaged: it names no version of the format", path);
	if (slice_equals(text, VERSION))
		return NULL;
	char *version = text_copy(text);
	char *complaint =
	    text_format("'%s' is of version '%.*s' of the format, and only version " VERSION " can be read", path,
		VALUE_QUOTED, version);
	free(version);
	return complaint;
}

/* Append a line to the value in place. There is room: the "+" of the line is left out. */
static void
continue_value(struct record *record, enum field field, const char *text, size_t length)
{
	char *end = record->values[field] + record->lengths[field];

	*end = '\n';
	memmove(end + 1, text, length);
	record->lengths[field] += length + 1;
}

/* "field" is the field of the previous line; FIELDS if there is none or it is unknown. */
static char *
take_line(struct reader *reader, struct record *record, enum field *field, char *line, size_t length)
{
	size_t name = name_length(line, length);

	if (line[0] == '+' && (length == 1 || line[1] == ' ') && reader->line > record->line) {
		size_t mark = length == 1 ? 1 : 2;
		if (*field != FIELDS)
			continue_value(record, *field, line + mark, length - mark);
		return NULL;
	}
	if (name == 0 || (length > name + 1 && line[name + 1] != ' '))
		return text_format("'%s' is damaged: line %zu is no field", reader->path, reader->line);
	*field = field_of((struct slice){ line, name });
	if (*field == FIELDS)
		return NULL;
	if (record->values[*field] != NULL)
		return text_format("'%s' is damaged: the record at line %zu has a %s on line %zu and again on line %zu",
		    reader->path, record->line, field_names[*field], record->lines[*field], reader->line);
	size_t start = length > name + 1 ? name + 2 : length;
	record->values[*field] = line + start;
	record->lengths[*field] = length - start;
	record->lines[*field] = reader->line;
	return *field == FORMAT ? check_format((struct slice){ line, length }, reader->path) : NULL;
}

char *
record_next(struct reader *reader, struct record *record)
{
	enum field field = FIELDS;
	char *complaint = NULL;
	char *line;
	size_t length;

	*record = (struct record){ .line = 0 };
	while (complaint == NULL) {
		if (!next_line(reader, &line, &length)) {
			record->last = true;
			record->cut = reader->next < reader->end;
			break;
		}
		if (length == 0 && record->line == 0)
			continue;
		if (length == 0)
			break;
		if (record->line == 0)
			record->line = reader->line;
		complaint = take_line(reader, record, &field, line, length);
	}
	return complaint;
}

struct slice
record_value(const struct record *record, enum field field)
{
	if (record->values[field] == NULL)
		return (struct slice){ "", 0 };
	return (struct slice){ record->values[field], record->lengths[field] };
}
