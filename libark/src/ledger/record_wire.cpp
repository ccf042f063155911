#include "ledger/record_wire.hpp"

#include <cstring>
#include <type_traits>

namespace ark::detail {
namespace {

// The fields, once for writing and reading: a change here is a new record_form.

template <class Archive, class Cost>
void cost_fields(Archive& a, Cost& c) {
  a(c.status, c.currency, c.value, c.low, c.high, c.price_hash);
}

template <class Archive, class Usage>
void usage_fields(Archive& a, Usage& u) {
  a(u.input, u.cache_read, u.cache_write, u.cache_write_5m, u.cache_write_1h, u.input_audio,
    u.input_image, u.input_video, u.tool_prompt, u.output, u.reasoning, u.output_audio,
    u.output_image, u.units, u.vendor_total, u.vendor_cost, u.service_tier, u.reported);
}

template <class Archive, class Intent>
void intent_fields(Archive& a, Intent& i) {
  a(i.attempt_id, i.call_id, i.attempt, i.begun, i.vendor, i.model, i.operation);
  cost_fields(a, i.quote);
  a(i.tenant, i.user, i.task, i.run, i.tags, i.route, i.prompt_id, i.prompt_version, i.inputs_hash,
    i.lease);
}

template <class Archive, class Outcome>
void outcome_fields(Archive& a, Outcome& o) {
  a(o.attempt_id, o.state, o.ended);
  usage_fields(a, o.usage);
  cost_fields(a, o.cost);
  a(o.reply_model, o.finish, o.request_id, o.http_status, o.latency, o.first_content, o.lines,
    o.computed, o.error);
}

template <class T>
inline constexpr bool is_plain = std::is_trivially_copyable_v<T>;

class writing {
 public:
  explicit writing(std::string& out) : out_(out) {}
  template <class... T>
  void operator()(const T&... fields) {
    (put(fields), ...);
  }

 private:
  template <class T>
    requires is_plain<T>
  void put(const T& value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  void put(const std::vector<cost_line>& lines) {
    put(static_cast<std::uint32_t>(lines.size()));
    for (const cost_line& l : lines) (*this)(l.dimension, l.quantity, l.unit_price, l.per, l.value);
  }
  void put(const money& m) { (*this)(m.value, m.currency); }
  void put(const std::optional<std::int64_t>& maybe) { put_maybe(maybe); }
  void put(const std::optional<money>& maybe) { put_maybe(maybe); }
  template <class T>
  void put_maybe(const std::optional<T>& maybe) {
    put(maybe.has_value());
    if (maybe) put(*maybe);
  }
  template <class Value>
  void put(const std::map<std::string, Value>& map) {
    put(static_cast<std::uint32_t>(map.size()));
    for (const auto& [name, value] : map) (*this)(name, value);
  }

  std::string& out_;
};

/// Past the end of the bytes everything is empty, and `is_whole` is false.
class reading {
 public:
  explicit reading(std::string_view bytes) : bytes_(bytes) {}
  template <class... T>
  void operator()(T&... fields) {
    (get(fields), ...);
  }
  bool is_whole() const noexcept { return !failed_ && bytes_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    failed_ = failed_ || size > bytes_.size();
    if (failed_) return {};
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  template <class T>
    requires is_plain<T>
  void get(T& value) {
    const auto taken = take(sizeof value);
    if (!taken.empty()) std::memcpy(&value, taken.data(), sizeof value);
  }
  void get(bool& value) {
    char byte = 0;
    get(byte);
    value = byte != 0;
  }
  void get(std::string& text) {
    std::uint32_t size = 0;
    get(size);
    text = take(size);
  }
  void get(std::vector<cost_line>& lines) {
    std::uint32_t size = 0;
    get(size);
    for (; size > 0 && !failed_; --size) {
      cost_line& l = lines.emplace_back();
      (*this)(l.dimension, l.quantity, l.unit_price, l.per, l.value);
    }
  }
  void get(money& m) { (*this)(m.value, m.currency); }
  void get(std::optional<std::int64_t>& maybe) { get_maybe(maybe); }
  void get(std::optional<money>& maybe) { get_maybe(maybe); }
  template <class T>
  void get_maybe(std::optional<T>& maybe) {
    bool there = false;
    get(there);
    if (there) get(maybe.emplace());
  }
  template <class Value>
  void get(std::map<std::string, Value>& map) {
    std::uint32_t size = 0;
    get(size);
    for (; size > 0 && !failed_; --size) {
      std::string name;
      Value value{};
      (*this)(name, value);
      map.emplace(std::move(name), std::move(value));
    }
  }

  std::string_view bytes_;
  bool failed_ = false;
};

constexpr char intent_kind = 'i', outcome_kind = 'o';

error unreadable() {
  return {.code = errc::ledger, .message = "it holds what is no record: it is damaged"};
}

}  // namespace

void append_record(std::string& out, const journal_record& record) {
  writing to(out);
  if (const auto* intent = std::get_if<attempt_intent>(&record)) {
    out += intent_kind;
    intent_fields(to, *intent);
  } else if (const auto* outcome = std::get_if<attempt_outcome>(&record)) {
    out += outcome_kind;
    outcome_fields(to, *outcome);
  }
}

result<journal_record> read_record(std::string_view bytes) {
  if (bytes.empty()) return unreadable();
  reading from(bytes.substr(1));
  journal_record record;
  bool known = false;
  if (bytes[0] == intent_kind) {
    auto& intent = record.emplace<attempt_intent>();
    intent_fields(from, intent);
    known = intent.quote.status <= cost_status::void_;
  } else if (bytes[0] == outcome_kind) {
    auto& outcome = record.emplace<attempt_outcome>();
    outcome_fields(from, outcome);
    known = outcome.state <= attempt_state::ambiguous && outcome.cost.status <= cost_status::void_;
  }
  if (!known || !from.is_whole()) return unreadable();
  return record;
}

}  // namespace ark::detail
