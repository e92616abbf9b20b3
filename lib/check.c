/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
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

/* Show the value by its name where the one that is expected stands as one: "SIGSEGV, expected SIGBUS" and not "11". */
static const char *
show_like(struct value v, const char *expected_text, char text[TEXT_SIZE])
{
	if (v.kind == VALUE_SIGNED && v.number >= 0 && v.number < INT_MAX && is_errno_name(expected_text))
		return errno_name((int)v.number);
	if (v.kind == VALUE_SIGNED && v.number >= 0 && v.number < INT_MAX && is_signal_name(expected_text))
		return signal_name((int)v.number);
	return show(v, text);
}

bool
check_equal(const char *file, int line, const char *expected_text, const char *actual_text, struct value expected,
    struct value actual)
{
	char wanted[TEXT_SIZE];
	char seen[TEXT_SIZE];

	const char *shown;
	const char *promised;

	if (same(expected, actual))
		return true;
	shown = show_like(actual, expected_text, seen);
	promised = show_like(expected, expected_text, wanted);
	if (strcmp(expected_text, promised) == 0)
		check_failed(file, line, "%s is %s, expected %s", actual_text, shown, promised);
	else
		check_failed(file, line, "%s is %s, expected %s = %s", actual_text, shown, expected_text, promised);
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
		    file, line, "%s gave %s, expected %s with %s", call, show(result, seen), failure_text, promised);
		return false;
	}
	if (result.error == error || (other != 0 && result.error == other) || (another != 0 && result.error == another))
		return true;
	check_failed(file, line, "%s failed with %s, expected %s", call, errno_name(result.error), promised);
	return false;
}

/* "-1 with EINVAL", or "22 (EINVAL)" for a result that is an error number. */
static const char *
show_error(struct value result, char text[TEXT_SIZE])
{
	char number[TEXT_SIZE];

	show(result, number);
	if (result.kind == VALUE_SIGNED && result.number > 0 && result.error == 0)
		snprintf(text, TEXT_SIZE, "%.30s (%s)", number, errno_name((int)result.number));
	else
		snprintf(text, TEXT_SIZE, "%.30s with %s", number, errno_name(result.error));
	return text;
}

bool
check_succeeds(const char *file, int line, const char *call, struct value result)
{
	char seen[TEXT_SIZE];

	if (same(result, value_signed(0)))
		return true;
	check_failed(file, line, "%s gave %s, expected 0", call, show_error(result, seen));
	return false;
}

void
require_succeeds(const char *file, int line, const char *call, struct value result)
{
	char seen[TEXT_SIZE];

	if (!same(result, value_signed(0)))
		end_failed("%s:%d: %s gave %s, expected 0", file, line, call, show_error(result, seen));
}

bool
check_returns_error(const char *file, int line, const char *call, int expected, int result)
{
	if (result == expected)
		return true;
	check_failed(file, line, "%s returned %s, expected %s", call, errno_name(result), errno_name(expected));
	return false;
}

