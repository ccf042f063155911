#include "catalog/model_rows.hpp"

#include "base/limits.hpp"
#include "catalog/row_text.hpp"
#include "model.pb.h"
#include "os/os.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <charconv>
#include <chrono>
#include <optional>
#include <unordered_set>

namespace ark::catalog {
namespace {

namespace pb = ::google::protobuf;

/// What is wrong with a list, and where: field of the file, of model `model` or its price `price`.
struct fault {
  int model = -1;
  int price = -1;
  std::string field;
  std::string what;
};

/// "HH:MM" as a minute of the day, or -1.
int minute_of(std::string_view text) {
  int hour = 0, minute = 0;
  if (text.size() != 5 || text[2] != ':') return -1;
  const auto h = std::from_chars(text.data(), text.data() + 2, hour);
  const auto m = std::from_chars(text.data() + 3, text.data() + 5, minute);
  if (h.ptr != text.data() + 2 || m.ptr != text.data() + 5) return -1;
  return hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60 ? hour * 60 + minute : -1;
}

/// "YYYY-MM-DD" as days since 1970, or -1.
std::int64_t day_of(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return -1;
  const auto read = [&](std::size_t at, std::size_t size, auto& value) {
    const char* end = text.data() + at + size;
    return std::from_chars(text.data() + at, end, value).ptr == end;
  };
  if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day)) return -1;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  return date.ok() ? std::chrono::sys_days{date}.time_since_epoch().count() : -1;
}

void take_attributes(const schema::Condition& from, condition& to) {
  const auto take = [&](const char* key, const std::string& value) {
    if (!value.empty()) to.attributes.emplace_back(key, value);
  };
  take("region", from.region());
  take("data_residency", from.data_residency());
  take("inference_geo", from.inference_geo());
  take("speed", from.speed());
  take("quality", from.quality());
  take("size", from.size());
  take("resolution", from.resolution());
  take("variant", from.variant());
  take("search_context_size", from.search_context_size());
  take("ttl", from.ttl());
  if (from.has_generate_audio())
    to.attributes.emplace_back("generate_audio", from.generate_audio() ? "true" : "false");
}

std::optional<fault> take_times(const schema::Condition& from, condition& to) {
  if (from.utc_from().empty() != from.utc_to().empty())
    return fault{.field = "when", .what = "utc_from and utc_to go together"};
  if (!from.utc_from().empty()) {
    to.utc_from_minute = minute_of(from.utc_from());
    to.utc_to_minute = minute_of(from.utc_to());
    if (to.utc_from_minute < 0 || to.utc_to_minute < 0)
      return fault{.field = "when", .what = "write times as HH:MM"};
  }
  if (!from.start_date().empty()) to.start_day = day_of(from.start_date());
  if (!from.start_date().empty() && to.start_day < 0)
    return fault{.field = "when", .what = "write start_date as YYYY-MM-DD"};
  if (!from.end_date().empty()) to.end_day = day_of(from.end_date());
  if (!from.end_date().empty() && to.end_day < 0)
    return fault{.field = "when", .what = "write end_date as YYYY-MM-DD"};
  if (!from.period().empty() && from.period() != "peak" && from.period() != "off_peak")
    return fault{.field = "when", .what = R"(period is "peak" or "off_peak")"};
  to.period = from.period();
  return {};
}

std::optional<fault> take_condition(const schema::Condition& from, condition& to) {
  if (from.has_input_tokens_gt()) to.input_gt = from.input_tokens_gt();
  if (from.has_input_tokens_ge()) to.input_gt = from.input_tokens_ge() - 1;
  if (from.has_input_tokens_le()) to.input_le = from.input_tokens_le();
  if (from.has_output_tokens_gt()) to.output_gt = from.output_tokens_gt();
  if (from.has_output_tokens_le()) to.output_le = from.output_tokens_le();
  to.service_tier = from.service_tier();
  if (from.has_thinking()) to.thinking = from.thinking();
  take_attributes(from, to);
  return take_times(from, to);
}

std::optional<fault> take_price(const schema::Price& from, price& to) {
  if (from.dimension() == schema::Dimension::unspecified)
    return fault{.field = "dimension", .what = "is missing"};
  if (from.unit() == schema::Unit::unspecified) return fault{.field = "unit", .what = "is missing"};
  to.dimension = schema::Dimension::Name_Name(from.dimension());
  to.unit = schema::Unit::Name_Name(from.unit());
  to.unknown = from.unknown();
  if (from.unknown() != from.amount().empty())
    return fault{.field = "amount", .what = "give an amount, or say `unknown: true`"};
  if (!from.unknown()) {
    const auto value = amount::parse(from.amount());
    if (!value) return fault{.field = "amount", .what = value.error().message};
    if (value->raw() < 0) return fault{.field = "amount", .what = "a price is not negative"};
    to.value = *value;
  }
  return take_condition(from.when(), to.when);
}

