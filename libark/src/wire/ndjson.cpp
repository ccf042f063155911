#include "wire/ndjson.hpp"

#include "base/text.hpp"

namespace ark::wire {

result<void> ndjson_reader::outcome() const {
  if (state_ != state::too_large) return {};
  return error{.code = errc::too_large,
               .message = "a line of the stream is longer than the limit of " +
                          std::to_string(max_line_bytes_) + " bytes"};
}

result<void> ndjson_reader::feed(std::string_view bytes,
                                 const std::function<bool(const sse_event&)>& each) {
  while (state_ == state::open && !bytes.empty()) {
    const auto end = bytes.find('\n');
    keep(bytes.substr(0, partial_.empty() && end != bytes.npos ? 0 : end));
    if (end == bytes.npos || state_ != state::open) break;
    if (partial_.empty()) {
      take_line(bytes.substr(0, end), each);
    } else {
      take_line(partial_, each);
      partial_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
  return outcome();
}

result<void> ndjson_reader::finish(const std::function<bool(const sse_event&)>& each) {
  if (state_ == state::open) take_line(partial_, each);
  partial_.clear();
  if (state_ == state::open) state_ = state::stopped;
  return outcome();
}

void ndjson_reader::keep(std::string_view rest) {
  // One byte more is the CR that does not count.
  if (partial_.size() + rest.size() > max_line_bytes_ + 1) {
    state_ = state::too_large;
    partial_.clear();
  } else {
    partial_.append(rest);
  }
}

void ndjson_reader::take_line(std::string_view line,
                              const std::function<bool(const sse_event&)>& each) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > max_line_bytes_) {
    state_ = state::too_large;
    return;
  }
  if (line.find_first_not_of(" \t\r") == line.npos) return;
  if (!text::is_utf8(line)) line = repaired_ = text::repair_utf8(line);
  if (!each({"message", line, {}})) state_ = state::stopped;
}

}  // namespace ark::wire
