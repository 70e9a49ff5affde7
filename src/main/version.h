/* SPDX-License-Identifier: EUPL-1.2 */
/* version: the release's number; PW_VERSION comes from meson.build. */
#ifndef PW_VERSION_H
#define PW_VERSION_H

#ifndef PW_VERSION
#define PW_VERSION "0"
#endif

#endif
