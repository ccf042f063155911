#pragma once
#include "base/json_reader.hpp"
#include "dialect/reply_builder.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

/// What the families have in common in counting tokens. Pure.
namespace ark::dialect {

/// Of tokens; nothing where the vendor says none.
using known_count = std::optional<std::int64_t>;

/// Beyond any real count, and small enough that sums of a few do not overflow.
constexpr std::int64_t absurd_count = 4'000'000'000'000'000;

/// As vendors write it: an integer, a whole number with a fraction (12.0), either in a string.
/// Nothing for what is no number; a number that is no count is `absurd_count`, so that it is not
/// taken for 0.
known_count count_of(json::element e) noexcept;
/// At a path as "prompt_tokens_details.cached_tokens"; nothing where there is none.
known_count count_at(json::element usage, std::string_view path) noexcept;

/// Negative, or more than any vendor's largest reply.
bool cannot_be(const known_count& n) noexcept;

/// Takes `part` out of `rest`, which it is part of; returns what was taken. A part larger than the
/// rest is cut, and noted as more `what` ("cached") tokens. A negative rest (recorded) is kept with
/// its parts: the sum stays the vendor's.
std::int64_t take(std::int64_t& rest, const known_count& part, std::string_view what,
                  reply_builder& out);

/// Notes if one of the counts that were `said` cannot be, or else a vendor's total that is not the
/// sum of the usage's parts: by how much.
void check_counts(std::initializer_list<known_count> said, const usage& u, reply_builder& out);

}  // namespace ark::dialect
