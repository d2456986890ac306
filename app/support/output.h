/* Output files that appear whole or not at all: everything is written to a hidden neighbour of the
 * target and renamed at the end. A set of outputs is committed together, after all are written. */
#ifndef MADANG_APP_SUPPORT_OUTPUT_H
#define MADANG_APP_SUPPORT_OUTPUT_H

#include <madang/base.h>
#include <stdio.h>
#include <sys/types.h>

enum { OUTPUT_MAX = 24 };

typedef struct output_file {
    char *target; /* as the user named it */
    char *temp;   /* in the same folder */
} output_file;

typedef struct output_set {
    output_file files[OUTPUT_MAX];
    size_t n;
} output_set;

/* Refuses an announced output that is the same file as an input. */
mdg_status output_check_input(const output_set *set, const char *input, mdg_error *err);
/* Announces an output: checks that the folder exists and can be written and that the target, where
 * there is one, is a plain file; removes what killed runs left behind for it, and returns the path
 * to write to (owned by the set). A link stays: what it leads to is written. */
mdg_status output_add(output_set *set, const char *target, const char **temp, mdg_error *err);
/* As output_add, for a file that must not exist yet. fails MDG_E_CONFLICT when it does */
mdg_status output_add_new(output_set *set, const char *target, const char **temp, mdg_error *err);
/* As output_commit, but a file that has come to exist meanwhile is never replaced: then none of the
 * set appears. fails MDG_E_CONFLICT */
mdg_status output_commit_new(output_set *set, mdg_error *err);
/* Removes what killed runs left for `target`, as output_add does: where it may never be announced
 * again, being made once. */
void output_sweep(const char *target);
/* Removes folders `path`PID, and the files in them, of runs that no longer live. */
void output_sweep_folders(const char *path);
/* Flushes all files to disk, renames them over their targets, in order of announcement, and flushes
 * their folders. */
mdg_status output_commit(output_set *set, mdg_error *err);
/* Removes what was not committed and frees the set; safe to call twice and after commit. */
void output_discard(output_set *set);

/* Writes `n` bytes to a new file at `path`. */
mdg_status output_write(const char *path, const void *bytes, size_t n, mdg_error *err);
/* The same to the temporary file of an announced output, which has this mode, less the umask, from
 * the first byte on. A secret is copied nowhere else. */
mdg_status output_write_new(const char *temp, const char *target, mode_t mode, const void *bytes,
                            size_t n, mdg_error *err);
/* Makes a folder and its parents, when missing. */
mdg_status output_make_folder(const char *path, mdg_error *err);

#endif
