#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "cli/cost_card.hpp"
#include "cli/cost_usage.hpp"

namespace ark::cli::worked {

/// A case's `context`: flat names ("response.service_tier") or objects in objects.
struct case_context {
  std::string endpoint;
  std::string served_tier, asked_tier;
  std::string search_size;
  std::vector<std::string> places;  ///< data residency, region, inference_geo, speed
  std::optional<bool> thinking;
  std::chrono::system_clock::time_point at;
};
case_context read_context(const bj::object& c);

/// "2026-11-18T05:00:00Z", with an offset or without a time; the epoch if it is none of these.
std::chrono::system_clock::time_point read_time(std::string_view text);

bool is_batch_endpoint(const case_context& context);
/// The words for places and speeds that context, usage and the model's name say.
std::vector<std::string> places_of(const bj::object& c, const case_context& context,
                                   const bj::object& source);
catalog::price_context price_context_of(const case_context& context, const usage& u,
                                        const bj::object& source);

/// The catalogue's row of a case's vendor, by the names that price lists have for it; or null.
const vendor* vendor_row(const catalog::book& book, std::string_view name);
/// A fee for a tool's calls that the card leaves out has the catalogue's price, or the one that all
/// of the vendor's models have.
void complete_fees(const bj::object& c, const catalog::book& book, used& u, price_card& card);

}  // namespace ark::cli::worked
