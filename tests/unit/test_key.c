/* Key files: made, read, refused; nothing secret comes out. */
#include "evidence.h"
#include "evidence/key.h"
#include "evidence/ring.h"
#include "folder.h"
#include "support/output.h"

#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *lines, mode_t mode)
{
    assert_int_equal(output_write(path, lines, strlen(lines), NULL), MDG_OK);
    assert_int_equal(chmod(path, mode), 0);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void a_key_comes_back(void **state)
{
    (void)state;
    umask(0);
    key_request q = { .file = "a.key", .city = "KR-GOY" };
    public_key made, read;
    secret_key *key = NULL;
    const char *what;
    assert_int_equal(key_new(&q, &made, NULL), MDG_OK);
    assert_int_equal(mode_of("a.key"), 0600);
    assert_int_equal(key_open("a.key", NULL, &key, NULL), MDG_OK);
    assert_memory_equal(key->open.bytes, made.bytes, 32);
    assert_string_equal(key->open.city, "KR-GOY");
    assert_int_equal(key_read_public("a.key.pub", &read, NULL), MDG_OK);
    assert_memory_equal(&read, &made, sizeof read);
    assert_int_equal(key_describe("a.key", &read, &what, NULL), MDG_OK);
    assert_string_equal(what, "secret");
    /* What is signed with one half fits the other. */
    unsigned char signature[64];
    crypto_sign_detached(signature, NULL, (const unsigned char *)"x", 1, key->bytes);
    assert_int_equal(
        crypto_sign_verify_detached(signature, (const unsigned char *)"x", 1, made.bytes), 0);
    key_free(key);
    key_free(NULL);
    assert_int_equal(key_new(&q, &made, NULL), MDG_E_CONFLICT);
    q.file = "b.key";
    assert_int_equal(key_new(&q, &read, NULL), MDG_OK);
    assert_memory_not_equal(read.bytes, made.bytes, 32);
}

static void a_passphrase_locks(void **state)
{
    (void)state;
    put("pass", "eight letters\nand a second line\n", 0600);
    put("crlf", "eight letters\r\n", 0600);
    put("other", "eight lettres\n", 0600);
    key_request q = { .file = "locked.key", .pass_file = "pass" };
    public_key made;
    const char *what;
    secret_key *key = NULL;
    mdg_error err = { 0 };
    assert_int_equal(key_new(&q, &made, NULL), MDG_OK);
    assert_int_equal(key_describe("locked.key", &made, &what, NULL), MDG_OK);
    assert_string_equal(what, "secret, under a passphrase");
    assert_int_equal(key_open("locked.key", "crlf", &key, NULL), MDG_OK);
    assert_memory_equal(key->open.bytes, made.bytes, 32);
    key_free(key);
    assert_int_equal(key_open("locked.key", "other", &key, &err), MDG_E_CONFLICT);
    assert_string_equal(err.message, "the passphrase does not open 'locked.key'");
}

/* The seal vouches for all lines before it: another city is another file. */
static void a_locked_key_cannot_be_rebound(void **state)
{
    (void)state;
    char file[1024] = "", rebound[1100];
    FILE *f = fopen("locked.key", "rb");
    assert_non_null(f);
    assert_true(fread(file, 1, sizeof file - 1, f) > 0);
    fclose(f);
    char *limits = strstr(file, "argon2id");
    assert_non_null(limits);
    snprintf(rebound, sizeof rebound, "%.*scity KR-GOY\n%s", (int)(limits - file), file, limits);
    put("rebound.key", rebound, 0600);
    secret_key *key = NULL;
    assert_int_equal(key_open("rebound.key", "pass", &key, NULL), MDG_E_CONFLICT);
    assert_null(key);
}

#define PUBLIC "ed25519 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
#define SEED "seed nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n"

static const struct {
    const char *file;
    mode_t mode;
    mdg_status want;
} files[] = {
    { "madang secret key 1\n" PUBLIC SEED, 0600, MDG_OK },
    { "madang secret key 1\n" PUBLIC SEED, 0400, MDG_OK },
    { "madang secret key 1\n" PUBLIC "city KR-GOY\n" SEED, 0600, MDG_OK },
    { "madang secret key 1\n" PUBLIC SEED, 0640, MDG_E_CONFLICT },
    { "madang secret key 1\n" PUBLIC SEED, 0604, MDG_E_CONFLICT },
    { "madang secret key 1\n" PUBLIC SEED, 0610, MDG_E_CONFLICT },
    { "madang public key 1\n" PUBLIC, 0600, MDG_E_CONFLICT },
    { "madang secret key 2\n" PUBLIC SEED, 0600, MDG_E_UNSUPPORTED },
    { "madang secret key 10\n" PUBLIC SEED, 0600, MDG_E_UNSUPPORTED },
    { "", 0600, MDG_E_PARSE },
    { "madang secret key 1", 0600, MDG_E_UNSUPPORTED },
    { "madang secret key 1\n", 0600, MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC, 0600, MDG_E_PARSE },
    { "madang secret key 1\n" SEED PUBLIC, 0600, MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC SEED "more\n", 0600, MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC SEED " ", 0600, MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "city goyang\n" SEED, 0600, MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "city \n" SEED, 0600, MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "seed nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\n", 0600,
      MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "seed nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2B=\n", 0600,
      MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "seed nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyufw==\n", 0600,
      MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "seed TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=\n", 0600,
      MDG_E_PARSE },
    { "madang secret key 1\n" PUBLIC "argon2id 3 x\nsealed A\n", 0600, MDG_E_PARSE },
    { "ssh-ed25519 AAAA\n", 0600, MDG_E_PARSE },
};

static void files_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        secret_key *key = NULL;
        mdg_error err = { 0 };
        unlink("f.key");
        put("f.key", files[i].file, files[i].mode);
        mdg_status s = key_open("f.key", NULL, &key, &err);
        if (s != files[i].want)
            fail_msg("row %zu: %d %s", i, (int)s, err.message);
        assert_true(s == MDG_OK || (*err.hint && !strstr(err.message, "nWGx")));
        key_free(key);
    }
}

