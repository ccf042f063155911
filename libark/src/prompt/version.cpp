#include "prompt/version.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <map>

#include "sign/digest.hpp"

namespace ark::prompt {

namespace bj = boost::json;

namespace {

/// With the names of all objects in order: equal values are equal texts.
bj::value sorted(const bj::value& from) {
  if (const auto* list = from.if_array()) {
    bj::array out;
    for (const auto& each : *list) out.push_back(sorted(each));
    return out;
  }
  const auto* fields = from.if_object();
  if (fields == nullptr) return from;
  std::map<std::string_view, const bj::value*> order;
  for (const auto& each : *fields) order.emplace(each.key(), &each.value());
  bj::object out;
  for (const auto& [name, value] : order) out[name] = sorted(*value);
  return out;
}

/// Is `what.first` a word of the body, or of a text other than `what.second`?
bool is_mentioned_elsewhere(const std::pair<std::string, std::string>& what, std::string_view body,
                            const std::map<std::string, std::string>& texts) {
  if (find_word(body, what.first) != std::string_view::npos) return true;
  return std::any_of(texts.begin(), texts.end(), [&](const auto& each) {
    return each.first != what.second &&
           find_word(each.second, what.first) != std::string_view::npos;
  });
}

}  // namespace

std::size_t find_word(std::string_view text, std::string_view word) noexcept {
  const auto is_part = [text](std::size_t i) {
    return i < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_');
  };
  std::size_t at = text.find(word);
  while (at != std::string_view::npos && ((at > 0 && is_part(at - 1)) || is_part(at + word.size())))
    at = text.find(word, at + 1);
  return at;
}

result<texts_beside> named_texts(const definition& from, const body& made,
                                 const prompt_texts& beside) {
  constexpr std::size_t most = 1000;
  texts_beside out;
  if (!beside) return out;
  std::vector<std::string> left = made.partials();
  std::vector<std::pair<std::string, std::string>> read;
  while (!left.empty()) {
    const std::string name = std::move(left.back());
    left.pop_back();
    if (out.texts.contains(name)) continue;
    if (out.texts.size() >= most) return from.bad("body", "it includes more than 1,000 files");
    auto text = beside(name);
    if (!text) continue;
    definition inner = from;
    inner.path = name;
    inner.body = *text;
    inner.body_line = 1;
    const auto compiled = body::compile(inner, {});
    if (!compiled) return compiled.error();
    left.insert(left.end(), compiled->partials().begin(), compiled->partials().end());
    for (const std::string& each : compiled->undeclared()) read.emplace_back(each, name);
    out.texts.emplace(name, std::move(*text));
  }
  for (auto& each : read) {
    out.reads.insert(each.first);
    if (is_mentioned_elsewhere(each, from.body, out.texts)) continue;
    out.inputs.push_back(std::move(each));
  }
  const auto& examples = from.file.few_shot().file();
  if (examples.empty()) return out;
  if (auto text = beside(examples)) out.texts.emplace(examples, std::move(*text));
  return out;
}

std::string version_of(const definition& from, const std::map<std::string, std::string>& texts) {
  // Protobuf writes maps in no order.
  std::string all =
      bj::serialize(sorted(bj::parse(files::json_text(from.file)))) + "\n" + from.body;
  // What other projects' files say of themselves is not in our fields.
  if (from.form != file_form::native || from.engine != engine::jinja) {
    all += "\n" + std::to_string(static_cast<int>(from.form)) +
           std::to_string(static_cast<int>(from.engine));
    for (const auto& name : from.threads) all += "\n" + name;
  }
  for (const auto& [name, text] : texts) all += "\n" + name + "\n" + sign::sha256_hex(text);
  return sign::sha256_hex(all);
}

std::string hash_of_inputs(const bj::object& values,
                           const std::map<std::string, std::string>& files) {
  std::string all = bj::serialize(sorted(values));
  for (const auto& [name, hash] : files) all += "\n" + name + "\n" + hash;
  return sign::sha256_hex(all);
}

}  // namespace ark::prompt
