#include <array>

#include "adapters/billing/reports.hpp"
#include "base/text.hpp"
#include "billing/clock.hpp"
#include "files/csv.hpp"

namespace ark::adapters {
namespace volcengine_reports {

constexpr std::chrono::minutes beijing{480};

/// The fields that are read, by the API's names and the console's.
enum field : std::size_t {
  period,
  date,
  begin,
  end,
  instance,
  instance_name,
  config,
  element,
  payable,
  discounted,
  currency,
  project,
  field_count
};
constexpr std::array<std::pair<std::string_view, std::string_view>, field_count> names = {{
    {"BillPeriod", "账期"},
    {"ExpenseDate", "消费日期"},
    {"ExpenseBeginTime", "消费开始时间"},
    {"ExpenseEndTime", "消费结束时间"},
    {"InstanceNo", "实例ID"},
    {"InstanceName", "实例名称"},
    {"ConfigName", "配置名称"},
    {"Element", "计费项"},
    {"PayableAmount", "应付金额"},
    {"DiscountBillAmount", "折后金额"},
    {"Currency", "币种"},
    {"Project", "项目"},
}};
using texts = std::array<std::string, field_count>;

/// A column's name without a remark: "消费开始时间(UTC+8)" -> "消费开始时间".
std::string_view bare(std::string_view name) {
  const auto remark = std::min(name.find('('), name.find("（"));
  return text::trim(name.substr(0, std::min(remark, name.size())));
}

std::optional<field> field_named(std::string_view name) {
  for (std::size_t i = 0; i < field_count; ++i)
    if (bare(name) == names[i].first || bare(name) == names[i].second) return field(i);
  return std::nullopt;
}

/// A line is of a second, a day or a whole month, as the bill was asked for.
result<void> set_times(vendor_line& line, const texts& t) {
  const std::string& from = !t[begin].empty() ? t[begin] : !t[date].empty() ? t[date] : t[period];
  line.from = billing::parse_time(from, beijing);
  if (!line.from)
    return billing::report_mistake(line.place,
                                   "has no ExpenseBeginTime, ExpenseDate or BillPeriod");
  line.until = t[begin].empty() && t[date].empty()
                   ? billing::month_of(*line.from, beijing).second
                   : billing::day_of(*line.from, beijing) + std::chrono::days(1);
  if (t[end].empty() || t[begin].empty()) return {};
  const auto until = billing::parse_time(t[end], beijing);
  if (until && *until > *line.from) line.until = until;
  return {};
}

/// What is to be paid: after discounts and vouchers.
result<void> set_cost(vendor_line& line, const texts& t) {
  const std::string& paid = t[payable].empty() ? t[discounted] : t[payable];
  const auto value = billing::decimal_of(paid);
  if (!value) return billing::report_mistake(line.place, "has no PayableAmount");
  line.cost = money{*value, t[currency].empty() ? "CNY" : t[currency]};
  return {};
}

result<void> give(std::string place, const texts& t, const billing::line_sink& each) {
  vendor_line line{.place = std::move(place)};
  if (auto ok = set_times(line, t); !ok) return ok;
  if (auto ok = set_cost(line, t); !ok) return ok;
  // A call to an endpoint names the endpoint; one to a model is billed under its configuration.
  line.model = t[instance].starts_with("ep-") ? t[instance]
               : t[config].empty()            ? t[instance_name]
                                              : t[config];
  line.meter = t[element];
  line.project = t[project];
  return each(std::move(line));
}

result<void> read_json(std::string_view file, std::string_view text, report_facts& facts,
                       const billing::line_sink& each) {
  json::reader reader;
  const auto root = reader.parse(text);
  if (!root) return billing::report_mistake(std::string(file), "is not JSON");
  json::element list;
  simdjson::dom::array lines;
  if (!(json::find_path(*root, "Result.List", list) || json::find(*root, "List", list)) ||
      list.get_array().get(lines) != simdjson::SUCCESS)
    return billing::report_mistake(std::string(file), "has no array Result.List");
  std::size_t at = 0;
  for (const json::element one : lines) {
    texts t;
    for (std::size_t i = 0; i < field_count; ++i) {
      json::element value;
      if (!json::find(one, names[i].first, value) || value.is_null()) continue;
      t[i] = std::string(json::as_text(value));
      if (!value.is_string()) {
        const auto number = billing::decimal_of(value);
        if (number) t[i] = number->to_string();
      }
    }
    if (auto ok = give(std::string(file) + ": List[" + std::to_string(at++) + "]", t, each); !ok)
      return ok;
  }
  json::element total;
  if (json::find_path(*root, "Result.Total", total) &&
      json::as_integer(total, -1) > static_cast<std::int64_t>(at))
    facts.notes.push_back(std::string(file) + " has " + std::to_string(at) + " of " +
                          std::to_string(json::as_integer(total)) +
                          " lines: are the other pages given too?");
  return {};
}

result<void> read_table(std::string_view file, std::string_view text,
                        const billing::line_sink& each) {
  std::vector<std::optional<field>> columns;
  const std::string name(file);
  auto done = files::read_csv(text, [&](files::csv_record r) -> result<void> {
    const std::string place = name + ":" + std::to_string(r.line);
    if (columns.empty()) {
      for (const auto& title : r.fields) columns.push_back(field_named(title));
      return {};
    }
    if (r.fields.size() != columns.size())
      return billing::report_mistake(place, "has another number of fields than the first line");
    texts t;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i]) t[*columns[i]] = std::string(text::trim(r.fields[i]));
    return give(place, t, each);
  });
  if (done || done.error().message.starts_with(name)) return done;
  error failure = done.error();
  failure.message.insert(0, name + ":");
  return failure;
}

class reader final : public billing::report_reader {
 public:
  std::string_view name() const noexcept override { return "volcengine"; }
  std::chrono::minutes utc_offset() const noexcept override { return beijing; }
  bool recognises(std::string_view text) const override {
    constexpr std::size_t head = 4096;
    const auto seen = text.substr(0, head);
    return seen.find("PayableAmount") != std::string_view::npos ||
           seen.find("应付金额") != std::string_view::npos;
  }
  result<void> read(std::string_view file, std::string_view text, report_facts& facts,
                    const billing::line_sink& each) const override {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{')
      return read_json(file, text, facts, each);
    return read_table(file, text, each);
  }
};

}  // namespace volcengine_reports

const billing::report_reader& volcengine_report() {
  static const volcengine_reports::reader one;
  return one;
}

}  // namespace ark::adapters
