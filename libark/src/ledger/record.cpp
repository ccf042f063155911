#include "ledger/record.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

constexpr __int128 femto_per_micro = 1'000'000'000;
constexpr std::size_t intent_text_bytes_max = 64u << 10;
constexpr std::size_t vendor_text_bytes_max = 1024;
constexpr std::int64_t usage_max = 1'000'000'000'000;

bool fits(const cost& c) {
  return c.status == cost_status::unknown || (split(c.value) && split(c.low) && split(c.high));
}

template <class Map, class Value>
void append_object(std::string& out, const Map& map, Value&& value) {
  json::writer w(out);
  w.begin_object();
  for (const auto& [name, v] : map) {
    w.key(name);
    value(w, v);
  }
  w.end_object();
}

/// UTF-8 without NUL, which SQLite's tools would take for the end.
bool well_formed(std::string_view text) {
  return text.find('\0') == std::string_view::npos && text::is_utf8(text);
}

bool is_clean(std::string_view text) {
  return text.size() <= vendor_text_bytes_max && well_formed(text);
}

/// U+FFFD for what `well_formed` does not allow.
std::string utf8(std::string_view text) {
  std::string out;
  for (const char c : text::repair_utf8(text)) {
    if (c == 0)
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out;
}

/// As `utf8`, cut to the limit at the end of a character.
std::string cleaned(std::string_view text) {
  std::size_t size = std::min(text.size(), vendor_text_bytes_max);
  while (size > 0 && size < text.size() && (text[size] & 0xC0) == 0x80) --size;
  return utf8(text.substr(0, size));
}

/// Every text of an intent but its tags.
template <class Intent>
auto texts(Intent& i) {
  return std::array{&i.call_id,        &i.vendor,
                    &i.model,          &i.operation,
                    &i.tenant,         &i.user,
                    &i.task,           &i.run,
                    &i.route,          &i.prompt_id,
                    &i.prompt_version, &i.inputs_hash,
                    &i.quote.currency, &i.quote.price_hash};
}

/// "" or which number is absurd.
std::string absurdity(const usage& u) {
  const std::pair<const char*, std::int64_t> buckets[] = {{"input", u.input},
                                                          {"cache_read", u.cache_read},
                                                          {"cache_write", u.cache_write},
                                                          {"cache_write_5m", u.cache_write_5m},
                                                          {"cache_write_1h", u.cache_write_1h},
                                                          {"input_audio", u.input_audio},
                                                          {"input_image", u.input_image},
                                                          {"input_video", u.input_video},
                                                          {"tool_prompt", u.tool_prompt},
                                                          {"output", u.output},
                                                          {"reasoning", u.reasoning},
                                                          {"output_audio", u.output_audio},
                                                          {"output_image", u.output_image}};
  const auto absurd = [](std::int64_t n) { return n < 0 || n > usage_max; };
  for (const auto& [name, n] : buckets)
    if (absurd(n)) return std::string(name) + " = " + std::to_string(n);
  for (const auto& [name, n] : u.units)
    if (absurd(n)) return name + " = " + std::to_string(n);
  return {};
}

}  // namespace

std::optional<split_amount> split(amount value) noexcept {
  const __int128 micro = value.raw() / femto_per_micro;
  if (micro > INT64_MAX || micro < -INT64_MAX) return std::nullopt;
  return split_amount{static_cast<std::int64_t>(micro),
                      static_cast<std::int64_t>(value.raw() - micro * femto_per_micro)};
}

amount join(std::int64_t micro, std::int64_t femto) noexcept {
  return amount::from_raw(static_cast<__int128>(micro) * femto_per_micro + femto);
}

std::int64_t to_us(std::chrono::system_clock::time_point at) noexcept {
  return std::chrono::floor<std::chrono::microseconds>(at.time_since_epoch()).count();
}

std::chrono::system_clock::time_point from_us(std::int64_t us) noexcept {
  return std::chrono::system_clock::time_point(std::chrono::microseconds(us));
}

