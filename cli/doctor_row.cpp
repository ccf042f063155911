#include <fmt/format.h>

#include <algorithm>

#include "cli/doctor.hpp"
#include "cli/key_store.hpp"
#include "client/client_state.hpp"
#include "client/key_variables.hpp"

/// What is known of a vendor without asking it.
namespace ark::cli {
namespace {

using state = finding::state;

/// Where the key of this row would come from; "" for nowhere.
std::string key_source_of(const std::vector<known_key>& keys, const vendor& row,
                          const vendor_endpoint& where) {
  const auto at = where.origin.to_string();
  for (const auto& each : keys) {
    if (each.vendor != row.name) continue;
    if (each.address == at || (where.own_origin && each.address.empty())) return each.source;
  }
  return {};
}

std::string key_wanted(const vendor& row) {
  const auto variables = key_variables_text(row.key_variable);
  return "ark keys set " + row.name + (variables.empty() ? "" : ", or set " + variables);
}

finding key_finding(const vendor& row, const std::string& source) {
  if (!source.empty()) return {state::good, "key", "from " + source};
  if (row.auth == auth_kind::none) return {state::good, "key", "the vendor takes none"};
  if (row.key_optional) return {state::good, "key", "not set, and not always needed"};
  return {state::warning, "key", "not set: " + key_wanted(row)};
}

struct price_count {
  std::size_t models = 0;
  std::size_t priced = 0;
  std::string newest;  ///< date of the newest source
};

price_count count_prices(const catalog::book& b, const vendor& row) {
  const auto& list = row.price_vendor.empty() ? row.name : row.price_vendor;
  price_count out;
  for (const auto* each : b.models()) {
    if (each->info.vendor != list) continue;
    ++out.models;
    out.priced += each->prices.empty() ? 0 : 1;
    out.newest = std::max(out.newest, each->info.source_date);
  }
  return out;
}

std::string price_text(const price_count& n) {
  if (n.priced == 0) return "no prices are known: costs are unknown";
  return fmt::format("{} models, {} with prices{}", n.models, n.priced,
                     n.newest.empty() ? "" : ", the newest of " + n.newest);
}

finding row_finding(const core& parts, const vendor& row) {
  if (parts.dialects->find(row.dialect) == nullptr)
    return {state::bad, "row", "speaks " + row.dialect + ", which this build does not know"};
  std::string documents = row.doc_url.empty() ? "no document is named" : row.doc_url;
  if (!row.doc_date.empty()) documents += ", read on " + row.doc_date;
  return {state::good, "row", row.title + ": speaks " + row.dialect + "; " + documents};
}

std::string address_text(const core& parts, const vendor& row) {
  const auto changed = parts.options.vendors.find(row.name);
  const bool moved = changed != parts.options.vendors.end() && !changed->second.base_url.empty();
  return moved ? changed->second.base_url + ", from the settings" : row.base_url;
}

std::string verified_text(const vendor& row) {
  return row.verified.empty() ? "against nothing: neither recordings nor a live call"
                              : row.verified;
}

}  // namespace

void check_row(context& ctx, const client& c, const vendor& row, findings& out) {
  const auto& parts = c.state()->parts();
  out.push_back(row_finding(parts, row));
  const auto where = parts.endpoint_of(row);
  if (!where) {
    out.push_back({state::bad, "base URL", where.error().message});
  } else {
    out.push_back({state::good, "base URL", address_text(parts, row)});
    const auto keys = list_keys(ctx);
    out.push_back(keys ? key_finding(row, key_source_of(*keys, row, *where))
                       : finding{state::bad, "key", keys.error().message});
  }
  const auto prices = count_prices(*parts.book, row);
  out.push_back({prices.priced == 0 ? state::warning : state::good, "prices", price_text(prices)});
  out.push_back({state::good, "verified", verified_text(row)});
}

void check_all_rows(context& ctx, const client& c, findings& out) {
  const auto& parts = c.state()->parts();
  const auto keys = list_keys(ctx);
  if (!keys) out.push_back({state::bad, "keys", keys.error().message});
  for (const auto* row : parts.book->vendors()) {
    const auto what = "vendor " + row->name;
    const auto sound = row_finding(parts, *row);
    if (sound.how == state::bad) {
      out.push_back({state::bad, what, sound.detail});
      continue;
    }
    const auto where = parts.endpoint_of(*row);
    // A row whose address is each user's own is not wrong while it is not used.
    if (!where && !row->base_url.empty()) {
      out.push_back({state::bad, what, where.error().message});
      continue;
    }
    const auto source = keys && where ? key_source_of(*keys, *row, *where) : std::string{};
    const auto prices = count_prices(*parts.book, *row);
    out.push_back({prices.priced == 0 ? state::warning : state::good, what,
                   fmt::format("{}; key {}; {}; verified: {}",
                               where ? address_text(parts, *row) : "no base URL is set",
                               source.empty() ? "not set" : "from " + source, price_text(prices),
                               verified_text(*row))});
  }
}

}  // namespace ark::cli
