#include "json_reader.hpp"
#include "tokenizer_json.hpp"

namespace bpe {
namespace {

using kind = json_reader::kind;

/// A string, or nothing for null.
bool read_text(json_reader& in, std::string& out) {
  out.clear();
  return in.peek() == kind::string ? in.read_string(out) : in.skip();
}

void read_flag(json_reader& in, bool& out) {
  if (in.peek() == kind::boolean) {
    in.read_bool(out);
  } else {
    in.skip();
  }
}

/// Whether it has an id.
bool read_added(json_reader& in, vocabulary_source::added& out) {
  const auto flag = [&](std::uint32_t bit, bool otherwise) {
    bool on = otherwise;
    read_flag(in, on);
    out.flags = on ? out.flags | bit : out.flags & ~bit;
  };
  bool has_id = false;
  std::string name;
  in.enter_object();
  while (in.next_member(name)) {
    if (name == "content") {
      in.read_string(out.text);
    } else if (name == "id") {
      has_id = in.read_unsigned(out.id);
    } else if (name == "special") {
      flag(special_control, false);
    } else if (name == "normalized") {
      flag(special_normalized, true);
    } else if (name == "lstrip") {
      flag(special_strip_left, false);
    } else if (name == "rstrip") {
      flag(special_strip_right, false);
    } else if (name == "single_word") {
      flag(special_whole_word, false);
    } else {
      in.skip();
    }
  }
  return has_id;
}

/// `{"Regex": TEXT}`, `{"String": TEXT}` or a bare string.
void read_pattern(json_reader& in, json_step& out) {
  if (in.peek() != kind::object) {
    read_text(in, out.pattern);
    return;
  }
  std::string name;
  in.enter_object();
  while (in.next_member(name)) {
    out.regex = name == "Regex";
    read_text(in, out.pattern);
  }
}

/// Appends a step, or the steps of a Sequence.
void read_steps(json_reader& in, std::vector<json_step>& out) {
  if (in.peek() != kind::object) {
    in.skip();
    return;
  }
  json_step step;
  std::string name;
  in.enter_object();
  while (in.next_member(name)) {
    if (name == "type") {
      read_text(in, step.type);
    } else if (name == "pattern") {
      read_pattern(in, step);
    } else if (name == "content" || name == "prepend") {
      read_text(in, step.content);
    } else if (name == "behavior") {
      read_text(in, step.behavior);
    } else if (name == "invert") {
      read_flag(in, step.invert);
    } else if (name == "use_regex") {
      read_flag(in, step.use_regex);
    } else if (name == "add_prefix_space") {
      read_flag(in, step.add_prefix_space);
    } else if ((name == "normalizers" || name == "pretokenizers") && in.peek() == kind::array) {
      in.enter_array();
      while (in.next_item()) read_steps(in, out);
    } else {
      in.skip();
    }
  }
  if (step.type != "Sequence") out.push_back(std::move(step));
}

void read_vocab(json_reader& in, json_tokenizer& out) {
  std::string name;
  if (!in.enter_object()) return;
  while (in.next_member(name)) {
    std::uint32_t id = 0;
    if (!in.read_unsigned(id)) return;
    out.vocab.emplace_back(std::move(name), id);
  }
}

/// Pairs, or strings "LEFT RIGHT".
void read_merges(json_reader& in, json_tokenizer& out, bool& well_formed) {
  if (!in.enter_array()) return;
  std::string left;
  std::string right;
  while (in.next_item()) {
    if (in.peek() == kind::array) {
      in.enter_array();
      well_formed &= in.next_item() && in.read_string(left) && in.next_item() &&
                     in.read_string(right) && !in.next_item();
    } else if (in.read_string(left)) {
      const std::size_t space = left.find(' ', 1);
      well_formed &= space != std::string::npos;
      if (space == std::string::npos) return;
      right = left.substr(space + 1);
      left.resize(space);
    }
    if (in.failed() || !well_formed) return;
    out.merges.emplace_back(left, right);
  }
}

void read_model(json_reader& in, json_tokenizer& out, bool& well_formed) {
  std::string name;
  std::string text;
  if (!in.enter_object()) return;
  while (well_formed && in.next_member(name)) {
    if (name == "type") {
      read_text(in, out.model_type);
    } else if (name == "byte_fallback") {
      read_flag(in, out.byte_fallback);
    } else if (name == "ignore_merges") {
      read_flag(in, out.ignore_merges);
    } else if (name == "continuing_subword_prefix" || name == "end_of_word_suffix") {
      read_text(in, text);
      out.affixes |= !text.empty();
    } else if (name == "dropout") {
      out.affixes |= in.peek() != kind::null;
      in.skip();
    } else if (name == "vocab" && in.peek() == kind::object) {
      read_vocab(in, out);
    } else if (name == "merges") {
      read_merges(in, out, well_formed);
    } else {
      in.skip();
    }
  }
}

}  // namespace

result<json_tokenizer> read_tokenizer_json(std::string_view json) {
  json_tokenizer out;
  json_reader in(json);
  bool well_formed = true;
  bool ids_told = true;
  std::string name;
  in.enter_object();
  while (well_formed && in.next_member(name)) {
    if (name == "model") {
      read_model(in, out, well_formed);
    } else if (name == "added_tokens" && in.peek() == kind::array) {
      in.enter_array();
      while (in.next_item()) {
        out.added_tokens.push_back({{}, 0, special_normalized});
        ids_told &= read_added(in, out.added_tokens.back());
      }
    } else if (name == "normalizer") {
      read_steps(in, out.normalizers);
    } else if (name == "pre_tokenizer") {
      read_steps(in, out.pre_tokenizers);
    } else {
      in.skip();
    }
  }
  if (well_formed) in.finish();
  if (in.failed()) return error{errc::malformed, "tokenizer.json: " + in.failure()};
  if (!well_formed) return error{errc::malformed, "tokenizer.json: a merge is not a pair"};
  if (!ids_told) return error{errc::malformed, "tokenizer.json: an added token has no id"};
  return out;
}

}  // namespace bpe
