#pragma once
#include "dialect/access_dialect.hpp"

namespace ark::adapters {

/// "huawei_iam": tokens of Huawei Cloud's identity service (POST /v3/auth/tokens) for a key
/// "DOMAIN:USER:PASSWORD", in the vendor's project that the caller set, else in the row's region.
/// As the vendor's documents say (api-iam, read 2026-11-28); nothing was recorded.
const ark::dialect::access_dialect& huawei_iam();

}  // namespace ark::adapters
