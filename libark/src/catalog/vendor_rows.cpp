#include "catalog/vendor_rows.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"
#include "catalog/row_text.hpp"
#include "os/os.hpp"
#include "vendor.pb.h"
#include "wire/url.hpp"

#include <algorithm>

namespace ark::catalog {
namespace {

namespace pb = ::google::protobuf;
using strings = std::vector<std::string>;

strings list(const pb::RepeatedPtrField<std::string>& from) { return {from.begin(), from.end()}; }

// Indexed by the schema's numbers.
constexpr finish_reason meanings[] = {finish_reason::other,          finish_reason::stop,
                                      finish_reason::length,         finish_reason::tool_calls,
                                      finish_reason::content_filter, finish_reason::refusal,
                                      finish_reason::paused};
constexpr errc codes[] = {errc::server,         errc::invalid_request, errc::auth,
                          errc::permission,     errc::not_found,       errc::context_length,
                          errc::content_filter, errc::rate_limit,      errc::quota,
                          errc::overloaded,     errc::server,          errc::timeout,
                          errc::unsupported};
constexpr retry_class retries[] = {retry_class::never, retry_class::safe, retry_class::maybe_billed,
                                   retry_class::after};
constexpr quirk::replay_rule rules[] = {quirk::replay_rule::never, quirk::replay_rule::tool_turn,
                                        quirk::replay_rule::always};
constexpr auth_kind auth_kinds[] = {
    auth_kind::bearer,       auth_kind::none,        auth_kind::header,      auth_kind::sigv4,
    auth_kind::tc3,          auth_kind::sdk_hmac,    auth_kind::api_key_jwt, auth_kind::issuer_jwt,
    auth_kind::dated_target, auth_kind::md5_headers, auth_kind::md5_members, auth_kind::content_md5,
    auth_kind::query};
static_assert(std::size(auth_kinds) == schema::Vendor::Auth_ARRAYSIZE);
static_assert(std::size(meanings) == schema::Quirk::FinishMap::Reason_ARRAYSIZE);
static_assert(std::size(codes) == schema::Quirk::ErrorCode::Code_ARRAYSIZE);
static_assert(std::size(retries) == schema::Quirk::ErrorCode::Retry_ARRAYSIZE);
static_assert(std::size(rules) == schema::Quirk::ReasoningReplay::Rule_ARRAYSIZE);

/// The schema's enumerators are open: what this version does not know is the first one.
template <class T, std::size_t N>
T pick(const T (&table)[N], int number) {
  return table[number >= 0 && static_cast<std::size_t>(number) < N ? number : 0];
}

quirk::clamp clamp_of(const schema::Quirk::Clamp& c) {
  quirk::clamp made{c.parameter(), std::nullopt, std::nullopt};
  if (c.has_low()) made.low = c.low();
  if (c.has_high()) made.high = c.high();
  return made;
}

quirk::reasoning_replay replay_of(const schema::Quirk::ReasoningReplay& r) {
  return {pick(rules, r.rule()), r.field(), r.sealed_field()};
}

quirk::tool_header tool_header_of(const schema::Quirk::ToolHeader& h) {
  return {h.tool(), h.name(), h.value()};
}

/// A quirk that has a name only; nothing for the others.
std::optional<quirk_item> plain_quirk_of(const schema::Quirk& q) {
  using Q = schema::Quirk;
  if (q.kind_case() == Q::kFlattenContent) return quirk::flatten_content{};
  if (q.kind_case() == Q::kDeveloperAsSystem) return quirk::developer_as_system{};
  if (q.kind_case() == Q::kReasoningAdditive) return quirk::reasoning_additive{};
  if (q.kind_case() == Q::kStreamWithoutTerminal) return quirk::stream_without_terminal{};
  if (q.kind_case() == Q::kNoStreamOptions) return quirk::no_stream_options{};
  if (q.kind_case() == Q::kEmbeddingBytes) return quirk::embedding_bytes{};
  if (q.kind_case() == Q::kNoNullContent) return quirk::no_null_content{};
  if (q.kind_case() == Q::kPlainMedia) return quirk::plain_media{};
  if (q.kind_case() == Q::kCacheMarks) return quirk::cache_marks{};
  if (q.kind_case() == Q::kLogprobsCount) return quirk::logprobs_count{};
  if (q.kind_case() == Q::kStrictAnySchema) return quirk::strict_any_schema{};
  if (q.kind_case() == Q::kAudioUrl) return quirk::audio_url{};
  return std::nullopt;
}

/// Nothing for a quirk without a kind, and for those that make several items.
std::optional<quirk_item> quirk_of(const schema::Quirk& q) {
  using Q = schema::Quirk;
  switch (q.kind_case()) {
    case Q::kRename:
      return quirk::rename{q.rename().from(), q.rename().to()};
    case Q::kDrop:
      return quirk::drop{q.drop().parameter()};
    case Q::kSetDefault:
      return quirk::set_default{q.set_default().parameter(), q.set_default().value()};
    case Q::kClamp:
      return clamp_of(q.clamp());
    case Q::kAddHeader:
      return quirk::add_header{q.add_header().name(), q.add_header().value()};
    case Q::kAddQuery:
      return quirk::add_query{q.add_query().name(), q.add_query().value()};
    case Q::kReasoningField:
      return quirk::reasoning_field{list(q.reasoning_field().name())};
    case Q::kThinkTags:
      return quirk::think_tags{q.think_tags().open(), q.think_tags().close()};
    case Q::kReasoningReplay:
      return replay_of(q.reasoning_replay());
    case Q::kUsagePath:
      return quirk::usage_path{list(q.usage_path().name())};
    case Q::kCachedPath:
      return quirk::cached_path{list(q.cached_path().name())};
    case Q::kVendorCost:
      return quirk::vendor_cost{q.vendor_cost().path(), q.vendor_cost().currency(),
                                std::max<std::int64_t>(1, q.vendor_cost().per())};
    case Q::kJsonSchemaAs:
      return quirk::json_schema_as{q.json_schema_as().style()};
    case Q::kReasoningAs:
      return quirk::reasoning_as{q.reasoning_as().style()};
    case Q::kErrorInside:
      return quirk::error_inside{q.error_inside().code(), q.error_inside().message()};
    case Q::kTerminalEvent:
      return quirk::terminal_event{list(q.terminal_event().name())};
    case Q::kEmbedParts:
      return quirk::embed_parts{q.embed_parts().path(), q.embed_parts().style()};
    case Q::kToolHeader:
      return tool_header_of(q.tool_header());
    case Q::kFlattenContent:
    case Q::kDeveloperAsSystem:
    case Q::kReasoningAdditive:
    case Q::kStreamWithoutTerminal:
    case Q::kNoStreamOptions:
    case Q::kEmbeddingBytes:
    case Q::kNoNullContent:
    case Q::kPlainMedia:
    case Q::kCacheMarks:
    case Q::kLogprobsCount:
    case Q::kStrictAnySchema:
    case Q::kAudioUrl:
      return plain_quirk_of(q);
    case Q::kFinishMap:
    case Q::kErrorCode:
    case Q::KIND_NOT_SET:
      break;
  }
  return std::nullopt;
}

void append_quirk(const schema::Quirk& q, std::vector<quirk_item>& out) {
  for (const auto& word : q.finish_map().word())
    out.push_back(quirk::finish_map{word, pick(meanings, q.finish_map().meaning())});
  for (const auto& word : q.error_code().word())
    out.push_back(quirk::error_code{word, pick(codes, q.error_code().code()),
                                    pick(retries, q.error_code().retry())});
  if (auto item = quirk_of(q)) out.push_back(std::move(*item));
}

media_contract media_of(const schema::Media& row) {
  media_contract m;
  m.image_path = row.image_path();
  m.image_edit_path = row.image_edit_path();
  m.speech_path = row.speech_path();
  m.transcription_path = row.transcription_path();
  m.translation_path = row.translation_path();
  m.moderation_path = row.moderation_path();
  m.parameters = list(row.parameter());
  for (const auto& q : row.quirk()) append_quirk(q, m.quirks);
  m.image_size_as = row.image_size_as();
  m.image_edit_as = row.image_edit_as();
  m.task_hosts = list(row.task_host());
  return m;
}

vendor vendor_of(const schema::Vendor& row) {
  vendor v;
  v.name = row.name();
  v.title = row.title();
  v.dialect = row.dialect();
  v.base_url = row.base_url();
  v.chat_path = row.chat_path();
  v.embed_path = row.embed_path();
  v.rerank_path = row.rerank_path();
  v.count_path = row.count_path();
  v.media_dialect = row.media_dialect();
  v.video_dialect = row.video_dialect();
  v.job_dialect = row.job_dialect();
  v.media = media_of(row.media());
  v.access_dialect = row.access_dialect();
  v.access_url = row.access_url();
  v.auth = pick(auth_kinds, row.auth());
  v.auth_service = row.auth_service();
  v.auth_region = row.auth_region();
  v.auth_header = row.auth_header();
  v.key_optional = row.key_optional();
  v.key_variable = row.key_variable();
  v.private_network = row.private_network();
  v.price_vendor = row.price_vendor();
  v.batch_prices = row.batch_prices();
  v.telemetry_provider = row.telemetry_provider();
  v.telemetry_tier_attribute = row.telemetry_tier_attribute();
  v.doc_url = row.doc_url();
  v.doc_date = row.doc_date();
  v.verified = row.verified();
  v.capabilities = list(row.capability());
  v.parameters = list(row.parameter());
  v.quirks.reserve(static_cast<std::size_t>(row.quirk_size()));
  for (const auto& q : row.quirk()) append_quirk(q, v.quirks);
  return v;
}

bool is_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

bool is_header_text(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// What is wrong with a base URL, "" if nothing.
std::string base_url_fault(const std::string& url) {
  if (url.empty()) return {};
  if (url.back() == '/') return "must not end with a slash";
  const auto parsed = wire::parse_base_url(url);
  return parsed ? std::string{} : parsed.error().message;
}

std::string_view quirk_fault(const schema::Quirk& q) {
  if (q.kind_case() == schema::Quirk::KIND_NOT_SET) return "is empty";
  if (q.has_set_default() && !json::is_valid(q.set_default().value()))
    return "set_default: the value is not JSON";
  if (q.has_error_code() && q.error_code().code() == schema::Quirk::ErrorCode::UNKNOWN)
    return "error_code: needs a code";
  if (q.has_think_tags() && (q.think_tags().open().empty() || q.think_tags().close().empty()))
    return "think_tags: needs both tags";
  if (q.has_add_header() && (q.add_header().name().empty() ||
                             !is_header_text(q.add_header().name() + q.add_header().value())))
    return "add_header: not a header";
  if (q.has_error_inside() && q.error_inside().code().empty())
    return "error_inside: needs the code's path";
  if (q.has_embed_parts() &&
      (!q.embed_parts().path().starts_with("/") ||
       (q.embed_parts().style() != "input" && q.embed_parts().style() != "inputs")))
    return "embed_parts: needs a path and the style input or inputs";
  if (q.has_tool_header() && (q.tool_header().name().empty() ||
                              !is_header_text(q.tool_header().name() + q.tool_header().value())))
    return "tool_header: not a header";
  if (q.has_json_schema_as() && q.json_schema_as().style() != "json_object")
    return "json_schema_as: the style must be json_object";
  static constexpr std::string_view styles[] = {"object", "thinking", "thinking_effort", "template",
                                                "enable_thinking"};
  if (q.has_reasoning_as() &&
      std::find(std::begin(styles), std::end(styles), q.reasoning_as().style()) == std::end(styles))
    return "reasoning_as: the style must be object, thinking, thinking_effort, template or "
           "enable_thinking";
  return {};
}

bool is_path(std::string_view path) { return path.empty() || path == "-" || path.front() == '/'; }

/// What is wrong with a row's Media, if anything is.
std::string media_fault(const schema::Media& m) {
  for (const std::string& path :
       {m.image_path(), m.image_edit_path(), m.speech_path(), m.transcription_path(),
        m.translation_path(), m.moderation_path()})
    if (!is_path(path)) return "the path " + path + " must begin with /";
  for (const auto& q : m.quirk()) {
    if (const auto what = quirk_fault(q); !what.empty()) return std::string(what);
    if (!q.has_rename() && !q.has_drop() && !q.has_clamp())
      return "a quirk must be rename, drop or clamp";
  }
  if (const auto& as = m.image_size_as(); !as.empty() && as != "width_height")
    return "image_size_as must be width_height";
  if (const auto& as = m.image_edit_as(); !as.empty() && as != "images" && as != "image")
    return "image_edit_as must be images or image";
  for (const std::string& host : m.task_host())
    if (host.size() < 2 || host.find_first_of("/:@*") != host.npos)
      return "task_host must be a host, or .example for all below it: " + host;
  return {};
}

/// The first thing that the schema cannot check: field, index and complaint.
struct fault {
  std::string field;
  int index = -1;
  std::string what;
};
std::optional<fault> find_fault(const schema::Vendor& row) {
  if (!is_name(row.name())) return fault{"name", -1, "must be lower case letters, digits and -"};
  if (row.dialect().empty()) return fault{"dialect", -1, "is missing"};
  if (auto what = base_url_fault(row.base_url()); !what.empty()) return fault{"base_url", -1, what};
  if (auto what = base_url_fault(row.access_url()); !what.empty())
    return fault{"access_url", -1, what};
  const std::pair<const char*, const std::string&> paths[] = {{"chat_path", row.chat_path()},
                                                              {"embed_path", row.embed_path()},
                                                              {"rerank_path", row.rerank_path()},
                                                              {"count_path", row.count_path()}};
  for (const auto& [field, path] : paths)
    if (!is_path(path)) return fault{field, -1, "must begin with /"};
  if (const auto what = media_fault(row.media()); !what.empty()) return fault{"media", -1, what};
  const bool is_named = row.auth() == schema::Vendor::HEADER ||
                        row.auth() == schema::Vendor::QUERY ||
                        row.auth() == schema::Vendor::CONTENT_MD5;
  if (is_named && row.auth_header().empty())
    return fault{"auth_header", -1, "is missing: auth is " + schema::Vendor::Auth_Name(row.auth())};
  const bool has_service = row.auth() == schema::Vendor::SIGV4 || row.auth() == schema::Vendor::TC3;
  if (has_service && row.auth_service().empty())
    return fault{"auth_service", -1, "is missing: a signature names the service"};
  if (!row.access_url().empty() && row.access_dialect().empty())
    return fault{"access_dialect", -1, "is missing: it says how a key is exchanged"};
  if (!is_header_text(row.auth_header())) return fault{"auth_header", -1, "is not a header"};
  for (int i = 0; i < row.quirk_size(); ++i)
    if (const auto what = quirk_fault(row.quirk(i)); !what.empty())
      return fault{"quirk", i, std::string(what)};
  return std::nullopt;
}

}  // namespace

result<std::vector<vendor>> unpack_vendors(std::span<const unsigned char> packed) {
  schema::VendorRows rows;
  if (!rows.ParseFromArray(packed.data(), static_cast<int>(packed.size())))
    return error{.code = errc::internal, .message = "the built-in vendor rows cannot be read"};
  std::vector<vendor> made;
  made.reserve(static_cast<std::size_t>(rows.vendor_size()));
  for (const auto& row : rows.vendor()) made.push_back(vendor_of(row));
  return made;
}

result<vendor> make_vendor(const schema::Vendor& row) {
  const auto wrong = find_fault(row);
  if (!wrong) return vendor_of(row);
  return error{.code = errc::config, .message = wrong->what, .vendor_code = wrong->field};
}

result<vendor> parse_vendor(std::string_view text, const std::string& file) {
  schema::Vendor row;
  google::protobuf::TextFormat::ParseInfoTree places;
  if (auto read = parse_row_text(text, file, row, &places); !read) return read.error();
  if (const auto wrong = find_fault(row)) {
    const auto* field = schema::Vendor::descriptor()->FindFieldByName(wrong->field);
    const int line = places.GetLocation(field, wrong->index).line;
    return error{.code = errc::config,
                 .message = file + ":" + std::to_string(line + 1) + ": field " + wrong->field +
                            ": " + wrong->what};
  }
  return vendor_of(row);
}

result<std::vector<vendor>> read_vendor_directory(const std::string& directory) {
  const auto files = row_files(directory);
  if (!files) return files.error();
  std::vector<vendor> made;
  for (const std::string& file : *files) {
    auto text = os::read_file(file, limits::config_file_bytes);
    if (!text) return text.error();
    auto row = parse_vendor(*text, file);
    if (!row) return row.error();
    made.push_back(std::move(*row));
  }
  return made;
}

}  // namespace ark::catalog
