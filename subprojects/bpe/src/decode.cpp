#include "bpe/encoder.hpp"
#include "image.hpp"
#include "unicode.hpp"

namespace bpe {
namespace {

constexpr std::string_view space_mark = "\xE2\x96\x81";

void append_unmarked(std::string& out, std::string_view text) {
  for (;;) {
    const std::size_t at = text.find(space_mark);
    out.append(text.substr(0, at));
    if (at == std::string_view::npos) return;
    out.push_back(' ');
    text.remove_prefix(at + space_mark.size());
  }
}

/// The byte that `<0xNN>` stands for; -1 if the token is not one.
int fallback_byte(const image_view& v, token_id id, std::string_view text) {
  if (!v.has(flag_byte_fallback) || text.size() != 6 || !text.starts_with("<0x")) return -1;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  const int byte = digit(text[3]) * 16 + digit(text[4]);
  return byte >= 0 && byte < 256 && v.byte_ids[static_cast<std::size_t>(byte)] == id ? byte : -1;
}

/// Bytes of a maximal invalid part at `p`: a truncated sequence counts as one.
std::size_t invalid_length(const char* p, const char* end) {
  for (std::size_t length = 3; length > 1; --length) {
    if (end - p < static_cast<std::ptrdiff_t>(length)) continue;
    if (incomplete_tail({p, length}) == length) return length;
  }
  return 1;
}

result<std::string> checked(std::string bytes, utf8 form) {
  std::string out;
  const char* const end = bytes.data() + bytes.size();
  const char* kept = bytes.data();
  for (const char* p = kept; p < end;) {
    const decoded c = decode_utf8(p, end);
    if (c.valid) {
      p += c.length;
      continue;
    }
    if (form == utf8::strict) {
      return error{errc::invalid_utf8, "the tokens are not UTF-8 at byte " +
                                           std::to_string(p - bytes.data()) + " of their text"};
    }
    out.append(kept, p);
    append_utf8(out, replacement_character);
    p += invalid_length(p, end);
    kept = p;
  }
  if (kept == bytes.data()) return bytes;
  out.append(kept, end);
  return out;
}

}  // namespace

result<std::string> decode(const vocabulary& vocab, std::span<const token_id> ids, utf8 form) {
  const image_view& v = vocab.image();
  std::string out;
  for (const token_id id : ids) {
    const std::string_view text = vocab.bytes_of(id);
    if (text.empty()) {
      return error{errc::unknown_id, "the vocabulary has no token " + std::to_string(id)};
    }
    if (const int byte = fallback_byte(v, id, text); byte >= 0) {
      out.push_back(static_cast<char>(byte));
    } else if (v.has(flag_spaces_marked)) {
      append_unmarked(out, text);
    } else {
      out.append(text);
    }
  }
  if (form == utf8::bytes) return out;
  return checked(std::move(out), form);
}

}  // namespace bpe
