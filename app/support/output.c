/* Output files that appear whole or not at all. */
#include "support/output.h"

#include "support/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_MARK ".madang-"

/* Splits at the last slash: "a/b.csv" is "a" and "b.csv"; "b.csv" is "." and "b.csv". */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Whether what begins with a process id, alone or with an ending, is of a run that has ended. */
static bool is_dead(const char *s)
{
    char *end = NULL;
    long pid = strtol(s, &end, 10);
    return pid > 0 && (*end == '\0' || *end == '.') && kill((pid_t)pid, 0) != 0 && errno != EPERM;
}

/* A temporary file of a run that no longer lives is removed; one of a living run stays. */
static void sweep(const char *folder, const char *name)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    size_t n = strlen(name);
    size_t mark = strlen(TEMP_MARK);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        const char *s = e->d_name;
        if (s[0] != '.' || strncmp(s + 1, name, n) != 0 || strncmp(s + 1 + n, TEMP_MARK, mark) != 0)
            continue;
        if (is_dead(s + 1 + n + mark))
            unlinkat(dirfd(dir), s, 0);
    }
    closedir(dir);
}

/* A folder of files, without folders in it. */
static void remove_folder(int at, const char *name)
{
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            unlinkat(dirfd(dir), e->d_name, 0);
    closedir(dir);
    unlinkat(at, name, AT_REMOVEDIR);
}

void output_sweep_folders(const char *path)
{
    char *folder = folder_of(path);
    DIR *dir = folder ? opendir(folder) : NULL;
    const char *name = name_of(path);
    size_t n = strlen(name);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir))
        if (strncmp(e->d_name, name, n) == 0 && is_dead(e->d_name + n))
            remove_folder(dirfd(dir), e->d_name);
    if (dir)
        closedir(dir);
    free(folder);
}

void output_sweep(const char *target)
{
    char *folder = folder_of(target);
    if (folder)
        sweep(folder, name_of(target));
    free(folder);
}

static mdg_status check_target(const char *target, const char *folder, mdg_error *err)
{
    struct stat st;
    bool there = stat(target, &st) == 0;
    if (*name_of(target) == '\0' || (there && S_ISDIR(st.st_mode))) {
        mdg_fail(err, MDG_E_WRITE, "cannot write '%s': it is a folder", target);
        mdg_hint(err, "name a file in it");
        return MDG_E_WRITE;
    }
    /* A rename would put a file in the place of a device or a pipe, /dev/null for one. */
    if (there && !S_ISREG(st.st_mode)) {
        mdg_fail(err, MDG_E_WRITE, "cannot write '%s': it is not a plain file", target);
        mdg_hint(err, "name a file: outputs appear whole, by a rename");
        return MDG_E_WRITE;
    }
    if (stat(folder, &st) != 0) {
        mdg_fail(err, MDG_E_WRITE, "cannot write '%s': there is no folder '%s'", target, folder);
        mdg_hint(err, "make the folder first, or name another one");
        return MDG_E_WRITE;
    }
    if (access(target, F_OK) == 0 && access(target, W_OK) != 0) {
        mdg_fail(err, MDG_E_WRITE, "cannot write '%s': it is read-only", target);
        mdg_hint(err, "choose another name, or allow writing to it");
        return MDG_E_WRITE;
    }
    if (!S_ISDIR(st.st_mode) || access(folder, W_OK | X_OK) != 0) {
        mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", target,
                 S_ISDIR(st.st_mode) ? strerror(errno) : "its parent is not a folder");
        mdg_hint(err, "choose a folder that you may write to");
        return MDG_E_WRITE;
    }
    return MDG_OK;
}

/* Whether a file can be made there; what is hopeless is better known before the work. */
static mdg_status check_temp(const output_set *set, const output_file *f, mdg_error *err)
{
    for (size_t i = 0; i < set->n; i++) {
        if (strcmp(set->files[i].temp, f->temp) == 0) {
            mdg_fail(err, MDG_E_USAGE, "two outputs have the same name '%s'", f->target);
            mdg_hint(err, "name a file of its own for each");
            return MDG_E_USAGE;
        }
    }
    int fd = open(f->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", f->target, strerror(errno));
        mdg_hint(err, "choose a folder that you may write to");
        return MDG_E_WRITE;
    }
    close(fd);
    unlink(f->temp);
    return MDG_OK;
}

static mdg_status announce(output_set *set, const char *target, const char *folder,
                           const char **temp, mdg_error *err)
{
    MDG_TRY(check_target(target, folder, err));
    sweep(folder, name_of(target));
    /* The ending stays last, so that writers that go by it see the right one. */
    const char *dot = strrchr(name_of(target), '.');
    text path = { 0 };
    text_addf(&path, "%s/.%s" TEMP_MARK "%ld%s", folder, name_of(target), (long)getpid(),
              dot ? dot : "");
    output_file f = { .target = strdup(target), .temp = path.chars };
    mdg_status s =
        f.target ? text_status(&path, err) : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    if (s == MDG_OK)
        s = check_temp(set, &f, err);
    if (s != MDG_OK) {
        free(f.target);
        text_free(&path);
        return s;
    }
    set->files[set->n++] = f;
    *temp = f.temp;
    return MDG_OK;
}

/* What a link leads to is written, and the link stays; one that leads nowhere is replaced. */
static char *follow(const char *target)
{
    struct stat st;
    char *real = lstat(target, &st) == 0 && S_ISLNK(st.st_mode) ? realpath(target, NULL) : NULL;
    return real ? real : strdup(target);
}

