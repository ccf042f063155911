#pragma once
#include "dialect/dialect.hpp"
#include "wire/http_types.hpp"

#include <ark/event.hpp>
#include <ark/reply.hpp>
#include <ark/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ark::replay {

/// One HTTP interaction that somebody recorded. A value; owns its bytes.
struct recording {
  std::string file;      ///< what the caller calls it
  std::string provider;  ///< who answered, in the recorder's words
  std::string op;        ///< "chat", "embeddings", "rerank", ... in the recorder's words
  std::string method, url;
  std::string request_body;
  wire::http_head head;
  std::string body;
  std::vector<std::size_t> chunk_lengths;  ///< in which pieces the body came; empty: unknown
};

/// Reads the JSON of one recording: provider, op, method, url, status, response_headers,
/// request_body and response_body (each also as *_base64), chunk_lengths; other members are
/// ignored. errc::config names the file and the member that is wrong.
result<recording> read_recording(std::string_view json, std::string file);

/// How a stream's body is fed. All zero: in the recorded pieces, or whole.
struct feeding {
  std::size_t piece_bytes = 0;        ///< in pieces of so many bytes
  std::size_t first_bytes = 0;        ///< in two pieces, the first of so many bytes
  std::optional<std::size_t> keep{};  ///< only so many bytes, then the end
};

enum class outcome : std::uint8_t { reply, error, unsupported };
std::string_view to_string(outcome value) noexcept;

/// What became of a recording. `reply` holds what was read also when the outcome is `error`.
struct replay_result {
  std::string file, vendor, dialect, op;
  replay::outcome outcome = replay::outcome::unsupported;
  bool streamed = false;
  ark::reply reply;
  std::vector<std::vector<float>> vectors;  ///< of embeddings
  std::vector<ranked_document> ranking;     ///< of a rerank
  /// Of what is no chat: ids of models, files and batches, custom ids of a batch's results, a token
  /// count, URLs or sizes of images, "flagged" or "passed".
  std::vector<std::string> items;
  std::optional<ark::error> error;
  std::vector<std::string> notes;  ///< why it is unsupported, or the reply's notes
  std::vector<event> events;       ///< of a stream, in order
};

/// Runs a recording's answer through the dialect of its vendor: no network, no clock. The vendor is
/// the row with the provider's name, or one whose name begins with it and a dash, the first that
/// has the operation; the operation is told by the URL's path, whatever model stands in it. What
/// fits none is `unsupported`, with the reason.
replay_result run(const recording& r, const dialect::dialect_list& dialects,
                  const std::vector<const vendor*>& vendors, const feeding& how = {});
/// As `run`, through `row` whatever provider the recording names.
replay_result run_as(const recording& r, const dialect::dialect_list& dialects, const vendor& row,
                     const feeding& how = {});

/// The offsets behind each whole frame of a stream.
std::vector<std::size_t> frame_ends(std::string_view body,
                                    dialect::framing framing = dialect::framing::sse);

/// One line of JSON without line end: file, vendor, dialect, op, outcome, text, reasoning,
/// tool_calls, finish_reason, usage, model, error, notes; of a rerank its ranking; items where
/// there are any. Members that do not apply are empty.
std::string to_json(const replay_result& r);

}  // namespace ark::replay
