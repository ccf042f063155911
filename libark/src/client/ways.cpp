// Several ways to one vendor: addresses and keys that its calls are spread over.
#include "client/ways.hpp"

#include "base/text.hpp"
#include "client/access.hpp"
#include "client/prepare.hpp"

#include <functional>

namespace ark {
namespace {

request_signer signer_of(const vendor& row, const vendor_endpoint& where) {
  return [row = &row, origin = where.origin](const secret& with, const signing_moment& moment,
                                             wire::http_request& request) {
    return authorize(*row, origin, with, moment, request);
  };
}

rate_ids make_ids(const prepared_call& p, const core& c, const secret& key) {
  const std::string_view text = key.reveal_secret();
  rate_ids made{.model = rate_id(p.row->name, p.model, text)};
  const auto changed = c.options.vendors.find(p.row->name);
  if (changed == c.options.vendors.end()) return made;
  for (const rate_limit& limit : changed->second.limits) {
    if (limit.model.empty()) {
      made.vendor = rate_id(p.row->name, "", text);
      made.vendor_limit = &limit;
    } else if (limit.model == p.model) {
      made.model_limit = &limit;
    }
  }
  return made;
}

/// Hashing is more than a look into a table: made once for each key and model.
rate_ids ids_of(const prepared_call& p, const core& c, const secret& key) {
  constexpr std::size_t most = 4096;
  const auto hash = std::hash<std::string_view>{};
  const std::size_t name =
      (hash(p.row->name) * 31 + hash(p.model)) * 31 + hash(key.reveal_secret());
  const std::lock_guard lock(c.rates_mutex);
  if (const auto it = c.rates_known.find(name); it != c.rates_known.end()) return it->second;
  if (c.rates_known.size() >= most) c.rates_known.clear();
  return c.rates_known[name] = make_ids(p, c, key);
}

}  // namespace

std::vector<secret> split_keys(const secret& text) {
  std::string_view rest = text.reveal_secret();
  if (rest.empty() || rest.front() == '{') return {text};
  std::vector<secret> out;
  while (true) {
    const auto end = rest.find(',');
    const std::string_view part = text::trim(rest.substr(0, end));
    if (part.empty()) return {text};
    out.emplace_back(std::string(part));
    if (end == rest.npos) return out;
    rest.remove_prefix(end + 1);
  }
}

result<void> add_ways(prepared_call& out, const core& c) {
  auto found = c.ways_to(*out.row, out.endpoint);
  if (!found) return found.error();
  if (found->size() < 2) return {};
  for (auto& [where, key, weight] : *found) {
    // A pair that is exchanged for a temporary key stands alone.
    if (is_exchanged(*out.row, key)) return {};
    call_way way{.endpoint = std::move(where),
                 .key = std::move(key),
                 .weight = weight,
                 .sign = {},
                 .rates = {}};
    way.sign = signer_of(*out.row, way.endpoint);
    wire::http_request trial = out.request;
    if (auto ok = way.sign(way.key, {.at = c.os->wall_now()}, trial); !ok) return ok.error();
    way.rates = ids_of(out, c, way.key);
    out.ways.push_back(std::move(way));
  }
  return {};
}

void add_rates(prepared_call& p, const core& c, const secret& key) { p.rates = ids_of(p, c, key); }

}  // namespace ark
