/* SPDX-License-Identifier: EUPL-1.2 */
/* WebM is EBML (RFC 8794, Matroska: RFC 9559): elements of an id, a size and content. A recorder writes as it hears, so
 * the segment and its clusters often have no size: their elements simply follow. Masters are therefore entered and
 * never jumped over, and what we look for is told by its id alone. Ogg pages are libogg's (decision 0020). */
#include "channel/voice_ogg.h"

#include <ogg/ogg.h>

enum {
    ID_SEGMENT = 0x18538067,
    ID_TRACKS = 0x1654AE6B,
    ID_TRACK = 0xAE,
    ID_NUMBER = 0xD7,
    ID_CODEC = 0x86,
    ID_CODEC_HEAD = 0x63A2,
    ID_ENCODINGS = 0x6D80,
    ID_CLUSTER = 0x1F43B675,
    ID_GROUP = 0xA0,
    ID_BLOCK = 0xA1,
    ID_SIMPLE_BLOCK = 0xA3,
};
enum { HEAD_BYTES = 19, LACED = 0x06, PACKET_SAMPLES_MAX = 5760, SERIAL = 1, RATE = 48000 };

struct track {
    uint64_t number;
    struct sv codec, head;
    bool encoded;
};
struct pouring {
    struct track now, opus; /* the entry being read; the one that is poured */
    size_t n_tracks;
    ogg_stream_state ogg;
    struct buf *out;
    int64_t samples;
    struct sv last; /* a packet is written once the next is there: the last one ends the stream */
    bool started, strange;
};

/* ---- EBML ---- */

/* A number whose first bit tells its length; keep: with that bit, as ids are written. */
static bool take_number(struct sv *io, size_t max, bool keep, uint64_t *ret, bool *ret_unknown)
{
    if (!io->n || !io->p[0])
        return false;
    unsigned char first = (unsigned char)io->p[0];
    size_t n = 1;
    while (!(first & (0x80 >> (n - 1))))
        n++;
    if (n > max || n > io->n)
        return false;
    uint64_t v = keep ? first : first & (0xFFu >> n), all = first & (0xFFu >> n);
    bool ones = all == (0xFFu >> n);
    for (size_t i = 1; i < n; i++) {
        v = v << 8 | (unsigned char)io->p[i];
        ones = ones && (unsigned char)io->p[i] == 0xFF;
    }
    *io = sv_sub(*io, n, io->n);
    *ret = v;
    *ret_unknown = ones;
    return true;
}

static uint64_t number_of(struct sv bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes.n && i < 8; i++)
        v = v << 8 | (unsigned char)bytes.p[i];
    return v;
}

/* ---- Opus packets into Ogg ---- */

/* How long a packet sounds, in samples of 48 kHz (RFC 6716 §3.1); 0: no packet. */
static int64_t samples_of(struct sv packet)
{
    if (!packet.n)
        return 0;
    unsigned toc = (unsigned char)packet.p[0], step = toc >> 3 & 3;
    int64_t frame = toc & 0x80             ? 120 << step
                    : (toc & 0x60) == 0x60 ? (toc & 0x08 ? 960 : 480)
                    : step == 3            ? 2880
                                           : 480 << step;
    int64_t frames = (toc & 3) == 0 ? 1 : (toc & 3) < 3 ? 2 : packet.n > 1 ? (unsigned char)packet.p[1] & 0x3F : 0;
    return frame * frames <= PACKET_SAMPLES_MAX ? frame * frames : 0;
}

static void put_page(struct pouring *p, const ogg_page *page)
{
    buf_add(p->out, (struct sv){(const char *)page->header, (size_t)page->header_len});
    buf_add(p->out, (struct sv){(const char *)page->body, (size_t)page->body_len});
}

