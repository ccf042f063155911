// The formats' own conformance cases: mustache's specification, dotprompt's and Prompty's vectors.
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <fstream>
#include <regex>
#include <set>

#include "prompt/assemble.hpp"
#include "prompt/picoschema.hpp"
#include "prompt/prompty_roles.hpp"
#include "tests/support/corpus.hpp"
#include "tests/unit/prompt/handlebars_support.hpp"

namespace ark::test::prompting {
namespace {

namespace bj = boost::json;

std::string text_at(const bj::object& in, std::string_view name) {
  const auto* found = in.if_contains(name);
  return found == nullptr ? "" : std::string(found->as_string());
}

std::string json_at(const bj::object& in, std::string_view name, const char* otherwise = "{}") {
  const auto* found = in.if_contains(name);
  return found == nullptr ? otherwise : bj::serialize(*found);
}

partial_sources partials_of(const bj::object& in, std::string_view name) {
  partial_sources out;
  if (const auto* found = in.if_contains(name))
    for (const auto& each : found->as_object()) out[each.key()] = each.value().as_string();
  return out;
}

void each_case(const std::filesystem::path& path,
               const std::function<void(const std::string& id, const bj::object&)>& run) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto item = bj::parse(line).as_object();
    run(std::string(item.at("id").as_string()), item);
  }
}

TEST(mustache, specification) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/mustache.dev.jsonl");
  int compared = 0, lambdas = 0;
  each_case(path, [&](const std::string& id, const bj::object& item) {
    // Lambdas are code in the data: there is none.
    if (id.find("~lambdas") != std::string::npos) {
      ++lambdas;
      return;
    }
    const auto& test = item.at("test").as_object();
    setting with{.how = hb::dialect::mustache, .partials = partials_of(test, "partials")};
    EXPECT_EQ(rendered(text_at(test, "template"), json_at(test, "data"), with),
              text_at(test, "expected"))
        << id;
    ++compared;
  });
  EXPECT_EQ(compared, 115);
  EXPECT_EQ(lambdas, 4);
}

bj::value json_of(const YAML::Node& node) {
  if (node.IsMap()) {
    bj::object out;
    for (const auto& each : node) out[each.first.as<std::string>()] = json_of(each.second);
    return out;
  }
  if (node.IsSequence()) {
    bj::array out;
    for (const auto& each : node) out.push_back(json_of(each));
    return out;
  }
  if (node.IsNull()) return nullptr;
  return bj::string(node.as<std::string>());
}

/// The YAML in front of a body, which `text` loses.
YAML::Node take_front_matter(std::string& text) {
  static const std::regex form(R"(^---\r?\n([\s\S]*?)---\r?\n([\s\S]*)$)");
  std::smatch found;
  if (!std::regex_match(text, found, form)) return {};
  const auto out = YAML::Load(found[1].str());
  text = std::regex_replace(found[2].str(), std::regex(R"(^\s+|\s+$)"), "");
  return out;
}

bj::object object_of(const prompt::assembled_part& part) {
  if (!part.is_mark) return {{"text", part.text}};
  if (part.mark.kind == prompt::mark_kind::open_section)
    return {{"metadata", {{"purpose", part.mark.name}, {"pending", true}}}};
  bj::object media;
  for (const auto& [name, value] : part.mark.attributes) media[name] = value;
  return {{"media", std::move(media)}};
}

bj::array messages_of(const prompt::assembled& made, const bj::array& history) {
  bj::array out;
  const auto add_history = [&](bool is_told) {
    for (const auto& each : history) {
      out.push_back(each);
      if (is_told) out.back().as_object()["metadata"] = {{"purpose", "history"}};
    }
  };
  const std::size_t usual =
      made.history.empty() ? prompt::usual_history_place(made.messages) : made.messages.size() + 1;
  for (std::size_t i = 0; i <= made.messages.size(); ++i) {
    for (const auto& place : made.history)
      if (place.before == i) add_history(true);
    if (usual == i) add_history(false);
    if (i == made.messages.size()) break;
    bj::array content;
    for (const auto& part : made.messages[i].parts) content.push_back(object_of(part));
    out.push_back(bj::object{{"role", made.messages[i].role}, {"content", std::move(content)}});
  }
  return out;
}

