#pragma once
#include <ark/reply.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ark {

// Quirks: the closed list of what may differ within a wire family. Each is implemented and tested
// once, in dialect/quirks. The schema is libark/schema/vendor.proto.
namespace quirk {
/// Request parameter `from` is called `to` on this wire.
struct rename {
  std::string from, to;
};
/// The parameter is dropped, and the reply's notes say so.
struct drop {
  std::string parameter;
};
/// `parameter` is set to the JSON text `value` unless the caller set it.
struct set_default {
  std::string parameter, value;
};
/// A number is moved into [low, high], and the notes say so.
struct clamp {
  std::string parameter;
  std::optional<double> low, high;
};
/// A content array of text parts only is sent as one string.
struct flatten_content {};
/// `developer` is sent as `system`.
struct developer_as_system {};
/// A constant request header / query parameter.
struct add_header {
  std::string name, value;
};
struct add_query {
  std::string name, value;
};
/// Names of the reply's field that holds reasoning text, first found wins.
struct reasoning_field {
  std::vector<std::string> names;
};
/// Reasoning stands inside the text between these tags.
struct think_tags {
  std::string open, close;
};
/// When the reasoning of earlier assistant messages is sent back, and in which field of the
/// message. "content": as a part of type thinking; "reasoning_details": as the blocks that came.
enum class replay_rule : std::uint8_t { never, tool_turn, always };
struct reasoning_replay {
  replay_rule rule = replay_rule::never;
  std::string field;
  std::string sealed_field;  ///< of reasoning that only the vendor can read; "" = there is none
};
/// Where usage stands in a reply or a frame, besides "usage": dotted path, first found wins.
struct usage_path {
  std::vector<std::string> paths;
};
/// Where the cached prompt tokens stand inside usage: dotted path.
struct cached_path {
  std::vector<std::string> paths;
};
/// Reasoning tokens are not part of completion tokens.
struct reasoning_additive {};
/// The vendor reports the cost itself: path inside usage, currency, units per currency unit.
struct vendor_cost {
  std::string path, currency;
  std::int64_t per = 1;
};
/// A finish reason of the vendor's that the family does not know.
struct finish_map {
  std::string vendor_word;
  finish_reason meaning;
};
/// A stream without terminal frame is whole if a finish reason was seen.
struct stream_without_terminal {};
/// The vendor sends usage in streams without being asked, and rejects the question.
struct no_stream_options {};
/// Error code or type of the vendor -> our class. Words of the row go before the family's table.
struct error_code {
  std::string vendor_code;
  errc code;
  retry_class retry;
};
/// How structured output is asked for where json_schema is not taken. "json_object": the schema
/// goes into a system message and the notes say that the vendor does not enforce it.
struct json_schema_as {
  std::string style;
};
/// How reasoning is asked for, where not by `reasoning_effort`. "object": reasoning{effort,
/// max_tokens}; "thinking": thinking{type: enabled|disabled, budget_tokens}; "thinking_effort":
/// thinking{type} and reasoning_effort; "template": chat_template_kwargs{enable_thinking};
/// "enable_thinking": enable_thinking and thinking_budget.
struct reasoning_as {
  std::string style;
};
/// Answers with status 200 name their errors by a number of the vendor's: dotted paths of the
/// number (0 and none: no error) and of its message, in a whole answer and in each frame.
struct error_inside {
  std::string code, message;
};
/// A vector packed in base64 holds signed bytes, not floats.
struct embedding_bytes {};
/// An assistant message of calls only has "" for its content: null is refused.
struct no_null_content {};
/// A document is a part of the type "document_url", and the content of "input_audio" is a text, not
/// an object: each a URL, or the bytes in base64.
struct plain_media {};
/// `cache_control` is taken, in the content of messages and in tools.
struct cache_marks {};
/// `logprobs` is how many alternatives are asked for, and there is no `top_logprobs`.
struct logprobs_count {};
/// `strict` is taken with any JSON Schema.
struct strict_any_schema {};
/// Streams end behind an event of one of these names where no other terminal comes.
struct terminal_event {
  std::vector<std::string> names;
};
/// "input_audio" may have a `url`.
struct audio_url {};
/// Embeddings of more than text are asked for at `path`. "input": one input a call, its parts as in
/// a message, and the answer's data is an object; "inputs": several, each with a `content`.
struct embed_parts {
  std::string path, style;
};
/// This header goes with a request that names one of the vendor's own tools.
struct tool_header {
  std::string tool, name, value;
};
}  // namespace quirk

