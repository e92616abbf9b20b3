/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>

#include "check.h"
#include "fault.h"
#include "platform.h"

bool
check_load_ok(const char *file, int line, const char *text, const volatile void *at)
{
	struct fault f = fault_of_load(at);

	if (f.signal == 0)
		return true;
	check_failed(file, line, "a load at %s raised %s (%s), expected no fault", text, signal_name(f.signal),
	    signal_code_name(f.signal, f.code));
	return false;
}

bool
check_store_ok(const char *file, int line, const char *text, volatile void *at)
{
	volatile char *byte = at;
	struct fault f = fault_of_load(at);
	char before;
	char other;

	if (f.signal != 0)
		return check_load_ok(file, line, text, at);
	before = *byte;
	other = (char)~before;
	f = fault_of_store(at, other);
	if (f.signal != 0) {
		check_failed(file, line, "a store at %s raised %s (%s), expected no fault", text, signal_name(f.signal),
		    signal_code_name(f.signal, f.code));
		return false;
	}
	if (*byte != other) {
		check_failed(file, line, "a store at %s did not arrive: %d, stored was %d", text, *byte, other);
		return false;
	}
	*byte = before;
	return true;
}

static bool
faults_so(const char *file, int line, const char *what, const char *text, struct fault f, int signal, int code,
    const volatile void *at)
{
	if (f.signal == 0) {
		check_failed(file, line, "a %s at %s worked, expected %s", what, text, signal_name(signal));
		return false;
	}
	bool said = signal == SIGSEGV && code == SEGV_MAPERR ? says_unmapped(f) : f.signal == signal && f.code == code;
	if (!said) {
		check_failed(file, line, "a %s at %s raised %s (%s), expected %s (%s)", what, text,
		    signal_name(f.signal), signal_code_name(f.signal, f.code), signal_name(signal),
		    signal_code_name(signal, code));
		return false;
	}
	if (!is_address_of_fault(f, at)) {
		check_failed(file, line, "a %s at %s = 0x%jx raised %s with si_addr 0x%jx", what, text,
		    (uintmax_t)(uintptr_t)at, signal_name(signal), (uintmax_t)(uintptr_t)f.address);
		return false;
	}
	return true;
}

bool
check_load_faults(const char *file, int line, const char *text, int signal, int code, const volatile void *at)
{
	return faults_so(file, line, "load", text, fault_of_load(at), signal, code, at);
}

bool
check_store_faults(const char *file, int line, const char *text, int signal, int code, volatile void *at)
{
	return faults_so(file, line, "store", text, fault_of_store(at, 's'), signal, code, at);
}

/* No store where a load was possible: it would be the same failure, and change what is there. */
static bool
is_unmapped(const char *file, int line, const char *text, volatile void *at)
{
	return check_load_faults(file, line, text, SIGSEGV, SEGV_MAPERR, at) &&
	    check_store_faults(file, line, text, SIGSEGV, SEGV_MAPERR, at);
}

bool
check_unmapped(const char *file, int line, const char *text, volatile void *start, size_t size)
{
	volatile char *bytes = start;
	bool all = true;

	for (size_t at = 0; at < size; at += page_size())
		all &= is_unmapped(file, line, text, &bytes[at]);
	return all & is_unmapped(file, line, text, &bytes[size - 1]);
}
