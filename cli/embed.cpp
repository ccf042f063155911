#include <ark/client.hpp>

#include <optional>

#include "cli/call_options.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/mistake.hpp"
#include "cli/reply_text.hpp"
#include "cli/whole_reply.hpp"

namespace ark::cli {
namespace {

struct embed_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> texts, images;
  std::optional<std::int64_t> dimensions;
  bool lines = false;
};

/// Texts are inputs of their own. With an image there may be one text, which goes with it; a text
/// is then not asked for.
result<void> add_inputs(context& ctx, const embed_options& o, embed_call& asked) {
  if (o.images.empty() || !o.texts.empty() || o.lines) {
    auto texts = texts_of(ctx, o.texts, o.lines);
    if (!texts) return texts.error();
    asked.input = std::move(*texts);
  }
  for (const std::string& each : o.images) {
    auto image = image_of(each);
    if (!image) return image.error();
    asked.parts.push_back({std::move(*image)});
  }
  if (asked.parts.empty() || asked.input.empty()) return {};
  if (asked.input.size() > 1)
    return usage_mistake("give one text at most with --image: it goes with each image");
  for (auto& input : asked.parts) input.emplace(input.begin(), text_part{asked.input.front()});
  asked.input.clear();
  return {};
}

exit_code embed(context& ctx, const embed_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  embed_call asked;
  if (auto ok = apply(*o.common, **all, asked); !ok) return ctx.fail(ok.error());
  if (auto ok = add_inputs(ctx, o, asked); !ok) return ctx.fail(ok.error());
  asked.dimensions = o.dimensions;
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(asked), &client::embed_async);
  if (!answer) return fail_call(ctx, answer.error());
  if (ctx.json()) {
    ctx.out.line(embed_json(*answer));
  } else {
    for (const auto& vector : answer->vectors) {
      ctx.out.line(vector_json(vector));
    }
  }
  return tell_rest(ctx, *answer);
}

}  // namespace

void define_embed(command& c) {
  c.examples({{"ark embed -m openai/text-embedding-3-small 'a text' 'another'",
               "one vector for each text, as JSON, one to a line"},
              {"ark embed --lines --json < titles.txt", "one text for each line of a file"},
              {"ark embed -m cohere/embed-v4.0 --image photo.jpg",
               "an image, where the model takes one"}});
  auto o = c.options<embed_options>();
  c.parameters()
      .add_option("TEXT", o->texts, "Texts; - is standard input, as is no text at all")
      .type_name("");
  add_call_options(c.parameters(), o->common);
  c.parameters()
      .add_option("--dimensions", o->dimensions,
                  "Length of the vectors, where the model has a choice")
      .type_name("N")
      .positive();
  c.parameters()
      .add_option(
          "--image", o->images,
          "An image as an input: a file (PNG, JPEG, GIF, WebP) or a URL; a text goes with it")
      .type_name("FILE|URL")
      .one_value_each();
  c.parameters().add_flag("--lines", o->lines, "Each line of standard input is a text of its own");
  c.run([o](context& ctx) { return embed(ctx, *o); });
}

}  // namespace ark::cli
