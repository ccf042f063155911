#include "prompt/budget.hpp"

#include <algorithm>
#include <charconv>

namespace ark::prompt {

namespace {

error not_a_number(const mark& said, std::string_view name) {
  return {.code = errc::invalid_request,
          .message = "the section \"" + said.name + "\": " + std::string(name) +
                     " must be a whole number"};
}

result<void> read_number(const mark& said, std::string_view name, std::int64_t& out) {
  for (const auto& [key, text] : said.attributes) {
    if (key != name) continue;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{} || end != text.data() + text.size()) return not_a_number(said, name);
  }
  return {};
}

/// A place where a text may be cut: before a character that does not belong to the one before it
/// (marks, joiners, variation selectors, skin tones: Unicode 16, UAX 29, roughly).
bool may_cut(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size()) return true;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if ((byte(at) & 0xC0) == 0x80) return false;
  if (byte(at) == '\n' && text[at - 1] == '\r') return false;
  const std::string_view rest = text.substr(at, 4);
  const bool is_mark =
      rest.starts_with("\xE2\x80\x8D") || rest.starts_with("\xEF\xB8") ||
      rest.starts_with("\xF0\x9F\x8F\xBB") || rest.starts_with("\xF0\x9F\x8F\xBC") ||
      rest.starts_with("\xF0\x9F\x8F\xBD") || rest.starts_with("\xF0\x9F\x8F\xBE") ||
      rest.starts_with("\xF0\x9F\x8F\xBF") || rest.starts_with("\xE2\x83") || (byte(at) == 0xCC) ||
      (byte(at) == 0xCD && rest.size() > 1 && byte(at + 1) < 0xB0);
  const bool is_joined = at >= 3 && text.substr(at - 3, 3) == "\xE2\x80\x8D";
  return !is_mark && !is_joined;
}

/// The last place at or before `at` where a text may be cut.
std::size_t place_before(std::string_view text, std::size_t at) {
  while (!may_cut(text, at)) --at;
  return at;
}

std::size_t place_behind(std::string_view text, std::size_t at) {
  while (!may_cut(text, at)) ++at;
  return at;
}

std::int64_t count_part(const layout_part& part, const token_count& count) {
  return part.is_media ? 0 : count(part.text());
}

std::vector<layout_part*> parts_of(layout& all, std::size_t section) {
  std::vector<layout_part*> out;
  for (auto& message : all.messages)
    for (auto& part : message.parts)
      if (part.section == section) out.push_back(&part);
  return out;
}

/// Keeps bytes [0, from) and [to, end) of a part.
void erase(layout_part& part, std::size_t from, std::size_t to) {
  std::size_t at = 0;
  for (span& each : part.spans) {
    const std::size_t begin = std::clamp(from, at, at + each.text.size()) - at;
    const std::size_t end = std::clamp(to, at, at + each.text.size()) - at;
    at += each.text.size();
    each.text.erase(begin, end - begin);
  }
}

void cut_part(layout_part& part, std::int64_t most, section_rule::side cut,
              const token_count& count) {
  const std::string text = part.text();
  if (most <= 0) return part.spans.clear();
  switch (cut) {
    case section_rule::side::end:
      return erase(part, first_tokens(text, most, count).size(), text.size());
    case section_rule::side::start:
      return erase(part, 0, text.size() - last_tokens(text, most, count).size());
    case section_rule::side::middle: {
      const std::size_t head = first_tokens(text, (most + 1) / 2, count).size();
      const std::size_t tail = last_tokens(text, most / 2, count).size();
      if (head + tail < text.size()) erase(part, head, text.size() - tail);
    }
  }
}

/// Whether a fence of `untrusted` ends in it: without its end, what comes behind would be inside.
bool is_fenced(const layout_part& part) {
  return std::any_of(part.spans.begin(), part.spans.end(), [](const span& each) {
    return each.origin == 0 && each.text.find("</untrusted-") != std::string::npos;
  });
}

class cutter {
 public:
  cutter(layout& all, const token_count& count) : all_(all), count_(count) {}

  /// Cuts a section to `most` tokens: its parts from the side where text goes.
  void cut(std::size_t section, const section_rule& rule, std::int64_t most) {
    auto parts = parts_of(all_, section);
    const std::int64_t before = tokens(section);
    if (rule.cut == section_rule::side::start) std::reverse(parts.begin(), parts.end());
    std::int64_t left = std::max<std::int64_t>(most, 0);
    for (layout_part* part : parts) {
      const std::int64_t had = count_part(*part, count_);
      if (had > left) cut_part(*part, is_fenced(*part) ? 0 : left, rule.cut, count_);
      if (part->is_media && most <= 0) part->section = dropped;
      left = std::max<std::int64_t>(left - had, 0);
    }
    note(rule.name, before, tokens(section));
  }

