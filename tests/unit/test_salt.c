/* The city's secret: its file, and what is made of it. */
#include "measure/salt.h"
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/madang-salt-XXXXXX";
static char path[64], other[64], left[96];

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/madang.salt", folder);
    snprintf(other, sizeof other, "%s/table", folder);
    snprintf(left, sizeof left, "%s/.madang.salt.madang-999999999.salt", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    unlink(other);
    return rmdir(folder);
}

static void put(const char *to, const char *words, mode_t mode)
{
    unlink(to);
    FILE *f = fopen(to, "wb");
    fputs(words, f);
    fclose(f);
    chmod(to, mode);
}

static const char secret[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

static void made_once(void **state)
{
    (void)state;
    salt a, b, c;
    mdg_error err = { 0 };
    assert_int_equal(salt_open(path, &a, &err), MDG_OK);
    assert_true(a.known && a.fresh);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(salt_keep(&a, path, &err), MDG_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(salt_open(path, &b, &err), MDG_OK);
    assert_false(b.fresh);
    assert_memory_equal(a.key, b.key, sizeof a.key);
    assert_memory_equal(a.meters, b.meters, sizeof a.meters);
    /* Another run's is not replaced. */
    assert_int_equal(salt_keep(&a, path, &err), MDG_E_CONFLICT);
    unlink(path);
    assert_int_equal(salt_open(path, &c, &err), MDG_OK);
    assert_memory_not_equal(a.key, c.key, sizeof a.key);
    salt_wipe(&a);
    static const unsigned char nothing[SALT_BYTES];
    assert_memory_equal(a.key, nothing, sizeof nothing);
}

/* Of a run that was killed before the secret had its name, and after. */
static void leavings_of_the_dead_are_swept(void **state)
{
    (void)state;
    salt s;
    mdg_error err = { 0 };
    unlink(path);
    for (int i = 0; i < 2; i++) {
        put(left, secret, 0600);
        assert_int_equal(salt_open(path, &s, &err), MDG_OK);
        assert_true(s.fresh == (i == 0));
        assert_int_equal(salt_keep(&s, path, &err), MDG_OK);
        assert_int_equal(access(left, F_OK), -1);
        assert_int_equal(access(path, F_OK), 0);
    }
    /* Nothing else is in the folder: end() removes it. */
    unlink(path);
}

static void bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *name, *words;
        mode_t mode;
        mdg_status want;
    } rows[] = {
        { "good", secret, 0600, MDG_OK },
        { "read-only", secret, 0400, MDG_OK },
        { "group reads", secret, 0640, MDG_E_OPEN },
        { "all write", secret, 0602, MDG_E_OPEN },
        { "empty", "", 0600, MDG_E_PARSE },
        { "short", "0011\n", 0600, MDG_E_PARSE },
        { "no line end", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0600,
          MDG_E_PARSE },
        { "no digits", "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0600,
          MDG_E_PARSE },
        { "too long", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n\n", 0600,
          MDG_E_PARSE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put(path, rows[i].words, rows[i].mode);
        salt s;
        mdg_error err = { 0 };
        if (salt_open(path, &s, &err) != rows[i].want)
            fail_msg("%s: %s", rows[i].name, err.message);
        /* Nothing of the secret in what is said of it. */
        assert_null(strstr(err.message, "0001020304"));
        assert_null(strstr(err.hint, "0001020304"));
        assert_true(rows[i].want == MDG_OK || *err.hint);
    }
}

/* Python: hmac.new(bytes(range(32)), b"words\0" + b"abc\n" + (4).to_bytes(8, "little"), "sha256")
 * and int.from_bytes(hmac.new(bytes(range(32)), b"noise", "sha256").digest()[:8], "big"); for the
 * id, k = blake2b(b"madang: ids of meters", key=bytes(range(32)), digest_size=32).digest() and
 * blake2b(b"M1", key=k, digest_size=16), its first 8 bytes. */
static void as_python_has_them(void **state)
{
    (void)state;
    put(path, secret, 0600);
    put(other, "abc\n", 0600);
    salt s;
    assert_int_equal(salt_open(path, &s, NULL), MDG_OK);
    char hash[SALT_HASH_DIGITS + 1];
    assert_int_equal(salt_commit(&s, "words", (const char *const[]){ NULL, other }, 2, hash, NULL),
                     MDG_OK);
    assert_string_equal(hash, "709dbdba156173c9f2da46d8e112fbd52dd83d5e7e97db4746eb7db7e5243efc");
    assert_true(salt_seed(&s, "noise") == 0x2d00f8a4d8a65c32);
    assert_true(salt_meter_id(&s, "M1") == 0x2e52be150d136b4e);
    assert_true(salt_meter_id(&s, "M2") != salt_meter_id(&s, "M1"));
    mdg_error err = { 0 };
    assert_int_equal(
        salt_commit(&s, "words", (const char *const[]){ "/nowhere/at/all" }, 1, hash, &err),
        MDG_E_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_once),
        cmocka_unit_test(leavings_of_the_dead_are_swept),
        cmocka_unit_test(bad_files),
        cmocka_unit_test(as_python_has_them),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
