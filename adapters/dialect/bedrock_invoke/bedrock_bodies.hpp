#pragma once
#include "dialect/bedrock/bedrock_wire.hpp"

#include <optional>
#include <string>
#include <string_view>

// The bodies of InvokeModel: every maker's models have one of their own.
namespace ark::adapters::bedrock {

/// What stands beside the makers' own members in the last event of a stream, and the first word of
/// the names of all that the service adds.
constexpr std::string_view service_prefix = "amazon-bedrock-";
constexpr std::string_view metrics_member = "amazon-bedrock-invocationMetrics";

/// Where InvokeModel is, below the base URL.
result<std::string> invoke_target(std::string_view model, bool stream);

/// How the makers of plain completions call things: a prompt goes in, a text comes out. Source:
/// recorded requests and, for names that they lack, the vendor's page (model-parameters), unread.
struct prompt_body {
  std::string_view model;  ///< part of the ids of its models
  std::string_view prompt, max_tokens, temperature, top_p;
  std::string_view stop{};   ///< "": it takes no stop sequences
  std::string_view group{};  ///< the object that the parameters stand in; "": the body
  bool streams = true;
  bool says_stream = false;  ///< `stream` stands in the body too
  bool has_turns = false;    ///< the prompt is a user's message: the maker puts it into a template
};
/// The body that `model` takes, or null.
const prompt_body* find_prompt_body(std::string_view model);
/// The text of a single user message as the prompt. errc::unsupported for all that such a body
/// cannot say: Converse can.
result<dialect::encoded> encode_prompt(const call& c, std::string_view model,
                                       const prompt_body& body, const vendor& v, bool stream);

/// Reads the answers of these makers, whole or an event of a stream.
class text_reader {
 public:
  explicit text_reader(const vendor& v) : vendor_(v) {}
  /// Is it one of theirs?
  static bool knows(element root);
  /// Text, finish reason, and the counts that the maker gives. False: none of theirs.
  bool read(element root, reply_builder& out);

 private:
  const vendor& vendor_;
  token_counts counts_;
};

/// Decodes InvokeModelWithResponseStream: {"bytes":"...","p":"..."}, an event of the maker's in
/// base64, and padding.
std::unique_ptr<dialect::stream_decoder> open_chunks(const vendor& v);

/// Whose shape an answer or an event has.
enum class body_kind : std::uint8_t { messages, converse, completion, text, other };
body_kind kind_of(element root);
/// What no shape is known of: the error that it tells, or errc::unsupported. `text` is all of it.
error unknown_body(element root, std::string_view text, const vendor& v);
/// The reply or event says that a guardrail intervened: noted.
void note_guardrail(element root, reply_builder& out);

/// gpt-oss writes its reasoning into the text, in these tags (recorded).
constexpr std::string_view reasoning_open = "<reasoning>", reasoning_close = "</reasoning>";
/// `choices` of the family openai_chat. Mistral calls the finish reason `stop_reason`.
void read_stop_reason(element root, const vendor& v, reply_builder& out);

}  // namespace ark::adapters::bedrock
