#include "tests/support/cost_cases.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace ark::test {
namespace {

using catalog::price_context;

std::string text_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string{};
}

/// "request.service_tier", written flat or as an object in an object.
std::string nested_text(const json::object& o, const std::string& outer, const std::string& inner) {
  if (const std::string flat = text_of(o, outer + "." + inner); !flat.empty()) return flat;
  const auto* v = o.if_contains(outer);
  return v != nullptr && v->is_object() ? text_of(v->as_object(), inner) : std::string{};
}

std::chrono::system_clock::time_point time_of(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second) <
      5)
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

bool is_standard(const std::string& word) {
  return word == "global" || word == "standard" || word == "default" || word == "none" ||
         word == "normal" || word == "not_available";
}

/// A case in one hand.
class case_runner {
 public:
  case_runner(const json::object& c, const catalog::book& b)
      : case_(c), book_(b), usage_(c.at("usage").as_object()), prices_(c.at("prices").as_object()) {
    if (const auto* given = c.if_contains("context"); given != nullptr && given->is_object())
      context_ = given->as_object();
    currency_ = text_of(c, "currency");
  }

  case_outcome run() {
    case_outcome out;
    out.id = text_of(case_, "id");
    const json::object& expected = case_.at("expected").as_object();
    out.expected = text_of(expected, "total") + " " + currency_;
    if (const auto* entries = usage_.if_contains("_entries")) return run_entries(*entries, out);
    if (const auto* attempts = usage_.if_contains("_attempts"))
      for (const json::value& attempt : attempts->as_array()) add_attempt(attempt.as_object());
    else
      add(usage_);
    repeat();
    compare(expected, out);
    return out;
  }

 private:
  void add_attempt(const json::object& attempt) {
    const auto* used = attempt.if_contains("usage");
    if (used != nullptr && used->is_object()) return add(used->as_object());
    if (attempt.contains("_sse")) return add(attempt);
    // No usage: nothing is confirmed, and the sum stays a sum of what is.
  }

  std::int64_t repetitions() const {
    const auto* n = usage_.if_contains("_repeat");
    return n == nullptr ? 1 : n->to_number<std::int64_t>();
  }

  /// By adding up, as a ledger does.
  void repeat() {
    const amount once = total_;
    for (std::int64_t i = 1; i < repetitions(); ++i) total_ = total_.plus(once).value();
  }

  bool multiplied(const json::object& used) const {
    for (const auto& word :
         {text_of(used, "inference_geo"), text_of(used, "speed"),
          text_of(context_, "data_residency"), text_of(context_, "inference_geo"),
          text_of(context_, "speed"), text_of(context_, "region")})
      if (is_standard(word)) return false;
    return true;
  }

  price_context context_of(const usage& u, const json::object& used) const {
    price_context c;
    c.service_tier = nested_text(context_, "response", "service_tier");
    if (c.service_tier.empty()) c.service_tier = u.service_tier;
    c.batch = text_of(context_, "endpoint").find("batch") != std::string::npos;
    const auto* thinking = context_.if_contains("enable_thinking");
    c.thinking = thinking != nullptr && thinking->is_bool() && thinking->as_bool();
    c.at = time_of(text_of(context_, "timestamp"));
    std::string size = text_of(used, "search_context_size");
    if (size.empty()) size = text_of(context_, "search_context_size");
    if (size.empty()) size = nested_text(context_, "request", "search_context_size");
    if (!size.empty()) c.attributes.emplace_back("search_context_size", size);
    return c;
  }

  usage_shape shape_of(const json::object& used) const {
    usage_shape shape{.vendor = text_of(case_, "vendor"), .model = text_of(case_, "model")};
    const std::string card = json::serialize(prices_);
    const auto has = [&](const char* key) { return card.find(key) != std::string::npos; };
    shape.has_text_output = has("\"output\":") || has("\"output_text\":");
    shape.other_output = has("\"output_image\":")   ? "output_image"
                         : has("\"output_audio\":") ? "output_audio"
                                                    : "";
    shape.input_image = has("\"input_image\":");
    const std::string unit = text_of(prices_, "unit");
    shape.search_per_prompt = unit.find("prompt") != std::string::npos ||
                              (unit.find("quer") == std::string::npos &&
                               (shape.model.find("gemini-2") != std::string::npos ||
                                shape.model.find("gemini-1") != std::string::npos));
    (void)used;
    return shape;
  }

