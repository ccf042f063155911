#include "adapters/billing/reports.hpp"
#include "base/text.hpp"

namespace ark::adapters {
namespace openai_reports {

using billing::page_result;

/// Seconds since 1970.
std::optional<std::chrono::system_clock::time_point> time_at(json::element bucket,
                                                             std::string_view member) {
  const std::int64_t seconds = json::integer_at(bucket, member, -1);
  // The clock counts nanoseconds in 64 bits, up to 2262.
  constexpr std::int64_t most = 7'258'118'399;  // the year 2199
  if (seconds < 0 || seconds > most) return std::nullopt;
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

/// With group_by=line_item a line is "MODEL, input"; lines of other services have no comma.
void set_item(vendor_line& line, std::string item) {
  const auto comma = item.find(", ");
  if (comma == std::string::npos) {
    line.meter = std::move(item);
    return;
  }
  line.model = item.substr(0, comma);
  line.meter = item.substr(comma + 2);
}

result<void> read_cost(vendor_line& line, json::element r) {
  json::element value;
  if (!json::find_path(r, "amount.value", value))
    return billing::report_mistake(line.place, "has no amount.value");
  const auto cost = billing::decimal_of(value);
  if (!cost) return billing::report_mistake(line.place + ".amount.value", "is no number");
  json::element currency;
  std::string in = "USD";
  if (json::find_path(r, "amount.currency", currency)) in = std::string(json::as_text(currency));
  for (char& c : in) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  line.cost = money{*cost, std::move(in)};
  set_item(line, billing::string_at(r, "line_item"));
  return {};
}

/// Text input contains what was cached; audio is beside it.
result<void> read_usage(vendor_line& line, json::element r) {
  usage u{.reported = true};
  for (const auto& [member, to] :
       {std::pair("input_tokens", &u.input), std::pair("input_cached_tokens", &u.cache_read),
        std::pair("input_audio_tokens", &u.input_audio), std::pair("output_tokens", &u.output),
        std::pair("output_audio_tokens", &u.output_audio)}) {
    const auto count = billing::count_at(r, member, line.place);
    if (!count) return count.error();
    *to = *count;
  }
  if (u.cache_read > u.input)
    return billing::report_mistake(line.place, "has more cached tokens than input tokens");
  u.input -= u.cache_read;
  line.usage = std::move(u);
  line.model = billing::string_at(r, "model");
  return {};
}

result<void> read_result(const page_result& r, const billing::line_sink& each) {
  vendor_line line{.place = r.place};
  line.from = time_at(r.bucket, "start_time");
  line.until = time_at(r.bucket, "end_time");
  if (!line.from || !line.until || *line.until <= *line.from)
    return billing::report_mistake(r.place, "its bucket has no start_time and end_time in seconds");
  line.project = billing::string_at(r.result, "project_id");
  line.api_key = billing::string_at(r.result, "api_key_id");
  json::element cost;
  auto ok =
      json::find(r.result, "amount", cost) ? read_cost(line, r.result) : read_usage(line, r.result);
  return ok ? each(std::move(line)) : ok;
}

class reader final : public billing::report_reader {
 public:
  std::string_view name() const noexcept override { return "openai"; }
  std::chrono::minutes utc_offset() const noexcept override { return {}; }
  bool recognises(std::string_view text) const override {
    return billing::any_page_result(text, "amount.value") ||
           billing::any_page_result(text, "input_tokens");
  }
  result<void> read(std::string_view file, std::string_view text, report_facts& facts,
                    const billing::line_sink& each) const override {
    return billing::read_pages(file, text, facts,
                               [&](const page_result& r) { return read_result(r, each); });
  }
};

}  // namespace openai_reports

const billing::report_reader& openai_report() {
  static const openai_reports::reader one;
  return one;
}

}  // namespace ark::adapters
