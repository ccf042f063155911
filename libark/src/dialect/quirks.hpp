#pragma once
#include "base/json.hpp"
#include "dialect/reply_builder.hpp"
#include "model/vendor.hpp"
#include "wire/http_types.hpp"

#include <ark/call.hpp>
#include <ark/error.hpp>
#include <ark/money.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ark::dialect {

/// A vendor row's quirks, sorted for use: one scan of the list when a dialect begins its work, no
/// allocation. Points into the row, which must outlive it. Immutable, so thread safe.
class quirk_view {
 public:
  explicit quirk_view(const vendor& v);

  const vendor& row() const noexcept { return *row_; }
  bool flatten_content = false;
  bool developer_as_system = false;
  bool reasoning_additive = false;
  bool stream_without_terminal = false;
  bool no_stream_options = false;
  bool embedding_bytes = false;
  bool no_null_content = false;
  bool plain_media = false;
  bool cache_marks = false;
  bool logprobs_count = false;
  bool strict_any_schema = false;
  bool audio_url = false;
  const quirk::reasoning_field* reasoning_field = nullptr;
  const quirk::think_tags* think_tags = nullptr;
  const quirk::reasoning_replay* reasoning_replay = nullptr;
  const quirk::usage_path* usage_path = nullptr;
  const quirk::cached_path* cached_path = nullptr;
  const quirk::vendor_cost* vendor_cost = nullptr;
  const quirk::json_schema_as* json_schema_as = nullptr;
  const quirk::reasoning_as* reasoning_as = nullptr;
  const quirk::error_inside* error_inside = nullptr;
  const quirk::terminal_event* terminal_event = nullptr;
  const quirk::embed_parts* embed_parts = nullptr;

  /// What `parameter` is called on this wire.
  std::string_view wire_name(std::string_view parameter) const noexcept;
  bool drops(std::string_view parameter) const noexcept;
  /// Does the row's allow-list, or the family's where the row has none, take `parameter`?
  bool takes(std::string_view parameter, std::span<const std::string_view> family) const noexcept;
  /// `value` moved into the row's range for `parameter`.
  double clamped(std::string_view parameter, double value) const noexcept;
  /// The row's meaning of a finish reason, if it has one.
  std::optional<finish_reason> finish(std::string_view vendor_word) const noexcept;
  /// The row's meaning of an error code or type, or null.
  const quirk::error_code* error(std::string_view vendor_code) const noexcept;
  void add_headers(wire::header_list& headers) const;
  /// Those that go with the tools in `tools`, a JSON list; once each.
  void add_tool_headers(std::string_view tools, wire::header_list& headers) const;
  /// Path and query of a request below the base URL: `path` and the row's query parameters. The
  /// base URL's own path is put before it by who knows the base URL: users may set another one.
  /// "{model}" in the path becomes `model`, with all but unreserved characters percent-encoded.
  std::string target(std::string_view path, std::string_view model = {}) const;
  /// Is the reasoning of message `index` sent back?
  bool replays_reasoning(const std::vector<message>& messages, std::size_t index) const noexcept;

 private:
  const vendor* row_;
  bool has_rename_ = false, has_drop_ = false, has_clamp_ = false;
};

/// Writes a request's parameters, each through the row: drop, allow-list, clamp, rename, default.
/// Nothing is left out silently: a refused parameter is an error, a dropped or moved one a note.
class parameter_gate {
 public:
  /// `family`: the dialect's own allow-list. All must outlive the gate.
  parameter_gate(const quirk_view& quirks, std::span<const std::string_view> family,
                 json::writer& out, std::vector<std::string>& notes)
      : quirks_(quirks), family_(family), out_(out), notes_(notes) {}

  /// Writes the key and returns true; the caller writes the value. False: write nothing.
  bool begin(std::string_view name);
  /// Is `name` taken and not dropped? Says and writes nothing.
  bool would_take(std::string_view name) const noexcept;
  void integer(std::string_view name, std::int64_t value);
  void number(std::string_view name, double value);
  void text(std::string_view name, std::string_view value);
  void boolean(std::string_view name, bool value);
  /// Parameters by name as JSON texts; those in `reserved` are the library's own.
  void extras(const std::map<std::string, std::string>& values,
              std::span<const std::string_view> reserved);
  /// The first refusal, if there was one.
  result<void> outcome() const;
  /// The largest integer that was written under one of `names` (the family's): by the call, as an
  /// extra parameter or as the row's default.
  std::optional<std::int64_t> largest_of(std::span<const std::string_view> names) const;
  /// The row's defaults for what was not written (they are a chat's), then the outcome.
  result<void> finish();
  void refuse(ark::error why);

 private:
  bool seen(std::string_view wire_name) const noexcept;
  void keep_if_integer(std::string_view wire_name, std::string_view json);
  double clamp(std::string_view name, double value);

  const quirk_view& quirks_;
  std::span<const std::string_view> family_;
  json::writer& out_;
  std::vector<std::string>& notes_;
  // Copies: the names of extras may be of a map that its caller made for this.
  std::vector<std::string> seen_;
  std::vector<std::pair<std::string, std::int64_t>> integers_;  ///< by wire name
  std::optional<ark::error> refusal_;
};

/// Separates reasoning from text where it stands between tags at the beginning of the answer.
/// Fed pieces of any size; a tag may be cut anywhere. Only the first pair counts, and only if
/// nothing but white space comes before it. One answer each.
class think_splitter {
 public:
  explicit think_splitter(const quirk::think_tags& tags) : open_(tags.open), close_(tags.close) {}
  void feed(std::string_view delta, reply_builder& out);
  /// The answer ended: what was held back is what it is.
  void finish(reply_builder& out);

 private:
  enum class place : std::uint8_t { before, inside, after_tag, after };
  void before(reply_builder& out);
  void inside(reply_builder& out);
  void after_tag(reply_builder& out);

  std::string_view open_, close_;
  std::string held_;
  place place_ = place::before;
};

/// A vendor's cost as a number in a reply (1e-15 is the last digit kept), in `q`'s unit.
std::optional<money> money_of(double value, const quirk::vendor_cost& q);

}  // namespace ark::dialect
