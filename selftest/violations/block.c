/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "text.h"

struct block
block_begin(const char *heading)
{
	return (struct block){ .heading = heading };
}

/* Where the next line goes. */
static FILE *
begin_line(struct block *b)
{
	if (b->memory == NULL)
		b->memory = allocated(open_memstream(&b->text, &b->size));
	else
		fputc('\n', b->memory);
	return b->memory;
}

void
block_line(struct block *b, const char *format, ...)
{
	FILE *f = begin_line(b);
	va_list arguments;

	fputs("    ", f);
	va_start(arguments, format);
	vfprintf(f, format, arguments);
	va_end(arguments);
	b->program = NULL;
}

void
block_case(struct block *b, const struct matrix_case *c)
{
	size_t length = strlen(c->name);

	if (b->program == NULL || strcmp(b->program, c->program) != 0) {
		b->column = (size_t)fprintf(begin_line(b), "    %.*s", (int)(c->name - c->id), c->id);
		b->program = c->program;
	}
	if (b->column + 1 + length > TEXT_WIDTH)
		b->column = (size_t)fprintf(begin_line(b), "       ");
	b->column += (size_t)fprintf(b->memory, " %s", c->name);
}

void
block_end(struct block *b, FILE *f)
{
	if (b->memory == NULL)
		return;
	if (fclose(b->memory) == EOF)
		die("out of memory");
	fputc('\n', f);
	text_paragraph(f, "", 0, SIZE_MAX, "%s", b->heading);
	fprintf(f, "%s\n", b->text);
	free(b->text);
}
