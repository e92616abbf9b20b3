/* SPDX-License-Identifier: BSD-2-Clause */

/* What a key depends on. */

#include <limits.h>
#include <stdio.h>

#include <sys/ipc.h>
#include <sys/shm.h>

#include "known.h"
#include "real.h"
#include "direct_check.h"
#include "violation.h"

/* The file that the path leads to; all zeros where there is none. */
static struct stat
file_of(const struct call *c)
{
	struct stat status;

	if (real_stat(c->name, &status) == -1)
		memset(&status, 0, sizeof(status));
	return status;
}

static bool
is_regular(const struct call *c)
{
	return S_ISREG(file_of(c).st_mode);
}

/* Give another key than the right one. */
static void
change_key(struct call *c, unsigned by)
{
	c->result = (key_t)((unsigned)c->result ^ by);
}

VIOLATION(ftok_absolute_path_differs, "ftok.same-file-same-id", "-", FTOK,
    FALSIFIES(c->name[0] == '/' && c->name[1] != '\0', change_key(c, 1)))
{
	struct file f = file_create(1);
	char path[PATH_MAX + 64];
	key_t key = ftok(f.name, 'k');

	if (getcwd(path, PATH_MAX) == NULL)
		return false;
	strcat(strcat(path, "/"), f.name);
	return ftok(path, 'k') != key;
}

VIOLATION(ftok_path_is_not_resolved, "ftok.same-file-same-id", "-", FTOK,
    FALSIFIES(strncmp(c->name, ".//", 3) == 0, change_key(c, 1)))
{
	struct file f = file_create(1);
	char path[64];

	snprintf(path, sizeof(path), ".//%s", f.name);
	return ftok(path, 'k') != ftok(f.name, 'k');
}

static bool
is_asked_again(void)
{
	static unsigned count;

	return ++count % 2 == 0;
}

VIOLATION(ftok_changes_with_calls, "ftok.same-file-same-id", "-", FTOK,
    FALSIFIES(is_asked_again() && is_regular(c), change_key(c, 1)))
{
	struct file f = file_create(1);
	key_t key = ftok(f.name, 255);

	return ftok(f.name, 255) != key;
}

struct known_key {
	const char *path;
	key_t key;
};

static bool
gets_another_key(void *arg)
{
	const struct known_key *k = arg;

	return ftok(k->path, 'k') != k->key;
}

VIOLATION(ftok_depends_on_process, "ftok.same-file-same-id", "-", FTOK,
    FALSIFIES((c->command & 0xff) == 'k', change_key(c, (unsigned)getpid())))
{
	struct file f = file_create(1);
	struct known_key k = { f.name, ftok(f.name, 'k') };

	return is_seen_by(SAME_USER, gets_another_key, &k);
}

/* A second link of a file of one byte. */
static struct file
link_to(const struct file *f)
{
	struct file n = file_name_beside(f, ".link");

	if (link(f->name, n.name) == -1)
		n = *f;
	return n;
}

VIOLATION(ftok_depends_on_number_of_links, "ftok.hard-link-same-key", "-", FTOK,
    FALSIFIES(is_regular(c) && file_of(c).st_nlink > 1, change_key(c, 1)))
{
	struct file f = file_create(1);
	key_t key = ftok(f.name, 'k');

	link_to(&f);
	return ftok(f.name, 'k') != key;
}

VIOLATION(ftok_depends_on_name_of_link, "ftok.hard-link-same-key", "-", FTOK,
    FALSIFIES(is_regular(c) && strstr(c->name, ".link") != NULL, change_key(c, 1)))
{
	struct file f = file_create(1);
	struct file other = link_to(&f);

	return ftok(other.name, 'k') != ftok(f.name, 'k');
}

/* The path is of a symbolic link: where it leads is put in "target". */
static bool
is_symlink(const char *path, char *target, size_t size)
{
	ssize_t length = readlink(path, target, size - 1);

	if (length < 0)
		return false;
	target[length] = '\0';
	return true;
}

static bool
names_symlink(const struct call *c)
{
	char target[PATH_MAX];

	return is_symlink(c->name, target, sizeof(target));
}

/* Two of them in a row. */
static bool
names_symlink_to_symlink(const struct call *c)
{
	char target[PATH_MAX];
	char next[PATH_MAX];

	return is_symlink(c->name, target, sizeof(target)) && is_symlink(target, next, sizeof(next));
}

/* The path's first component is a symbolic link. */
static bool
goes_through_symlink(const struct call *c)
{
	char first[PATH_MAX] = "";
	char target[PATH_MAX];
	size_t length = strcspn(c->name, "/");

	if (c->name[length] == '\0' || length >= sizeof(first))
		return false;
	memcpy(first, c->name, length);
	return is_symlink(first, target, sizeof(target));
}

