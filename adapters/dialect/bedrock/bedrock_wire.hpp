#pragma once
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The parts that the families of Amazon Bedrock are made of; nobody else's business.
namespace ark::adapters::bedrock {

using dialect::reply_builder;
using json::element;

/// Turns content blocks, whole or streamed, into parts of the reply. What the vendor's own tools
/// did and kinds without a part of the library's are kept as JSON in opaque reasoning parts, so
/// that a reply can be sent back as it is.
class block_reader {
 public:
  void whole(int index, element block, reply_builder& out);
  /// `start`, of a contentBlockStart. Text and reasoning have none (recorded).
  void begin(int index, element start, reply_builder& out);
  /// False: a delta of an unknown kind.
  bool delta(int index, element change, reply_builder& out);
  void end(int index, reply_builder& out);
  void end_all(reply_builder& out);

 private:
  enum class kind : std::uint8_t { call, server_call, server_result, redacted };
  struct open_block {
    int index = 0;
    block_reader::kind kind = kind::call;
    std::string head;  ///< the start, as JSON text
    std::string body;  ///< put together from deltas: JSON text, or bytes that are redacted
  };
  open_block* find(int index);
  void turn_to(int index, reply_builder& out);
  void grow(open_block* block, std::string_view more, std::string_view between, reply_builder& out);
  bool reasoning_delta(int index, element change, reply_builder& out);
  void whole_member(int index, std::string_view name, element value, element block,
                    reply_builder& out);

  void place_citations(reply_builder& out);

  std::vector<open_block> open_;
  int last_index_ = -1;
  std::size_t kept_bytes_ = 0;
  std::size_t text_from_ = 0;       ///< where the last block's text begins in the reply's
  std::size_t first_citation_ = 0;  ///< that has no place yet
};

/// Writes an image, a sound, a document or a video as a content block. `where` is told in errors;
/// `nth` makes the name of a document that has none.
result<void> write_media(const part& p, const std::string& where, int nth, json::writer& out);

/// The counts of an answer, as they are called on whichever of its wires.
struct token_counts {
  std::optional<std::int64_t> input, output, total, cache_read, cache_write;
  std::int64_t write_5m = 0, write_1h = 0;
};
/// In disjoint buckets: the wire's input is without the cache's tokens. `reported` is false without
/// counts; what cannot be is noted.
ark::usage usage_of(const token_counts& counts, reply_builder& out);
/// Of a usage object, or of what ends a stream of InvokeModel ("amazon-bedrock-invocationMetrics").
ark::usage read_usage(element usage, reply_builder& out);
/// Of the headers that InvokeModel's whole answers have.
ark::usage read_usage(const wire::header_list& headers, reply_builder& out);
/// `holder` is a whole answer or a metadata event: usage and service tier.
void read_metadata(element holder, reply_builder& out);
/// `holder` is a whole answer or a messageStop event.
void read_stop(element holder, const vendor& v, reply_builder& out);

/// `name` is the exception's, as on the wire ("ThrottlingException", "throttlingException"); ""
/// where only the body can say it.
error read_error(int status, std::string_view name, std::string_view body, const vendor& v);
/// An answer that is not 2xx.
error read_error(const dialect::answer& a, const vendor& v);
/// An exception or an error inside of a stream: never safe to send again.
error read_stream_error(std::string_view type, std::string_view data, const vendor& v);
std::string request_id(const wire::http_head& head);

/// How a model is asked to reason: members of additionalModelRequestFields, JSON by name. They
/// differ by the model's maker. errc::unsupported where it is not known how.
struct reasoning_fields {
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<std::string> notes;
};
result<reasoning_fields> ask_reasoning(const call& c, std::string_view model);

std::unique_ptr<dialect::stream_decoder> open_stream(const vendor& v);
result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream);
/// POST /model/{id}/count-tokens with Converse's prompt in it: the messages, the tools and the
/// model's own parameters.
result<dialect::encoded> encode_count(const call& c, std::string_view model, const vendor& v);

/// Embeddings have no shape of Converse's: they go through InvokeModel, in the shape of
/// Titan, Cohere or Nova.
result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const dialect::answer& a);

}  // namespace ark::adapters::bedrock