std::optional<attempt_state> state_named(std::string_view name) noexcept {
  for (const auto s : {attempt_state::sending, attempt_state::settled, attempt_state::void_,
                       attempt_state::ambiguous})
    if (name == to_string(s)) return s;
  return std::nullopt;
}

cost_status status_named(std::string_view name) noexcept {
  for (const auto s : {cost_status::exact, cost_status::interval, cost_status::void_})
    if (name == to_string(s)) return s;
  return cost_status::unknown;
}

result<void> check(const attempt_intent& intent) {
  const auto refuse = [](std::string why) {
    return error{
        .code = errc::invalid_request,
        .message = "the ledger cannot record this attempt, so nothing was sent: " + std::move(why)};
  };
  if (intent.attempt_id == 0) return refuse("its attempt id is 0");
  if (!fits(intent.quote)) return refuse("its quote is out of range (about 9.2e12)");
  std::size_t bytes = 0;
  for (const auto* text : texts(intent)) bytes += text->size();
  for (const auto& [name, value] : intent.tags) bytes += name.size() + value.size();
  if (bytes > intent_text_bytes_max) return refuse("its tags and names are longer than 64 KiB");
  return {};
}

std::optional<attempt_intent> repair(const attempt_intent& intent) {
  bool fine = true;
  for (const auto* text : texts(intent)) fine = fine && well_formed(*text);
  for (const auto& [name, value] : intent.tags)
    fine = fine && well_formed(name) && well_formed(value);
  if (fine) return std::nullopt;
  attempt_intent fixed = intent;
  for (auto* text : texts(fixed)) *text = utf8(*text);
  fixed.tags.clear();
  for (const auto& [name, value] : intent.tags) fixed.tags.emplace(utf8(name), utf8(value));
  return fixed;
}

std::optional<repaired_outcome> repair(const attempt_outcome& outcome) {
  const std::string absurd = absurdity(outcome.usage);
  const bool in_range = fits(outcome.cost) &&
                        (!outcome.computed || split(outcome.computed->value)) &&
                        (!outcome.usage.vendor_cost || split(outcome.usage.vendor_cost->value));
  const bool clean = is_clean(outcome.reply_model) && is_clean(outcome.finish) &&
                     is_clean(outcome.request_id) && is_clean(outcome.usage.service_tier) &&
                     is_clean(outcome.cost.currency) && is_clean(outcome.error);
  if (absurd.empty() && in_range && clean) return std::nullopt;
  repaired_outcome fixed{outcome, {}};
  auto& o = fixed.outcome;
  for (auto* text : {&o.reply_model, &o.finish, &o.request_id, &o.usage.service_tier,
                     &o.cost.currency, &o.error})
    *text = cleaned(*text);
  if (absurd.empty() && in_range) return fixed;
  fixed.note = "not booked, the vendor's usage is absurd: " +
               (absurd.empty() ? std::string("its cost is out of range") : absurd);
  o.usage = {};
  o.cost = {};
  o.lines.clear();
  o.computed.reset();
  return fixed;
}

std::string insert_intent_sql() {
  const std::string columns =
      std::string(schema::intent_columns()) + "," + std::string(schema::chain_columns());
  std::string sql = "INSERT INTO intent(" + columns + ") VALUES(?";
  const auto commas = std::count(columns.begin(), columns.end(), ',');
  for (std::ptrdiff_t i = 0; i < commas; ++i) sql += ",?";
  return sql + ")";
}

