/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "platform.h"

enum { TEXT_SIZE = 64 };

struct value
value_signed(intmax_t number)
{
	return (struct value){ .kind = VALUE_SIGNED, .number = number, .error = errno };
}

struct value
value_unsigned(uintmax_t natural)
{
	return (struct value){ .kind = VALUE_UNSIGNED, .natural = natural, .error = errno };
}

struct value
value_pointer(const volatile void *pointer)
{
	return (struct value){ .kind = VALUE_POINTER, .pointer = pointer, .error = errno };
}

static bool
same(struct value a, struct value b)
{
	if (a.kind == VALUE_POINTER || b.kind == VALUE_POINTER)
		return a.kind == b.kind && a.pointer == b.pointer;
	if (a.kind == VALUE_SIGNED && a.number < 0)
		return b.kind == VALUE_SIGNED && a.number == b.number;
	if (b.kind == VALUE_SIGNED && b.number < 0)
		return false;
	return (a.kind == VALUE_SIGNED ? (uintmax_t)a.number : a.natural) ==
	    (b.kind == VALUE_SIGNED ? (uintmax_t)b.number : b.natural);
}

static const char *
show(struct value v, char text[TEXT_SIZE])
{
	switch (v.kind) {
	case VALUE_SIGNED:
		snprintf(text, TEXT_SIZE, "%jd", v.number);
		break;
	case VALUE_UNSIGNED:
		snprintf(text, TEXT_SIZE, "%ju", v.natural);
		break;
	case VALUE_POINTER:
		snprintf(text, TEXT_SIZE, "0x%jx", (uintmax_t)(uintptr_t)v.pointer);
		break;
	}
	return text;
}

bool
check_equal(const char *file, int line, const char *expected_text, const char *actual_text, struct value expected,
    struct value actual)
{
	char wanted[TEXT_SIZE];
	char seen[TEXT_SIZE];

	if (same(expected, actual))
		return true;
	show(actual, seen);
	show(expected, wanted);
	if (strcmp(expected_text, wanted) == 0)
		check_failed(file, line, "%s is %s, promised %s", actual_text, seen, wanted);
	else
		check_failed(file, line, "%s is %s, promised %s = %s", actual_text, seen, expected_text, wanted);
	return false;
}

bool
check_different(const char *file, int line, const char *unexpected_text, const char *actual_text,
    struct value unexpected, struct value actual)
{
	char seen[TEXT_SIZE];

	if (!same(unexpected, actual))
		return true;
	check_failed(file, line, "%s is %s, the same as %s", actual_text, show(actual, seen), unexpected_text);
	return false;
}

bool
check_condition(const char *file, int line, const char *text, bool condition)
{
	if (!condition)
		check_failed(file, line, "%s does not hold", text);
	return condition;
}

static const char *
errors_promised(int error, int other, int another, char text[TEXT_SIZE])
{
	int length = snprintf(text, TEXT_SIZE, "%s", errno_name(error));

	if (other != 0)
		length += snprintf(text + length, TEXT_SIZE - (size_t)length, " or %s", errno_name(other));
	if (another != 0 && another != other)
		snprintf(text + length, TEXT_SIZE - (size_t)length, " or %s", errno_name(another));
	return text;
}

bool
check_fails(const char *file, int line, const char *call, struct value result, const char *failure_text,
    struct value failure, int error, int other, int another)
{
	char promised[TEXT_SIZE];
	char seen[TEXT_SIZE];

	errors_promised(error, other, another, promised);
	if (!same(result, failure)) {
		check_failed(
		    file, line, "%s gave %s, promised %s with %s", call, show(result, seen), failure_text, promised);
		return false;
	}
	if (result.error == error || (other != 0 && result.error == other) || (another != 0 && result.error == another))
		return true;
	check_failed(file, line, "%s failed with %s, promised %s", call, errno_name(result.error), promised);
	return false;
}

bool
check_succeeds(const char *file, int line, const char *call, struct value result)
{
	char seen[TEXT_SIZE];

	if (same(result, value_signed(0)))
		return true;
	check_failed(file, line, "%s gave %s with %s, promised 0", call, show(result, seen), errno_name(result.error));
	return false;
}

bool
check_returns_error(const char *file, int line, const char *call, int expected, int result)
{
	if (result == expected)
		return true;
	check_failed(file, line, "%s returned %s, promised %s", call, errno_name(result), errno_name(expected));
	return false;
}

static bool
all_are(const unsigned char *bytes, size_t size, unsigned char byte)
{
	return size == 0 || (bytes[0] == byte && memcmp(bytes, bytes + 1, size - 1) == 0);
}

bool
check_bytes(const char *file, int line, const char *text, unsigned char byte, const void *start, size_t size)
{
	const unsigned char *bytes = start;
	size_t i = 0;

	if (all_are(bytes, size, byte))
		return true;
	while (i < size - 1 && bytes[i] == byte)
		i++;
	check_failed(file, line, "byte %zu of %zu at %s is 0x%02x, promised 0x%02x", i, size, text, bytes[i], byte);
	return false;
}

/*
 * Byte i of the pattern is seed + 7 * i + 41 * (its page). 7 * i repeats every 256 bytes, of which every page is a multiple:
 * blocks of that size are made and compared at once, since the suite looks at every byte of much memory.
 */
enum { BLOCK = 256 };

/* The pattern's bytes from this offset to the end of its block or to the size. Returns how many. */
static size_t
pattern_block(unsigned char seed, size_t offset, size_t size, unsigned char block[BLOCK])
{
	size_t start = offset % BLOCK;
	size_t count = size < BLOCK - start ? size : BLOCK - start;
	unsigned first = (unsigned)(seed + offset / page_size() * 41 + start * 7);

	for (size_t i = 0; i < count; i++)
		block[i] = (unsigned char)(first + i * 7);
	return count;
}

void
pattern_store(unsigned char seed, void *start, size_t size)
{
	unsigned char block[BLOCK];
	unsigned char *bytes = start;
	size_t count;

	for (size_t at = 0; at < size; at += count) {
		count = pattern_block(seed, at, size - at, block);
		memcpy(bytes + at, block, count);
	}
}

bool
check_pattern(
    const char *file, int line, const char *text, unsigned char seed, size_t from, const void *start, size_t size)
{
	unsigned char block[BLOCK];
	const unsigned char *bytes = start;
	size_t count;

	for (size_t at = 0; at < size; at += count) {
		count = pattern_block(seed, from + at, size - at, block);
		if (memcmp(bytes + at, block, count) == 0)
			continue;
		size_t i = 0;
		while (i < count - 1 && bytes[at + i] == block[i])
			i++;
		check_failed(file, line, "byte %zu of %zu at %s is 0x%02x, stored was 0x%02x", at + i, size, text,
		    bytes[at + i], block[i]);
		return false;
	}
	return true;
}
