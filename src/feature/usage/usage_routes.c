/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/usage/usage.h"

const struct route usage_routes[] = {{0}};
