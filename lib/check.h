/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Checks that print what was expected and what came back. A failed check is recorded and the body goes on; the case fails
 * when it ends. Checks in a child of the case (process.h) work alike: the record reaches the case.
 */

#ifndef SHMCHECK_CHECK_H
#define SHMCHECK_CHECK_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"
#include "outcome.h"
#include "platform/nitems.h"

/*
 * A value of any scalar type. It is kept with its kind, so that it is compared and printed as what it is, and with the
 * errno after the call that returned it.
 */
struct value {
	enum { VALUE_SIGNED, VALUE_UNSIGNED, VALUE_POINTER } kind;
	intmax_t number;              /* VALUE_SIGNED */
	uintmax_t natural;            /* VALUE_UNSIGNED */
	const volatile void *pointer; /* VALUE_POINTER */
	int error;
};

struct value value_signed(intmax_t);
struct value value_unsigned(uintmax_t);
struct value value_pointer(const volatile void *);

/* clang-format off */
#define VALUE(x)                                                                                                       \
	_Generic((x),                                                                                                  \
	    char: value_signed, signed char: value_signed, short: value_signed, int: value_signed, long: value_signed, \
	    long long: value_signed, _Bool: value_unsigned, unsigned char: value_unsigned,                             \
	    unsigned short: value_unsigned, unsigned: value_unsigned, unsigned long: value_unsigned,                   \
	    unsigned long long: value_unsigned, default: value_pointer)(x)
/* clang-format on */

/* The two values are the same number or the same pointer. */
#define CHECK_EQ(expected, actual) check_equal(__FILE__, __LINE__, #expected, #actual, VALUE(expected), VALUE(actual))

#define CHECK_NE(unexpected, actual) \
	check_different(__FILE__, __LINE__, #unexpected, #actual, VALUE(unexpected), VALUE(actual))

/* The condition holds. The message shows no values: use it where no other check fits. */
#define CHECK(condition) check_condition(__FILE__, __LINE__, #condition, (condition))

/* The call returns exactly the value that means failure, (void *)-1, MAP_FAILED or -1, and sets errno to this error. */
#define CHECK_FAILS(error, failure, call) \
	(errno = 0, check_fails(__FILE__, __LINE__, #call, VALUE(call), #failure, VALUE(failure), error, 0, 0))

/* The same where the document names two or three errors for the condition. */
#define CHECK_FAILS_IN(error, other, another, failure, call) \
	(errno = 0, \
	    check_fails(__FILE__, __LINE__, #call, VALUE(call), #failure, VALUE(failure), error, other, another))

/* The call returns exactly 0. Else errno is shown if it returned -1, and if it returned an error number, that. */
#define CHECK_SUCCEEDS(call) (errno = 0, check_succeeds(__FILE__, __LINE__, #call, VALUE(call)))

/* The call returns this error number, as posix_madvise() and the pthread functions do, or 0. */
#define CHECK_RETURNS_ERROR(error, call) check_returns_error(__FILE__, __LINE__, #call, error, call)

/* Every byte of the range is this one. The message names the offset of the first that is not, or that cannot be loaded. */
#define CHECK_BYTES(byte, start, size) check_bytes(__FILE__, __LINE__, #start, (unsigned char)(byte), start, size)

/*
 * The whole range holds what pattern_store() with the same seed stored there. Each byte of the pattern depends on its
 * offset and pages differ, so that a page in the wrong place is seen. "from" is the offset of start in the pattern.
 */
#define CHECK_PATTERN(seed, start, size)            CHECK_PATTERN_FROM(seed, 0, start, size)
#define CHECK_PATTERN_FROM(seed, from, start, size) check_pattern(__FILE__, __LINE__, #start, seed, from, start, size)

/* Store the pattern. Ends the case as failed if a store faults. */
void pattern_store(unsigned char seed, void *start, size_t size);

/*
 * What follows means nothing unless the condition holds: else the case ends here and fails. The message shows errno. Give
 * one condition at a time, as the message does not tell which part of an "a && b" does not hold.
 */
#define REQUIRE(condition) \
	((condition) ? (void)0 : end_failed("%s:%d: %s: %s", __FILE__, __LINE__, #condition, errno_name(errno)))

/* The same for a call that returns 0 when it works, and else sets errno or, as pthread functions do, returns the error. */
#define REQUIRE_SUCCEEDS(call) (errno = 0, require_succeeds(__FILE__, __LINE__, #call, VALUE(call)))

bool check_equal(const char *file, int line, const char *expected_text, const char *actual_text, struct value expected,
    struct value actual);
bool check_different(const char *file, int line, const char *unexpected_text, const char *actual_text,
    struct value unexpected, struct value actual);
bool check_condition(const char *file, int line, const char *text, bool condition);
bool check_fails(const char *file, int line, const char *call, struct value result, const char *failure_text,
    struct value failure, int error, int other, int another);
bool check_succeeds(const char *file, int line, const char *call, struct value result);
void require_succeeds(const char *file, int line, const char *call, struct value result);
bool check_returns_error(const char *file, int line, const char *call, int expected, int result);
bool check_bytes(const char *file, int line, const char *text, unsigned char byte, const void *start, size_t size);
bool check_pattern(
    const char *file, int line, const char *text, unsigned char seed, size_t from, const void *start, size_t size);

#endif
