/* SPDX-License-Identifier: EUPL-1.2 */
/* Voice notes of browsers in other wrapping (MSG-13): a real recording (tests/data/voice), and what strangers send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ogg/ogg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel/voice_ogg.h"

static struct sv recording(void)
{
    static char bytes[64 * 1024];
    FILE *f = fopen(VOICE_DIR "/browser.webm", "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    assert_true(n > 1000 && n < sizeof bytes);
    return (struct sv){bytes, n};
}

struct heard {
    size_t packets, bytes;
    int64_t granule;
    bool begins, ends;
    char head[9], tags[9];
};

/* Read by libogg, which refuses pages whose checksum is wrong. */
static struct heard listen(struct sv ogg)
{
    struct heard h = {0};
    ogg_sync_state sync;
    ogg_stream_state stream;
    ogg_page page;
    ogg_packet k;
    ogg_sync_init(&sync);
    memcpy(ogg_sync_buffer(&sync, (long)ogg.n), ogg.p, ogg.n);
    ogg_sync_wrote(&sync, (long)ogg.n);
    ogg_stream_init(&stream, 1);
    while (ogg_sync_pageout(&sync, &page) == 1) {
        assert_int_equal(0, ogg_stream_pagein(&stream, &page));
        h.begins = h.begins || ogg_page_bos(&page);
        h.ends = ogg_page_eos(&page);
        h.granule = ogg_page_granulepos(&page);
        while (ogg_stream_packetout(&stream, &k) == 1) {
            if (h.packets < 2)
                memcpy(h.packets ? h.tags : h.head, k.packet, 8);
            else
                h.bytes += (size_t)k.bytes;
            h.packets++;
        }
    }
    ogg_stream_clear(&stream);
    ogg_sync_clear(&sync);
    return h;
}

static void a_recording_of_a_browser(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    assert_int_equal(PW_OK, voice_ogg_of_webm(recording(), &b));
    struct heard h = listen(buf_sv(&b));
    assert_string_equal("OpusHead", h.head);
    assert_string_equal("OpusTags", h.tags);
    assert_true(h.begins && h.ends);
    assert_in_range(h.granule, 48000 * 3 / 2, 48000 * 5 / 2); /* it sounds about two seconds */
    assert_true(h.packets > 20 && h.bytes > 2000);
    buf_finish(&b);
}

static void a_recording_that_breaks_off(void **state)
{
    (void)state;
    struct sv whole = recording();
    size_t wrapped = 0;
    for (size_t n = 0; n < whole.n; n += n < 400 ? 1 : 37) {
        struct buf b;
        buf_init(&b, 1 << 20);
        char *tight = malloc(n ? n : 1);
        memcpy(tight, whole.p, n);
        enum pw_err e = voice_ogg_of_webm((struct sv){tight, n}, &b);
        assert_true(e == PW_OK || e == PW_INVALID);
        if (e == PW_OK) {
            struct heard h = listen(buf_sv(&b));
            assert_true(h.ends && h.packets > 2);
            wrapped++;
        }
        free(tight);
        buf_finish(&b);
    }
    assert_true(wrapped > 10);
}

/* ---- small ones by hand ---- */

static void element(struct buf *b, const char *id, struct sv content)
{
    buf_z(b, id);
    buf_c(b, (char)(0x40 | content.n >> 8));
    buf_c(b, (char)(content.n & 0xFF));
    buf_add(b, content);
}

#define HEAD "OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0"

static enum pw_err wrap(const char *codec, size_t tracks, const char *more, struct sv block)
{
    struct buf b, t, out;
    buf_init(&b, 4096);
    buf_init(&t, 1024);
    buf_init(&out, 1 << 16);
    element(&b, "\x1a\x45\xdf\xa3", (struct sv){0});
    buf_add(&b, (struct sv){"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", 12}); /* a segment without a size */
    element(&t, "\xd7", SV("\x01"));
    element(&t, "\x86", sv_of(codec));
    element(&t, "\x63\xa2", (struct sv){HEAD, 19});
    if (more)
        element(&t, more, SV("x"));
    for (size_t i = 0; i < tracks; i++)
        element(&b, "\xae", buf_sv(&t));
    buf_add(&b, (struct sv){"\x1f\x43\xb6\x75\xff", 5}); /* a cluster without a size */
    element(&b, "\xa3", block);
    enum pw_err e = voice_ogg_of_webm(buf_sv(&b), &out);
    buf_finish(&b);
    buf_finish(&t);
    buf_finish(&out);
    return e;
}

static void only_one_track_of_opus(void **state)
{
    (void)state;
    const struct sv good = {"\x81\0\0\x80\xfcsound", 10}, laced = {"\x81\0\0\x06\xfcsound", 10},
                    other = {"\x82\0\0\x80\xfcsound", 10}, none = {"\x81\0\0\x80", 4};
    assert_int_equal(PW_OK, wrap("A_OPUS", 1, NULL, good));
    assert_int_equal(PW_INVALID, wrap("A_VORBIS", 1, NULL, good));
    assert_int_equal(PW_INVALID, wrap("A_OPUS", 2, NULL, good)); /* which of them? */
    assert_int_equal(PW_INVALID, wrap("A_OPUS", 0, NULL, good));
    assert_int_equal(PW_INVALID, wrap("A_OPUS", 1, "\x6d\x80", good)); /* its packets are packed */
    assert_int_equal(PW_INVALID, wrap("A_OPUS", 1, NULL, laced));
    assert_int_equal(PW_INVALID, wrap("A_OPUS", 1, NULL, other));
    assert_int_equal(PW_INVALID, wrap("A_OPUS", 1, NULL, none));
    struct buf small;
    buf_init(&small, 50);
    assert_int_equal(PW_UNAVAILABLE, voice_ogg_of_webm(recording(), &small));
    assert_int_equal(PW_INVALID, voice_ogg_of_webm(SV("OggS"), &small));
    buf_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_of_a_browser),
        cmocka_unit_test(a_recording_that_breaks_off),
        cmocka_unit_test(only_one_track_of_opus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