/* Whether a symbolic link to the target, and what is behind it, have another key than the path. */
static bool
symlink_has_another_key(const char *target, const char *behind, const char *path)
{
	struct file f = file_create(1);
	struct file n = file_name_beside(&f, ".s");
	char whole[PATH_MAX];

	if (symlink(target, n.name) == -1)
		return false;
	snprintf(whole, sizeof(whole), "%s%s", n.name, behind);
	return ftok(whole, 'k') != ftok(path, 'k');
}

VIOLATION(ftok_symlink_has_key_of_its_own, "ftok.symlink-followed", "-", FTOK,
    FALSIFIES(names_symlink(c) && is_regular(c), change_key(c, 1)))
{
	struct file f = file_create(1);

	return symlink_has_another_key(f.name, "", f.name);
}

VIOLATION(ftok_symlink_followed_once, "ftok.symlink-followed", "-", FTOK,
    FALSIFIES(names_symlink_to_symlink(c), change_key(c, 1)))
{
	struct file f = file_create(1);
	struct file n = file_name_beside(&f, ".t");

	return symlink(f.name, n.name) == 0 && symlink_has_another_key(n.name, "", f.name);
}

VIOLATION(ftok_symlink_to_directory_not_followed, "ftok.symlink-followed", "-", FTOK,
    FALSIFIES(names_symlink(c) && S_ISDIR(file_of(c).st_mode), change_key(c, 1)))
{
	return symlink_has_another_key(".", "", ".");
}

VIOLATION(ftok_symlink_inside_path_not_followed, "ftok.symlink-followed", "-", FTOK,
    FALSIFIES(goes_through_symlink(c), change_key(c, 1)))
{
	struct file f = file_create(1);
	char behind[64];

	snprintf(behind, sizeof(behind), "/%s", f.name);
	return symlink_has_another_key(".", behind, f.name);
}

VIOLATION(ftok_takes_nine_bits_of_id, "ftok.low-8-bits-only", "-", FTOK,
    FALSIFIES((c->command & 0x100) != 0, change_key(c, 1U << 23)))
{
	return ftok(".", 0x101) != ftok(".", 1);
}

VIOLATION(ftok_negative_id_einval, "ftok.low-8-bits-only", "-", FTOK, REFUSES(c->command < 0, EINVAL))
{
	return ftok(".", INT_MIN + 1) == (key_t)-1;
}

VIOLATION(ftok_adds_high_bits_of_id, "ftok.low-8-bits-only", "-", FTOK,
    FALSIFIES(c->command > 0xffff, change_key(c, (unsigned)c->command >> 16)))
{
	return ftok(".", 0x7fffff01) != ftok(".", 1);
}

VIOLATION(ftok_sign_of_id_spoils_key, "ftok.low-8-bits-only", "-", FTOK,
    FALSIFIES(c->command<0 && c->command> - 0x100, change_key(c, 0xff0000)))
{
	return ftok(".", 1 - 0x100) != ftok(".", 1);
}

/* Of 16 files that are there at the same time, two have one key. */
static bool
files_share_keys(void)
{
	key_t keys[16];

	for (int i = 0; i < 16; i++) {
		keys[i] = ftok(file_create(1).name, 'k');
		for (int before = 0; before < i; before++)
			if (keys[before] == keys[i])
				return true;
	}
	return false;
}

VIOLATION(ftok_same_key_for_all_files, "ftok.different-files-should-differ", "-", FTOK,
    FALSIFIES(is_regular(c), c->result = (key_t)((unsigned)c->result & 0xff000000) | 1))
{
	return files_share_keys();
}

/* The serial numbers of files that are made one after the other differ in these bits alone, or nearly so. */
VIOLATION(ftok_ignores_low_byte_of_serial_number, "ftok.different-files-should-differ", "-", FTOK,
    FALSIFIES(is_regular(c), c->result |= 0xff))
{
	return files_share_keys();
}

VIOLATION(ftok_same_key_for_all_ids, "ftok.different-id-should-differ", "-", FTOK,
    FALSIFIES(is_regular(c), c->result = (key_t)((unsigned)c->result & 0xffffff)))
{
	struct file f = file_create(1);

	return ftok(f.name, 1) == ftok(f.name, 2);
}

VIOLATION(ftok_negative_key_is_an_error, "ftok.key-not-minus-one-on-success", "B208", FTOK,
    FALSIFIES((key_t)c->result < 0 && S_ISDIR(file_of(c).st_mode), c->result = (key_t)-1))
{
	return ftok(".", 0x80) == (key_t)-1;
}

