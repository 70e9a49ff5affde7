/* SPDX-License-Identifier: EUPL-1.2 */
/* password: what may be one, and its slow hash. argon2id with 3 passes over 45 MiB, about 50 ms; at most two at a time
 * in the process, so that a flood of sign-ins costs waiting, not memory. */
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/unicode.h"
#include "core/account_parts.h"

enum { PASSWORD_MIN_CHARS = 8, PASSWORD_MAX_CHARS = 128, AT_A_TIME = 2 };

/* Declared cache: the gate in front of the hash. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t free;
    int inside;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void enter(void)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.inside == AT_A_TIME)
        pthread_cond_wait(&gate.free, &gate.lock);
    gate.inside++;
    pthread_mutex_unlock(&gate.lock);
}

static void leave(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.inside--;
    pthread_cond_signal(&gate.free);
    pthread_mutex_unlock(&gate.lock);
}

/* The commonest ones of 8 characters or more, folded to lower case; French and English. */
static const char *const commonest[] = {
    "00000000",   "11111111",       "12121212",      "12341234",    "12344321",   "12345678",    "123456789",
    "1234567890", "1234567891",     "12345679",      "123123123",   "123321123",  "1q2w3e4r",    "1q2w3e4r5t",
    "1qaz2wsx",   "21212121",       "22222222",      "55555555",    "66666666",   "77777777",    "87654321",
    "88888888",   "987654321",      "99999999",      "aaaaaaaa",    "abc12345",   "abcd1234",    "abcdefgh",
    "access14",   "administrateur", "administrator", "admin123",    "admin1234",  "alexander",   "alexandre",
    "asdf1234",   "asdfasdf",       "asdfghjk",      "asdfghjkl",   "azerty123",  "azertyui",    "azertyuiop",
    "babygirl",   "baseball",       "bienvenue",     "bienvenue1",  "bonjour1",   "bonjour123",  "butterfly",
    "camille1",   "canada123",      "changeme",      "changeme1",   "charlotte",  "chocolat",    "chocolate",
    "computer",   "corvette",       "dauphine",      "doudoudou",   "dragon123",  "football",    "football1",
    "garfield",   "iloveyou",       "iloveyou1",     "internet",    "jennifer",   "jetaime1",    "jordan23",
    "letmein1",   "letmein123",     "liverpool",     "loulou123",   "marseille",  "maverick",    "mercedes",
    "michelle",   "michael1",       "monkey123",     "montreal",    "motdepasse", "motdepasse1", "mypassword",
    "nicolas1",   "nintendo",       "ordinateur",    "p@ssw0rd",    "p@ssword",   "passerelle",  "passw0rd",
    "password",   "password1",      "password12",    "password123", "passwort",   "pokemon1",    "princess",
    "princess1",  "qazwsxedc",      "qwer1234",      "qwerty12",    "qwerty123",  "qwertyui",    "qwertyuiop",
    "samantha",   "secret123",      "soleil123",     "starwars",    "steelers",   "sunshine",    "sunshine1",
    "superman",   "test1234",       "testtest",      "toronto1",    "trustno1",   "victoria",    "vancouver",
    "welcome1",   "welcome123",     "whatever",      "zaq12wsx",    "zxcvbnm1",   "zxcvbnma",
};

/* One character over and over, or one run up or down the code table. */
static bool is_a_run(struct sv s)
{
    for (int step = -1; step <= 1; step++) {
        size_t i = 1;
        while (i < s.n && s.p[i] - s.p[i - 1] == step)
            i++;
        if (i == s.n)
            return true;
    }
    return false;
}

enum pw_err password_check(struct problems *ps, const char *field, struct sv password)
{
    if (!text_valid(password))
        return problem_add(ps, field, N_("This text has characters that cannot be read. Please type it again."));
    size_t n = text_count(password);
    if (n < PASSWORD_MIN_CHARS)
        return problem_add(ps, field,
                           N_("Choose a password of at least 8 characters. A few words in a row are easy to "
                              "remember."));
    if (n > PASSWORD_MAX_CHARS)
        return problem_add(ps, field, N_("Choose a password of at most 128 characters."));
    bool common = is_a_run(password);
    for (size_t i = 0; i < sizeof commonest / sizeof commonest[0]; i++)
        common = common || sv_ieq(password, sv_of(commonest[i]));
    if (common)
        return problem_add(ps, field, N_("Many people use this password, so it is guessed first. Choose another one."));
    return PW_OK;
}

/* The same letters typed on another keyboard are the same password. */
static struct sv composed(struct arena *a, struct sv password)
{
    struct sv nfc;
    return text_nfc(a, password, &nfc) == PW_OK ? nfc : password;
}

enum pw_err password_hash(struct ctx *c, struct sv password, struct sv *ret_hash)
{
    char *out = arena_alloc(c->arena, crypto_pwhash_STRBYTES, 1);
    if (!out)
        return PW_INTERNAL;
    struct sv p = composed(c->arena, password);
    enter();
    int rc =
        crypto_pwhash_str_alg(out, p.p ? p.p : "", p.n, PASSWORD_PASSES, PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
    leave();
    if (rc != 0)
        return PW_UNAVAILABLE; /* not enough memory just now */
    *ret_hash = sv_of(out);
    return PW_OK;
}

/* Made with the same parameters, so that an unknown name costs the same. `known` decides, not this hash. */
const char password_of_nobody[] = "$argon2id$v=19$m=46080,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool password_fits(struct sv hash, struct sv password)
{
    char text[crypto_pwhash_STRBYTES] = {0};
    bool known = hash.n > 0 && hash.n < sizeof text;
    struct sv use = known ? hash : sv_of(password_of_nobody);
    memcpy(text, use.p, use.n);
    if (password.n > 4 * PASSWORD_MAX_CHARS)
        password.n = 4 * PASSWORD_MAX_CHARS;
    struct arena a;
    arena_init(&a, 64 * 1024);
    struct sv p = composed(&a, password);
    enter();
    int rc = crypto_pwhash_str_verify(text, p.p ? p.p : "", p.n);
    leave();
    arena_finish(&a);
    return known && rc == 0;
}
