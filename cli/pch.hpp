// Precompiled for the command: std, fmt and CLI11 only; never a header of ours.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/system/result.hpp>
#include <chrono>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