std::optional<fault> take_schedule(const schema::Schedule& from, schedule& to) {
  for (const auto& window : from.peak_utc()) {
    to.peak.push_back({minute_of(window.from()), minute_of(window.to())});
    if (to.peak.back().from_minute < 0 || to.peak.back().to_minute < 0)
      return fault{.field = "schedule", .what = "write times as HH:MM"};
  }
  for (const int day : from.off_peak_weekday()) {
    if (day < 0 || day > 6)
      return fault{.field = "schedule", .what = "days are 0 (Sunday) to 6 (Saturday)"};
    to.off_peak_weekdays |= 1U << day;
  }
  to.weekday_utc_offset_minutes = from.weekday_utc_offset_minutes();
  return {};
}

/// All but the prices.
std::optional<fault> take_facts(const schema::Model& from, model& to) {
  if (from.id().empty()) return fault{.field = "id", .what = "is missing"};
  if (from.mode() == schema::Mode::unspecified) return fault{.field = "mode", .what = "is missing"};
  if (from.price_size() > 0 && (from.source().empty() || day_of(from.date()) < 0))
    return fault{.field = "source",
                 .what = "prices need a source and a date (YYYY-MM-DD): say where they were read"};
  if (from.context_tokens() < 0 || from.max_output_tokens() < 0)
    return fault{.field = "context_tokens", .what = "a limit is not negative"};
  to.info.model = from.id();
  to.info.mode = schema::Mode::Name_Name(from.mode());
  to.info.context_tokens = from.context_tokens();
  to.info.max_output_tokens = from.max_output_tokens();
  to.info.capabilities.assign(from.capability().begin(), from.capability().end());
  to.info.source = from.source();
  to.info.source_date = from.date();
  to.info.aliases.assign(from.alias().begin(), from.alias().end());
  to.info.encoding = from.encoding();
  to.status = from.status();
  to.from_day = day_of(from.from_date());
  to.until_day = day_of(from.until_date());
  if (!from.from_date().empty() && to.from_day < 0)
    return fault{.field = "from_date", .what = "write it as YYYY-MM-DD"};
  if (!from.until_date().empty() && (to.until_day < 0 || to.until_day <= to.from_day))
    return fault{.field = "until_date", .what = "write a day after from_date as YYYY-MM-DD"};
  to.notes.assign(from.note().begin(), from.note().end());
  return take_schedule(from.schedule(), to.schedule);
}

std::optional<fault> take_model(const schema::Model& from, const std::string& currency, model& to) {
  if (auto wrong = take_facts(from, to)) return wrong;
  to.info.currency = currency;
  to.prices.reserve(static_cast<std::size_t>(from.price_size()));
  for (int i = 0; i < from.price_size(); ++i) {
    auto wrong = take_price(from.price(i), to.prices.emplace_back());
    if (!wrong && !from.price(i).currency().empty() && from.price(i).currency() != currency)
      wrong = fault{.field = "currency", .what = "a list has one currency: make another list"};
    if (!wrong) continue;
    wrong->price = i;
    return wrong;
  }
  if (!to.prices.empty()) to.hash = price_hash(to);
  return {};
}

std::optional<fault> take_list(const schema::ModelFile& from, price_list& to) {
  if (from.vendor().empty()) return fault{.field = "vendor", .what = "is missing"};
  const std::string& currency = from.currency();
  if (currency.size() != 3) return fault{.field = "currency", .what = "write it as in \"USD\""};
  to.vendor = from.vendor();
  to.models.reserve(static_cast<std::size_t>(from.model_size()));
  std::unordered_set<std::string_view> ids;
  for (int i = 0; i < from.model_size(); ++i) {
    auto wrong = take_model(from.model(i), currency, to.models.emplace_back());
    if (!wrong && !ids.insert(from.model(i).id()).second)
      wrong = fault{.field = "id", .what = "is in this file twice"};
    if (!wrong) continue;
    wrong->model = i;
    return wrong;
  }
  return {};
}

int line_of(const fault& wrong, pb::TextFormat::ParseInfoTree* places) {
  const pb::Descriptor* type = schema::ModelFile::descriptor();
  int line = 0;
  const auto enter = [&](const char* name, int index) {
    const auto* field = type->FindFieldByName(name);
    line = places->GetLocation(field, index).line;
    places = places->GetTreeForNested(field, index);
    type = field->message_type();
  };
  if (wrong.model >= 0) enter("model", wrong.model);
  if (wrong.price >= 0 && places != nullptr) enter("price", wrong.price);
  const auto* field = type->FindFieldByName(wrong.field);
  if (places == nullptr || field == nullptr) return line;
  // A field that is missing has no place: its message has.
  const int own = places->GetLocation(field, field->is_repeated() ? 0 : -1).line;
  return own >= 0 ? own : line;
}

