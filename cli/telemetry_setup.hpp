#pragma once
#include <ark/telemetry.hpp>

#include "cli/context.hpp"

namespace ark::cli {

/// What the settings say of telemetry, and, once it is enabled, the standard OTEL_* variables for
/// what they leave open. What goes wrong with it is a warning of the command.
result<telemetry_options> telemetry_settings(context& ctx);

}  // namespace ark::cli
