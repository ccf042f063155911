// Precompiled for tests of dialects and their rows: std, GoogleTest and simdjson only.
#include <gtest/gtest.h>
#include <simdjson.h>
#include <algorithm>
#include <array>
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
