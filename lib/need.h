/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a case needs of the platform. A need stands in the declaration of the case, among its sources, or in the INTERFACE
 * of its program, for all cases of that. lib/case.c asks for all needs before the body begins, in the order of their
 * declaration, and skips the case at the first one that is missing. They are exported as the property X-needs.
 *
 *	CASE(set_owner_by_root, SHALL, "...", "POSIX.1-2017 shmctl() DESCRIPTION", NEEDS_USERS, NEEDS_IPC_PRIVILEGES)
 *
 * A module of lib/ defines the needs that are about its subject: segment.h has NEEDS_SEGMENTS.
 */

#ifndef SHMCHECK_NEED_H
#define SHMCHECK_NEED_H

#include <stdbool.h>
#include <stdint.h>

struct need {
	char text[64];     /* "needs root": first, as its address stands among the sources */
	const char *user;  /* "root" or "unprivileged" where ATF's require.user says the same; else null */
	void (*ask)(void); /* skips the case, with the reason, unless the platform has it; or this one, of an amount: */
	void (*ask_amount)(uintmax_t);
	uintmax_t amount;
};

/*
 * Define a need: NEED("root", .user = "root", .ask = need_root). The text names it to people, in X-needs; of platforms and
 * instruments need_text() adds the names.
 */
#define NEED(what, ...) ((struct need){ .text = "needs " what, __VA_ARGS__ }).text

/* What is needed, for people: "root", "FreeBSD or DragonFly", "1 huge page". Static memory. */
const char *need_text(const struct need *);

/* The need that stands there among the sources; null if it is a source. */
const struct need *need_among_sources(const char *source);

/* Skip the case unless the platform has it. */
void need_ask(const struct need *);

/* In a body: skip the case, with this reason, unless the condition holds. For what only the body can find out. */
void need(bool holds, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));

/* The effective user is root; it is not root. */
#define NEEDS_ROOT          NEED("root", .user = "root", .ask = need_root)
#define NEEDS_ORDINARY_USER NEED("an ordinary user", .user = "unprivileged", .ask = need_ordinary_user)

void need_root(void);
void need_ordinary_user(void);

/*
 * One of these platforms runs the case, or one of these C libraries: NEEDS_PLATFORM(FREEBSD | DRAGONFLY). For calls that
 * other platforms lack. The sources of a case say who promises its sentence.
 */
#define NEEDS_PLATFORM(platforms) NEED("", .ask_amount = need_platform, .amount = (platforms))

void need_platform(uintmax_t platforms);

/* Pointers, or off_t, of more than 32 bits. */
#define NEEDS_64_BIT_ADDRESSES NEED("addresses of 64 bits", .ask = need_64_bit_addresses)
#define NEEDS_64_BIT_OFFSETS   NEED("offsets of 64 bits", .ask = need_64_bit_offsets)

void need_64_bit_addresses(void);
void need_64_bit_offsets(void);

/* A machine whose code the suite knows: store_function() of platform/machine.h. */
#define NEEDS_KNOWN_MACHINE NEED("a machine whose code the suite knows", .ask = need_known_machine)

void need_known_machine(void);

/* None of these instruments runs the program, see instrument.h: NEEDS_NO_INSTRUMENT(THREAD_SANITIZER | VALGRIND). */
#define NEEDS_NO_INSTRUMENT(instruments) NEED("no", .ask_amount = need_no_instrument, .amount = (instruments))

void need_no_instrument(uintmax_t instruments);

/*
 * A capability of Linux, capabilities(7): NEEDS_CAPABILITY(SYS_ADMIN). On other systems the effective user must be root.
 */
#define NEEDS_CAPABILITY(name) NEED("CAP_" #name, .ask_amount = need_capability, .amount = CAPABILITY_##name)

void need_capability(uintmax_t capability);

/* The same for what a capability in a user namespace does not allow, as to lock more than RLIMIT_MEMLOCK. */
#define NEEDS_CAPABILITY_OF_SYSTEM(name) \
	NEED("CAP_" #name " of the whole system", .ask_amount = need_capability_of_system, .amount = CAPABILITY_##name)

void need_capability_of_system(uintmax_t capability);

#endif
