#pragma once
#include "dialect/access_dialect.hpp"

namespace ark::adapters {

/// "volcengine": temporary keys of Volcengine Ark and BytePlus ModelArk (action GetApiKey of their
/// management interface, 2024-01-01) and their content encryption ("PCA" and "AICCv0.1"), as in
/// volcengine-python-sdk and volcengine-go-sdk, read 2026-11.
const ark::dialect::access_dialect& volcengine_access();

}  // namespace ark::adapters
