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

/// Fills parameters one after the other. What is empty stays unbound, which is NULL.
class binder {
 public:
  binder(sqlite::statement& into, int first) : into_(into), at_(first) {}
  void text(std::string_view value) {
    if (!value.empty()) into_.bind(at_, value);
    ++at_;
  }
  void integer(std::int64_t value) { into_.bind(at_++, value); }
  void skip(int columns = 1) { at_ += columns; }
  void money(amount value) {
    const auto parts = split(value);
    if (parts) {
      into_.bind(at_, parts->micro);
      into_.bind(at_ + 1, parts->femto);
    }
    at_ += 2;
  }
  /// value, low, high; the ends only where they differ from the value.
  void amounts(const cost& c) {
    if (c.status == cost_status::unknown) return skip(6);
    money(c.value);
    if (c.low == c.value && c.high == c.value) return skip(4);
    money(c.low);
    money(c.high);
  }

 private:
  sqlite::statement& into_;
  int at_;
};

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
  return std::array{&i.call_id, &i.vendor, &i.model, &i.operation,      &i.tenant,
                    &i.user,    &i.task,   &i.run,   &i.quote.currency, &i.quote.price_hash};
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
  const bool in_range =
      fits(outcome.cost) && (!outcome.usage.vendor_cost || split(outcome.usage.vendor_cost->value));
  const bool clean = is_clean(outcome.reply_model) && is_clean(outcome.finish) &&
                     is_clean(outcome.request_id) && is_clean(outcome.usage.service_tier) &&
                     is_clean(outcome.cost.currency);
  if (absurd.empty() && in_range && clean) return std::nullopt;
  repaired_outcome fixed{outcome, {}};
  auto& o = fixed.outcome;
  for (auto* text :
       {&o.reply_model, &o.finish, &o.request_id, &o.usage.service_tier, &o.cost.currency})
    *text = cleaned(*text);
  if (absurd.empty() && in_range) return fixed;
  fixed.note = "not booked, the vendor's usage is absurd: " +
               (absurd.empty() ? std::string("its cost is out of range") : absurd);
  o.usage = {};
  o.cost = {};
  return fixed;
}

std::string insert_intent_sql() {
  std::string sql =
      "INSERT INTO intent(begun_us,attempt_id,attempt,call_id,vendor,model,operation,tenant,user,"
      "task,run,tags,quote_status,quote_currency,quote_price_hash,quote_micro,quote_femto,"
      "quote_low_micro,quote_low_femto,quote_high_micro,quote_high_femto,session) VALUES(?";
  for (int i = 1; i < 22; ++i) sql += ",?";
  return sql + ")";
}

void bind_intent(sqlite::statement& into, const attempt_intent& intent, std::int64_t session,
                 std::string& scratch) {
  binder b(into, 1);
  b.integer(to_us(intent.begun));
  b.integer(static_cast<std::int64_t>(intent.attempt_id));
  b.integer(intent.attempt);
  for (const auto* text : {&intent.call_id, &intent.vendor, &intent.model, &intent.operation,
                           &intent.tenant, &intent.user, &intent.task, &intent.run})
    b.text(*text);
  scratch.clear();
  if (!intent.tags.empty())
    append_object(scratch, intent.tags, [](json::writer& w, const std::string& v) { w.string(v); });
  b.text(scratch);
  b.text(to_string(intent.quote.status));
  b.text(intent.quote.currency);
  b.text(intent.quote.price_hash);
  b.amounts(intent.quote);
  b.integer(session);
}

namespace {
std::string insert_fate_sql(std::string_view table, std::string_view first_columns, int more) {
  const std::string_view columns = schema::outcome_columns();
  std::string sql = "INSERT INTO " + std::string(table) + "(" + std::string(first_columns) + "," +
                    std::string(columns) + ") VALUES(?";
  const auto commas = std::count(columns.begin(), columns.end(), ',') + more;
  for (std::ptrdiff_t i = 0; i < commas; ++i) sql += ",?";
  return sql + ")";
}
}  // namespace

std::string insert_outcome_sql() {
  return insert_fate_sql("outcome", "seq", outcome_parameters_before);
}

std::string insert_correction_sql() {
  return insert_fate_sql("correction", "of_seq,attempt_id,kind,recorded_us",
                         correction_parameters_before);
}

namespace {
void bind_usage(binder& b, const usage& u, std::string& scratch) {
  if (!u.reported) {
    // The numbers are unknown, not zero.
    b.skip(13);
  } else {
    for (const std::int64_t n :
         {u.input, u.cache_read, u.cache_write, u.cache_write_5m, u.cache_write_1h, u.input_audio,
          u.input_image, u.input_video, u.tool_prompt, u.output, u.reasoning, u.output_audio,
          u.output_image})
      b.integer(n);
  }
  scratch.clear();
  if (!u.units.empty())
    append_object(scratch, u.units, [](json::writer& w, std::int64_t v) { w.number(v); });
  b.text(scratch);
  if (u.vendor_total)
    b.integer(*u.vendor_total);
  else
    b.skip();
  if (u.vendor_cost) {
    b.money(u.vendor_cost->value);
    b.text(u.vendor_cost->currency);
  } else {
    b.skip(3);
  }
  b.text(u.service_tier);
}
}  // namespace

void bind_outcome(sqlite::statement& into, int first, const attempt_outcome& outcome,
                  std::string_view note, std::string& scratch) {
  binder b(into, first);
  b.text(to_string(outcome.state));
  b.integer(to_us(outcome.ended));
  b.integer(outcome.latency.count());
  b.text(to_string(outcome.cost.status));
  b.text(outcome.cost.currency);
  b.amounts(outcome.cost);
  b.text(outcome.cost.price_hash);
  bind_usage(b, outcome.usage, scratch);
  b.text(outcome.reply_model);
  b.text(outcome.finish);
  if (outcome.http_status != 0)
    b.integer(outcome.http_status);
  else
    b.skip();
  b.text(outcome.request_id);
  b.text(note);
}

}  // namespace ark::detail
