#pragma once
#include <ark/result.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace ark::prompt {

/// JSON Schema text of a schema that a name stands for; null if there is none of that name.
using named_schemas = std::function<const std::string*(std::string_view name)>;

/// dotprompt's Picoschema (version 1.1, November 2026) as JSON Schema text. `json`: the value that
/// stands in the YAML file, as JSON; the order of its fields is kept. What is JSON Schema already
/// is given back as it is. errc::config with the place of the field that is wrong, below `place`
/// ("output.schema"): "output.schema.tags(array): ...".
result<std::string> json_schema_of(std::string_view json, const named_schemas& named,
                                   std::string_view place = {});

}  // namespace ark::prompt
