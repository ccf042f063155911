#pragma once
#include "dialect/reply_builder.hpp"
#include "model/vendor.hpp"
#include "wire/http_types.hpp"

#include <ark/call.hpp>
#include <ark/media.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace ark::dialect {

/// A request ready but for its origin and its key (the client adds both), and what was changed.
struct encoded {
  wire::http_request request;
  std::vector<std::string> notes;
  /// The longest answer that the request allows, in tokens; empty: it sets no bound.
  std::optional<std::int64_t> max_output_tokens;
};

/// A whole answer: status, headers and body (de-chunked, decompressed). Views; nothing is owned.
struct answer {
  const wire::http_head& head;
  std::string_view body;
};

/// How a family's stream is cut into frames: server-sent events, lines of JSON, binary messages
/// with checksums (wire/sse, wire/ndjson, wire/event_stream), or the texts of a WebSocket, which
/// come as whole messages: each piece that is fed is one. Whole replies of a family with `messages`
/// are read from such a stream too.
enum class framing : std::uint8_t { sse, ndjson, event_stream, messages };

enum class frame_kind : std::uint8_t { known, unknown, corrupt };

/// Reads one stream's frames. Stateful, one stream each; pure: no I/O, no clock.
class stream_decoder {
 public:
  virtual ~stream_decoder() = default;
  /// One frame: an SSE event's type ("message" by default) and data. Puts what it says into `out`;
  /// `out.done()` at the vendor's terminal; `out.fail()` for an error object. `corrupt` means: not
  /// this vendor's JSON; `unknown`: JSON of a kind this version does not know.
  virtual frame_kind feed(std::string_view type, std::string_view data, reply_builder& out) = 0;
  /// The bytes ended. Returns true if the stream is whole although no terminal frame came.
  virtual bool whole_at_end(reply_builder& out) = 0;
};

/// A wire family: pure functions of a call or of bytes and the vendor's row. Thread safe; the
/// instances live as long as the process and hold no state.
class dialect {
 public:
  virtual ~dialect() = default;
  virtual std::string_view name() const = 0;

  /// errc::invalid_request when the row does not take a parameter, errc::unsupported when the
  /// family cannot say it; nothing is dropped silently.
  virtual result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                      bool stream) const = 0;
  /// A 2xx answer. An error object inside it is an error.
  virtual result<reply> decode_chat(const answer& a, const vendor& v) const = 0;
  virtual std::unique_ptr<stream_decoder> open_stream(const vendor& v) const = 0;
  virtual framing stream_framing() const { return framing::sse; }

  virtual result<encoded> encode_embed(const embed_call& c, std::string_view model,
                                       const vendor& v) const = 0;
  virtual result<embed_reply> decode_embed(const answer& a, const vendor& v) const = 0;

  /// errc::unsupported in a family that has no rerank.
  virtual result<encoded> encode_rerank(const rerank_call& c, std::string_view model,
                                        const vendor& v) const;
  /// `documents`: how many the call had; no rank may name another one.
  virtual result<rerank_reply> decode_rerank(const answer& a, const vendor& v,
                                             std::size_t documents) const;

  /// The question how many tokens the prompt of `c` is. errc::unsupported in a family without it.
  virtual result<encoded> encode_count(const call& c, std::string_view model,
                                       const vendor& v) const;
  virtual result<token_count_reply> decode_count(const answer& a, const vendor& v) const;

  /// An answer that is not 2xx. Sets code, retry class, vendor words, request id, retry-after.
  virtual error decode_error(const answer& a, const vendor& v) const = 0;
  /// The vendor's id of the request, from the answer's headers.
  virtual std::string request_id(const wire::http_head& head) const = 0;
};

/// A whole answer that was read into `out`: ends it. The reply, or what made it fail, with the
/// answer's status; `request_id` is put into both.
result<reply> end_whole(reply_builder& out, const answer& a, std::string request_id);

class media_dialect;
class job_dialect;
class access_dialect;

/// The dialects of a client, by name: of chat and what goes with it, of media, of jobs, of what is
/// fetched before calls. Made by hand in adapters/standard.cpp.
class dialect_list {
 public:
  explicit dialect_list(std::vector<const dialect*> chat,
                        std::vector<const media_dialect*> media = {},
                        std::vector<const job_dialect*> jobs = {},
                        std::vector<const access_dialect*> access = {})
      : chat_(std::move(chat)),
        media_(std::move(media)),
        jobs_(std::move(jobs)),
        access_(std::move(access)) {}
  const dialect* find(std::string_view name) const noexcept;
  const media_dialect* find_media(std::string_view name) const noexcept;
  const job_dialect* find_jobs(std::string_view name) const noexcept;
  const access_dialect* find_access(std::string_view name) const noexcept;

 private:
  std::vector<const dialect*> chat_;
  std::vector<const media_dialect*> media_;
  std::vector<const job_dialect*> jobs_;
  std::vector<const access_dialect*> access_;
};

}  // namespace ark::dialect
