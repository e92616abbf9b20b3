/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "wire.h"

#define MARK "@@shmcheck "

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Adler-32, of the kind and the offset too. */
static uint32_t
checksum(const struct wire_piece *piece)
{
	char head[32];
	uint32_t low = 1, high = 0;
	int length = snprintf(head, sizeof(head), "%c%zx", piece->kind, piece->offset);

	for (int i = 0; i < length; i++) {
		low = (low + (unsigned char)head[i]) % 65521;
		high = (high + low) % 65521;
	}
	for (size_t i = 0; i < piece->size; i++) {
		low = (low + (unsigned char)piece->data[i]) % 65521;
		high = (high + low) % 65521;
	}
	return high << 16 | low;
}

size_t
wire_encode(const struct wire_piece *piece, char *line)
{
	const unsigned char *data = (const unsigned char *)piece->data;
	/* The piece begins on a new line, even after half a line of the kernel. */
	int length =
	    snprintf(line, WIRE_LINE, "%s%c %zx %x ", MARK, piece->kind, piece->offset, (unsigned)checksum(piece));
	char *end = &line[length];

	for (size_t i = 0; i < piece->size; i += 3) {
		uint32_t three = (uint32_t)data[i] << 16;

		if (i + 1 < piece->size)
			three |= (uint32_t)data[i + 1] << 8;
		if (i + 2 < piece->size)
			three |= data[i + 2];
		*end++ = digits[three >> 18];
		*end++ = digits[three >> 12 & 63];
		*end++ = i + 1 < piece->size ? digits[three >> 6 & 63] : '=';
		*end++ = i + 2 < piece->size ? digits[three & 63] : '=';
	}
	*end++ = '\n';
	*end = '\0';
	return (size_t)(end - line);
}

static int
digit(char c)
{
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* Returns 0, or -1 if the text is not base 64 or is too long. */
static int
decode_data(const char *text, struct wire_piece *piece)
{
	piece->size = 0;
	for (; digit(text[0]) != -1; text += 4) {
		int sixes[4] = { digit(text[0]), digit(text[1]), 0, 0 };
		size_t bytes = 3;

		if (sixes[1] == -1)
			return -1;
		if (text[2] == '=' && text[3] == '=') {
			bytes = 1;
		} else {
			sixes[2] = digit(text[2]);
			if (text[3] == '=')
				bytes = 2;
			else if (sixes[2] != -1)
				sixes[3] = digit(text[3]);
			if (sixes[2] == -1 || sixes[3] == -1)
				return -1;
		}
		if (piece->size + bytes > WIRE_PIECE)
			return -1;
		uint32_t three =
		    (uint32_t)sixes[0] << 18 | (uint32_t)sixes[1] << 12 | (uint32_t)sixes[2] << 6 | (uint32_t)sixes[3];
		for (size_t i = 0; i < bytes; i++)
			piece->data[piece->size++] = (char)(three >> (16 - 8 * i));
	}
	piece->data[piece->size] = '\0';
	return 0;
}

int
wire_decode(const char *line, struct wire_piece *piece)
{
	const char *at = strstr(line, MARK);
	char kind;
	unsigned sum;
	int length = 0;

	if (at == NULL)
		return 0;
	if (sscanf(at + strlen(MARK), "%c %zx %x %n", &kind, &piece->offset, &sum, &length) != 3 || length == 0)
		return -1;
	if (kind != WIRE_UP && kind != WIRE_DATA && kind != WIRE_END)
		return -1;
	piece->kind = (enum wire_kind)kind;
	if (decode_data(at + strlen(MARK) + length, piece) == -1)
		return -1;
	return checksum(piece) == sum ? 1 : -1;
}
