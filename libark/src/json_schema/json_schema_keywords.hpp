#pragma once
#include <ark/result.hpp>

#include <boost/json/value.hpp>
#include <set>
#include <string>

namespace ark {

/// Checks that `schema`, which stands at `at` in `root`, uses only keywords that are known, each
/// with a value of its kind, and that its references lead somewhere; collects the patterns.
/// errc::config with the place.
result<void> check_keywords(const boost::json::value& root, const boost::json::value& schema,
                            const std::string& at, std::set<std::string>& patterns);

}  // namespace ark
