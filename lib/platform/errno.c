/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>

#include "platform/errno.h"
#include "platform/name.h"
#include "platform/nitems.h"

/* The first two are in POSIX. The others are of BSDs and macOS, and some of Linux. */
static const struct name errors[] = {
	{ 0, NULL },
#if EOWNERDEAD > 0
	NAME(EOWNERDEAD),
#endif
#if ENOTRECOVERABLE > 0
	NAME(ENOTRECOVERABLE),
#endif
#ifdef EAUTH
	NAME(EAUTH),
#endif
#ifdef EBADRPC
	NAME(EBADRPC),
#endif
#ifdef ECAPMODE
	NAME(ECAPMODE),
#endif
#ifdef EDOOFUS
	NAME(EDOOFUS),
#endif
#ifdef EDQUOT
	NAME(EDQUOT),
#endif
#ifdef EFTYPE
	NAME(EFTYPE),
#endif
#ifdef EINTEGRITY
	NAME(EINTEGRITY),
#endif
#ifdef ENEEDAUTH
	NAME(ENEEDAUTH),
#endif
#ifdef ENOATTR
	NAME(ENOATTR),
#endif
#ifdef ENOPOLICY
	NAME(ENOPOLICY),
#endif
#ifdef ENOTCAPABLE
	NAME(ENOTCAPABLE),
#endif
#ifdef EPROCLIM
	NAME(EPROCLIM),
#endif
#ifdef EPWROFF
	NAME(EPWROFF),
#endif
#ifdef EQFULL
	NAME(EQFULL),
#endif
#ifdef ERESTART
	NAME(ERESTART),
#endif
#ifdef ESTALE
	NAME(ESTALE),
#endif
#ifdef EUSERS
	NAME(EUSERS),
#endif
};

const char *
errno_name_of_some(int error)
{
	for (size_t i = 0; i < nitems(errors); i++)
		if (errors[i].number == error)
			return errors[i].name;
	return NULL;
}
