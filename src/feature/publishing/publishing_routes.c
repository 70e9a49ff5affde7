/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/publishing/publishing.h"

const struct route publishing_routes[] = {{0}};
