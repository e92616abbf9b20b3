/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What several processes can see of the memory that they share, as a value: it is copied by assignment, and equal
 * worlds have the same bytes. Nothing here makes a system call.
 *
 * Memory is counted in units. A unit is a page, or a larger range that the explorer chooses. A process has mappings at
 * some places, each as long as a unit; all processes have the same places. What is stored are values from 0 to 15, at
 * the first, a middle and the last byte of a unit: its spots.
 */

#ifndef SHMCHECK_WORLD_H
#define SHMCHECK_WORLD_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PROCESSES = 4,   /* in a round; a process that has ended does not come back */
	PLACES = 6,      /* of a process */
	UNITS = 3,       /* of a backing */
	SPOTS = 3,       /* of a unit */
	KEYS = 2,        /* of segments */
	NAMES = 2,       /* of objects, and as many of files */
	DESCRIPTORS = 3, /* of a process */
	BACKINGS = 13,   /* at a time. The first one stands for none. */
	VALUES = 16
};

/* Open file descriptions of all processes. The first one stands for none. */
enum { DESCRIPTIONS = 1 + PROCESSES * DESCRIPTORS };

/* What is mapped. */
enum backing_kind { NO_BACKING, SEGMENT, OBJECT, REGULAR_FILE, ANONYMOUS };

/* Permission bits: those of MODE_0600 are 0600. */
enum mode { MODE_0600, MODE_0400, MODE_0000, MODE_0644, MODE_0666, MODE_0755, MODES, MODE_NOT_KNOWN = MODES };

/* Who a process is, and what belongs to whom: the user who runs the explorer, and one without any rights. */
enum user_number { FIRST_USER, OTHER_USER, USERS };

enum certainty { NEVER, PERHAPS, SURELY };

enum access { NO_ACCESS, READ, READ_WRITE };

/* Where a view is: at the address of its place, or where the system has put it; there it may follow what is at the place before. */
enum location { AT_ITS_PLACE, ELSEWHERE, ELSEWHERE_BEHIND };

/* By mlock(). Where a call has failed on its way, the pages are locked or not. */
enum lock { UNLOCKED, LOCKED, LOCKED_OR_NOT };

/* What madvise() has done to a view: one of these, or 0. */
enum effect { GUARDED = 1, STAYS_BEHIND, WIPED_IN_CHILDREN };

/*
 * A set of values, of which a spot has one: bit N is the value N. Where the documents leave nothing open it has one
 * member.
 */
typedef uint16_t values;

enum { ZERO = 1 << 0, ANY_VALUE = (1 << VALUES) - 1 };

/* A segment, an object, a file or shared anonymous memory. */
struct backing {
	uint32_t size; /* in bytes */
	values content[UNITS][SPOTS];
	uint8_t kind;
	bool is_removed; /* by IPC_RMID: it goes with its last attachment */
	uint8_t mode;    /* enum mode */
	uint8_t owner;   /* enum user_number */
	/* Of a segment: who made it, who may have used it last, as a set of processes, and what has become of its times. */
	uint8_t creator;
	uint8_t user_of_creator; /* enum user_number */
	uint8_t last_users;
	bool was_attached;
	uint8_t was_detached; /* enum certainty */
	uint8_t is_unused;
};

/* What a process has at a place. All of it is 0 where nothing is mapped. */
struct view {
	values copy[SPOTS]; /* private: what the process can see there */
	uint8_t copied;     /* private: the spots whose page is the process's own, as it has stored there */
	uint8_t lost;       /* private: the spots whose page was, when it was cut off or invalidated: it is so or not */
	bool is_mapped;
	bool is_private;
	bool is_attachment;  /* by shmat() */
	bool can_be_written; /* mprotect() may allow it */
	bool may_fault;      /* its part of the backing has come after the mapping */
	uint8_t access;
	uint8_t backing;
	uint8_t unit;     /* of the backing */
	uint8_t lock;     /* enum lock */
	uint8_t location; /* enum location */
	uint8_t advised;  /* enum effect */
	bool is_divided;  /* attachment: a call was about a part of it, and it may count as several */
};

/* Spots as a set: bit N is the spot N. */
enum { NO_SPOT = 0, ALL_SPOTS = (1 << SPOTS) - 1 };

/* An open file description: what open() and shm_open() make. Its descriptors are those of dup() and of children. */
struct description {
	uint32_t offset; /* in bytes */
	uint8_t backing;
	bool can_write;
	bool appends;
	bool is_unused;
};

/* All of it is 0 where none is open. */
struct descriptor {
	uint8_t description;
	bool closes_on_exec;
};

/* What a process knows of a key: no identifier, that of a backing, or that of a segment that is destroyed. */
enum { NO_IDENTIFIER = 0, IDENTIFIER_OF_NOTHING = BACKINGS };

struct process {
	struct view views[PLACES];
	struct descriptor descriptors[DESCRIPTORS];
	uint8_t identifiers[KEYS];
	bool is_alive;
	bool has_lived;
	uint8_t parent;
	uint8_t user; /* enum user_number */
};

