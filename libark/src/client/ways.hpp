#pragma once
#include "client/core.hpp"

#include <vector>

namespace ark {

struct prepared_call;

/// The keys in one text: "key1,key2" is two. What begins with "{" or has an empty part is one.
std::vector<secret> split_keys(const secret& text);

/// Adds the vendor's other places and keys to a call whose endpoint is the first's: `ways`, none
/// where there is one way only. Each attempt takes one. errc::auth, errc::config as for one.
result<void> add_ways(prepared_call& out, const core& c);

/// Sets what `p` counts against with this key: `rates`. Thread safe.
void add_rates(prepared_call& p, const core& c, const secret& key);

}  // namespace ark
