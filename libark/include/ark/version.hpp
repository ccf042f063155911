#pragma once
#include <ark/config.hpp>

#include <string_view>

namespace ark {

/// The version of the library at run time, "0.1.0". Static storage.
ARK_API std::string_view version() noexcept;

}  // namespace ark
