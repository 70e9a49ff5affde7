/* SPDX-License-Identifier: EUPL-1.2 */
/* channel_schema: the tables of this room (schema.sql), for whoever migrates the database. */
#ifndef PW_CHANNEL_SCHEMA_H
#define PW_CHANNEL_SCHEMA_H

#include "store/db.h"

extern const struct migration channel_migrations[];
extern const size_t channel_migrations_n;

#endif
