/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "platform/machine.h"
#include "platform/shm.h"

size_t
page_size(void)
{
	static size_t size;

	if (size == 0)
		size = (size_t)sysconf(_SC_PAGESIZE);
	return size;
}

size_t
attach_multiple(void)
{
	const size_t multiple = (size_t)SHMLBA;

	return multiple > page_size() ? multiple : page_size();
}

void *
address_of_kernel(void)
{
	return (void *)(UINTPTR_MAX - page_size() + 1); /* NOLINT(performance-no-int-to-ptr) */
}

#if defined(__s390x__)

bool
fault_addresses_are_exact(void)
{
	return false;
}

#else

bool
fault_addresses_are_exact(void)
{
	return true;
}

#endif

#if defined(__x86_64__)

bool
machine_is_amd64(void)
{
	return true;
}

#else

bool
machine_is_amd64(void)
{
	return false;
}

#endif

/* The machine's instruction that returns from a function; a zero where we don't know it. */
static const unsigned char return_instruction[] = {
#if defined(__x86_64__) || defined(__i386__)
	0xc3
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
	0xc0, 0x03, 0x5f, 0xd6
#elif defined(__arm__) && !defined(__ARMEB__)
	0x1e, 0xff, 0x2f, 0xe1
#elif defined(__riscv)
	0x67, 0x80, 0x00, 0x00
#elif defined(__s390x__)
	0x07, 0xfe
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	0x20, 0x00, 0x80, 0x4e
#elif defined(__loongarch__)
	0x20, 0x00, 0x00, 0x4c
#else
	0
#endif
};

/* clear_instruction_cache() has the processor see what was stored there. */

#if defined(__s390x__) || defined(__x86_64__) || defined(__i386__)

static void
clear_instruction_cache(char *at)
{
	(void)at; /* these processors need no call for it */
}

#elif defined(__powerpc64__) && defined(__clang__)

/* Zig's run-time library has no __clear_cache() for it. */
static void
clear_instruction_cache(char *at)
{
	__asm__ volatile("dcbst 0,%0\n\tsync\n\ticbi 0,%0\n\tsync\n\tisync" : : "r"(at) : "memory");
}

#else

static void
clear_instruction_cache(char *at)
{
	__builtin___clear_cache(at, at + sizeof(return_instruction));
}

#endif

bool
store_function(void *at)
{
	if (sizeof(return_instruction) == 1 && return_instruction[0] == 0)
		return false;
	memcpy(at, return_instruction, sizeof(return_instruction));
	clear_instruction_cache(at);
	return true;
}
