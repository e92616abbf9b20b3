/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "journal.h"
#include "names.h"
#include "outcome.h"

static int journal = -1;
static bool is_synced;

/* Not by stdio: an actor that is forked would have a copy of what is buffered. */
static void
put(const char *text)
{
	const size_t length = strlen(text);

	if (write(journal, text, length) != (ssize_t)length || (is_synced && fsync(journal) == -1))
		end_failed("cannot write the record: %s", errno_name(errno));
}

void
journal_begin(const char *path, bool append, bool sync, unsigned unit)
{
	char line[LINE_SIZE];

	journal = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);
	if (journal == -1)
		end_failed("cannot write '%s': %s", path, errno_name(errno));
	is_synced = sync;
	snprintf(line, sizeof(line), append ? "\n" : "unit %u\n", unit);
	put(line);
}

bool
journal_is_kept(void)
{
	return journal != -1;
}

void
journal_round(void)
{
	if (journal != -1)
		put(ROUND_LINE);
}

void
journal_operation(const struct operation *o)
{
	char line[LINE_SIZE];

	if (journal == -1)
		return;
	operation_print(o, line, sizeof(line));
	put(line);
}

void
journal_answer(const struct operation *o, const struct answer *a)
{
	char text[LINE_SIZE];
	char line[LINE_SIZE + sizeof(ANSWER_ARROW) + 1];

	if (journal == -1)
		return;
	answer_print(o, a, text, sizeof(text));
	snprintf(line, sizeof(line), ANSWER_ARROW "%s\n", text);
	put(line);
}

void
journal_choice(const char *operation, const char *text)
{
	if (journal == -1)
		return;
	put("# observed: ");
	put(operation);
	put(": ");
	put(text);
	put("\n");
}

void
journal_end(void)
{
	if (journal == -1)
		return;
	put(END_LINE);
	close(journal);
	journal = -1;
}

bool
journal_unfinished(FILE *from, unsigned long *rounds, struct script *last, char *wrong, size_t size)
{
	struct script_reader reader = { .file = from };

	*rounds = 0;
	for (;;) {
		if (!script_read_round(&reader, last, NULL, wrong, size))
			return false;
		if (reader.has_ended || !reader.is_record) {
			snprintf(wrong, size, reader.has_ended ? "the run has come to its end" : "it is no record");
			return false;
		}
		++*rounds;
		if (feof(from))
			return true;
	}
}
