#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The parts that the dashscope family is made of; nobody else's business. All pure.
namespace ark::adapters::dashscope {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

/// A sentence of ours about a call that cannot be made.
error refused(std::string message, errc code = errc::invalid_request);

/// Do this row's streams repeat in each chunk all that came before? They do where its default of
/// `incremental_output` is false.
bool is_cumulative(const quirk_view& quirks) noexcept;

/// Writes `input.messages`. With `multimodal` each content is a list of {"text"} and {"image"}
/// objects, else a string. Sets `oss` when an image lies in the vendor's own store.
result<void> write_messages(const call& c, const quirk_view& quirks, bool multimodal,
                            json::writer& out, std::vector<std::string>& notes, bool& oss);

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream);
result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const answer& a, const vendor& v);

/// Is `root` (of a 2xx answer or a frame) an error? A successful answer may have an empty `code`.
bool is_error(element root);
/// `{"code","message","request_id"}`. `status`: of the HTTP answer; inside a stream the frame's
/// own status stands in a comment, which is no part of the frame. Nothing inside a 200 is safe to
/// send again.
error read_error(int status, element root, const quirk_view& quirks);
/// An answer that is not 2xx, or an error inside one that is.
error decode_failure(const answer& a, const vendor& v);
/// A 2xx answer that no reply can be read from.
error not_ours(const answer& a);
/// The vendor's id of the request, from headers; "" where only the body has it.
std::string request_id(const wire::http_head& head);

/// The usage object in disjoint buckets; says in the notes what does not add up. Nothing if it has
/// no counts.
std::optional<ark::usage> read_usage(element usage, reply_builder& out);

/// What is new in a text that comes in chunks. One for each text of a reply.
class chunked_text {
 public:
  explicit chunked_text(bool cumulative) : cumulative_(cumulative) {}
  /// The part of `now` that goes on after what came before: all of it, or in a cumulative stream
  /// what exceeds the text so far. What was said cannot be taken back: a chunk that rewrites it
  /// is noted, and only what is longer than before is new. A view into `now`.
  std::string_view fresh(std::string_view now, reply_builder& out);

 private:
  std::string seen_;
  bool cumulative_;
};

/// Reads a chunk or a whole reply: both have the same shape.
class output_reader {
 public:
  output_reader(const vendor& v, bool whole);

  /// False: an object of another kind.
  bool read(element root, reply_builder& out);
  /// The reply is whole.
  void end(reply_builder& out);
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  struct call_text {
    int index = 0;
    chunked_text arguments;
  };
  bool output(element e, reply_builder& out);
  void choice(element e, reply_builder& out);
  void message(element e, reply_builder& out);
  void content(element e, reply_builder& out);
  void tool_calls(element list, reply_builder& out);
  void tool_call(element e, int position, reply_builder& out);
  int index_of(element e, int position, bool named) const;
  chunked_text& arguments_of(int index, bool begins);
  void finish(std::string_view word, reply_builder& out);

  quirk_view quirks_;
  std::string finish_word_;
  bool positional_;  ///< each chunk has all calls, so that a call is known by its place
  bool cumulative_;
  chunked_text text_, reasoning_;
  std::vector<call_text> calls_;
  int last_index_ = -1;
};

}  // namespace ark::adapters::dashscope
