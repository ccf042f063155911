#include "net/inflater.hpp"

#include "net/failures.hpp"

#include <zlib.h>

namespace ark::net {

struct inflater::state {
  explicit state(coding c) : how(c) {}
  ~state() {
    if (begun) inflateEnd(&stream);
  }
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  coding how;
  bool begun = false;
  bool ended = false;  ///< at the end of a member
  std::uint64_t taken = 0;
  std::uint64_t given = 0;
  z_stream stream{};
};

inflater::inflater(coding c) : state_(std::make_unique<state>(c)) {}
inflater::~inflater() = default;
inflater::inflater(inflater&&) noexcept = default;
inflater& inflater::operator=(inflater&&) noexcept = default;

bool inflater::complete() const noexcept { return state_->ended; }

result<void> inflater::begin(unsigned char first_byte) {
  constexpr int window = 15;
  constexpr int gzip_format = 16;
  // "deflate" should be zlib's format, and some servers send it bare; zlib's begins with 8 in the
  // low four bits and a window size of at most 7 in the high ones (RFC 1950, 2.2).
  const bool zlib_format = (first_byte & 0x0f) == 8 && first_byte >> 4 <= 7;
  const int bits = state_->how == coding::gzip ? window + gzip_format
                   : zlib_format               ? window
                                               : -window;
  if (inflateInit2(&state_->stream, bits) != Z_OK) {
    return failure(errc::too_large, retry_class::never,
                   "There is no memory to decompress the answer.");
  }
  state_->begun = true;
  return {};
}

result<std::size_t> inflater::step(std::string_view& input, std::span<char> out) {
  state& s = *state_;
  if (!s.begun && input.empty()) return std::size_t{0};
  if (!s.begun) {
    if (auto ok = begin(static_cast<unsigned char>(input.front())); !ok) return ok.error();
  }
  if (s.ended) {  // a gzip file may have several members (RFC 1952, 2.2)
    if (input.empty()) return std::size_t{0};
    inflateReset(&s.stream);
    s.ended = false;
  }
  s.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
  s.stream.avail_in = static_cast<uInt>(input.size());
  s.stream.next_out = reinterpret_cast<Bytef*>(out.data());
  s.stream.avail_out = static_cast<uInt>(out.size());
  const int code = inflate(&s.stream, Z_SYNC_FLUSH);
  const std::size_t taken = input.size() - s.stream.avail_in;
  const std::size_t given = out.size() - s.stream.avail_out;
  input.remove_prefix(taken);
  s.taken += taken;
  s.given += given;
  s.ended = code == Z_STREAM_END;
  if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
    return failure(errc::protocol, retry_class::maybe_billed,
                   "The answer's compressed body is damaged.");
  }
  if (s.given > ratio_free_bytes && s.given > s.taken * max_ratio) {
    return failure(errc::too_large, retry_class::maybe_billed,
                   "The answer's compressed body grows more than 250 times, which looks like a "
                   "decompression bomb.");
  }
  return given;
}

}  // namespace ark::net