/// `from`'s members in `into`.
void add_members(bj::object& into, const bj::object& from, std::string_view name) {
  if (const auto* found = from.if_contains(name); found != nullptr && found->is_object())
    for (const auto& each : found->as_object()) into[each.key()] = each.value();
}

bj::object data_of(const bj::object& a, const bj::object& b) {
  bj::object out;
  add_members(out, a, "data");
  add_members(out, b, "data");
  return out;
}

void run_dotprompt(const std::string& id, const bj::object& suite, const bj::object& test) {
  std::string body = text_at(suite, "template");
  take_front_matter(body);
  const bj::object data = data_of(suite, test);
  bj::object input;
  if (const auto* options = test.if_contains("options"))
    if (const auto* in = options->as_object().if_contains("input"))
      add_members(input, in->as_object(), "default");
  add_members(input, data, "input");
  setting with{.partials = partials_of(suite, "partials"), .data = json_at(data, "context")};
  with.partials.merge(partials_of(suite, "resolverPartials"));
  prompt::assembler assembler(prompt::assembly_rules::dotprompt());
  EXPECT_EQ(render_pieces(body, bj::serialize(input), with,
                          [&](const prompt::piece& p) { assembler.take(p); }),
            "")
      << id;
  const auto made = assembler.finish();
  ASSERT_TRUE(made) << id << made.error().message;
  const auto* history = data.if_contains("messages");
  const auto messages = messages_of(*made, history == nullptr ? bj::array() : history->as_array());
  EXPECT_EQ(bj::value(messages), test.at("expect").at("messages")) << id;
}

TEST(dotprompt, specification) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/dotprompt.dev.jsonl");
  int compared = 0;
  each_case(path, [&](const std::string& id, const bj::object& item) {
    run_dotprompt(id, item.at("case").as_object(), item.at("test").as_object());
    ++compared;
  });
  EXPECT_EQ(compared, 77);
}

TEST(dotprompt, picoschema) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/dotprompt.dev.jsonl");
  int compared = 0;
  each_case(path, [&](const std::string& id, const bj::object& item) {
    const auto& suite = item.at("case").as_object();
    std::string body = text_at(suite, "template");
    const YAML::Node front = take_front_matter(body);
    std::map<std::string, std::string, std::less<>> named;
    if (const auto* found = suite.if_contains("schemas"))
      for (const auto& each : found->as_object()) named[each.key()] = bj::serialize(each.value());
    const auto find = [&](std::string_view name) -> const std::string* {
      const auto found = named.find(name);
      return found == named.end() ? nullptr : &found->second;
    };
    for (const char* side : {"input", "output"}) {
      const auto* expected = item.at("test").at("expect").as_object().if_contains(side);
      if (expected == nullptr || !expected->as_object().contains("schema")) continue;
      const auto made = prompt::json_schema_of(bj::serialize(json_of(front[side]["schema"])), find);
      ASSERT_TRUE(made) << id << made.error().message;
      EXPECT_EQ(bj::parse(*made), expected->at("schema")) << id << *made;
      ++compared;
    }
  });
  EXPECT_EQ(compared, 13);
}

bj::value metadata_value(const std::string& text) {
  static const std::regex number("-?[0-9]+");
  return std::regex_match(text, number) ? bj::value(std::stoll(text)) : bj::value(text);
}

TEST(prompty, parse_vectors) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/prompty.dev.jsonl");
  int compared = 0;
  each_case(path, [&](const std::string& id, const bj::object& item) {
    const auto& vector = item.at("vector").as_object();
    if (vector.at("stage").as_string() != "parse") return;
    prompt::assembler assembler(prompt::assembly_rules::prompty());
    prompt::prompty_roles roles([&](const prompt::piece& p) { assembler.take(p); });
    const std::string text(vector.at("input").at("rendered").as_string());
    roles.take({.text = text});
    roles.finish();
    const auto made = assembler.finish();
    ASSERT_TRUE(made) << id;
    bj::array messages;
    for (const auto& m : made->messages) {
      std::string all;
      for (const auto& part : m.parts) all += part.text;
      bj::object message{{"role", m.role}, {"content", {{{"kind", "text"}, {"value", all}}}}};
      for (const auto& [name, value] : m.attributes) {
        if (!message.contains("metadata")) message["metadata"] = bj::object();
        message["metadata"].as_object()[name] = metadata_value(value);
      }
      messages.push_back(std::move(message));
    }
    EXPECT_EQ(bj::value(messages), vector.at("expected").at("messages")) << id;
    ++compared;
  });
  EXPECT_EQ(compared, 8);
}

