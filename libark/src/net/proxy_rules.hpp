#pragma once
#include "wire/http_types.hpp"

#include <string_view>

namespace ark::net {

/// Whether `to` is reached without the proxy, by a list as in NO_PROXY: hosts between commas or
/// blanks. A name stands for itself and everything below it, with or without a dot before it; an
/// address stands for itself; ":port" limits either to that port; "*" is every host. Networks
/// ("10.0.0.0/8") are not understood and match nothing. Pure.
bool bypasses_proxy(std::string_view no_proxy, const wire::origin& to) noexcept;

}  // namespace ark::net