mdg_status output_add(output_set *set, const char *target, const char **temp, mdg_error *err)
{
    if (set->n == OUTPUT_MAX)
        return mdg_fail(err, MDG_E_INTERNAL, "more than %d outputs at once", OUTPUT_MAX);
    char *real = follow(target);
    char *folder = real ? folder_of(real) : NULL;
    mdg_status s = folder ? announce(set, real, folder, temp, err)
                          : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    free(folder);
    free(real);
    return s;
}

static mdg_status exists(const char *target, mdg_error *err)
{
    mdg_fail(err, MDG_E_CONFLICT, "'%s' exists already", target);
    mdg_hint(err, "choose another name: it is never replaced");
    return MDG_E_CONFLICT;
}

mdg_status output_add_new(output_set *set, const char *target, const char **temp, mdg_error *err)
{
    struct stat st;
    output_sweep(target);
    return lstat(target, &st) == 0 ? exists(target, err) : output_add(set, target, temp, err);
}

mdg_status output_check_input(const output_set *set, const char *input, mdg_error *err)
{
    struct stat in, out;
    if (!input || stat(input, &in) != 0)
        return MDG_OK;
    for (size_t i = 0; i < set->n; i++) {
        const char *target = set->files[i].target;
        if (stat(target, &out) != 0 || in.st_dev != out.st_dev || in.st_ino != out.st_ino)
            continue;
        mdg_fail(err, MDG_E_USAGE, "the output '%s' would overwrite an input", target);
        mdg_hint(err, "give it another name");
        return MDG_E_USAGE;
    }
    return MDG_OK;
}

static mdg_status sync_file(const output_file *f, mdg_error *err)
{
    int fd = open(f->temp, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", f->target, strerror(errno));
    int bad = fsync(fd);
    int why = errno;
    close(fd);
    return bad ? mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", f->target, strerror(why))
               : MDG_OK;
}

/* The files being replaced are held open meanwhile: freeing what they hold on disk then comes after
 * the last rename, and the moment in which a kill could part new outputs from old ones is short. */
static mdg_status rename_all(output_set *set, mdg_error *err)
{
    int old[OUTPUT_MAX];
    for (size_t i = 0; i < set->n; i++)
        old[i] = open(set->files[i].target, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    size_t done = 0;
    while (done < set->n && rename(set->files[done].temp, set->files[done].target) == 0)
        done++;
    int why = errno;
    for (size_t i = 0; i < set->n; i++) {
        if (old[i] >= 0)
            close(old[i]);
        if (i < done) {
            free(set->files[i].temp);
            set->files[i].temp = NULL;
        }
    }
    return done == set->n ? MDG_OK
                          : mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s",
                                     set->files[done].target, strerror(why));
}

/* A new name is on disk when its folder is. Not all file systems can be asked for that; those that
 * cannot keep the files whole all the same. */
static void sync_folders(const output_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        char *folder = folder_of(set->files[i].target);
        int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (fd >= 0) {
            fsync(fd);
            close(fd);
        }
        free(folder);
    }
}

mdg_status output_commit(output_set *set, mdg_error *err)
{
    for (size_t i = 0; i < set->n; i++)
        MDG_TRY(sync_file(&set->files[i], err));
    MDG_TRY(rename_all(set, err));
    sync_folders(set);
    return MDG_OK;
}

/* A link fails where a name is taken, which a rename does not. */
mdg_status output_commit_new(output_set *set, mdg_error *err)
{
    size_t done = 0;
    mdg_status s = MDG_OK;
    for (; s == MDG_OK && done < set->n; done++) {
        const output_file *f = &set->files[done];
        s = sync_file(f, err);
        if (s == MDG_OK && link(f->temp, f->target) != 0)
            s = errno == EEXIST ? exists(f->target, err)
                                : mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", f->target,
                                           strerror(errno));
    }
    for (size_t i = 0; s != MDG_OK && i + 1 < done; i++)
        unlink(set->files[i].target);
    sync_folders(set);
    return s;
}

void output_discard(output_set *set)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->files[i].temp)
            unlink(set->files[i].temp);
        free(set->files[i].temp);
        free(set->files[i].target);
    }
    *set = (output_set){ 0 };
}

mdg_status output_write(const char *path, const void *bytes, size_t n, mdg_error *err)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", path, strerror(errno));
    bool bad = fwrite(bytes, 1, n, f) != n;
    int why = errno;
    if (fclose(f) != 0 && !bad) {
        bad = true;
        why = errno;
    }
    return bad ? mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", path, strerror(why)) : MDG_OK;
}

mdg_status output_write_new(const char *temp, const char *target, mode_t mode, const void *bytes,
                            size_t n, mdg_error *err)
{
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    size_t done = 0;
    while (fd >= 0 && done < n) {
        ssize_t wrote = write(fd, (const char *)bytes + done, n - done);
        if (wrote < 0)
            break;
        done += (size_t)wrote;
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    return fd >= 0 && done == n
               ? MDG_OK
               : mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", target, strerror(why));
}

mdg_status output_make_folder(const char *path, mdg_error *err)
{
    char *copy = strdup(path);
    if (!copy)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    mdg_status s = MDG_OK;
    for (char *p = copy + 1; s == MDG_OK; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char at = *p;
        *p = '\0';
        struct stat st;
        if (mkdir(copy, 0777) != 0 &&
            (errno != EEXIST || stat(copy, &st) != 0 || !S_ISDIR(st.st_mode))) {
            s = mdg_fail(err, MDG_E_WRITE, "cannot make the folder '%s': %s", path,
                         errno == EEXIST ? "a file stands in the way" : strerror(errno));
            mdg_hint(err, "choose another folder");
        }
        *p = at;
        if (at == '\0')
            break;
    }
    free(copy);
    return s;
}
