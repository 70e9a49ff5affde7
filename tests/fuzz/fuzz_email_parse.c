/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/email.h"
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/unicode.h"

static void plain(struct sv s)
{
    FUZZ_HOLDS(text_valid(s));
    for (size_t i = 0; i < s.n; i++)
        FUZZ_HOLDS((unsigned char)s.p[i] >= ' ' || s.p[i] == '\n' || s.p[i] == '\t');
}

static json_t *settings(void)
{
    static json_t *config; /* made once */
    if (!config)
        config = json_pack("{s:s,s:s,s:s,s:s}", "from_address", "aide@example.org", "secret", "0123456789abcdef",
                           "smtp_url", "smtp://localhost", "auth_host", "mx.example.org");
    return config;
}

/* Whatever a mail server hands over becomes events that the rest may rely on, or nothing at all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct chan_events ev; /* large; filled anew each time */
    struct channel ch = {.id = 7, .name = {"mail", 4}, .driver = &email_driver, .config = settings()};
    struct arena a;
    struct email_in m;
    char *tight = malloc(size ? size : 1);
    if (!tight)
        return 0;
    memcpy(tight, data, size);
    struct sv raw = {tight, size};
    arena_init(&a, 128 << 20);
    enum pw_err e = email_parse(&ch, &a, raw, (struct sv){0}, (struct sv){0}, INT64_C(1795698000000), &m);
    FUZZ_HOLDS(e == PW_OK);
    FUZZ_HOLDS(m.kind != EMAIL_LETTER || mail_recipient_ok(m.from));
    FUZZ_HOLDS(m.from.n <= EMAIL_ADDRESS_MAX && m.n_files <= EMAIL_FILES_MAX && m.place.n <= 64);
    FUZZ_HOLDS(text_count(m.text) <= EMAIL_TEXT_CHARS && m.whole.n <= EMAIL_WHOLE_BYTES);
    plain(m.text);
    plain(m.whole);
    plain(m.from_name);
    ev.n = 0;
    FUZZ_HOLDS(email_events(&a, &m, &ev) == PW_OK);
    FUZZ_HOLDS(ev.n <= 1 + EMAIL_FILES_MAX);
    for (size_t i = 0; i < ev.n; i++) {
        const struct chan_event *x = &ev.v[i];
        FUZZ_HOLDS(x->provider_id.n > 0 && x->provider_id.n <= 200);
        FUZZ_HOLDS(x->kind == CHAN_STATUS ? x->out_id > 0 : x->chat.n > 0 && sv_eq(x->chat, x->user));
        FUZZ_HOLDS(x->at_ms >= 0 && x->user_lang.n <= 35 && x->message_id.n <= 250);
        FUZZ_HOLDS((x->file_kind == FILE_NONE) == (x->file_bytes.n == 0));
        plain(x->file_name);
    }
    /* The same bytes as a page, as a text with quotes, as a header. */
    struct sv text;
    if (text_clean(&a, email_utf8(&a, raw, NULL), &text) == PW_OK) {
        FUZZ_HOLDS(email_own_words(&a, text).n <= text.n);
        FUZZ_HOLDS(email_own_words(&a, text).n > 0 || sv_trim(text).n == 0);
        FUZZ_HOLDS(text_valid(email_text_of_html(&a, text)));
    }
    (void)email_vouches(raw, (struct sv){"mx.example.org", 14}, (struct sv){"example.com", 11});
    arena_finish(&a);
    free(tight);
    return 0;
}