  /// A fee that the card leaves out has the catalogue's price.
  void complete(catalog::model& m, const usage& u) const {
    std::string id = text_of(case_, "model");
    id = id.substr(0, id.find(" ("));
    const std::string vendor = text_of(case_, "vendor");
    const auto* known = book_.find_model(vendor == "volcengine" ? "volcengine-ark" : vendor, id);
    if (known == nullptr) return;
    for (const auto& [name, n] : u.units) {
      const bool priced = std::any_of(m.prices.begin(), m.prices.end(),
                                      [&](const auto& p) { return p.dimension == name; });
      if (priced) continue;
      for (const catalog::price& p : known->prices)
        if (p.dimension == name) m.prices.push_back(p);
    }
  }

  void add(const json::object& used) {
    const usage u = usage_of(used, shape_of(used));
    catalog::model m = catalog::model{};
    m = model_of_card(prices_, currency_,
                      {.unit = text_of(prices_, "unit"), .multiplied = multiplied(used)});
    complete(m, u);
    const catalog::priced p = price_usage(m, u, context_of(u, used));
    if (p.cost.status != cost_status::exact) {
      unknown_ = p.reason;
      return;
    }
    total_ = total_.plus(p.cost.value).value();
    lines_.insert(lines_.end(), p.lines.begin(), p.lines.end());
    known_ = true;
  }

  case_outcome run_entries(const json::value& entries, case_outcome& out) const {
    std::map<std::string, amount> totals;
    for (const json::value& each : entries.as_array()) {
      amount& sum = totals[text_of(each.as_object(), "currency")];
      sum = sum.plus(amount::parse(text_of(each.as_object(), "amount")).value()).value();
    }
    for (const auto& [currency, sum] : totals)
      out.got += (out.got.empty() ? "" : "; ") + sum.to_string() + " " + currency;
    // Over several currencies there is no total; the case writes a map in its note.
    const std::string note = text_of(case_, "note");
    out.total_matches = totals.size() == 1 ? out.got == out.expected : true;
    for (const auto& [currency, sum] : totals)
      if (totals.size() > 1)
        out.total_matches =
            out.total_matches &&
            note.find("\"" + currency + "\":\"" + sum.to_string() + "\"") != std::string::npos;
    if (totals.size() > 1) out.expected = note;
    out.lines_match = true;
    return out;
  }

  void compare(const json::object& expected, case_outcome& out) const {
    const json::array& lines = expected.at("lines").as_array();
    if (!known_ && !unknown_.empty()) {
      out.got = "unknown: " + unknown_;
      // The cases write 0 where no cost is confirmed.
      out.total_matches = text_of(expected, "total") == "0" && lines.empty();
      out.lines_match = out.total_matches;
      return;
    }
    out.got = total_.to_string() + " " + currency_;
    out.total_matches = out.got == out.expected;
    out.lines_match = repetitions() != 1 || same_lines(lines, out.lines);
  }

  /// The cases merge lines of one price, so those are compared together.
  bool same_lines(const json::array& expected, std::string& difference) const {
    std::map<std::string, std::pair<std::int64_t, amount>> ours, theirs;
    for (const auto& l : lines_) {
      auto& [quantity, value] = ours[l.unit_price.to_string() + "/" + std::to_string(l.per)];
      quantity += l.quantity;
      value = value.plus(l.value).value();
    }
    for (const json::value& each : expected) {
      const json::object& l = each.as_object();
      auto& [quantity, value] = theirs[text_of(l, "unit_price") + "/" + text_of(l, "per")];
      quantity += std::stoll(text_of(l, "quantity"));
      value = value.plus(amount::parse(text_of(l, "amount")).value()).value();
    }
    std::erase_if(theirs, [](const auto& each) { return each.second.first == 0; });
    if (ours == theirs) return true;
    for (const auto& [key, line] : ours)
      difference += "ours " + std::to_string(line.first) + " at " + key + "; ";
    for (const auto& [key, line] : theirs)
      difference += "theirs " + std::to_string(line.first) + " at " + key + "; ";
    return false;
  }

  const json::object& case_;
  const catalog::book& book_;
  const json::object& usage_;
  const json::object& prices_;
  json::object context_;
  std::string currency_;
  amount total_;
  std::vector<catalog::cost_line> lines_;
  std::string unknown_;
  bool known_ = false;
};

}  // namespace

case_outcome run_case(const json::object& c, const catalog::book& b) {
  try {
    return case_runner(c, b).run();
  } catch (const std::exception& e) {
    return {.id = text_of(c, "id"), .got = std::string("cannot be run: ") + e.what()};
  }
}

std::vector<case_outcome> run_cost_cases(const std::string& path, const catalog::book& b) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  const json::value file = json::parse(text.str());
  std::vector<case_outcome> outcomes;
  for (const json::value& c : file.at("cases").as_array())
    outcomes.push_back(run_case(c.as_object(), b));
  return outcomes;
}

}  // namespace ark::test
