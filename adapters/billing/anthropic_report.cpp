#include "adapters/billing/reports.hpp"
#include "billing/clock.hpp"

namespace ark::adapters {
namespace anthropic_reports {

using billing::page_result;

/// The amount is in hundredths of the currency: "123.45" in USD is 1.2345 (platform.claude.com,
/// cost_report, read November 2026; the page rounds its example to 1.23).
result<void> read_cost(vendor_line& line, json::element r, json::element cents) {
  const auto value = billing::decimal_of(cents);
  const auto whole = value ? value->times_ratio(1, 100) : result<amount>(error{});
  if (!whole) return billing::report_mistake(line.place + ".amount", "is no amount in cents");
  std::string currency = billing::string_at(r, "currency");
  line.cost = money{*whole, currency.empty() ? "USD" : std::move(currency)};
  line.meter = billing::string_at(r, "token_type");
  if (line.meter.empty()) line.meter = billing::string_at(r, "cost_type");
  return {};
}

result<void> read_usage(vendor_line& line, json::element r) {
  usage u{.reported = true};
  for (const auto& [member, to] :
       {std::pair("uncached_input_tokens", &u.input),
        std::pair("cache_read_input_tokens", &u.cache_read),
        std::pair("cache_creation.ephemeral_5m_input_tokens", &u.cache_write_5m),
        std::pair("cache_creation.ephemeral_1h_input_tokens", &u.cache_write_1h),
        std::pair("output_tokens", &u.output)}) {
    const auto count = billing::count_at(r, member, line.place);
    if (!count) return count.error();
    *to = *count;
  }
  line.usage = std::move(u);
  return {};
}

result<void> read_result(const page_result& r, const billing::line_sink& each) {
  vendor_line line{.place = r.place};
  line.from = billing::parse_time(json::text_at(r.bucket, "starting_at"), {});
  line.until = billing::parse_time(json::text_at(r.bucket, "ending_at"), {});
  if (!line.from || !line.until || *line.until <= *line.from)
    return billing::report_mistake(r.place, "its bucket has no starting_at and ending_at");
  line.model = billing::string_at(r.result, "model");
  line.project = billing::string_at(r.result, "workspace_id");
  line.api_key = billing::string_at(r.result, "api_key_id");
  json::element cents;
  auto ok = json::find(r.result, "amount", cents) ? read_cost(line, r.result, cents)
                                                  : read_usage(line, r.result);
  return ok ? each(std::move(line)) : ok;
}

class reader final : public billing::report_reader {
 public:
  std::string_view name() const noexcept override { return "anthropic"; }
  std::chrono::minutes utc_offset() const noexcept override { return {}; }
  bool recognises(std::string_view text) const override {
    return billing::any_page_result(text, "uncached_input_tokens") ||
           (billing::any_page_result(text, "amount") &&
            !billing::any_page_result(text, "amount.value"));
  }
  result<void> read(std::string_view file, std::string_view text, report_facts& facts,
                    const billing::line_sink& each) const override {
    return billing::read_pages(file, text, facts,
                               [&](const page_result& r) { return read_result(r, each); });
  }
};

}  // namespace anthropic_reports

const billing::report_reader& anthropic_report() {
  static const anthropic_reports::reader one;
  return one;
}

}  // namespace ark::adapters