using quirk_item =
    std::variant<quirk::rename, quirk::drop, quirk::set_default, quirk::clamp,
                 quirk::flatten_content, quirk::developer_as_system, quirk::add_header,
                 quirk::add_query, quirk::reasoning_field, quirk::think_tags,
                 quirk::reasoning_replay, quirk::usage_path, quirk::cached_path,
                 quirk::reasoning_additive, quirk::vendor_cost, quirk::finish_map,
                 quirk::stream_without_terminal, quirk::no_stream_options, quirk::error_code,
                 quirk::json_schema_as, quirk::reasoning_as, quirk::error_inside,
                 quirk::embedding_bytes, quirk::no_null_content, quirk::plain_media,
                 quirk::cache_marks, quirk::logprobs_count, quirk::strict_any_schema,
                 quirk::terminal_event, quirk::audio_url, quirk::embed_parts, quirk::tool_header>;

/// What is asked of a service that speaks plain JSON (the schema's Service), and where its answer
/// is.
struct service_contract {
  std::string method;         ///< "POST" or "PUT"
  std::string body;           ///< JSON with {{placeholders}}
  std::string text_pointer;   ///< JSON pointer (RFC 6901); "" = the whole answer
  std::string error_pointer;  ///< "" = the beginning of the answer
};

/// What is a vendor's own in images, videos, speech, transcription and moderation (the schema's
/// Media). The paths are as `vendor::chat_path`.
struct media_contract {
  std::string image_path, image_edit_path, speech_path, transcription_path, translation_path,
      moderation_path;
  std::vector<std::string> parameters;  ///< allow-list; empty = the family's, "*" = any
  std::vector<quirk_item> quirks;       ///< of parameters only: rename, drop, clamp
  std::string image_size_as;            ///< "": size; "width_height": two numbers
  /// Images to be changed: "" a form with files, "images" and "image" JSON with URLs.
  std::string image_edit_as;
  /// Other hosts that a task may be asked for at, with the key: "host.example", ".example" for all
  /// below it.
  std::vector<std::string> task_hosts;
};

/// How a request proves who sends it (the schema's Auth). From `sigv4` on it is made for each
/// attempt anew: requests are signed or tokens are made with the key, or it changes the target.
enum class auth_kind : std::uint8_t {
  none,
  bearer,
  header,
  sigv4,
  tc3,
  sdk_hmac,
  api_key_jwt,
  issuer_jwt,
  dated_target,
  md5_headers,
  md5_members,
  content_md5,
  query
};

/// One row of adapters/vendor: everything that makes this vendor out of its wire family. A value.
struct vendor {
  std::string name;
  std::string title;
  std::string dialect;   ///< "openai_chat", "anthropic_messages"
  std::string base_url;  ///< "https://api.openai.com/v1", without trailing slash
  /// "/chat/completions"; "" = the family's; "-" = this vendor has none. "{model}" stands for the
  /// model's id, percent-encoded.
  std::string chat_path;
  std::string embed_path;      ///< the same
  std::string rerank_path;     ///< the same; "" is none where the family has none of its own
  std::string count_path;      ///< the same: tokens of texts, in openai_chat
  std::string media_dialect;   ///< of images, speech, transcription, moderation; "" = none
  std::string video_dialect;   ///< of videos, a media dialect as well; "" = none
  std::string job_dialect;     ///< of files, batches, the list of models; "" = none
  std::string access_dialect;  ///< of what is fetched before calls; "" = none
  /// Where a key "ID:SECRET" is exchanged for a temporary one, which `auth` puts into the calls; ""
  /// = such keys are sent as they are.
  std::string access_url;
  auth_kind auth = auth_kind::bearer;
  /// With auth_kind::header "x-api-key", with query the parameter's name; with sdk_hmac for keys of
  /// another form; with content_md5 what the names of its headers begin with.
  std::string auth_header;
  std::string auth_service;  ///< with sigv4, tc3 and an access_url that is signed for
  std::string auth_region;   ///< with sigv4 and access_url; "" = the second label of the host
  bool key_optional = false;
  std::string key_variable;              ///< "OPENAI_API_KEY"
  bool private_network = false;          ///< the base URL is local by design (vLLM, Ollama)
  std::string price_vendor;              ///< whose price rows apply; "" = own name
  bool batch_prices = false;             ///< each call is priced as one of a batch
  std::string telemetry_provider;        ///< as OpenTelemetry's conventions call it; "" = `name`
  std::string telemetry_tier_attribute;  ///< theirs for the service tier; "" = none
  std::string doc_url;
  std::string doc_date;
  std::string verified;
  std::vector<std::string>
      capabilities;  ///< of the endpoint: "chat", "stream", "tools", "embed"...
  /// Allow-list of request parameters, by the family's names; empty = the family's, "*" = any.
  std::vector<std::string> parameters;
  std::vector<quirk_item> quirks;
  media_contract media;
  std::optional<service_contract> service;  ///< of a row that was made of a Service
};

}  // namespace ark
