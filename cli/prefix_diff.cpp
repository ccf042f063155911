#include "cli/prefix_diff.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "client/meter.hpp"
#include "sign/digest.hpp"

namespace ark::cli {
namespace {

template <class Media>
prompt_piece medium(std::string place, const Media& m) {
  const std::string what = !m.url.empty()       ? m.url
                           : !m.file_id.empty() ? m.file_id
                                                : sign::sha256_hex(m.bytes);
  return {std::move(place), m.media_type + " " + what, true};
}

prompt_piece piece_of(const part& p, const std::string& place) {
  if (const auto* t = std::get_if<text_part>(&p)) return {place, t->text};
  if (const auto* r = std::get_if<reasoning_part>(&p))
    return {place + ".reasoning", r->text + r->signature + r->opaque};
  if (const auto* c = std::get_if<tool_call_part>(&p))
    return {place + ".tool_call", c->id + " " + c->name + " " + c->arguments};
  if (const auto* r = std::get_if<tool_result_part>(&p))
    return {place + ".tool_result", r->tool_call_id + " " + r->name + " " + r->text};
  if (const auto* f = std::get_if<refusal_part>(&p)) return {place + ".refusal", f->text};
  if (const auto* i = std::get_if<image_part>(&p)) return medium(place + ".image", *i);
  if (const auto* a = std::get_if<audio_part>(&p)) return medium(place + ".audio", *a);
  if (const auto* v = std::get_if<video_part>(&p)) return medium(place + ".video", *v);
  const auto& d = std::get<document_part>(p);
  return medium(place + ".document", d);
}

std::int64_t tokens_of(const prompt_piece& p) { return p.is_medium ? 0 : estimate_tokens(p.text); }

std::int64_t tokens_from(const std::vector<prompt_piece>& pieces, std::size_t first) {
  std::int64_t sum = 0;
  for (std::size_t i = first; i < pieces.size(); ++i) sum += tokens_of(pieces[i]);
  return sum;
}

bool same(const prompt_piece& a, const prompt_piece& b) {
  return a.text == b.text && a.is_medium == b.is_medium;
}

/// Most tokens of pieces that are in both lists in the same order, from `first` on.
std::int64_t common_tokens(const std::vector<prompt_piece>& a, const std::vector<prompt_piece>& b,
                           std::size_t first) {
  if (first >= a.size() || first >= b.size()) return 0;
  const std::size_t width = b.size() - first + 1;
  std::vector<std::int64_t> above(width, 0), row(width, 0);
  for (std::size_t i = a.size(); i-- > first;) {
    for (std::size_t k = width - 1; k-- > 0;) {
      row[k] = std::max(above[k], row[k + 1]);
      if (same(a[i], b[first + k])) row[k] = std::max(row[k], above[k + 1] + tokens_of(a[i]));
    }
    above = row;
  }
  return above[0];
}

/// Tokens of what both end with, behind their first difference.
std::int64_t common_ending(std::string_view a, std::string_view b, std::size_t from) {
  const std::size_t most = std::min(a.size(), b.size()) - from;
  std::size_t n = 0;
  while (n < most && a[a.size() - 1 - n] == b[b.size() - 1 - n]) ++n;
  return estimate_tokens(a.substr(a.size() - n));
}

/// Reads JSON from its beginning to a byte, and says what encloses it.
class path_reader {
 public:
  path_reader(std::string_view json, std::size_t end) : json_(json.substr(0, end)) {}

  std::string path() {
    while (at_ < json_.size()) step();
    std::string out = "$";
    for (const level& each : levels_)
      out += each.is_array      ? "[" + std::to_string(each.index) + "]"
             : each.key.empty() ? ""
                                : "." + each.key;
    return out;
  }

 private:
  struct level {
    bool is_array = false;
    std::size_t index = 0;
    std::string key;
    bool at_value = false;  ///< behind the key's colon
  };

