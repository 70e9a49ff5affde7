/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/moderation.h"

const struct route moderation_routes[] = {{0}};