static bool
all_are(const unsigned char *bytes, size_t size, unsigned char byte)
{
	return size == 0 || (bytes[0] == byte && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* A range of memory, and what it holds or shall hold. */
struct range {
	unsigned char *bytes;
	size_t size;
	unsigned char byte; /* all of them, or the seed of the pattern */
	size_t from;        /* of the pattern */
	bool is_as_promised;
};

/* Look at the range, or store there. False, and a failed check, when it cannot be accessed. */
static bool
can_access(const char *file, int line, const char *text, void (*access)(void *), struct range *r)
{
	struct fault f = fault_of_body(access, r);

	if (f.signal == 0)
		return true;
	check_failed(file, line, "an access to byte %zu of %zu at %s raised %s (%s)",
	    (size_t)((const volatile unsigned char *)f.address - r->bytes), r->size, text, signal_name(f.signal),
	    signal_code_name(f.signal, f.code));
	return false;
}

static void
look_for_byte(void *range)
{
	struct range *r = range;

	r->is_as_promised = all_are(r->bytes, r->size, r->byte);
}

bool
check_bytes(const char *file, int line, const char *text, unsigned char byte, const void *start, size_t size)
{
	struct range r = { .bytes = (unsigned char *)(uintptr_t)start, .size = size, .byte = byte };
	size_t i = 0;

	if (!can_access(file, line, text, look_for_byte, &r))
		return false;
	if (r.is_as_promised)
		return true;
	while (i < size - 1 && r.bytes[i] == byte)
		i++;
	check_failed(file, line, "byte %zu of %zu at %s is 0x%02x, expected 0x%02x", i, size, text, r.bytes[i], byte);
	return false;
}

/*
 * Byte i of the pattern is seed + 7 * i + 41 * (its page), and 13 more from every 256th page on, where the pages would be the
 * same again. 7 * i repeats every 256 bytes, of which every page is a multiple:
 * blocks of that size are made and compared at once, since the suite looks at every byte of much memory.
 */
enum { BLOCK = 256 };

static unsigned char
pattern_byte(unsigned char seed, size_t offset)
{
	size_t page = offset / page_size();

	return (unsigned char)(seed + page * 41 + page / 256 * 13 + offset * 7);
}

struct pattern_block {
	unsigned char bytes[BLOCK];
	size_t count; /* 0 at first */
};

/*
 * The pattern's bytes from this offset to the end of its block or to the size. Those of a page are all the same: the first
 * byte tells the others.
 */
static void
fill_block(unsigned char seed, size_t offset, size_t size, struct pattern_block *block)
{
	size_t left = BLOCK - offset % BLOCK;
	size_t count = size < left ? size : left;
	unsigned first = pattern_byte(seed, offset);

	if (block->count < count || block->bytes[0] != first)
		for (size_t i = 0; i < count; i++)
			block->bytes[i] = (unsigned char)(first + i * 7);
	block->count = count;
}

static void
store_pattern(void *range)
{
	const struct range *r = range;
	struct pattern_block block = { .count = 0 };

	for (size_t at = 0; at < r->size; at += block.count) {
		fill_block(r->byte, at, r->size - at, &block);
		memcpy(r->bytes + at, block.bytes, block.count);
	}
}

void
pattern_store(unsigned char seed, void *start, size_t size)
{
	struct range r = { .bytes = start, .size = size, .byte = seed };
	struct fault f = fault_of_body(store_pattern, &r);

	if (f.signal != 0)
		end_failed("storing a pattern of %zu bytes raised %s (%s) at byte %zu", size, signal_name(f.signal),
		    signal_code_name(f.signal, f.code), (size_t)((const volatile unsigned char *)f.address - r.bytes));
}

static void
look_for_pattern(void *range)
{
	struct range *r = range;
	struct pattern_block block = { .count = 0 };

	r->is_as_promised = true;
	for (size_t at = 0; at < r->size && r->is_as_promised; at += block.count) {
		fill_block(r->byte, r->from + at, r->size - at, &block);
		r->is_as_promised = memcmp(r->bytes + at, block.bytes, block.count) == 0;
	}
}

bool
check_pattern(
    const char *file, int line, const char *text, unsigned char seed, size_t from, const void *start, size_t size)
{
	struct range r = { .bytes = (unsigned char *)(uintptr_t)start, .size = size, .byte = seed, .from = from };
	size_t i = 0;

	if (!can_access(file, line, text, look_for_pattern, &r))
		return false;
	if (r.is_as_promised)
		return true;
	while (i < size - 1 && r.bytes[i] == pattern_byte(seed, from + i))
		i++;
	check_failed(file, line, "byte %zu of %zu at %s is 0x%02x, stored was 0x%02x", i, size, text, r.bytes[i],
	    pattern_byte(seed, from + i));
	return false;
}
