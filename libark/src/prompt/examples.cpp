#include "prompt/examples.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/limits.hpp"
#include "sign/digest.hpp"

namespace ark::prompt {

namespace bj = boost::json;

namespace {

result<void> add_lines(std::string_view text, const std::string& file, bj::array& out) {
  int line = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line;
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    boost::system::error_code failed;
    bj::value made = bj::parse(one, failed, {}, {.max_depth = limits::json_depth});
    if (failed)
      return error{.code = errc::config,
                   .message = file + ":" + std::to_string(line) +
                              ": is no JSON; an example is a JSON value on one line"};
    out.push_back(std::move(made));
  }
  return {};
}

}  // namespace

result<bj::array> read_examples(const definition& from, const prompt_texts& beside) {
  bj::array out;
  for (const auto& each : from.file.examples()) out.push_back(bj::parse(files::json_text(each)));
  const auto& rule = from.file.few_shot();
  if (!rule.choose().empty() && rule.choose() != "first" && rule.choose() != "seeded")
    return from.bad("few_shot.choose", "\"" + rule.choose() + "\" is no way; use first or seeded");
  if (rule.file().empty()) return out;
  const auto text = beside ? beside(rule.file()) : std::nullopt;
  if (!text) return from.bad("few_shot.file", "there is no file \"" + rule.file() + "\" beside it");
  if (auto ok = add_lines(*text, rule.file(), out); !ok) return ok.error();
  return out;
}

bj::array choose_examples(const bj::array& all, const schema::PromptExamples& rule,
                          const token_count& count) {
  struct candidate {
    std::size_t at;
    std::string hash;
  };
  std::vector<candidate> order;
  order.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    order.push_back({i, rule.choose() == "seeded" ? sign::sha256(std::to_string(rule.seed()) +
                                                                 "\n" + bj::serialize(all[i]))
                                                  : std::string()});
  std::stable_sort(order.begin(), order.end(),
                   [](const candidate& a, const candidate& b) { return a.hash < b.hash; });
  std::vector<std::size_t> chosen;
  std::int64_t tokens = 0;
  for (const candidate& each : order) {
    if (rule.has_count() && static_cast<std::int64_t>(chosen.size()) >= rule.count()) break;
    if (rule.has_max_tokens()) {
      tokens += count(bj::serialize(all[each.at]));
      if (tokens > rule.max_tokens()) break;
    }
    chosen.push_back(each.at);
  }
  std::sort(chosen.begin(), chosen.end());
  bj::array out;
  for (const std::size_t i : chosen) out.push_back(all[i]);
  return out;
}

}  // namespace ark::prompt
