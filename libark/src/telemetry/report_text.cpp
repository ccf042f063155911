// The ledger's report for Prometheus.
#include "telemetry/prometheus.hpp"

#include <algorithm>
#include <map>

namespace ark {
namespace {

using model_key = std::pair<std::string, std::string>;  // vendor, model

/// All lines of a vendor's model.
struct model_sums {
  std::int64_t settled = 0, voided = 0, ambiguous = 0, open = 0, unknown_cost = 0;
  std::int64_t input = 0, cache_read = 0, cache_write = 0, output = 0, reasoning = 0;
  struct money_sums {
    amount exact, low, high;  // the interval's ends without what is exact
  };
  std::map<std::string, money_sums> by_currency;
};

/// Past 1.7e23 units of a currency a sum stays where it is.
void add_to(amount& sum, const amount& more) {
  if (const auto both = sum.plus(more)) sum = *both;
}

void add_line(model_sums& to, const report_line& line) {
  to.settled += line.settled;
  to.voided += line.voided;
  to.ambiguous += line.ambiguous;
  to.open += line.open;
  to.unknown_cost += line.unknown_cost;
  to.input += line.input;
  to.cache_read += line.cache_read;
  to.cache_write += line.cache_write;
  to.output += line.output;
  to.reasoning += line.reasoning;
  if (line.currency.empty()) return;
  auto& money = to.by_currency[line.currency];
  add_to(money.exact, line.cost);
  // A report's ends contain the exact costs.
  if (const auto low = line.low.minus(line.cost)) add_to(money.low, *low);
  if (const auto high = line.high.minus(line.cost)) add_to(money.high, *high);
}

/// Which pairs have series of their own: those with the most attempts.
std::map<model_key, std::int64_t> chosen(const std::vector<report_line>& lines, std::size_t most) {
  std::map<model_key, std::int64_t> attempts;
  for (const auto& line : lines)
    if (line.key.size() == 2) attempts[{line.key[0], line.key[1]}] += line.attempts;
  if (attempts.size() <= most) return attempts;
  std::vector<std::pair<std::int64_t, model_key>> order;
  for (const auto& [key, n] : attempts) order.emplace_back(-n, key);
  std::sort(order.begin(), order.end());
  for (std::size_t i = most > 0 ? most - 1 : 0; i < order.size(); ++i)
    attempts.erase(order[i].second);
  return attempts;
}

using sums = std::map<model_key, model_sums>;

/// One family with vendor, model and one more label.
class family_writer {
 public:
  family_writer(std::string& out, std::string_view name, std::string_view help,
                std::string_view label)
      : out_(out), name_(name), label_(label) {
    telemetry::append_family(out, name, "counter", help);
  }
  void sample(const model_key& of, std::string_view value_of_label, std::string_view value) {
    std::vector<telemetry::name_and_value> labels{{"vendor", of.first}, {"model", of.second}};
    if (!label_.empty()) labels.emplace_back(label_, value_of_label);
    telemetry::append_sample(out_, name_, labels, value);
  }
  void sample(const model_key& of, std::string_view value_of_label, std::int64_t value) {
    sample(of, value_of_label, std::to_string(value));
  }

 private:
  std::string& out_;
  std::string_view name_, label_;
};

void append_tokens(std::string& out, const sums& all) {
  family_writer f(out, "ark_tokens_total", "Tokens in disjoint kinds.", "kind");
  for (const auto& [key, m] : all) {
    f.sample(key, "input", m.input);
    f.sample(key, "cache_read", m.cache_read);
    f.sample(key, "cache_write", m.cache_write);
    f.sample(key, "output", m.output);
    f.sample(key, "reasoning", m.reasoning);
  }
}

void append_attempts(std::string& out, const sums& all) {
  family_writer f(out, "ark_attempts_total", "Attempts by how they ended.", "state");
  for (const auto& [key, m] : all) {
    f.sample(key, to_string(attempt_state::settled), m.settled);
    f.sample(key, to_string(attempt_state::void_), m.voided);
    f.sample(key, to_string(attempt_state::ambiguous), m.ambiguous);
    f.sample(key, to_string(attempt_state::sending), m.open);
  }
  family_writer unknown(out, "ark_unpriced_attempts_total", "Attempts whose cost is not known.",
                        "");
  for (const auto& [key, m] : all) unknown.sample(key, "", m.unknown_cost);
}

void append_costs(std::string& out, const sums& all) {
  struct money_family {
    std::string_view name, help;
    amount model_sums::money_sums::* value;
  };
  constexpr money_family families[] = {
      {"ark_cost_total", "Sum of the exactly known costs.", &model_sums::money_sums::exact},
      {"ark_cost_interval_low_total", "Sum of what attempts of unknown fate cost at least.",
       &model_sums::money_sums::low},
      {"ark_cost_interval_high_total", "Sum of what attempts of unknown fate cost at most.",
       &model_sums::money_sums::high}};
  for (const auto& each : families) {
    family_writer f(out, each.name, each.help, "currency");
    for (const auto& [key, m] : all)
      for (const auto& [currency, money] : m.by_currency)
        f.sample(key, currency, (money.*each.value).to_string());
  }
}

}  // namespace

std::string prometheus_of_report(const std::vector<report_line>& by_vendor_and_model,
                                 std::size_t max_series) {
  const auto own = chosen(by_vendor_and_model, max_series);
  const model_key others{"_other", "_other"};
  sums all;
  for (const auto& line : by_vendor_and_model) {
    if (line.key.size() != 2) continue;
    const model_key key{line.key[0], line.key[1]};
    add_line(all[own.contains(key) ? key : others], line);
  }
  std::string out;
  append_tokens(out, all);
  append_attempts(out, all);
  append_costs(out, all);
  return out;
}

}  // namespace ark