VIOLATION(
    ftok_of_fifo_fails, "ftok.key-not-minus-one-on-success", "-", FTOK, REFUSES(S_ISFIFO(file_of(c).st_mode), ENXIO))
{
	struct file f = file_create(0);
	struct file fifo = file_name_beside(&f, ".fifo");

	return mkfifo(fifo.name, 0) == 0 && ftok(fifo.name, 'k') == (key_t)-1;
}

VIOLATION(
    ftok_of_device_fails, "ftok.key-not-minus-one-on-success", "-", FTOK, REFUSES(S_ISCHR(file_of(c).st_mode), ENODEV))
{
	return ftok("/dev/null", 'k') == (key_t)-1;
}

VIOLATION(ftok_key_of_root_directory_is_minus_one, "ftok.key-not-minus-one-on-success", "-", FTOK,
    FALSIFIES(strcmp(c->name, "/") == 0 && c->command == 0xff, c->result = (key_t)-1))
{
	return ftok("/", 0xff) == (key_t)-1;
}

static bool
is_number_one(const struct call *c)
{
	return (c->command & 0xff) < 'k' && is_regular(c);
}

static bool
reaches_no_segment(void *path)
{
	return shmget(ftok(path, 1), 0, 0) == -1;
}

VIOLATION(ftok_key_reaches_nobody_elses_segment, "ftok.key-usable-by-shmget", "-", FTOK,
    FALSIFIES(is_number_one(c) && file_of(c).st_size == 1, change_key(c, (unsigned)getpid() << 8)))
{
	struct file f = file_create(1);

	if (segment_own(shmget(ftok(f.name, 1), 1, IPC_CREAT | IPC_EXCL | 0600)) == -1)
		return false;
	return is_seen_by(SAME_USER, reaches_no_segment, f.name);
}

VIOLATION(ftok_depends_on_size, "ftok.contents-do-not-matter", "-", FTOK,
    FALSIFIES(is_regular(c), change_key(c, (unsigned)(file_of(c).st_size & 0xfffff) << 8)))
{
	struct file f = file_create(0);
	key_t key = ftok(f.name, 'k');

	return ftruncate(f.fd, 10) == 0 && ftok(f.name, 'k') != key;
}

VIOLATION(ftok_depends_on_time, "ftok.contents-do-not-matter", "-", FTOK,
    FALSIFIES(is_regular(c), change_key(c, (unsigned)file_of(c).st_mtime)))
{
	static const struct timespec times[2] = { { 1, 0 }, { 1, 0 } };

	struct file f = file_create(0);
	key_t key = ftok(f.name, 'k');

	return futimens(f.fd, times) == 0 && ftok(f.name, 'k') != key;
}

VIOLATION(ftok_depends_on_mode, "ftok.contents-do-not-matter", "-", FTOK,
    FALSIFIES(is_regular(c), change_key(c, file_of(c).st_mode)))
{
	struct file f = file_create(0);
	key_t key = ftok(f.name, 'k');

	return fchmod(f.fd, 0) == 0 && ftok(f.name, 'k') != key;
}

VIOLATION(ftok_of_unreadable_file_eacces, "ftok.contents-do-not-matter", "-", FTOK,
    REFUSES(is_regular(c) && (file_of(c).st_mode & 0777) == 0, EACCES))
{
	struct file f = file_create(0);

	return fchmod(f.fd, 0) == 0 && ftok(f.name, 'k') == (key_t)-1;
}

VIOLATION(ftok_depends_on_name, "ftok.contents-do-not-matter", "-", FTOK,
    FALSIFIES(strstr(c->name, ".renamed") != NULL, change_key(c, 1)))
{
	struct file f = file_create(0);
	struct file renamed = file_name_beside(&f, ".renamed");
	key_t key = ftok(f.name, 'k');

	return rename(f.name, renamed.name) == 0 && ftok(renamed.name, 'k') != key;
}

static const off_t large = (off_t)(INTMAX_C(5) << 30);

VIOLATION(ftok_of_large_file_eoverflow, "ftok.large-file", "-", FTOK, REFUSES(file_of(c).st_size > INT_MAX, EOVERFLOW))
{
	struct file f = file_create(0);

	return ftruncate(f.fd, large) == 0 && ftok(f.name, 'k') == (key_t)-1;
}

VIOLATION(ftok_of_large_file_differs, "ftok.large-file", "-", FTOK,
    FALSIFIES(is_regular(c), change_key(c, (unsigned)(file_of(c).st_size >> 32))))
{
	struct file f = file_create(0);
	key_t key = ftok(f.name, 'k');

	return ftruncate(f.fd, large) == 0 && ftok(f.name, 'k') != key;
}
