#include "wire/http1_body.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace ark::wire {
namespace {

error protocol(std::string_view why) {
  return {.code = errc::protocol, .message = "the answer is not HTTP/1.1: " + std::string(why)};
}

/// The one length that all Content-Length headers agree on; "5, 5" counts as two (RFC 9110, 8.6).
result<std::optional<std::uint64_t>> content_length(const header_list& headers) {
  std::optional<std::uint64_t> length;
  for (const header_field& field : headers) {
    if (!text::same_ignoring_case(field.name, "content-length")) continue;
    std::string_view rest = field.value;
    bool more = true;
    while (more) {
      const auto comma = rest.find(',');
      const auto item = text::trim(rest.substr(0, comma));
      more = comma != std::string_view::npos;
      if (more) rest.remove_prefix(comma + 1);
      std::uint64_t value = 0;
      const auto read = std::from_chars(item.data(), item.data() + item.size(), value);
      if (item.empty() || read.ec != std::errc{} || read.ptr != item.data() + item.size())
        return protocol("its Content-Length is not a number");
      if (length && *length != value) return protocol("it has two different lengths");
      length = value;
    }
  }
  return length;
}

/// Nothing, or whether the transfer coding is "chunked"; others cannot be undone here.
result<bool> is_chunked(const header_list& headers) {
  bool chunked = false;
  for (const header_field& field : headers) {
    if (!text::same_ignoring_case(field.name, "transfer-encoding")) continue;
    if (chunked || !text::same_ignoring_case(text::trim(field.value), "chunked"))
      return protocol("its transfer coding is not plain \"chunked\"");
    chunked = true;
  }
  return chunked;
}

}  // namespace

http1_body http1_body::with_length(std::uint64_t bytes) noexcept {
  http1_body body;
  body.step_ = bytes == 0 ? step::done : step::length;
  body.remaining_ = bytes;
  return body;
}

http1_body http1_body::with_chunks() noexcept {
  http1_body body;
  body.step_ = step::size_first;
  return body;
}

http1_body http1_body::until_close() noexcept {
  http1_body body;
  body.ends_connection_ = true;
  return body;
}

result<http1_body> http1_body::of(const http_head& head, std::string_view method) {
  const auto chunked = is_chunked(head.headers);
  if (!chunked) return chunked.error();
  const auto length = content_length(head.headers);
  if (!length) return length.error();
  if (method == "HEAD" || head.status / 100 == 1 || head.status == 204 || head.status == 304)
    return with_length(0);
  if (*chunked) {
    auto body = with_chunks();
    body.ends_connection_ = length->has_value();
    return body;
  }
  return *length ? with_length(**length) : until_close();
}

struct http1_body::failure {
  errc code;
  std::string_view why;
};

error http1_body::fail(const failure& why) {
  step_ = step::failed;
  failure_ = &why;
  error e = protocol(why.why);
  e.code = why.code;
  return e;
}

result<std::string_view> http1_body::next(std::string_view& input) {
  while (!input.empty() && step_ != step::done) {
    if (step_ == step::until_close) return std::exchange(input, {});
    if (step_ == step::failed) return fail(*failure_);
    if (step_ == step::length || step_ == step::chunk) {
      const auto size = std::min<std::uint64_t>(remaining_, input.size());
      const auto piece = input.substr(0, static_cast<std::size_t>(size));
      input.remove_prefix(piece.size());
      remaining_ -= size;
      if (remaining_ == 0) step_ = step_ == step::chunk ? step::chunk_cr : step::done;
      return piece;
    }
    if (const failure* why = take_framing(input.front())) return fail(*why);
    input.remove_prefix(1);
  }
  return std::string_view{};
}

// Lines end in CR LF and nothing else: what a bare LF means is where readers disagree, and a
// disagreement between a proxy and us is how answers get mixed up.
const http1_body::failure* http1_body::take_framing(char c) {
  static constexpr failure size_end{errc::protocol, "a chunk's size does not end in CR LF"};
  static constexpr failure too_long{errc::protocol, "a chunk is longer than its size says"};
  static constexpr failure chunk_end{errc::protocol, "a chunk does not end in CR LF"};
  if (step_ == step::size_lf) {
    if (c != '\n') return &size_end;
    step_ = remaining_ == 0 ? step::trailer : step::chunk;
    overhead_ = 0;
  } else if (step_ == step::chunk_cr) {
    if (c != '\r') return &too_long;
    step_ = step::chunk_lf;
  } else if (step_ == step::chunk_lf) {
    if (c != '\n') return &chunk_end;
    step_ = step::size_first;
  } else if (step_ == step::size_first || step_ == step::size || step_ == step::extension) {
    return take_size(c);
  } else {
    return take_trailer(c);
  }
  return nullptr;
}

const http1_body::failure* http1_body::take_size(char c) {
  static constexpr failure not_a_number{errc::protocol, "a chunk's size is not a number"};
  static constexpr failure too_many{errc::too_large, "a chunk's size has more than 16 digits"};
  static constexpr failure bare_lf{errc::protocol, "a chunk's size does not end in CR LF"};
  static constexpr failure too_long{errc::too_large,
                                    "a chunk's extension is longer than the limit"};
  const int digit = text::hex_value(c);
  if (step_ != step::extension && digit >= 0) {
    if (step_ == step::size_first) digits_ = 0;
    if (++digits_ > 16) return &too_many;
    remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(digit);
    step_ = step::size;
    return nullptr;
  }
  if (step_ == step::size_first) return &not_a_number;
  if (c == '\r') {
    step_ = step::size_lf;
    return nullptr;
  }
  // Some old servers pad the size with spaces.
  if (step_ == step::size && c != ';' && c != ' ' && c != '\t') return &not_a_number;
  if (step_ == step::size) overhead_ = 0;
  step_ = step::extension;
  if (c == '\n') return &bare_lf;
  return ++overhead_ > limits::http_chunk_extension_bytes ? &too_long : nullptr;
}

const http1_body::failure* http1_body::take_trailer(char c) {
  static constexpr failure too_long{errc::too_large, "its trailers are longer than the limit"};
  static constexpr failure line_end{errc::protocol, "a trailer does not end in CR LF"};
  if (++overhead_ > limits::http_head_bytes) return &too_long;
  if (step_ == step::trailer_lf || step_ == step::last_lf) {
    if (c != '\n') return &line_end;
    step_ = step_ == step::last_lf ? step::done : step::trailer;
    return nullptr;
  }
  if (c == '\n') return &line_end;
  if (c == '\r') {
    step_ = step_ == step::trailer ? step::last_lf : step::trailer_lf;
  } else {
    step_ = step::trailer_line;
  }
  return nullptr;
}

result<void> http1_body::close() {
  if (step_ == step::until_close) step_ = step::done;
  if (step_ == step::done) return {};
  if (failure_ != nullptr) return fail(*failure_);
  return error{.code = errc::truncated,
               .retry = retry_class::maybe_billed,
               .message = "the connection closed before the end of the answer"};
}

}  // namespace ark::wire
