#include "bpe/jsonl.hpp"

#include <optional>

#include "json_reader.hpp"

namespace bpe {
namespace {

struct row {
  std::string id = "null";
  std::optional<std::string> text;
  std::optional<std::vector<token_id>> ids;
};

void read_ids(json_reader& in, std::vector<token_id>& out) {
  out.clear();
  in.enter_array();
  while (in.next_item()) {
    token_id id = 0;
    if (!in.read_unsigned(id)) return;
    out.push_back(id);
  }
}

result<row> read_row(std::string_view line) {
  row out;
  json_reader in(line, json_reader::lone_surrogates::replace);
  std::string name;
  in.enter_object();
  while (in.next_member(name)) {
    if (name == "id") {
      in.peek();
      const std::size_t from = in.offset();
      in.skip();
      out.id = line.substr(from, in.offset() - from);
    } else if (name == "text") {
      in.read_string(out.text.emplace());
    } else if (name == "ids") {
      read_ids(in, out.ids.emplace());
    } else {
      in.skip();
    }
  }
  in.finish();
  if (in.failed()) return error{errc::malformed, "not a row of JSON: " + in.failure()};
  return out;
}

result<row> read_text_row(std::string_view line) {
  auto out = read_row(line);
  if (out && !out->text) return error{errc::malformed, "the row has no \"text\""};
  return out;
}

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out.push_back('\\');
    if (byte >= 0x20) {
      out.push_back(c);
    } else {
      out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
  return out + '"';
}

}  // namespace

result<std::string> count_row(encoder& with, std::string_view line, special specials) {
  const auto in = read_text_row(line);
  if (!in) return in.failure();
  const auto count = with.count(*in->text, specials);
  if (!count) return count.failure();
  return "{\"id\":" + in->id + ",\"count\":" + std::to_string(*count) + "}";
}

result<std::string> encode_row(encoder& with, std::string_view line, special specials) {
  const auto in = read_text_row(line);
  if (!in) return in.failure();
  std::vector<token_id> ids;
  const auto count = with.encode(*in->text, ids, specials);
  if (!count) return count.failure();
  std::string out = "{\"id\":" + in->id + ",\"ids\":[";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out.push_back(',');
    out += std::to_string(ids[i]);
  }
  return out + "]}";
}

result<std::string> decode_row(const vocabulary& vocab, std::string_view line) {
  const auto in = read_row(line);
  if (!in) return in.failure();
  if (!in->ids) return error{errc::malformed, "the row has no \"ids\""};
  const auto text = decode(vocab, *in->ids, utf8::lossy);
  if (!text) return text.failure();
  return "{\"id\":" + in->id + ",\"text\":" + quoted(*text) + "}";
}

}  // namespace bpe
