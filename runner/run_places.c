/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case_result.h"
#include "run_places.h"

struct run_places
places_of(const char *scratch, unsigned long number, const struct run *r)
{
	struct run_places p;

	snprintf(p.work, sizeof(p.work), "%s/%lu.work", scratch, number);
	snprintf(p.result, sizeof(p.result), "%s/%lu.result", scratch, number);
	if (r->output != NULL)
		snprintf(p.output, sizeof(p.output), "%s", r->output);
	else
		snprintf(p.output, sizeof(p.output), "%s/%lu.output", scratch, number);
	snprintf(p.errors, sizeof(p.errors), "%s", r->errors != NULL ? r->errors : "");
	return p;
}

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	remove(path);
	return 0;
}

void
remove_tree(const char *path)
{
	/* As a rule it is empty. */
	if (rmdir(path) == -1 && errno != ENOENT)
		nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Read the beginning of the file, or its end, as a string. */
static void
read_file(const char *path, bool from_end, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t got = -1;

	if (fd != -1) {
		if (from_end && lseek(fd, -(off_t)(size - 1), SEEK_END) == -1)
			lseek(fd, 0, SEEK_SET); /* the file is shorter */
		got = read(fd, text, size - 1);
		close(fd);
	}
	text[got < 0 ? 0 : got] = '\0';
}

static void
append_last_line(const char *path, char *reason, size_t size)
{
	char text[256];
	size_t used = strlen(reason);
	size_t length;
	const char *line;

	read_file(path, true, text, sizeof(text));
	length = strlen(text);
	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	line = strrchr(text, '\n');
	line = line == NULL ? text : line + 1;
	if (line[0] != '\0')
		snprintf(reason + used, size - used, "%s%s", used == 0 ? "" : ": ", line);
}

void
places_judge(const struct run_places *places, struct run *r, int status, bool timed_out)
{
	char text[4096];

	if (r->is_plain)
		r->result = plain_result(status, timed_out, r->reason, sizeof(r->reason));
	else {
		read_file(places->result, false, text, sizeof(text));
		r->result = case_result(text, status, timed_out, r->reason, sizeof(r->reason));
	}
	if (r->result == RESULT_BROKEN || (r->is_plain && r->result == RESULT_FAILED))
		append_last_line(r->errors != NULL ? r->errors : places->output, r->reason, sizeof(r->reason));
}

void
places_forget(const struct run_places *places, const struct run *r)
{
	unlink(places->result);
	if (r->output == NULL)
		unlink(places->output);
	remove_tree(places->work);
}
