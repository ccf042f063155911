#pragma once
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The pieces of the openai_responses family. All pure; no state outside the objects.
namespace ark::adapters::responses {

using ark::dialect::encoded;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

result<encoded> encode(const call& c, std::string_view model, const vendor& v, bool stream);
/// POST .../input_tokens: what the call's prompt is made of, without the rest.
result<encoded> encode_count(const call& c, std::string_view model, const vendor& v);

/// Writes the list of input items from the call's messages.
class input_writer {
 public:
  /// `out` and `notes` must outlive it.
  input_writer(const call& c, const quirk_view& quirks, json::writer& out,
               std::vector<std::string>& notes);
  result<void> write();
  /// Some item is reasoning that only the vendor can read.
  bool has_encrypted() const noexcept { return has_encrypted_; }

 private:
  void one(std::size_t index);
  void open_message(role who);
  void said(const ark::message& m);
  void image(const image_part& image);
  void document(const document_part& d);
  void video(const video_part& v);
  void audio(const audio_part& a);
  void media_part(const part& p);
  void options(std::string_view kind);
  void assistant(const ark::message& m);
  void reasoning(const reasoning_part& r);
  void tool_call(const tool_call_part& t);
  void tool_result(const tool_result_part& r);
  void refuse(std::string message);
  void note(std::string text);

  const call& call_;
  const quirk_view& quirks_;
  json::writer& out_;
  std::vector<std::string>& notes_;
  std::optional<error> refusal_;
  std::set<std::string, std::less<>> custom_names_, custom_ids_;  ///< tools of plain text input
  bool has_encrypted_ = false;
};

/// What a piece of an output item is.
enum class field : std::uint8_t { text, refusal, reasoning, summary, arguments };

/// Turns output items into parts of the reply, streamed or whole. What came in pieces is not taken
/// again from the frames that repeat it. Items that the library has no part for (the vendor's own
/// tools, compaction, ...) are kept whole as opaque reasoning parts, beside an `unknown` event.
class output_reader {
 public:
  /// response.output_item.added
  void begin(int index, element item, reply_builder& out);
  /// More of item `index`; `part` counts its texts.
  void delta(int index, field what, std::int64_t part, std::string_view text, reply_builder& out);
  /// response.output_item.done
  void end(int index, element item, reply_builder& out);
  /// The reply's list of items: what was not ended before is read from it.
  void end_all(element list, reply_builder& out);
  /// No more items will come.
  void finish(reply_builder& out);
  /// The items themselves tell how often the vendor searched the web; one that only opens a page is
  /// no search.
  std::int64_t web_searches() const noexcept { return web_searches_; }

 private:
  struct open_item {
    int index = 0;
    bool named = false, is_call = false, ended = false;
    std::set<std::pair<field, std::int64_t>> seen;
  };
  struct custom_call {
    int index = 0;
    std::string id, name, input, item;
  };
  static int tool_index(std::size_t place) noexcept { return static_cast<int>(place); }
  std::size_t find(int index) const;
  void add(int index, reply_builder& out);
  void name(std::size_t place, element item, reply_builder& out);
  void end_at(std::size_t place, element item, reply_builder& out);
  void put(std::size_t place, field what, std::string_view text, reply_builder& out);
  void repeat(std::size_t place, field what, std::int64_t nth, std::string_view text,
              reply_builder& out);
  void message(std::size_t at, element item, reply_builder& out);
  static void cite(simdjson::dom::array parts, reply_builder& out);
  void reasoning(std::size_t at, element item, reply_builder& out);
  void app_call(std::size_t at, element item, reply_builder& out);
  void opaque(element item, reply_builder& out);
  void settle_custom(bool answered, reply_builder& out);

  std::vector<open_item> items_;  ///< in the order in which they began
  std::vector<custom_call> custom_;
  std::int64_t web_searches_ = 0;
};

/// Reads the response object: of a whole reply, or of a stream's first and last frames.
class response_reader {
 public:
  explicit response_reader(const vendor& v) : quirks_(v) {}
  void start(element response, reply_builder& out);
  /// What was not streamed, usage and status. Fails `out` when the status is no answer's.
  void end(element response, reply_builder& out);
  output_reader& items() noexcept { return items_; }
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  void usage(element response, reply_builder& out);
  void finish(element response, reply_builder& out);

  quirk_view quirks_;
  output_reader items_;
};

/// Is this a response object?
bool is_response(element root);
/// An error in a 200: `response.error`, an `error` event or a body. Never safe to send again.
error read_failure(element holder, const quirk_view& quirks);
std::unique_ptr<ark::dialect::stream_decoder> open_stream(const vendor& v);

}  // namespace ark::adapters::responses