error broken_rows() {
  return {.code = errc::internal, .message = "the built-in model rows cannot be read"};
}

/// Reads the fields of a message without decoding it.
class field_scanner {
 public:
  explicit field_scanner(std::span<const unsigned char> bytes)
      : bytes_(bytes), in_(bytes.data(), static_cast<int>(bytes.size())) {}

  /// The next field with a length, or false: the end, or not such a message (see `failed`).
  bool next() {
    while (const std::uint32_t tag = in_.ReadTag()) {
      number = static_cast<int>(tag >> 3);
      if ((tag & 7) == 0) {
        std::uint64_t ignored = 0;
        if (!in_.ReadVarint64(&ignored)) return fail();
        continue;
      }
      std::uint32_t size = 0;
      if ((tag & 7) != 2 || !in_.ReadVarint32(&size)) return fail();
      const auto at = static_cast<std::size_t>(in_.CurrentPosition());
      if (size > bytes_.size() - at || !in_.Skip(static_cast<int>(size))) return fail();
      value = bytes_.subspan(at, size);
      return true;
    }
    failed = !in_.ConsumedEntireMessage();
    return false;
  }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(value.data()), value.size()};
  }

  int number = 0;
  std::span<const unsigned char> value;
  bool failed = false;

 private:
  bool fail() {
    failed = true;
    return false;
  }
  std::span<const unsigned char> bytes_;
  pb::io::CodedInputStream in_;
};

}  // namespace

result<std::vector<packed_list>> find_lists(std::span<const unsigned char> packed) {
  std::vector<packed_list> found;
  field_scanner lists(packed);
  while (lists.next()) {
    field_scanner list(lists.value);
    if (!list.next() || list.number != schema::ModelFile::kVendorFieldNumber) return broken_rows();
    found.push_back({list.text(), lists.value});
  }
  if (lists.failed) return broken_rows();
  return found;
}

result<std::vector<packed_model>> find_models(const packed_list& list) {
  std::vector<packed_model> found;
  std::string_view currency;
  field_scanner fields(list.bytes);
  while (fields.next()) {
    if (fields.number == schema::ModelFile::kCurrencyFieldNumber) currency = fields.text();
    if (fields.number != schema::ModelFile::kModelFieldNumber) continue;
    packed_model& m = found.emplace_back();
    m.currency = currency;
    m.bytes = fields.value;
    field_scanner model(fields.value);
    while (model.next()) {
      if (model.number == schema::Model::kIdFieldNumber) m.id = model.text();
      if (model.number == schema::Model::kAliasFieldNumber) m.aliases.push_back(model.text());
    }
    if (model.failed || m.id.empty()) return broken_rows();
  }
  if (fields.failed || currency.size() != 3) return broken_rows();
  return found;
}

result<model> unpack_model(const packed_model& packed) {
  schema::Model row;
  if (!row.ParseFromArray(packed.bytes.data(), static_cast<int>(packed.bytes.size())))
    return broken_rows();
  model m;
  if (const auto wrong = take_model(row, std::string(packed.currency), m)) {
    error e = broken_rows();
    e.message += ": " + row.id() + ", field " + wrong->field + ": " + wrong->what;
    return e;
  }
  return m;
}

result<price_list> parse_list(std::string_view text, const std::string& file) {
  schema::ModelFile rows;
  pb::TextFormat::ParseInfoTree places;
  if (const auto read = parse_row_text(text, file, rows, &places); !read) return read.error();
  price_list list;
  if (const auto wrong = take_list(rows, list))
    return error{.code = errc::config,
                 .message = file + ":" + std::to_string(line_of(*wrong, &places) + 1) + ": field " +
                            wrong->field + ": " + wrong->what};
  return list;
}

result<price_list> make_list(const schema::ModelFile& rows) {
  price_list list;
  if (const auto wrong = take_list(rows, list))
    return error{.code = errc::config, .message = std::string(wrong->field) + ": " + wrong->what};
  return list;
}

result<std::vector<price_list>> read_list_directory(const std::string& directory) {
  const auto files = row_files(directory);
  if (!files) return files.error();
  std::vector<price_list> lists;
  for (const std::string& file : *files) {
    const auto text = os::read_file(file, limits::config_file_bytes);
    if (!text) return text.error();
    auto list = parse_list(*text, file);
    if (!list) return list.error();
    lists.push_back(std::move(*list));
  }
  return lists;
}

}  // namespace ark::catalog
