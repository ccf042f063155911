#pragma once
#include "telemetry/channel.hpp"

#include <ark/telemetry.hpp>

#include <cstdint>

namespace ark::telemetry {

enum class signal : std::uint8_t { traces, metrics };

/// Where `which` is sent. errc::config when the endpoint is not a usable URL, or a header would not
/// stay one line.
result<target> target_of(const telemetry_options& options, signal which);

}  // namespace ark::telemetry
