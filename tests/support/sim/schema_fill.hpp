#pragma once
#include <ark/result.hpp>

#include <boost/json.hpp>
#include <string_view>

namespace ark::testing {

/// A JSON value that satisfies `schema`, filled from what `prompt` says: "name: value" pairs, words
/// of an enum, known places, a computed number; else a placeholder of the right type. Knows type,
/// enum, const, properties, items, minItems, minimum, maximum, minLength, anyOf, oneOf, allOf and
/// local $ref. All properties are given, also those that are not required. errc::invalid_request
/// for a $ref that leads nowhere or for ever.
result<boost::json::value> fill_schema(const boost::json::object& schema, std::string_view prompt);

}  // namespace ark::testing
