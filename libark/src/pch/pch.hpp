// Precompiled: std, Boost.JSON and fmt only; never a header of ours.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
