/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/assisted/assisted.h"

const struct route assisted_routes[] = {{0}};
