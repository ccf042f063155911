#include "wire/sse.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

namespace ark::wire {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

const char* find_byte(const char* from, const char* end, char c) {
  if (from != end && *from == c) return from;  // after nearly every line of data: a blank one
  const void* hit = std::memchr(from, c, static_cast<std::size_t>(end - from));
  return hit == nullptr ? end : static_cast<const char*>(hit);
}

}  // namespace

result<void> sse_reader::outcome() const {
  if (state_ != state::too_large) return {};
  return error{.code = errc::too_large,
               .message = "a server-sent event is longer than the limit of " +
                          std::to_string(max_event_bytes_) + " bytes"};
}

/// The mark counts only as the first bytes of the stream. It may come in pieces, so its beginning
/// waits in `partial_`; bytes that turn out to be something else are a line like any other.
std::string_view sse_reader::skip_mark(std::string_view bytes) {
  while (at_start_ && !bytes.empty()) {
    if (bytes.front() != byte_order_mark[partial_.size()]) {
      at_start_ = false;
    } else {
      partial_ += bytes.front();
      bytes.remove_prefix(1);
      if (partial_.size() == byte_order_mark.size()) {
        partial_.clear();
        at_start_ = false;
      }
    }
  }
  return bytes;
}

result<void> sse_reader::feed(std::string_view bytes, const callback& each) {
  if (at_start_) bytes = skip_mark(bytes);
  if (bytes.empty()) return outcome();
  if (skip_lf_ && bytes.front() == '\n') bytes.remove_prefix(1);
  skip_lf_ = false;
  piece_is_utf8_ = text::is_utf8(bytes);  // once is cheaper than for each event
  const char* here = bytes.data();
  const char* const end = here + bytes.size();
  // Most streams have no CR at all: looking for the next one once keeps the scan linear and cheap.
  const char* next_cr = find_byte(here, end, '\r');
  const char* next_lf = find_byte(here, end, '\n');
  while (state_ == state::open && here != end) {
    const char* const stop = std::min(next_cr, next_lf);
    const std::string_view piece(here, static_cast<std::size_t>(stop - here));
    if (stop == end) {
      keep(piece);
      break;
    }
    here = stop + 1;
    if (stop == next_cr) {
      if (here == end)
        skip_lf_ = true;
      else if (here == next_lf)
        ++here;
      next_cr = find_byte(here, end, '\r');
    }
    if (next_lf < here) next_lf = find_byte(here, end, '\n');
    if (partial_.empty()) {
      take_line(piece, each);
    } else {
      keep(piece);
      if (state_ == state::open) take_line(partial_, each);
      store();
      partial_.clear();
    }
  }
  store();
  return outcome();
}

/// What an unfinished event says must outlive the bytes that said it.
void sse_reader::store() {
  if (!data_.empty()) {
    data_store_.assign(data_);
    data_ = {};
  }
  if (!type_.empty()) {
    type_store_.assign(type_);
    type_ = {};
  }
}

result<void> sse_reader::finish(const callback& each) {
  at_start_ = piece_is_utf8_ = false;
  if (state_ == state::open && !partial_.empty()) take_line(partial_, each);
  if (state_ == state::open) dispatch(each);
  partial_.clear();
  if (state_ == state::open) state_ = state::stopped;
  return outcome();
}

void sse_reader::keep(std::string_view rest) {
  if (partial_.size() + rest.size() > max_event_bytes_) {
    state_ = state::too_large;
    partial_.clear();
  } else {
    partial_.append(rest);
  }
}

void sse_reader::take_line(std::string_view line, const callback& each) {
  if (line.empty()) return dispatch(each);
  if (line.size() > max_event_bytes_) {
    state_ = state::too_large;
    return;
  }
  // "data" first: it is nearly every line of nearly every stream.
  if (line.size() > 5 && std::memcmp(line.data(), "data:", 5) == 0)
    return add_data(line.substr(line[5] == ' ' ? 6 : 5));
  const auto colon = line.find(':');
  if (colon == 0) {
    ++comments_;
    return;
  }
  std::string_view value;
  if (colon != std::string_view::npos) value = line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  if (!take_field(line.substr(0, colon), value)) keep_stray(line);
}

void sse_reader::keep_stray(std::string_view line) {
  constexpr std::size_t most = 64u << 10;
  if (stray_.size() + line.size() >= most) return;
  if (!stray_.empty()) stray_ += '\n';
  stray_ += line;
}

/// False: not a field of the standard.
bool sse_reader::take_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    add_data(value);
  } else if (name == "event") {
    type_ = value;
    type_store_.clear();
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos)
      id_buffer_ = text::is_utf8(value) ? std::string(value) : text::repair_utf8(value);
  } else if (name == "retry") {
    if (value.empty() || !std::all_of(value.begin(), value.end(), text::is_digit)) return true;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), retry_ms_);
    if (read.ec != std::errc{}) retry_ms_ = std::numeric_limits<int>::max();
  } else {
    return false;
  }
  return true;
}

void sse_reader::add_data(std::string_view value) {
  if (!has_data_) {
    has_data_ = true;
    data_ = value;
    return;
  }
  const std::size_t before = data_.size() + data_store_.size();  // one of them is empty
  if (before + 1 + value.size() > max_event_bytes_) {
    state_ = state::too_large;
    return;
  }
  store();
  data_store_ += '\n';
  data_store_.append(value);
}

void sse_reader::dispatch(const callback& each) {
  if (last_event_id_ != id_buffer_) last_event_id_ = id_buffer_;
  if (has_data_) {
    std::string_view data = data_.empty() ? data_store_ : data_;
    std::string_view type = type_.empty() ? type_store_ : type_;
    // Views of a line lie in the piece; what was stored began in another one.
    const bool is_known_utf8 = piece_is_utf8_ && !data_.empty();
    if (!is_known_utf8 && !text::is_utf8(data)) data = data_store_ = text::repair_utf8(data);
    if (!type.empty() && !text::is_utf8(type)) type = type_store_ = text::repair_utf8(type);
    if (!each({type.empty() ? std::string_view("message") : type, data, last_event_id_}))
      state_ = state::stopped;
  }
  has_data_ = false;
  data_ = {};  // not of `type_`: copied when just written, it is waited for
  type_ = {};
  data_store_.clear();
  type_store_.clear();
}

}  // namespace ark::wire
