#include "base/json_reader.hpp"
#include "ledger/record.hpp"
#include "ledger/schema.hpp"

namespace ark::detail {
namespace {

/// Reads columns one after the other.
class cursor {
 public:
  explicit cursor(row_source& row) : row_(row) {}
  std::string text() { return std::string(row_.text(at_++)); }
  std::string_view view() { return row_.text(at_++); }
  std::int64_t integer() { return row_.integer(at_++); }
  bool null() { return row_.is_null(at_); }
  amount money() {
    const std::int64_t micro = integer();
    return join(micro, integer());
  }
  /// value, low, high, as row::amounts() put them.
  void amounts(cost& c) {
    c.value = c.low = c.high = money();
    if (null()) {
      at_ += 4;
      return;
    }
    c.low = money();
    c.high = money();
  }
  void skip(int columns) { at_ += columns; }

 private:
  row_source& row_;
  int at_ = 0;
};

constexpr std::string_view intent_columns =
    "i.seq,i.begun_us,i.attempt,i.call_id,i.vendor,i.model,i.operation,i.tenant,i.user,i.task,"
    "i.run,i.tags,i.quote_status,i.quote_currency,i.quote_price_hash,i.quote_micro,i.quote_femto,"
    "i.quote_low_micro,i.quote_low_femto,i.quote_high_micro,i.quote_high_femto,i.route,"
    "i.prompt_id,i.prompt_version,i.inputs_hash";

template <class Put>
result<void> read_object(std::string_view text, std::int64_t sequence, Put&& put) {
  if (text.empty()) return {};
  json::reader reader;
  auto root = reader.parse(text);
  simdjson::dom::object object;
  if (!root || root->get_object().get(object) != simdjson::SUCCESS)
    return error{.code = errc::ledger,
                 .message = "the ledger is damaged: the JSON of entry " + std::to_string(sequence) +
                            " is not an object"};
  for (const auto [name, value] : object) put(name, value);
  return {};
}

void read_usage_numbers(cursor& c, usage& u) {
  u.reported = !c.null();
  for (std::int64_t* n :
       {&u.input, &u.cache_read, &u.cache_write, &u.cache_write_5m, &u.cache_write_1h,
        &u.input_audio, &u.input_image, &u.input_video, &u.tool_prompt, &u.output, &u.reasoning,
        &u.output_audio, &u.output_image})
    *n = c.integer();
}

result<void> read_usage(cursor& c, ledger_entry& e) {
  read_usage_numbers(c, e.usage);
  auto units = read_object(c.view(), e.sequence, [&](std::string_view name, json::element v) {
    e.usage.units.emplace(name, json::as_integer(v));
  });
  if (!units) return units;
  if (!c.null())
    e.usage.vendor_total = c.integer();
  else
    c.skip(1);
  if (!c.null()) {
    e.usage.vendor_cost.emplace();
    e.usage.vendor_cost->value = c.money();
    e.usage.vendor_cost->currency = c.text();
  } else {
    c.skip(3);
  }
  e.usage.service_tier = c.text();
  return {};
}

/// One line of a bill, from its five members.
bool read_line(json::element from, cost_line& line) {
  simdjson::dom::array members;
  if (from.get_array().get(members) != simdjson::SUCCESS || members.size() != 5) return false;
  const auto price = amount::parse(json::as_text(members.at(2)));
  const auto value = amount::parse(json::as_text(members.at(4)));
  if (!price || !value) return false;
  line = {.dimension = std::string(json::as_text(members.at(0))),
          .quantity = json::as_integer(members.at(1)),
          .unit_price = *price,
          .per = json::as_integer(members.at(3)),
          .value = *value};
  return true;
}

result<void> read_lines(std::string_view text, ledger_entry& e) {
  if (text.empty()) return {};
  json::reader reader;
  auto root = reader.parse(text);
  simdjson::dom::array all;
  bool good = root && root->get_array().get(all) == simdjson::SUCCESS;
  if (good)
    for (const json::element each : all) good = good && read_line(each, e.lines.emplace_back());
  if (good) return {};
  return error{.code = errc::ledger,
               .message = "the ledger is damaged: the bill of entry " + std::to_string(e.sequence) +
                          " cannot be read"};
}

result<void> read_outcome(cursor& c, ledger_entry& e) {
  if (c.null()) return {};
  const auto state = state_named(c.view());
  if (!state)
    return error{.code = errc::ledger,
                 .message = "the ledger is damaged: entry " + std::to_string(e.sequence) +
                            " has a state that this library does not know"};
  e.state = *state;
  e.ended = from_us(c.integer());
  e.latency = std::chrono::microseconds(c.integer());
  e.cost.status = status_named(c.view());
  e.cost.currency = c.text();
  c.amounts(e.cost);
  e.cost.price_hash = c.text();
  if (auto read = read_usage(c, e); !read) return read;
  e.reply_model = c.text();
  e.finish = c.text();
  e.http_status = static_cast<int>(c.integer());
  e.request_id = c.text();
  e.note = c.text();
  if (auto read = read_lines(c.view(), e); !read) return read;
  if (!c.null()) {
    e.computed.emplace();
    e.computed->value = c.money();
    e.computed->currency = c.text();
  } else {
    c.skip(3);
  }
  e.first_content = std::chrono::microseconds(c.integer());
  e.error = c.text();
  return {};
}

}  // namespace

bool is_json_object(std::string_view text) {
  return read_object(text, 0, [](std::string_view, json::element) {}).has_value();
}

bool is_bill(std::string_view text) {
  ledger_entry e;
  return read_lines(text, e).has_value();
}

std::string outcome_column(std::string_view name, bool corrected) {
  const std::string n(name);
  return corrected ? "iif(c.seq IS NULL,o." + n + ",c." + n + ")" : "o." + n;
}

std::string entry_columns(bool corrected) {
  std::string sql(intent_columns);
  std::string_view rest = schema::outcome_columns();
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    sql += "," + outcome_column(rest.substr(0, comma), corrected);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return sql;
}

result<ledger_entry> read_entry(row_source& from) {
  cursor c(from);
  ledger_entry e;
  e.sequence = c.integer();
  e.begun = from_us(c.integer());
  e.attempt = static_cast<int>(c.integer());
  for (auto* text :
       {&e.call_id, &e.vendor, &e.model, &e.operation, &e.tenant, &e.user, &e.task, &e.run})
    *text = c.text();
  auto tags = read_object(c.view(), e.sequence, [&](std::string_view name, json::element v) {
    e.tags.emplace(name, json::as_text(v));
  });
  if (!tags) return tags.error();
  e.quote.status = status_named(c.view());
  e.quote.currency = c.text();
  e.quote.price_hash = c.text();
  c.amounts(e.quote);
  for (auto* text : {&e.route, &e.prompt_id, &e.prompt_version, &e.inputs_hash}) *text = c.text();
  if (auto read = read_outcome(c, e); !read) return read.error();
  return e;
}

}  // namespace ark::detail
