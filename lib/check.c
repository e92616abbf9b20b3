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

bool
check_bytes(const char *file, int line, const char *text, unsigned char byte, const volatile void *start, size_t size)
{
	const volatile unsigned char *bytes = start;

	for (size_t i = 0; i < size; i++) {
		unsigned char seen = bytes[i];

		if (seen != byte) {
			check_failed(
			    file, line, "byte %zu of %zu at %s is 0x%02x, promised 0x%02x", i, size, text, seen, byte);
			return false;
		}
	}
	return true;
}

/* Pages differ from each other whatever their size: neighbours get other steps, far ones other page numbers. */
static unsigned char
pattern(unsigned char seed, size_t offset)
{
	return (unsigned char)(seed + offset * 7 + offset / page_size() * 41);
}

void
pattern_store(unsigned char seed, void *start, size_t size)
{
	unsigned char *bytes = start;

	for (size_t i = 0; i < size; i++)
		bytes[i] = pattern(seed, i);
}

bool
check_pattern(const char *file, int line, const char *text, unsigned char seed, size_t from, const volatile void *start,
    size_t size)
{
	const volatile unsigned char *bytes = start;

	for (size_t i = 0; i < size; i++) {
		unsigned char seen = bytes[i];
		unsigned char wanted = pattern(seed, from + i);

		if (seen != wanted) {
			check_failed(file, line, "byte %zu of %zu at %s is 0x%02x, stored was 0x%02x", i, size, text,
			    seen, wanted);
			return false;
		}
	}
	return true;
}
