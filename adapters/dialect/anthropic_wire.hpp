#pragma once
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The parts that anthropic_messages is made of; nobody else's business.
namespace ark::adapters::anthropic {

using dialect::reply_builder;
using json::element;

/// What the usage objects of one reply say. In a stream message_start has the prompt side and
/// message_delta the cumulative numbers: fields that are there and not null replace earlier ones.
class usage_fields {
 public:
  void merge(element usage, reply_builder& out);
  /// In disjoint buckets: the wire's input_tokens is without the cache, its output_tokens with the
  /// thinking. `reported` is false when a count was not a number.
  ark::usage total() const;

 private:
  void count(element parent, std::string_view name, std::optional<std::int64_t>& field);
  void merge_iterations(element usage, reply_builder& out);

  std::optional<std::int64_t> input_, output_, thinking_, cache_read_, cache_write_;
  std::optional<std::int64_t> cache_write_5m_, cache_write_1h_;
  ark::usage compaction_;  ///< iterations that the top-level counts leave out
  std::map<std::string, std::int64_t> units_;
  std::string service_tier_;
  bool broken_ = false;
};

/// Turns content blocks into parts of the reply. Blocks of a kind that the library has no part for
/// (server tools and their results, compaction, ...) are kept whole as opaque reasoning parts, so
/// that a reply can be sent back as it is.
class block_reader {
 public:
  void begin(int index, element block, reply_builder& out);
  /// False: a delta of an unknown kind.
  bool delta(int index, element change, reply_builder& out);
  void end(int index, reply_builder& out);
  void end_all(reply_builder& out);

 private:
  struct open_block {
    int index = 0;
    bool is_tool = false;
    bool has_arguments = false;
    std::string input;  ///< JSON text: as it came at the start, or put together from deltas
    std::vector<std::pair<std::string, std::string>> fields;  ///< name -> JSON text
  };
  open_block* find(int index);
  void turn_to(int index, reply_builder& out);
  void add_opaque(open_block& block, element change, reply_builder& out);
  void keep_opaque(const open_block& block, reply_builder& out);
  bool charge(std::size_t bytes, reply_builder& out);
  void place_citations(reply_builder& out);

  std::vector<open_block> open_;
  int last_index_ = -1;
  std::size_t kept_bytes_ = 0;
  std::size_t text_from_ = 0;       ///< where the last block's text begins in the reply's
  std::size_t first_citation_ = 0;  ///< that has no place yet
};

/// Writes an image or a document as a content block.
result<void> write_media(const part& p, json::writer& out);

/// The reply's frame: id, model, stop reason with its details.
void read_start(element message, reply_builder& out);
void read_stop(element holder, const vendor& v, reply_builder& out);

/// `{"type":"error","error":{"type","message","details":{"error_code"}},"request_id"}`, or any
/// body.
error read_error(int status, std::string_view body, const vendor& v);

std::unique_ptr<dialect::stream_decoder> open_stream(const vendor& v);

result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v,
                                bool stream);
/// POST .../count_tokens: what the call's prompt is made of, without the rest.
result<dialect::encoded> encode_count(const call& c, std::string_view model, const vendor& v);

}  // namespace ark::adapters::anthropic