/* A key of which one bit is changed is another key, or none. */
static void changed_keys_are_not_this_key(void **state)
{
    (void)state;
    char file[] = "madang secret key 1\n" PUBLIC SEED;
    secret_key whole = key_of_seed(CITY_SEED);
    for (size_t bit = 0; bit < 8 * (sizeof file - 1); bit++) {
        secret_key *key = NULL;
        file[bit / 8] = (char)(file[bit / 8] ^ 1 << bit % 8);
        FILE *f = fopen("g.key", "wb");
        assert_non_null(f);
        fwrite(file, 1, sizeof file - 1, f);
        fclose(f);
        chmod("g.key", 0600);
        assert_int_not_equal(key_open("g.key", NULL, &key, NULL), MDG_OK);
        file[bit / 8] = (char)(file[bit / 8] ^ 1 << bit % 8);
    }
    assert_int_equal(whole.open.bytes[0], 0xd7);
}

static void rings_hold_keys(void **state)
{
    (void)state;
    ring r = { 0 };
    secret_key city = key_of_seed(CITY_SEED);
    assert_int_equal(mkdir("keys", 0777), 0);
    assert_int_equal(ring_add(&r, "keys", NULL), MDG_E_SHORT);
    put("keys/a.pub", "madang public key 1\n" PUBLIC, 0644);
    put("keys/b.txt", "no key", 0644);
    assert_int_equal(ring_add(&r, "keys", NULL), MDG_OK);
    assert_int_equal(ring_add(&r, "a.key.pub", NULL), MDG_OK);
    assert_int_equal(r.n, 2);
    assert_non_null(ring_find(&r, city.open.id));
    assert_null(ring_find(&r, ""));
    put("keys/c.pub", "no key", 0644);
    assert_int_equal(ring_add(&r, "keys", NULL), MDG_E_PARSE);
    assert_int_equal(ring_add(&r, "a.key", NULL), MDG_E_CONFLICT);
    assert_int_equal(ring_add(&r, "nowhere", NULL), MDG_E_OPEN);
    ring_free(&r);
}

static void cities_have_a_form(void **state)
{
    (void)state;
    static const char *const good[] = { "KR-GOY", "GB-E07000008", "KR-A" };
    static const char *const bad[] = { "",      "KR",     "KR-",    "kr-GOY",
                                       "KRGOY", "KR-goy", "KR-G Y", "K1-A" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(key_is_city(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(key_is_city(bad[i]));
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_comes_back),
        cmocka_unit_test(a_passphrase_locks),
        cmocka_unit_test(a_locked_key_cannot_be_rebound),
        cmocka_unit_test(files_are_judged),
        cmocka_unit_test(changed_keys_are_not_this_key),
        cmocka_unit_test(rings_hold_keys),
        cmocka_unit_test(cities_have_a_form),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
