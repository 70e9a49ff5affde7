/* SPDX-License-Identifier: EUPL-1.2 */
/* What kind of file a person sent; the name and type that the sender claims are not believed. */
#include "feature/community/community_kit.h"

static const struct {
    size_t at;
    struct sv mark;
    enum chan_file_kind kind;
    struct sv type;
} kinds[] = {
    {0, {"OggS", 4}, FILE_VOICE, {"audio/ogg", 9}},
    {0, {"ID3", 3}, FILE_AUDIO, {"audio/mpeg", 10}},
    {0, {"\xff\xfb", 2}, FILE_AUDIO, {"audio/mpeg", 10}},
    {0, {"\xff\xf3", 2}, FILE_AUDIO, {"audio/mpeg", 10}},
    {8, {"WAVE", 4}, FILE_AUDIO, {"audio/wav", 9}},
    {4, {"ftypM4A", 7}, FILE_AUDIO, {"audio/mp4", 9}},
    {4, {"ftyp", 4}, FILE_VIDEO, {"video/mp4", 9}},
    {0, {"\x1a\x45\xdf\xa3", 4}, FILE_VOICE, {"audio/webm", 10}}, /* browsers record voice notes in it */
    {0, {"\xff\xd8\xff", 3}, FILE_IMAGE, {"image/jpeg", 10}},
    {0, {"\x89PNG\r\n\x1a\n", 8}, FILE_IMAGE, {"image/png", 9}},
    {0, {"GIF8", 4}, FILE_IMAGE, {"image/gif", 9}},
    {8, {"WEBP", 4}, FILE_IMAGE, {"image/webp", 10}},
    {0, {"%PDF-", 5}, FILE_OTHER, {"application/pdf", 15}},
};

bool upload_sniff(struct sv bytes, enum chan_file_kind *ret_kind, struct sv *ret_type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (sv_starts(sv_sub(bytes, kinds[i].at, bytes.n), kinds[i].mark)) {
            *ret_kind = kinds[i].kind;
            *ret_type = kinds[i].type;
            return true;
        }
    return false;
}
