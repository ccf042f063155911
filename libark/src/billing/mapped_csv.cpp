#include <algorithm>
#include <charconv>

#include "billing/clock.hpp"
#include "billing/report_reader.hpp"
#include "files/csv.hpp"
#include "files/suggest.hpp"

namespace ark::billing {
namespace {

/// The columns of the fields, once the first line is read.
class mapped_columns {
 public:
  result<void> find(const column_map& wanted, const std::vector<std::string>& names,
                    const std::string& place) {
    for (const auto& [field, column] : wanted) {
      const auto at = std::find(names.begin(), names.end(), column);
      if (at == names.end()) {
        const auto near = files::nearest(column, names);
        return report_mistake(place, "has no column \"" + column + "\"" +
                                         (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
      }
      places_[field] = static_cast<std::size_t>(at - names.begin());
    }
    count_ = names.size();
    return {};
  }
  std::size_t count() const noexcept { return count_; }
  /// "" if nobody mapped it.
  std::string cell(const files::csv_record& r, const std::string& field) const {
    const auto at = places_.find(field);
    return at == places_.end() ? std::string{}
                               : std::string(files::undefused(r.fields.at(at->second)));
  }

 private:
  std::map<std::string, std::size_t> places_;
  std::size_t count_ = 0;
};

result<void> read_times(vendor_line& line, const files::csv_record& r,
                        const mapped_columns& columns, std::chrono::minutes offset) {
  const std::string date = columns.cell(r, "date"), until = columns.cell(r, "until");
  if (!date.empty()) {
    line.from = parse_time(date, offset);
    if (!line.from)
      return report_mistake(line.place,
                            "\"" + date + "\" is no date: write 2026-11-21, or RFC 3339");
    constexpr std::size_t month_size = 7;  // "2026-11"
    line.until = date.size() == month_size ? month_of(*line.from, offset).second
                                           : day_of(*line.from, offset) + std::chrono::days(1);
  }
  if (until.empty()) return {};
  line.until = parse_time(until, offset);
  if (!line.until || !line.from || *line.until <= *line.from)
    return report_mistake(line.place, "\"" + until + "\" is no time after the line's date");
  return {};
}

result<void> read_money(vendor_line& line, const files::csv_record& r,
                        const mapped_columns& columns, const std::string& currency) {
  const std::string text = columns.cell(r, "amount");
  if (text.empty()) return {};
  const auto value = decimal_of(text);
  if (!value)
    return report_mistake(line.place,
                          "\"" + text + "\" is no amount: digits, a point, no other signs");
  std::string in = columns.cell(r, "currency");
  if (in.empty()) in = currency;
  if (in.empty())
    return report_mistake(line.place,
                          "has no currency: map its column, or say which for all lines");
  std::transform(in.begin(), in.end(), in.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  line.cost = money{*value, std::move(in)};
  return {};
}

result<void> read_tokens(vendor_line& line, const files::csv_record& r,
                         const mapped_columns& columns) {
  constexpr std::pair<const char*, std::int64_t usage::*> counts[] = {
      {"input", &usage::input}, {"cache_read", &usage::cache_read}, {"output", &usage::output}};
  for (const auto& [field, member] : counts) {
    const std::string text = columns.cell(r, field);
    if (text.empty()) continue;
    std::int64_t value = -1;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size() || value < 0)
      return report_mistake(line.place, "\"" + text + "\" is no count of tokens");
    if (!line.usage) line.usage = usage{.reported = true};
    (*line.usage).*member = value;
  }
  return {};
}

}  // namespace

const std::vector<std::string>& mappable_fields() {
  static const std::vector<std::string> fields = {"date",     "until",   "model",      "meter",
                                                  "project",  "api_key", "request_id", "amount",
                                                  "currency", "input",   "cache_read", "output"};
  return fields;
}

result<void> read_mapped_csv(std::string_view file, std::string_view text,
                             const report_options& options, std::chrono::minutes offset,
                             const line_sink& each) {
  mapped_columns columns;
  const std::string name(file);
  auto done = files::read_csv(text, [&](files::csv_record r) -> result<void> {
    const std::string place = name + ":" + std::to_string(r.line);
    if (columns.count() == 0) return columns.find(options.columns, r.fields, place);
    if (r.fields.size() != columns.count())
      return report_mistake(place, "has " + std::to_string(r.fields.size()) +
                                       " fields, the first line has " +
                                       std::to_string(columns.count()));
    vendor_line line{.place = place};
    line.model = columns.cell(r, "model");
    line.meter = columns.cell(r, "meter");
    line.project = columns.cell(r, "project");
    line.api_key = columns.cell(r, "api_key");
    line.request_id = columns.cell(r, "request_id");
    if (auto ok = read_times(line, r, columns, offset); !ok) return ok;
    if (auto ok = read_money(line, r, columns, options.currency); !ok) return ok;
    if (auto ok = read_tokens(line, r, columns); !ok) return ok;
    return each(std::move(line));
  });
  if (done || done.error().message.starts_with(name)) return done;
  error failure = done.error();
  failure.message.insert(0, name + ":");
  return failure;
}

}  // namespace ark::billing
