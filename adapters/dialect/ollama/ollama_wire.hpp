#pragma once
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The parts that ollama_chat is made of; nobody else's business.
namespace ark::adapters::ollama {

using dialect::answer;
using dialect::parameter_gate;
using dialect::quirk_view;
using dialect::reply_builder;
using json::element;

/// The two places where a request has parameters: beside the messages, which the server reads, and
/// in `options`, which the model's runner reads. The lists given must outlive it.
class parameters {
 public:
  /// `family`: what stands beside the messages. `out` is in the request's object.
  parameters(const quirk_view& quirks, std::span<const std::string_view> family, json::writer& out,
             std::vector<std::string>& notes);
  parameters(const parameters&) = delete;  // its gates point at its writer
  parameters& operator=(const parameters&) = delete;

  parameter_gate& server() noexcept { return server_; }
  parameter_gate& options() noexcept { return options_; }
  json::writer& options_writer() noexcept { return options_writer_; }
  /// Each to its place, by its name.
  void extras(const std::map<std::string, std::string>& values,
              std::span<const std::string_view> reserved);
  /// Writes `options`, if there are any. The first refusal, if there was one.
  result<void> finish();

 private:
  json::writer& out_;
  std::string options_text_;
  json::writer options_writer_;
  parameter_gate server_, options_;
};

/// Writes `messages`. errc::unsupported or invalid_request for what cannot be said.
result<void> write_messages(const call& c, const quirk_view& quirks, json::writer& out,
                            std::vector<std::string>& notes);

/// Writes `prompt`, and `system` and `images` where the call has them: a user's message and at most
/// a system message before it; errc::unsupported for any other conversation.
result<void> write_prompt(const call& c, const quirk_view& quirks, json::writer& out,
                          std::vector<std::string>& notes);

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream);
result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const answer& a, const vendor& v);

/// What the counts of an answer say; the vendor leaves out a count that is zero.
struct counts {
  std::optional<std::int64_t> prompt, cached, output;
  bool broken = false;  ///< one was not a number

  /// True if `key` is the name of a count.
  bool take(std::string_view key, element value);
  /// In disjoint buckets. The prompt's count has the cached tokens in it, the answer's the
  /// thinking, which cannot be told apart. Without any count `reported` is false.
  ark::usage total(reply_builder& out) const;
};

/// Reads the lines of one stream, or the one object of a whole answer: their shape is the same.
class line_reader {
 public:
  explicit line_reader(const vendor& v);
  dialect::frame_kind read(element line, reply_builder& out);

 private:
  void read_message(element message, std::string_view created_at, reply_builder& out);
  void read_call(element call, std::string_view created_at, reply_builder& out);
  void text(std::string_view delta, reply_builder& out);

  quirk_view quirks_;
  std::optional<dialect::think_splitter> splitter_;
  int calls_ = 0;
};

/// `{"error":"text"}` or `{"error":{"message","type","code"}}`. Is there one?
bool is_error(element root);
/// Any body. An answer of 200 was accepted: never `safe`.
error read_error(int status, std::string_view body, const vendor& v);
error read_error(int status, element root, const vendor& v);
/// As dialect::decode_error.
error decode_failure(const answer& a, const vendor& v);
/// A 200 that is not of this family.
error not_ours(const answer& a, std::string_view what);
std::string request_id(const wire::http_head& head);

}  // namespace ark::adapters::ollama
