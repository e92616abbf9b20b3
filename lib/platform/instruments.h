/* SPDX-License-Identifier: BSD-2-Clause */

/* What the compiler and the headers tell about sanitizers and Valgrind. The rest of lib/ asks instrument.h. */

#ifndef SHMCHECK_PLATFORM_INSTRUMENTS_H
#define SHMCHECK_PLATFORM_INSTRUMENTS_H

#include <stdbool.h>

/* gcc has a macro for each sanitizer, clang a feature. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER true
#else
#define HAS_ADDRESS_SANITIZER false
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER true
#else
#define HAS_THREAD_SANITIZER false
#endif

/* valgrind.h has the request that tells whether Valgrind runs the program. */
#ifdef __has_include
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND 0
#endif

#endif
