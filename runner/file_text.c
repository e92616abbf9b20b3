/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_text.h"
#include "text.h"

char *
file_text(const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	size_t size = 0;
	size_t room = 4096;
	char *text;

	if (f == NULL)
		return NULL;
	text = allocated(malloc(room));
	while (!feof(f) && !ferror(f)) {
		if (room - size < 4096)
			text = allocated(realloc(text, room *= 2));
		size += fread(text + size, 1, room - size - 1, f);
	}
	text[size] = '\0';
	if (ferror(f)) {
		const int error = errno;

		free(text);
		text = NULL;
		fclose(f);
		errno = error;
		return NULL;
	}
	fclose(f);
	return text;
}
