#pragma once
#include <ark/money.hpp>

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Lenient reading of a worked case's JSON: what is missing or of another type is nothing.
namespace ark::cli::worked {

namespace bj = boost::json;

/// The string called `key`, "" if there is none.
std::string text_at(const bj::object& o, std::string_view key);
/// The object called `key`, or null.
const bj::object* object_at(const bj::object& o, std::string_view key);
/// A whole number: an integer, a whole real, digits in a string. Nothing for all else.
std::optional<std::int64_t> integer_of(const bj::value& v);
std::optional<std::int64_t> integer_at(const bj::object& o, std::string_view key);
/// `integer_at`, or 0; within 4e15, which no count reaches, so that sums of a few do not overflow.
std::int64_t count_at(const bj::object& o, std::string_view key);
/// A decimal, as text or as a number; a number is the shortest decimal that reads back the same.
std::optional<amount> decimal_of(const bj::value& v);
std::optional<amount> decimal_at(const bj::object& o, std::string_view key);

}  // namespace ark::cli::worked
