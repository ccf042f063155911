#include <ark/tokens.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/json_reader.hpp"
#include "files/suggest.hpp"
#include "os/os.hpp"
#include "tokens/folder.hpp"
#include "tokens/tokenizer_state.hpp"

namespace ark {
namespace tokens {
namespace {

constexpr std::string_view ending = ".bpe";

error not_installed(std::string_view name, const std::vector<std::string>& installed) {
  const std::string wanted{name};
  std::string text = "no vocabulary \"" + wanted + "\" is installed: `ark tokens install " +
                     wanted + ".tiktoken`, or a tokenizer.json with --name " + wanted;
  const auto near = files::nearest(name, installed);
  if (!near.empty()) {
    text += "; did you mean \"" + near + "\"?";
  } else if (!installed.empty()) {
    text += "; installed:";
    for (const auto& each : installed) text += (each == installed.front() ? " " : ", ") + each;
  }
  return {.code = errc::not_found, .message = std::move(text)};
}

}  // namespace

std::string compiled_file(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name) + std::string(ending);
}

std::string facts_file(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name) + ".json";
}

void read_facts(const std::string& path, vocabulary_info& into) {
  constexpr std::size_t longest = 64u << 10;
  const auto text = os::read_file(path, longest);
  if (!text) return;
  json::reader reader;
  const auto facts = reader.parse(*text);
  if (!facts) return;
  into.source = json::text_at(*facts, "source");
  into.source_sha256 = json::text_at(*facts, "source_sha256");
  if (json::text_at(*facts, "special_tokens") == "allow") into.specials = special_tokens::allow;
}

vocabulary_info describe(const std::string& folder, const std::string& name) {
  vocabulary_info out{.name = name};
  const std::string path = compiled_file(folder, name);
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0) {
    out.bytes = about.st_size;
    out.installed_s = about.st_mtime;
  }
  read_facts(facts_file(folder, name), out);
  const auto vocab = bpe::vocabulary::open(path);
  if (!vocab) {
    out.problem = vocab.failure().message;
    return out;
  }
  out.ids = static_cast<std::int64_t>((*vocab).size());
  out.added_tokens = static_cast<std::int64_t>((*vocab).added_tokens().size());
  return out;
}

}  // namespace tokens

result<vocabularies> vocabularies::of_user() {
  const std::string data = os::data_directory(os::real());
  if (data.empty())
    return error{.code = errc::config,
                 .message = "there is no folder for vocabularies: set HOME or XDG_DATA_HOME"};
  return vocabularies(data + "/tokens");
}

result<std::vector<std::string>> vocabularies::names() const {
  std::vector<std::string> out;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(folder_, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::string name = at->path().filename().string();
    if (!name.ends_with(tokens::ending)) continue;
    name.resize(name.size() - tokens::ending.size());
    if (tokens::is_name(name)) out.push_back(std::move(name));
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    return error{.code = errc::config, .message = folder_ + " cannot be read: " + failed.message()};
  std::sort(out.begin(), out.end());
  return out;
}

result<std::vector<vocabulary_info>> vocabularies::list() const {
  const auto all = names();
  if (!all) return all.error();
  std::vector<vocabulary_info> out;
  for (const auto& each : *all) out.push_back(tokens::describe(folder_, each));
  return out;
}

result<tokenizer> vocabularies::open(std::string_view name) const {
  const std::string path = tokens::compiled_file(folder_, name);
  struct stat about{};
  if (!tokens::is_name(name) || (::stat(path.c_str(), &about) != 0 && errno == ENOENT)) {
    const auto all = names();
    if (!all) return all.error();
    return tokens::not_installed(name, *all);
  }
  auto vocab = bpe::vocabulary::open(path);
  if (vocab) {
    vocabulary_info facts;
    tokens::read_facts(tokens::facts_file(folder_, name), facts);
    return tokens::access::make(std::move(vocab).value(), std::string(name), facts.specials);
  }
  error out = tokens::failure_of(vocab.failure());
  out.message += "; install it again: `ark tokens install FILE --name " + std::string(name) + "`";
  return out;
}

result<tokenizer> vocabularies::open_for(const model_info& model) const {
  const std::string who = model.id.empty() ? "the model" : model.id;
  if (model.encoding.empty())
    return tokenizer::estimating("it is not known which vocabulary " + who + " has");
  auto out = open(model.encoding);
  if (out || out.error().code != errc::not_found) return out;
  return tokenizer::estimating(who + " has the vocabulary " + model.encoding +
                               ", which is not installed (ark tokens install FILE --name " +
                               model.encoding + ")");
}

}  // namespace ark
