/* SPDX-License-Identifier: BSD-2-Clause */

/* How a guest sends data over a console that its kernel writes to as well: in lines of text, each with a checksum. */

#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>

/* How many bytes fit in a piece, and how many characters its line has with newline and null. */
#define WIRE_PIECE 192
#define WIRE_LINE  320

enum wire_kind {
	WIRE_UP = 'u',   /* the guest is up; its data names the system */
	WIRE_DATA = 'd', /* a piece of the results file */
	WIRE_END = 'e', /* the end; its data is "SIZE STATUS": the size of the results file, the status of the runner */
};

struct wire_piece {
	enum wire_kind kind;
	size_t offset; /* in the results file */
	size_t size;
	char data[WIRE_PIECE + 1]; /* and a null byte */
};

/* Write the piece as a line, with its newline, into line[WIRE_LINE]. Returns its length. */
size_t wire_encode(const struct wire_piece *, char *line);

/* Read the piece in the line, whatever is before it. Returns 1, 0 if there is none, -1 if it is damaged. */
int wire_decode(const char *line, struct wire_piece *);

#endif
