/* SPDX-License-Identifier: BSD-2-Clause */

/* Functions of the engine replace those of the C library: by their name, or on macOS by a table that dyld reads. */

#ifndef SHMCHECK_HOOK_H
#define SHMCHECK_HOOK_H

#include <stdint.h>

#include "known.h"
#include "violation.h"

#ifdef __APPLE__
#define HOOK(type, name, ...) \
	static type hooked_##name(__VA_ARGS__); \
	__attribute__((used, section("__DATA,__interpose"))) static const struct { \
		const void *hooked; \
		const void *real; \
	} interpose_##name = { (const void *)hooked_##name, (const void *)name }; \
	static type hooked_##name(__VA_ARGS__)
#else
#define HOOK(type, name, ...) __attribute__((visibility("default"))) type name(__VA_ARGS__)
#endif

/* Make the call with these arguments: MAKE(SHMDT, .address = address). */
#define MAKE(which, ...) call_make(&(struct call){ .interface = (which), __VA_ARGS__ })

/* The callers' pointers to what they don't let us change. */
#define UNCONST(pointer) ((void *)(uintptr_t)(pointer))

#endif
