#include "wire/event_stream.hpp"

#include "base/text.hpp"

#include <zlib.h>
#include <algorithm>

namespace ark::wire {
namespace {

error broken(std::string what) { return {.code = errc::protocol, .message = std::move(what)}; }

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::size_t length_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(big_endian(bytes.substr(at, 4)));
}

/// The four bytes behind the first `size` are their CRC-32.
bool has_checksum(std::string_view bytes, std::size_t size) {
  const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), size);
  return sum == big_endian(bytes.substr(size, 4));
}

/// Bytes that are taken from the front, or the want of them.
class header_bytes {
 public:
  explicit header_bytes(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  bool cut() const { return cut_; }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      cut_ = true;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::size_t take_length(std::size_t size) {
    return static_cast<std::size_t>(big_endian(take(size)));
  }

 private:
  std::string_view rest_;
  bool cut_ = false;
};

std::int64_t signed_number(std::string_view bytes) {
  const unsigned unused = static_cast<unsigned>(64 - 8 * bytes.size());
  return static_cast<std::int64_t>(big_endian(bytes) << unused) >> unused;
}

void take_value(header_bytes& in, event_header& out) {
  switch (out.type) {
    case event_value::boolean_true:
    case event_value::boolean_false:
      out.number = out.type == event_value::boolean_true;
      return;
    case event_value::int8:
    case event_value::int16:
    case event_value::int32:
    case event_value::int64: {
      const auto bytes = in.take(std::size_t{1} << (static_cast<unsigned>(out.type) -
                                                    static_cast<unsigned>(event_value::int8)));
      if (!bytes.empty()) out.number = signed_number(bytes);
      return;
    }
    case event_value::timestamp:
      if (const auto bytes = in.take(8); !bytes.empty()) out.number = signed_number(bytes);
      return;
    case event_value::bytes:
    case event_value::text:
      out.bytes = in.take(in.take_length(2));
      return;
    case event_value::uuid:
      out.bytes = in.take(16);
      return;
  }
}

result<void> read_headers(std::string_view bytes, std::vector<event_header>& out) {
  header_bytes in(bytes);
  while (!in.empty()) {
    event_header header;
    header.name = in.take(in.take_length(1));
    const auto type = in.take(1);
    if (in.cut()) return broken("a header is cut short");
    if (header.name.empty()) return broken("a header has no name");
    const auto kind = static_cast<unsigned char>(type.front());
    if (kind > static_cast<unsigned char>(event_value::uuid))
      return broken("a header has the unknown type " + std::to_string(kind));
    header.type = static_cast<event_value>(kind);
    take_value(in, header);
    if (in.cut()) return broken("a header is cut short");
    out.push_back(header);
  }
  return {};
}

std::string_view text_of(const event_message& m, std::string_view name) {
  for (const event_header& h : m.headers)
    if (h.name == name && h.type == event_value::text) return h.bytes;
  return {};
}

}  // namespace

result<std::size_t> event_message_size(std::string_view prelude) {
  if (prelude.size() < event_prelude_bytes) return broken("the prelude is cut short");
  // The checksum first: a length that was changed on the way means nothing.
  if (!has_checksum(prelude, 8)) return broken("the prelude's checksum is wrong");
  const std::size_t total = length_at(prelude, 0), headers = length_at(prelude, 4);
  if (total < event_prelude_bytes + 4 || headers > total - event_prelude_bytes - 4)
    return broken("the lengths do not fit each other");
  if (total > most_event_message_bytes || headers > most_event_header_bytes)
    return error{.code = errc::too_large, .message = "it is longer than the format allows"};
  return total;
}

result<event_message> parse_event_message(std::string_view bytes) {
  const auto size = event_message_size(bytes);
  if (!size) return size.error();
  if (*size != bytes.size()) return broken("the length is not that of the bytes");
  if (!has_checksum(bytes, *size - 4)) return broken("the checksum is wrong");
  event_message out;
  out.headers.reserve(4);  // vendors send three
  const std::size_t headers = length_at(bytes, 4);
  if (auto read = read_headers(bytes.substr(event_prelude_bytes, headers), out.headers); !read)
    return read.error();
  const std::size_t begin = event_prelude_bytes + headers;
  out.payload = bytes.substr(begin, *size - 4 - begin);
  return out;
}

result<std::size_t> event_stream_reader::size_of(std::string_view prelude) const {
  const auto size = event_message_size(prelude);
  if (!size || *size <= max_event_bytes_) return size;
  return error{
      .code = errc::too_large,
      .message = "it is longer than the limit of " + std::to_string(max_event_bytes_) + " bytes"};
}

/// Moves bytes into `partial_` until it has `size` of them; the rest.
std::string_view event_stream_reader::fill(std::string_view bytes, std::size_t size) {
  const std::size_t wanted = std::min(bytes.size(), size - std::min(size, partial_.size()));
  partial_.append(bytes.substr(0, wanted));
  return bytes.substr(wanted);
}

result<void> event_stream_reader::feed(std::string_view bytes, const callback& each) {
  while (!stopped_ && outcome_ && !bytes.empty()) {
    if (!partial_.empty() || bytes.size() < event_prelude_bytes)
      bytes = fill(bytes, event_prelude_bytes);
    const std::string_view begun = partial_.empty() ? bytes : std::string_view(partial_);
    if (begun.size() < event_prelude_bytes) break;
    const auto size = size_of(begun.substr(0, event_prelude_bytes));
    if (!size) {
      outcome_ = error{.code = size.error().code,
                       .message = "message " + std::to_string(messages_ + 1) +
                                  " of the event stream is bad: " + size.error().message};
      break;
    }
    if (partial_.empty() && bytes.size() >= *size) {
      outcome_ = take(bytes.substr(0, *size), each);
      bytes.remove_prefix(*size);
      continue;
    }
    partial_.reserve(*size);
    bytes = fill(bytes, *size);
    if (partial_.size() < *size) break;
    outcome_ = take(partial_, each);
    partial_.clear();
  }
  return outcome_;
}

result<void> event_stream_reader::take(std::string_view message, const callback& each) {
  ++messages_;
  const auto parsed = parse_event_message(message);
  if (!parsed)
    return error{.code = errc::protocol,
                 .message = "message " + std::to_string(messages_) +
                            " of the event stream is bad: " + parsed.error().message};
  const std::string_view kind = text_of(*parsed, ":message-type");
  std::string_view data = parsed->payload;
  if (kind == "exception") {
    type_ = "exception:" + std::string(text_of(*parsed, ":exception-type"));
  } else if (kind == "error") {
    type_ = "error:" + std::string(text_of(*parsed, ":error-code"));
    if (data.empty()) data = text_of(*parsed, ":error-message");
  } else {
    type_ = text_of(*parsed, ":event-type");
  }
  if (!text::is_utf8(type_)) type_ = text::repair_utf8(type_);
  if (!text::is_utf8(data)) data = repaired_ = text::repair_utf8(data);
  if (!each({type_, data, {}})) stopped_ = true;
  return {};
}

result<void> event_stream_reader::finish(const callback&) {
  partial_.clear();
  stopped_ = true;
  return outcome_;
}

}  // namespace ark::wire
