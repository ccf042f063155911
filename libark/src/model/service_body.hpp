#pragma once
#include <ark/result.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace ark {

/// What a placeholder of a service's body stands for: the JSON text to put there, or an error that
/// says what to do. Inside of a JSON string it is a text, given without its quotes.
using service_value = std::function<result<std::string>(std::string_view name, bool in_string)>;

/// `body` with every {{name}} replaced: JSON text. A name is letters, digits, '_' and '-'; white
/// space around it does not count. errc::config for a placeholder that does not end; what `value`
/// says otherwise. Pure.
result<std::string> fill_service_body(std::string_view body, const service_value& value);

/// errc::config unless `body` would be JSON whatever the placeholders stand for.
result<void> check_service_body(std::string_view body);

}  // namespace ark
