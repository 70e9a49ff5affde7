-- SPDX-License-Identifier: EUPL-1.2
wrk.method = "POST"
wrk.body = string.rep("x", 600)
wrk.headers["Content-Type"] = "application/json"