  void step() {
    const char c = json_[at_++];
    if (c == '{') levels_.push_back({});
    if (c == '[') levels_.push_back({.is_array = true});
    if ((c == '}' || c == ']') && !levels_.empty()) levels_.pop_back();
    if (c == '"') return string();
    if (levels_.empty()) return;
    if (c == ':') levels_.back().at_value = true;
    if (c == ',') {
      levels_.back().at_value = false;
      ++levels_.back().index;
    }
  }
  void string() {
    const std::size_t begin = at_;
    while (at_ < json_.size() && json_[at_] != '"') at_ += json_[at_] == '\\' ? 2 : 1;
    const bool is_key = !levels_.empty() && !levels_.back().is_array && !levels_.back().at_value;
    if (is_key) levels_.back().key = json_.substr(begin, std::min(at_, json_.size()) - begin);
    at_ = std::min(at_ + 1, json_.size());
  }

  std::string_view json_;
  std::size_t at_ = 0;
  std::vector<level> levels_;
};

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::vector<prompt_piece> pieces_of(const call& c) {
  std::vector<prompt_piece> out;
  for (std::size_t i = 0; i < c.tools.size(); ++i) {
    const std::string place = "tools[" + std::to_string(i) + "]";
    out.push_back({place + ".name", c.tools[i].name});
    out.push_back({place + ".description", c.tools[i].description});
    out.push_back({place + ".parameters", c.tools[i].parameters});
  }
  for (std::size_t i = 0; i < c.messages.size(); ++i) {
    const message& m = c.messages[i];
    const std::string place =
        "messages[" + std::to_string(i) + "] (" + std::string(to_string(m.role)) + ")";
    // Who speaks is part of the prompt.
    out.push_back({place + ".role", std::string(to_string(m.role)) + m.name});
    for (const part& p : m.parts) out.push_back(piece_of(p, place));
  }
  return out;
}

prefix_difference compare(const std::vector<prompt_piece>& a, const std::vector<prompt_piece>& b) {
  prefix_difference out;
  out.first_tokens = tokens_from(a, 0);
  out.second_tokens = tokens_from(b, 0);
  std::size_t i = 0;
  while (i < a.size() && i < b.size() && same(a[i], b[i])) out.kept_tokens += tokens_of(a[i++]);
  if (i == a.size() || i == b.size()) return out;
  out.differs = true;
  out.place = b[i].place;
  out.offset = common_prefix(a[i].text, b[i].text);
  constexpr std::size_t width = 30;
  out.first = around(a[i].text, out.offset, width);
  out.second = around(b[i].text, out.offset, width);
  if (!a[i].is_medium && !b[i].is_medium) {
    out.kept_tokens += estimate_tokens(std::string_view(b[i].text).substr(0, out.offset));
    out.lost_tokens += common_ending(a[i].text, b[i].text, out.offset);
  }
  // A piece that one of them has more moves those behind it: they count as the same.
  out.lost_tokens = std::max(out.lost_tokens + common_tokens(a, b, i + 1), common_tokens(a, b, i));
  out.lost_tokens = std::min(out.lost_tokens, out.second_tokens - out.kept_tokens);
  return out;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto most = std::min(a.size(), b.size());
  std::size_t n = 0;
  while (n < most && a[n] == b[n]) ++n;
  return n;
}

std::string around(std::string_view text, std::size_t at, std::size_t width) {
  std::size_t begin = at > width ? at - width : 0;
  std::size_t end = std::min(at + width, text.size());
  while (begin > 0 && continues(text[begin])) --begin;
  while (end < text.size() && continues(text[end])) ++end;
  std::string out = begin > 0 ? "..." : "";
  for (const char c : text.substr(begin, end - begin)) out += c == '\n' || c == '\t' ? ' ' : c;
  return out + (end < text.size() ? "..." : "");
}

std::string json_path_at(std::string_view json, std::size_t at) {
  return path_reader(json, std::min(at, json.size())).path();
}

}  // namespace ark::cli
