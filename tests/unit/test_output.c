/* Outputs that appear whole or not at all. */
#include "folder.h"
#include "support/output.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t count_files(void)
{
    size_t n = 0;
    DIR *d = opendir(".");
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

static void put(const char *path, const char *text)
{
    assert_int_equal(output_write(path, text, strlen(text), NULL), MDG_OK);
}

static void check(const char *path, const char *want)
{
    char got[64] = "";
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_true(fread(got, 1, sizeof got - 1, f) > 0);
    fclose(f);
    assert_string_equal(got, want);
}

static void files_appear_together(void **state)
{
    (void)state;
    output_set set = { 0 };
    const char *a, *b;
    put("b.json", "old");
    assert_int_equal(output_add(&set, "a.csv", &a, NULL), MDG_OK);
    assert_int_equal(output_add(&set, "b.json", &b, NULL), MDG_OK);
    put(a, "first");
    put(b, "second");
    check("b.json", "old");
    assert_int_equal(access("a.csv", F_OK), -1);
    assert_int_equal(output_commit(&set, NULL), MDG_OK);
    output_discard(&set);
    check("a.csv", "first");
    check("b.json", "second");
    assert_int_equal(count_files(), 2);
}

static void nothing_is_left_of_what_failed(void **state)
{
    (void)state;
    output_set set = { 0 };
    const char *a;
    size_t before = count_files();
    assert_int_equal(output_add(&set, "c.csv", &a, NULL), MDG_OK);
    put(a, "half");
    output_discard(&set);
    output_discard(&set);
    assert_int_equal(count_files(), before);
}

/* Of a process that no longer lives; ours still does. */
static void leavings_of_the_dead_are_swept(void **state)
{
    (void)state;
    char mine[64];
    snprintf(mine, sizeof mine, ".d.csv.madang-%ld.csv", (long)getppid());
    put(".d.csv.madang-999999999.csv", "dead");
    put(mine, "alive");
    put(".e.csv.madang-999999999.csv", "another's");
    output_set set = { 0 };
    const char *d;
    assert_int_equal(output_add(&set, "d.csv", &d, NULL), MDG_OK);
    assert_int_equal(access(".d.csv.madang-999999999.csv", F_OK), -1);
    assert_int_equal(access(mine, F_OK), 0);
    assert_int_equal(access(".e.csv.madang-999999999.csv", F_OK), 0);
    output_discard(&set);
}

static void folders_of_the_dead_are_swept(void **state)
{
    (void)state;
    char mine[64];
    snprintf(mine, sizeof mine, ".spill-%ld", (long)getppid());
    assert_int_equal(mkdir(".spill-999999999", 0700), 0);
    assert_int_equal(mkdir(mine, 0700), 0);
    assert_int_equal(mkdir(".spill-x", 0700), 0);
    put(".spill-999999999/block.tmp", "spilt");
    output_sweep_folders(".spill-");
    assert_int_equal(access(".spill-999999999", F_OK), -1);
    assert_int_equal(access(mine, F_OK), 0);
    assert_int_equal(access(".spill-x", F_OK), 0);
    rmdir(mine);
    rmdir(".spill-x");
}

static void links_stay(void **state)
{
    (void)state;
    output_set set = { 0 };
    const char *temp;
    struct stat st;
    assert_int_equal(mkdir("years", 0777), 0);
    put("years/2024.json", "old");
    assert_int_equal(symlink("years/2024.json", "latest.json"), 0);
    assert_int_equal(output_add(&set, "latest.json", &temp, NULL), MDG_OK);
    put(temp, "new");
    assert_int_equal(output_commit(&set, NULL), MDG_OK);
    output_discard(&set);
    assert_int_equal(lstat("latest.json", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    check("years/2024.json", "new");
}

static void places_that_cannot_be(void **state)
{
    (void)state;
    output_set set = { 0 };
    const char *path;
    assert_int_equal(mkdir("folder", 0777), 0);
    put("file", "x");
    assert_int_equal(output_add(&set, "folder", &path, NULL), MDG_E_WRITE);
    assert_int_equal(output_add(&set, "nowhere/a.csv", &path, NULL), MDG_E_WRITE);
    assert_int_equal(output_add(&set, "file/a.csv", &path, NULL), MDG_E_WRITE);
    assert_int_equal(output_add(&set, "", &path, NULL), MDG_E_WRITE);
    /* A rename would put a file in its place. */
    assert_int_equal(mkfifo("pipe", 0666), 0);
    assert_int_equal(output_add(&set, "pipe", &path, NULL), MDG_E_WRITE);
    assert_int_equal(output_add(&set, "/dev/null", &path, NULL), MDG_E_WRITE);
    assert_int_equal(output_add(&set, "x.csv", &path, NULL), MDG_OK);
    assert_int_equal(output_add(&set, "./x.csv", &path, NULL), MDG_E_USAGE);
    put("x.csv", "input");
    assert_int_equal(link("x.csv", "same"), 0);
    assert_int_equal(output_check_input(&set, "same", NULL), MDG_E_USAGE);
    assert_int_equal(output_check_input(&set, "file", NULL), MDG_OK);
    assert_int_equal(output_make_folder("p/q/r", NULL), MDG_OK);
    assert_int_equal(output_make_folder("p/q/r/", NULL), MDG_OK);
    assert_int_equal(output_make_folder("file/q", NULL), MDG_E_WRITE);
    output_discard(&set);
}

static void new_files_replace_nothing(void **state)
{
    (void)state;
    output_set set = { 0 };
    const char *first, *second;
    put("there", "old");
    put(".there.madang-999999999", "left by a run that was killed after it had the name");
    assert_int_equal(output_add_new(&set, "there", &first, NULL), MDG_E_CONFLICT);
    assert_int_equal(access(".there.madang-999999999", F_OK), -1);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(output_add_new(&set, "dangling", &first, NULL), MDG_E_CONFLICT);
    /* One of two comes to exist while they are written: neither appears. */
    assert_int_equal(output_add_new(&set, "n1", &first, NULL), MDG_OK);
    assert_int_equal(output_add_new(&set, "n2", &second, NULL), MDG_OK);
    put(first, "one");
    put(second, "two");
    put("n2", "another's");
    size_t before = count_files();
    assert_int_equal(output_commit_new(&set, NULL), MDG_E_CONFLICT);
    assert_int_equal(access("n1", F_OK), -1);
    check("n2", "another's");
    unlink("n2");
    assert_int_equal(output_commit_new(&set, NULL), MDG_OK);
    output_discard(&set);
    check("n1", "one");
    check("n2", "two");
    check("there", "old");
    assert_int_equal(count_files(), before - 1);
    unlink("dangling");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_appear_together),
        cmocka_unit_test(nothing_is_left_of_what_failed),
        cmocka_unit_test(leavings_of_the_dead_are_swept),
        cmocka_unit_test(folders_of_the_dead_are_swept),
        cmocka_unit_test(links_stay),
        cmocka_unit_test(places_that_cannot_be),
        cmocka_unit_test(new_files_replace_nothing),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
