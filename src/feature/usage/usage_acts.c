/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/usage/usage.h"

const struct audit_word usage_acts[] = {
    {"usage.categories", N_("Categories of activity changed")},
    {"usage.end", N_("Members at the end entered")},
    {"usage.import-removed", N_("Imported months taken back")},
    {"usage.imported", N_("Months imported")},
    {"usage.note", N_("Note on a month written")},
    {"usage.note-removed", N_("Note on a month removed")},
    {"usage.summary", N_("Summary for members published")},
    {"usage.summary-withdrawn", N_("Summary for members withdrawn")},
    {0},
};
