/* SPDX-License-Identifier: EUPL-1.2 */
/* ui_fixture: an arena, catalogues from texts written into a folder of the test's own, and a page that writes to
 * memory. */
#ifndef PW_UI_FIXTURE_H
#define PW_UI_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/page.h"

struct fix {
    struct arena a;
    struct buf out;
    struct catalogs *cs;
    char dir[64];
};

static const char fr_po[] =
    "msgid \"\"\nmsgstr \"\"\n\"X-Locale: fr-CA\\n\"\n\"X-Plural-Keywords: one, many, other\\n\"\n\n"
    "msgid \"Hello {0}\"\nmsgstr \"Bonjour {0}\"\n\n"
    "msgid \"{0} left\"\nmsgstr \"reste {0}\"\n\nmsgid \"late by {0}\"\nmsgstr \"en retard de {0}\"\n\n"
    "msgid \"until {0}, {1}\"\nmsgstr \"jusqu’à {0}, {1}\"\n\n"
    "msgid \"{0} <b>&\"\nmsgstr \"{0} <i>&\"\n\n"
    "msgid \"{0} file\"\nmsgid_plural \"{0} files\"\nmsgstr[0] \"{0} fichier\"\nmsgstr[1] \"{0} de fichiers\"\n"
    "msgstr[2] \"{0} fichiers\"\n";
static const char ar_po[] =
    "msgid \"\"\nmsgstr \"\"\n\"X-Locale: ar-u-nu-arab\\n\"\n"
    "\"X-Plural-Keywords: zero, one, two, few, many, other\\n\"\n\n"
    "msgid \"Hello {0}\"\nmsgstr \"مرحبًا {0}\"\n\n"
    "msgid \"{0} file\"\nmsgid_plural \"{0} files\"\nmsgstr[0] \"\"\nmsgstr[1] \"ملف واحد\"\nmsgstr[2] \"ملفان\"\n"
    "msgstr[3] \"{0} ملفات\"\nmsgstr[4] \"{0} ملفًا\"\nmsgstr[5] \"{0} ملف\"\n";

static inline void put_file(struct fix *f, const char *name, const char *text)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", f->dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(strlen(text), fwrite(text, 1, strlen(text), file));
    assert_int_equal(0, fclose(file));
}

static inline void remove_file(struct fix *f, const char *name)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", f->dir, name);
    (void)unlink(path);
}

static inline int set_up(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    assert_non_null(f);
    arena_init(&f->a, 8 << 20);
    buf_init(&f->out, 1 << 20);
    memcpy(f->dir, "/tmp/pw-ui-XXXXXX", 18);
    assert_non_null(mkdtemp(f->dir));
    put_file(f, "x.fr.po", fr_po);
    put_file(f, "x.ar.po", ar_po);
    struct sv why = {0};
    assert_int_equal(PW_OK, catalogs_load(sv_of(f->dir), &f->cs, &why, &f->a));
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fix *f = *state;
    static const char *const names[] = {"x.fr.po", "x.ar.po", "y.fr.po", "y.de.po", "note.txt"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        remove_file(f, names[i]);
    assert_int_equal(0, rmdir(f->dir));
    catalogs_free(f->cs);
    buf_finish(&f->out);
    arena_finish(&f->a);
    free(f);
    return 0;
}

static inline struct page page_in(struct fix *f, const char *lang)
{
    buf_clear(&f->out);
    const struct catalog *cat = catalog_of(f->cs, sv_of(lang));
    return (struct page){.out = &f->out, .arena = &f->a, .cat = cat, .lang = catalog_lang(cat)};
}

#define assert_sv(want, got)                                                                                           \
    do {                                                                                                               \
        struct sv got_ = (got);                                                                                        \
        assert_string_equal(want, arena_z(&f->a, got_));                                                               \
    } while (0)

#endif
