/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/planning/planning.h"

const struct route planning_routes[] = {{0}};
