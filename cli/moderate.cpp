#include <ark/client.hpp>

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/whole_reply.hpp"

namespace ark::cli {
namespace {

struct moderate_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> words, images;
};

std::string moderation_json(const moderation_reply& r, bool flagged) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("flagged").boolean(flagged).key("results").begin_array();
  for (const auto& each : r.results) {
    w.begin_object().key("flagged").boolean(each.flagged).key("categories").begin_object();
    for (const auto& [name, is_in] : each.categories) w.key(name).boolean(is_in);
    w.end_object().key("scores").begin_object();
    for (const auto& [name, score] : each.scores) w.key(name).number(score);
    w.end_object().end_object();
  }
  w.end_array();
  write_facts(w, r);
  w.end_object();
  return line;
}

/// "flagged", and what for, the surest first; or "ok".
std::string verdict_line(const moderation_verdict& v) {
  std::vector<std::pair<double, std::string>> reasons;
  for (const auto& [name, is_in] : v.categories) {
    const auto score = v.scores.find(name);
    if (is_in) reasons.emplace_back(score == v.scores.end() ? 1 : score->second, name);
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string list;
  for (const auto& [score, name] : reasons) {
    list += (list.empty() ? "\t" : ", ") + name;
    if (v.scores.count(name) != 0) list += fmt::format(" {:.2f}", score);
  }
  return (v.flagged ? "flagged" : "ok") + list;
}

result<moderation_call> call_of(context& ctx, const moderate_options& o, const settings& all) {
  moderation_call asked;
  if (auto ok = apply_named(*o.common, all, "openai/omni-moderation-latest", asked); !ok)
    return ok.error();
  // With an image there need be no text: standard input is not waited for.
  if (!o.words.empty() || o.images.empty()) {
    auto texts = texts_of(ctx, o.words, false);
    if (!texts) return texts.error();
    asked.input = std::move(*texts);
  }
  for (const auto& each : o.images) {
    auto image = image_of(each);
    if (!image) return image.error();
    asked.images.push_back(std::move(*image));
  }
  return asked;
}

exit_code moderate(context& ctx, const moderate_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  auto asked = call_of(ctx, o, **all);
  if (!asked) return ctx.fail(asked.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(*asked), &client::moderate_async);
  if (!answer) return fail_call(ctx, answer.error());
  const bool flagged = std::any_of(answer->results.begin(), answer->results.end(),
                                   [](const auto& each) { return each.flagged; });
  if (ctx.json())
    ctx.out.line(moderation_json(*answer, flagged));
  else
    for (const auto& each : answer->results) ctx.out.line(printable(verdict_line(each)));
  tell_rest(ctx, *answer);
  return flagged ? exit_code::no : exit_code::ok;
}

}  // namespace

void define_moderate(command& c) {
  c.examples({{"ark moderate -m openai/omni-moderation-latest 'I will hurt you'",
               "a line for each text: ok, or flagged and what for; exit code 1 if one is"},
              {"ark moderate -m openai/omni-moderation-latest --image photo.jpg --json",
               "an image; all categories with their scores"}});
  auto o = c.options<moderate_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "Texts; - is standard input, as is none at all").type_name("");
  set.add_option("--image", o->images, "An image, judged together with the texts: a file or a URL")
      .type_name("FILE")
      .one_value_each();
  add_call_options(set, o->common);
  c.run([o](context& ctx) { return moderate(ctx, *o); });
}

}  // namespace ark::cli
