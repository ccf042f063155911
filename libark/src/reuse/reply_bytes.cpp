#include "reuse/reply_bytes.hpp"

#include <cstring>
#include <type_traits>
#include <utility>

namespace ark::detail {
namespace {

/// A change of the fields, or of an enumeration's order, is a new form.
constexpr std::uint8_t form = 1;

// The fields, once for writing and reading.
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, text_part> ||
           std::is_same_v<std::remove_const_t<T>, refusal_part>
void fields(A& a, T& p) {
  a(p.text);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, image_part>
void fields(A& a, T& p) {
  a(p.url, p.bytes, p.media_type, p.detail, p.file_id);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, audio_part> ||
           std::is_same_v<std::remove_const_t<T>, video_part>
void fields(A& a, T& p) {
  a(p.url, p.bytes, p.media_type, p.file_id);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, document_part>
void fields(A& a, T& p) {
  a(p.url, p.bytes, p.media_type, p.name, p.file_id, p.context, p.citations);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, reasoning_part>
void fields(A& a, T& p) {
  a(p.text, p.signature, p.opaque);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, tool_call_part>
void fields(A& a, T& p) {
  a(p.id, p.name, p.arguments);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, tool_result_part>
void fields(A& a, T& p) {
  a(p.tool_call_id, p.name, p.text, p.is_error);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, message>
void fields(A& a, T& m) {
  a(m.role, m.parts, m.name, m.cache);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, citation>
void fields(A& a, T& c) {
  a(c.url, c.title, c.text, c.start, c.end, c.document_index, c.document_id);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, token_probability>
void fields(A& a, T& t) {
  a(t.token, t.logprob, t.bytes);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, token_logprob>
void fields(A& a, T& t) {
  a(t.chosen, t.top);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, cost>
void fields(A& a, T& c) {
  a(c.status, c.currency, c.value, c.low, c.high, c.price_hash);
}
template <class A, class T>
  requires std::is_same_v<std::remove_const_t<T>, reply>
void fields(A& a, T& r) {
  a(r.message, r.finish, r.vendor_finish_reason, r.id, r.model, r.cost, r.citations, r.logprobs);
}

template <class T>
inline constexpr bool is_plain =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, amount>;

class packing {
 public:
  explicit packing(std::string& out) : out_(out) {}
  template <class... T>
  void operator()(const T&... each) {
    (put(each), ...);
  }

 private:
  template <class T>
  void put(const T& value) {
    if constexpr (is_plain<T>)
      out_.append(reinterpret_cast<const char*>(&value), sizeof value);
    else
      fields(*this, value);
  }
  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    out_ += text;
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put(std::uint64_t{list.size()});
    for (const T& each : list) put(each);
  }
  void put(const part& p) {
    put(static_cast<std::uint8_t>(p.index()));
    std::visit([this](const auto& each) { fields(*this, each); }, p);
  }

  std::string& out_;
};

/// Past the end of the bytes everything is empty, and `is_whole` is false.
class unpacking {
 public:
  explicit unpacking(std::string_view bytes) : bytes_(bytes) {}
  template <class... T>
  void operator()(T&... each) {
    (get(each), ...);
  }
  bool is_whole() const noexcept { return !failed_ && bytes_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    failed_ = failed_ || size > bytes_.size();
    if (failed_) return {};
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      const auto taken = take(1);
      value = !taken.empty() && taken.front() != 0;
    } else if constexpr (is_plain<T>) {
      const auto taken = take(sizeof value);
      if (!taken.empty()) std::memcpy(&value, taken.data(), sizeof value);
    } else {
      fields(*this, value);
    }
  }
  void get(std::string& text) {
    std::uint64_t size = 0;
    get(size);
    text = take(size);
  }
  template <class T>
  void get(std::vector<T>& list) {
    std::uint64_t size = 0;
    get(size);
    // Each element has at least a byte: a wrong size cannot ask for more memory than there are.
    failed_ = failed_ || size > bytes_.size();
    for (std::uint64_t i = 0; i < size && !failed_; ++i) get(list.emplace_back());
  }
  void get(part& p) {
    std::uint8_t kind = 0;
    get(kind);
    if (!begin_part(p, kind, std::make_index_sequence<std::variant_size_v<part>>{})) failed_ = true;
  }
  template <std::size_t... kinds>
  bool begin_part(part& p, std::size_t kind, std::index_sequence<kinds...>) {
    return ((kind == kinds && (fields(*this, p.emplace<kinds>()), true)) || ...);
  }

  std::string_view bytes_;
  bool failed_ = false;
};

}  // namespace

std::string pack_reply(const reply& r) {
  std::string out(1, static_cast<char>(form));
  packing p{out};
  fields(p, r);
  return out;
}

std::optional<reply> unpack_reply(std::string_view bytes) {
  if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != form) return std::nullopt;
  unpacking u{bytes.substr(1)};
  reply out;
  fields(u, out);
  if (!u.is_whole()) return std::nullopt;
  return out;
}

}  // namespace ark::detail