static void put_packet(struct pouring *p, struct sv bytes, int64_t at, int64_t number, bool begins, bool ends)
{
    ogg_packet k = {.packet = (unsigned char *)(uintptr_t)bytes.p,
                    .bytes = (long)bytes.n,
                    .b_o_s = begins,
                    .e_o_s = ends,
                    .granulepos = at,
                    .packetno = number};
    ogg_page page;
    if (ogg_stream_packetin(&p->ogg, &k) != 0) {
        p->strange = true;
        return;
    }
    /* Each head stands on a page of its own. */
    while (number < 2 || ends ? ogg_stream_flush(&p->ogg, &page) : ogg_stream_pageout(&p->ogg, &page))
        put_page(p, &page);
}

static void begin_stream(struct pouring *p)
{
    static const struct sv tags = {"OpusTags\x0a\0\0\0Passerelle\0\0\0\0", 26};
    p->started = true;
    put_packet(p, p->opus.head, 0, 0, true, false);
    put_packet(p, tags, 0, 1, false, false);
}

static void pour(struct pouring *p, struct sv packet)
{
    if (p->last.n)
        put_packet(p, p->last, p->samples, 2, false, false);
    p->samples += samples_of(packet);
    p->last = packet;
}

static void take_block(struct pouring *p, struct sv block)
{
    uint64_t track;
    bool unknown;
    if (!take_number(&block, 8, false, &track, &unknown) || block.n < 4 || track != p->opus.number)
        return;
    unsigned flags = (unsigned char)block.p[2];
    struct sv packet = sv_sub(block, 3, block.n);
    if (flags & LACED || !samples_of(packet)) { /* several frames in one block: no recorder of voice does that */
        p->strange = true;
        return;
    }
    if (!p->started)
        begin_stream(p);
    pour(p, packet);
}

/* ---- the elements ---- */

static void end_track(struct pouring *p)
{
    struct track *t = &p->now;
    p->n_tracks += t->number != 0;
    if (sv_eq_z(t->codec, "A_OPUS") && !t->encoded && t->head.n >= HEAD_BYTES && sv_starts(t->head, SV("OpusHead")))
        p->opus = *t;
    *t = (struct track){0};
}

static bool is_master(uint64_t id)
{
    return id == ID_SEGMENT || id == ID_TRACKS || id == ID_TRACK || id == ID_CLUSTER || id == ID_GROUP;
}

static void take_element(struct pouring *p, uint64_t id, struct sv bytes)
{
    switch (id) {
    case ID_NUMBER:
        p->now.number = number_of(bytes);
        break;
    case ID_CODEC:
        p->now.codec = bytes;
        break;
    case ID_CODEC_HEAD:
        p->now.head = bytes;
        break;
    case ID_ENCODINGS:
        p->now.encoded = true;
        break;
    case ID_BLOCK:
    case ID_SIMPLE_BLOCK:
        take_block(p, bytes);
        break;
    default:
        break;
    }
}

static void read_elements(struct pouring *p, struct sv rest)
{
    uint64_t id, size;
    bool unknown, endless;
    while (!p->strange && take_number(&rest, 4, true, &id, &unknown) && take_number(&rest, 8, false, &size, &endless)) {
        if (id == ID_TRACK || id == ID_CLUSTER)
            end_track(p);
        if (is_master(id))
            continue;
        if (endless || size > rest.n) /* it breaks off here */
            return;
        take_element(p, id, sv_sub(rest, 0, (size_t)size));
        rest = sv_sub(rest, (size_t)size, rest.n);
    }
}

enum pw_err voice_ogg_of_webm(struct sv webm, struct buf *out)
{
    struct pouring p = {.out = out};
    if (!sv_starts(webm, SV("\x1a\x45\xdf\xa3")))
        return PW_INVALID;
    if (ogg_stream_init(&p.ogg, SERIAL) != 0)
        return PW_UNAVAILABLE;
    read_elements(&p, webm);
    if (p.last.n)
        put_packet(&p, p.last, p.samples, 2, false, true);
    bool good = p.started && !p.strange && p.n_tracks == 1; /* a picture beside it would be lost */
    ogg_stream_clear(&p.ogg);
    return !good ? PW_INVALID : buf_ok(out) ? PW_OK : PW_UNAVAILABLE;
}