struct world {
	struct backing backings[BACKINGS];
	struct description descriptions[DESCRIPTIONS];
	struct process processes[PROCESSES];
	uint8_t keys[KEYS];
	uint8_t objects[NAMES];
	uint8_t files[NAMES];
	uint8_t is_unused[2];
};

/* What the platform says of itself. */
struct setting {
	uint32_t page; /* bytes */
	uint32_t unit; /* bytes, a multiple of the page */
	bool has_segments;
	bool has_objects;
	bool has_files;
	bool codes_tell; /* si_code says why an access faulted */
	bool can_exec;   /* the explorer can start itself again */
	bool has_vfork;
	bool orphans_end;       /* somebody waits for a process whose parent has ended */
	bool io_sees_mappings;  /* read() and write() agree with mappings at once */
	bool object_tail_stays; /* what is stored behind the end of an object shows when it grows */
	bool file_tail_stays;

	bool objects_can_be_read;    /* read() and write() of objects work as those of files do */
	bool objects_have_offsets;   /* and so do lseek(), and write() behind the end */
	bool calls_take_attachments; /* munmap(), mprotect(), msync() and MAP_FIXED are for all memory of a process */
	bool attach_can_replace;     /* shmat() has SHM_REMAP */
	struct {
		bool are_there;          /* mlock() reaches the system, and may lock something */
		bool are_counted;        /* the system tells the bytes that a process has locked */
		bool msync_tells;        /* MS_INVALIDATE finds out about them */
		bool stay_at_failure;    /* what was locked or unlocked before a hole is so when the call fails */
		bool munlock_needs_them; /* it refuses pages that are not locked */
		uint32_t limit;          /* bytes of a process; UINT32_MAX if a round does not come to it */
	} locks;

	bool overrides[REGULAR_FILE + 1];         /* the first user may use what is of this kind, whatever its mode */
	bool overrides_reading[REGULAR_FILE + 1]; /* may only read it: not of segments */
	bool can_become_other;    /* the first user is root, and has all rights over the other's things */
	bool other_reaches_files; /* that user may search the working directory */
	bool has_guards;
	bool has_advice;
	bool has_memfds;
	bool objects_have_modes;
	bool detach_sets_last_user;
	bool objects_have_times;
	bool file_times_agree; /* the clock of files is that of processes */
	int error_of_foreign_unlink;

	/* How systems differ: setting.c has the sentences, and who says so. */
	bool removed_segments_stay;
	bool removed_have_other_error;
	bool removed_segments_show;
	bool segments_have_whole_pages;
	bool read_only_attach_replaces;
	bool objects_are_sized_once;
	bool objects_are_mapped_shared_and_whole;
	bool holes_are_protected;
	bool holes_are_not_unmapped;
	bool access_is_not_raised;
	bool cut_page_loses_stores;
	bool end_is_open;
	int signal_of_protection;
	int error_of_taken_address;
	int other_error_of_taken_address; /* or 0 */
	int error_of_msync_hole;
};

/* One process, and nothing else. */
struct world world_at_start(void);

bool worlds_are_equal(const struct world *, const struct world *);
uint64_t world_hash(const struct world *);

/*
 * The same world with its backings in the order in which they are found: worlds that differ in nothing else become
 * equal.
 */
struct world world_in_order(const struct world *);

/* A new backing with the value 0 everywhere. Returns its number, or 0 if there is no room for one. */
uint8_t backing_create(struct world *, enum backing_kind, uint32_t size);

/* Whether there is room for one. */
bool has_room_for_backing(const struct world *);

/* A new open file description of this backing. There is room for those of all descriptors. */
uint8_t description_create(struct world *, uint8_t backing);

/* That of a descriptor, or null if it is not open. */
const struct description *description_of(const struct world *, const struct process *, unsigned descriptor);

/* Forget the backings and the open file descriptions that nothing refers to any more, but for segments that are not removed. */
void world_forget(struct world *);

/* How many attachments of the segment all processes have; and as how many they may count, as each unit may count by itself. */
unsigned attachments_of(const struct world *, uint8_t backing);
unsigned pieces_of(const struct world *, uint8_t backing);

/* The spots of a unit that are in the same page as this one. */
uint8_t spots_of_page(const struct setting *, unsigned spot);

/* Where a spot is from the start of the backing, in bytes. */
uint32_t offset_of(const struct setting *, unsigned unit, unsigned spot);

/* Where the last page with a byte of the backing ends. */
uint32_t end_of_pages(const struct setting *, const struct backing *);

/* Set the size of an object or a file. */
void backing_resize(struct world *, const struct setting *, uint8_t backing, uint32_t size);

/* A store into the backing: also private views without a copy may show it. */
void backing_store(
    struct world *, const struct setting *, uint8_t backing, unsigned unit, unsigned spot, unsigned value);

#endif