void fill(row& to, const attempt_intent& intent, std::int64_t session) {
  to.integer(to_us(intent.begun));
  to.integer(static_cast<std::int64_t>(intent.attempt_id));
  to.integer(intent.attempt);
  for (const auto* text : {&intent.call_id, &intent.vendor, &intent.model, &intent.operation,
                           &intent.tenant, &intent.user, &intent.task, &intent.run})
    to.text(*text);
  std::string& tags = to.note();
  if (!intent.tags.empty())
    append_object(tags, intent.tags, [](json::writer& w, const std::string& v) { w.string(v); });
  to.text(tags);
  to.text(to_string(intent.quote.status));
  to.text(intent.quote.currency);
  to.text(intent.quote.price_hash);
  to.amounts(intent.quote);
  to.integer(session);
  for (const auto* text :
       {&intent.route, &intent.prompt_id, &intent.prompt_version, &intent.inputs_hash})
    to.text(*text);
  if (intent.lease.count() > 0)
    to.integer(intent.lease.count());
  else
    to.skip();
}

namespace {
std::string insert_fate_sql(std::string_view table, std::string_view first_columns, int more) {
  const std::string columns =
      std::string(schema::outcome_columns()) + "," + std::string(schema::chain_columns());
  std::string sql = "INSERT INTO " + std::string(table) + "(" + std::string(first_columns) + "," +
                    columns + ") VALUES(?";
  const auto commas = std::count(columns.begin(), columns.end(), ',') + more;
  for (std::ptrdiff_t i = 0; i < commas; ++i) sql += ",?";
  return sql + ")";
}
}  // namespace

std::string insert_outcome_sql() {
  return insert_fate_sql("outcome", "seq", outcome_parameters_before);
}

std::string insert_correction_sql() {
  return insert_fate_sql("correction", schema::correction_columns_before(), 4);
}

namespace {

void fill_usage(row& to, const usage& u) {
  if (!u.reported) {
    // The numbers are unknown, not zero.
    to.skip(13);
  } else {
    for (const std::int64_t n :
         {u.input, u.cache_read, u.cache_write, u.cache_write_5m, u.cache_write_1h, u.input_audio,
          u.input_image, u.input_video, u.tool_prompt, u.output, u.reasoning, u.output_audio,
          u.output_image})
      to.integer(n);
  }
  std::string& units = to.note();
  if (!u.units.empty())
    append_object(units, u.units, [](json::writer& w, std::int64_t v) { w.number(v); });
  to.text(units);
  if (u.vendor_total)
    to.integer(*u.vendor_total);
  else
    to.skip();
  if (u.vendor_cost) {
    to.money(u.vendor_cost->value);
    to.text(u.vendor_cost->currency);
  } else {
    to.skip(3);
  }
  to.text(u.service_tier);
}

/// [["input",1000,"2",1000000,"0.002"], ...]
void append_lines(std::string& out, const std::vector<cost_line>& lines) {
  json::writer w(out);
  w.begin_array();
  for (const cost_line& line : lines) {
    w.begin_array();
    w.string(line.dimension);
    w.number(line.quantity);
    w.string(line.unit_price.to_string());
    w.number(line.per);
    w.string(line.value.to_string());
    w.end_array();
  }
  w.end_array();
}

void fill_bill(row& to, const attempt_outcome& o) {
  std::string& lines = to.note();
  if (!o.lines.empty()) append_lines(lines, o.lines);
  to.text(lines);
  if (o.computed) {
    to.money(o.computed->value);
    to.text(o.computed->currency);
  } else {
    to.skip(3);
  }
}

}  // namespace

void fill(row& to, const attempt_outcome& outcome, std::string_view note) {
  to.text(to_string(outcome.state));
  to.integer(to_us(outcome.ended));
  to.integer(outcome.latency.count());
  to.text(to_string(outcome.cost.status));
  to.text(outcome.cost.currency);
  to.amounts(outcome.cost);
  to.text(outcome.cost.price_hash);
  fill_usage(to, outcome.usage);
  to.text(outcome.reply_model);
  to.text(outcome.finish);
  if (outcome.http_status != 0)
    to.integer(outcome.http_status);
  else
    to.skip();
  to.text(outcome.request_id);
  to.text(note);
  fill_bill(to, outcome);
  if (outcome.first_content.count() > 0)
    to.integer(outcome.first_content.count());
  else
    to.skip();
  to.text(outcome.error);
}

}  // namespace ark::detail