  std::int64_t tokens(std::size_t section) {
    std::int64_t sum = 0;
    for (const layout_part* part : parts_of(all_, section)) sum += count_part(*part, count_);
    return sum;
  }

  std::int64_t all_tokens() {
    std::int64_t sum = 0;
    for (const auto& message : all_.messages)
      for (const auto& part : message.parts) sum += count_part(part, count_);
    return sum;
  }

  void remove_dropped() {
    for (auto& message : all_.messages)
      std::erase_if(message.parts, [](const layout_part& part) {
        return part.section == dropped || (!part.is_media && part.text().empty());
      });
    std::erase_if(all_.messages, [](const layout_message& each) {
      return !each.is_history && each.parts.empty();
    });
  }

  std::vector<prompt_cut> cuts;

 private:
  static constexpr std::size_t dropped = SIZE_MAX - 1;
  void note(const std::string& name, std::int64_t before, std::int64_t after) {
    for (auto& each : cuts)
      if (each.section == name) return void(each.tokens_after = after);
    cuts.push_back({name, before, after});
  }
  layout& all_;
  const token_count& count_;
};

}  // namespace

result<section_rule> rule_of(const mark& said) {
  section_rule out{.name = said.name};
  if (auto ok = read_number(said, "priority", out.priority); !ok) return ok.error();
  std::int64_t most = -1;
  if (auto ok = read_number(said, "max_tokens", most); !ok) return ok.error();
  if (most >= 0) out.max_tokens = most;
  for (const auto& [key, text] : said.attributes) {
    if (key != "cut") continue;
    if (text == "start")
      out.cut = section_rule::side::start;
    else if (text == "middle")
      out.cut = section_rule::side::middle;
    else if (text != "end")
      return error{.code = errc::invalid_request,
                   .message = "the section \"" + said.name + "\": cut is start, middle or end"};
  }
  return out;
}

std::string_view first_tokens(std::string_view text, std::int64_t most, const token_count& count) {
  if (count(text) <= most) return text;
  std::size_t good = 0, bad = text.size();
  while (good + 1 < bad) {
    const std::size_t middle = place_before(text, good + (bad - good) / 2);
    if (middle <= good) break;
    if (count(text.substr(0, middle)) <= most)
      good = middle;
    else
      bad = middle;
  }
  return text.substr(0, good);
}

std::string_view last_tokens(std::string_view text, std::int64_t most, const token_count& count) {
  if (count(text) <= most) return text;
  std::size_t bad = 0, good = text.size();
  while (bad + 1 < good) {
    const std::size_t middle = place_behind(text, bad + (good - bad) / 2);
    if (middle >= good) break;
    if (count(text.substr(middle)) <= most)
      good = middle;
    else
      bad = middle;
  }
  return text.substr(good);
}

result<budget_report> keep_to_budget(layout& of, std::optional<std::int64_t> most_tokens,
                                     const token_count& count) {
  std::vector<section_rule> rules;
  for (const mark& each : of.sections) {
    auto rule = rule_of(each);
    if (!rule) return rule.error();
    rules.push_back(std::move(*rule));
  }
  cutter with(of, count);
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].max_tokens && with.tokens(i) > *rules[i].max_tokens)
      with.cut(i, rules[i], *rules[i].max_tokens);
  std::int64_t total = with.all_tokens();
  std::vector<std::size_t> order(rules.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rules[a].priority < rules[b].priority;
  });
  for (const std::size_t i : order) {
    if (!most_tokens || total <= *most_tokens) break;
    const std::int64_t has = with.tokens(i);
    with.cut(i, rules[i], has - (total - *most_tokens));
    total = with.all_tokens();
  }
  with.remove_dropped();
  if (most_tokens && total > *most_tokens)
    return error{.code = errc::too_large,
                 .message = "the prompt has " + std::to_string(total) + " tokens, its budget is " +
                            std::to_string(*most_tokens) +
                            ", and it has no section left that may be cut"};
  return budget_report{.tokens = total, .cuts = std::move(with.cuts)};
}

}  // namespace ark::prompt
