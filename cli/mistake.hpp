#pragma once
#include <ark/error.hpp>

#include <string>
#include <utility>

namespace ark::cli {

/// Something that a person wrote wrongly: in the configuration, or on the command line.
inline error config_mistake(std::string message) {
  return {.code = errc::config, .message = std::move(message)};
}
inline error usage_mistake(std::string message) {
  return {.code = errc::invalid_request, .message = std::move(message)};
}

}  // namespace ark::cli
