/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "received.h"

/* Bytes; no results file is larger. */
#define MOST ((size_t)256 << 20)

static FILE *file;
static bool unwritten;

/* The bytes of the file; which of them have come; how many have come without a gap and are written. */
static char *bytes;
static char *come;
static size_t room, whole;
static size_t expected = (size_t)-1;

bool
received_open(const char *name)
{
	file = fopen(name, "w");
	return file != NULL;
}

static bool
make_room(size_t size)
{
	size_t larger = room == 0 ? 65536 : room;

	while (larger < size)
		larger *= 2;
	if (larger == room)
		return true;
	char *more_bytes = realloc(bytes, larger + 1);
	if (more_bytes == NULL)
		return false;
	bytes = more_bytes;
	char *more_come = realloc(come, larger);
	if (more_come == NULL)
		return false;
	come = more_come;
	memset(&come[room], 0, larger - room);
	room = larger;
	return true;
}

void
received_put(size_t offset, const char *data, size_t size)
{
	size_t before = whole;

	if (offset > MOST || !make_room(offset + size)) {
		unwritten = true;
		return;
	}
	memcpy(&bytes[offset], data, size);
	memset(&come[offset], 1, size);
	while (whole < room && come[whole])
		whole++;
	if (fwrite(&bytes[before], 1, whole - before, file) != whole - before || fflush(file) != 0)
		unwritten = true;
	progress_take(&bytes[before], whole - before);
}

bool
received_end(const char *text, int *status)
{
	return sscanf(text, "%zu %d", &expected, status) == 2;
}

bool
received_all(void)
{
	return whole == expected;
}

/* What has come without a gap, as a string. */
static const char *
text(void)
{
	if (bytes == NULL)
		return "";
	bytes[whole] = '\0';
	return bytes;
}

bool
received_begun(void)
{
	return strncmp(text(), "Begin: ", 7) == 0 || strstr(text(), "\nBegin: ") != NULL;
}

/* Whether the results from "after" on have a record of the case PROGRAM:NAME. */
static bool
has_result(const char *after, const char *program, size_t program_length, const char *name, size_t name_length)
{
	for (const char *at = after; (at = strstr(at, "\nProgram: ")) != NULL;) {
		at += strlen("\nProgram: ");
		if (strncmp(at, program, program_length) != 0 || strncmp(&at[program_length], "\nCase: ", 7) != 0)
			continue;
		at += program_length + 7;
		if (strncmp(at, name, name_length) == 0 && at[name_length] == '\n')
			return true;
	}
	return false;
}

/* The next case, from *at on, that has begun and has no result: its length is stored, and *at moves behind it. Or null. */
static const char *
next_running(const char **at, size_t *length_of)
{
	while ((*at = strstr(*at, "\nBegin: ")) != NULL) {
		const char *id = *at + strlen("\nBegin: ");
		size_t length = strcspn(id, "\n");
		const char *colon = memchr(id, ':', length);

		*at = id;
		*length_of = length;
		if (colon != NULL &&
		    !has_result(id, id, (size_t)(colon - id), &colon[1], length - (size_t)(colon - id) - 1))
			return id;
	}
	return NULL;
}

const char *
received_running(void)
{
	static char list[1000];
	size_t used = 0;
	size_t length;
	const char *at = text();

	for (const char *id; (id = next_running(&at, &length)) != NULL && used + length + 3 <= sizeof(list);)
		used +=
		    (size_t)snprintf(&list[used], sizeof(list) - used, "%s%.*s", used > 0 ? ", " : "", (int)length, id);
	return used == 0 ? "none" : list;
}

void
received_interrupted(void)
{
	const char *all = text();
	const char *end = all;
	const char *at;
	size_t length;

	/* A record that has come in part is cut off. */
	for (const char *next; (next = strstr(end, "\n\n")) != NULL;)
		end = next + 2;
	if (end == all)
		return;
	whole = (size_t)(end - all);
	bytes[whole] = '\0';
	if (ftruncate(fileno(file), (off_t)whole) == -1 || fseek(file, 0, SEEK_END) == -1)
		unwritten = true;
	at = all;
	for (const char *id; !unwritten && (id = next_running(&at, &length)) != NULL;)
		unwritten = fprintf(file, "Interrupted: %.*s\n\n", (int)length, id) < 0;
}

bool
received_close(void)
{
	return fclose(file) == 0 && !unwritten;
}
