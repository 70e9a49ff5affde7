/* SPDX-License-Identifier: EUPL-1.2 */
/* core_schema: the tables of core (schema.sql), for main/ and tests to apply. */
#ifndef PW_CORE_SCHEMA_H
#define PW_CORE_SCHEMA_H

#include "store/db.h"

extern const struct migration core_migrations[];
extern const size_t core_migrations_n;

#endif