/// Renders a vector's template and gives its pieces, roles and threads found.
void render_vector(const bj::object& input, const prompt::piece_sink& out) {
  const std::string source = text_at(input, "template");
  bj::object values = input.at("inputs").as_object();
  std::map<std::uint32_t, std::string> threads;
  std::uint32_t origin = 0;
  for (auto& each : values) {
    ++origin;
    if (!each.value().is_object() || !each.value().as_object().contains("_kind")) continue;
    threads[origin] = each.key();
    each.value() = each.key();
  }
  prompt::prompty_roles roles(out, threads);
  const auto take = [&](const prompt::piece& p) { roles.take(p); };
  if (text_at(input, "engine") == "mustache") {
    EXPECT_EQ(render_pieces(source, bj::serialize(values), {.how = hb::dialect::mustache}, take),
              "");
  } else {
    const jinja::environment plain({.keep_trailing_newline = true});
    jinja::arena memory;
    const auto context = marked_context(memory, bj::serialize(values));
    const auto made = plain.compile(source);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->render(
        context, [&](const jinja::segment& s) { take({.text = s.text, .origin = s.origin}); }));
  }
  roles.finish();
}

TEST(prompty, render_vectors) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/prompty.dev.jsonl");
  int compared = 0;
  each_case(path, [&](const std::string& id, const bj::object& item) {
    const auto& vector = item.at("vector").as_object();
    if (vector.at("stage").as_string() != "render") return;
    const auto& input = vector.at("input").as_object();
    const auto& expected = vector.at("expected").as_object();
    ++compared;
    std::string out;
    render_vector(input, [&](const prompt::piece& p) {
      if (p.mark == nullptr) out += p.text;
      if (p.mark != nullptr && p.mark->kind == prompt::mark_kind::role) out += p.mark->name + ":\n";
      if (p.mark != nullptr && p.mark->kind == prompt::mark_kind::history)
        out += "__PROMPTY_THREAD_00000000_" + p.mark->name + "__";
    });
    if (const auto* pattern = expected.if_contains("nonce_pattern")) {
      EXPECT_TRUE(std::regex_match(out, std::regex(std::string(pattern->as_string())))) << out;
    } else {
      EXPECT_EQ(out, text_at(expected, "rendered")) << id;
    }
  });
  EXPECT_EQ(compared, 15);
}

TEST(prompty, render_segments_vectors) {
  ARK_SHARED_OR_SKIP(path, "jinja/prompt_cases/prompty.dev.jsonl");
  int compared = 0;
  each_case(path, [&](const std::string& id, const bj::object& item) {
    const auto& vector = item.at("vector").as_object();
    if (vector.at("stage").as_string() != "render_segments") return;
    ++compared;
    const auto& input = vector.at("input").as_object();
    const auto& expected = vector.at("expected").as_object();
    const std::string value(input.at("inputs").at("q").as_string());
    const bool is_strict = input.contains("strict_props");
    EXPECT_EQ(is_strict && prompt::looks_like_prompty_role(value), expected.contains("error"))
        << id;
    if (expected.contains("error")) return;
    bj::array segments;
    render_vector(input, [&](const prompt::piece& p) {
      const bool is_literal = p.origin == 0;
      const std::string text = p.mark == nullptr ? std::string(p.text) : p.mark->name + ":\n";
      bj::object made{{"kind", is_literal ? "literal" : "interp"},
                      {"text", text},
                      {"source", nullptr},
                      {"strict", !is_literal && is_strict}};
      if (!is_literal) made["source"] = "q";
      segments.push_back(std::move(made));
    });
    EXPECT_EQ(bj::value(segments), expected.at("segments")) << id;
  });
  EXPECT_EQ(compared, 3);
}

}  // namespace
}  // namespace ark::test::prompting
