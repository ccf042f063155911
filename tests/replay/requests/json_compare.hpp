#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

namespace ark::test::requests {

/// How `sent` differs from `recorded`, as JSON values: the order of members does not count, null
/// members equal absent ones, numbers go by value, a content or system prompt that is one text
/// part equals the text, and `arguments` are compared as the JSON that they hold. Each change in
/// one line, indices left out:
///   "- path value"          only recorded
///   "+ path value"          only sent
///   "~ path value > value"  both, not equal
///   "> path name"           the member has another name, and the same value
/// A value that is long is told by its kind: "text", "list", "object", "number".
std::vector<std::string> differences(const boost::json::value& recorded,
                                     const boost::json::value& sent);

}  // namespace ark::test::requests
