#include <ark/client.hpp>

#include <optional>

#include "cli/key_store.hpp"
#include "cli/made_files.hpp"

namespace ark::cli {
namespace {

struct image_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> words;
  std::vector<std::string> images;
  std::string mask, size, quality, format, avoid, output, task_id;
  std::int64_t n = 1;
  std::optional<std::int64_t> seed;
};

result<image_call> call_of(context& ctx, const image_options& o, const settings& all) {
  image_call asked;
  if (auto ok = apply_named(*o.common, all, "openai/gpt-image-1", asked); !ok) return ok.error();
  asked.task_id = o.task_id;
  if (!o.task_id.empty() && !o.words.empty())
    return usage_mistake("--task-id begins nothing: leave the text out");
  if (!o.task_id.empty()) return asked;
  auto prompt = text_of(ctx, o.words);
  if (!prompt) return prompt.error();
  asked.prompt = std::move(*prompt);
  for (const auto& each : o.images) {
    auto image = image_of(each);
    if (!image) return image.error();
    asked.images.push_back(std::move(*image));
  }
  if (!o.mask.empty()) {
    auto mask = image_of(o.mask);
    if (!mask) return mask.error();
    asked.mask = std::move(*mask);
  }
  asked.n = o.n;
  asked.size = o.size;
  asked.quality = o.quality;
  asked.output_format = o.format;
  asked.negative_prompt = o.avoid;
  asked.seed = o.seed;
  return asked;
}

std::string image_json(const image_reply& r, const std::vector<std::string>& places) {
  std::string out;
  json::writer w{out};
  w.begin_object().key("images").begin_array();
  for (std::size_t i = 0; i < r.images.size(); ++i) {
    const generated_image& image = r.images[i];
    w.begin_object();
    write_place(w, image, places[i]);
    w.key("revised_prompt").string(image.revised_prompt).end_object();
  }
  w.end_array();
  write_facts(w, r);
  w.end_object();
  return out;
}

exit_code image(context& ctx, const image_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  if (o.output.empty() && !ctx.json())
    return ctx.wrong_usage("name a file with -o; - is standard output");
  return make_files(
      ctx, call_of(ctx, o, **all), &client::image_async, o.output,
      [](const image_reply& r) -> auto& { return r.images; }, image_json);
}

}  // namespace

void define_image(command& c) {
  c.examples({{"ark image -m openai/gpt-image-1 'a lighthouse at night' -o light.png",
               "makes the image; where the vendor keeps it, its URL is printed"},
              {"ark image -m openai/gpt-image-1 --image light.png 'by day' -o day.png",
               "changes an image"}});
  auto o = c.options<image_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "What it should show; - is standard input").type_name("");
  set.add_option("-o,--output", o->output,
                 "File for the image, or several: NAME-1.png, NAME-2.png; - is standard output")
      .type_name("FILE");
  set.add_option("--image", o->images, "An image to change: a file or a URL")
      .type_name("FILE")
      .one_value_each();
  set.add_option("--mask", o->mask, "Where to change it: an image that is clear there")
      .type_name("FILE");
  set.add_option("-n,--count", o->n, "How many").type_name("N").positive();
  set.add_option("--size", o->size, "Width and height, as 1024x1024").type_name("SIZE");
  set.add_option("--quality", o->quality, "The vendor's word: low, medium, high, hd, ...")
      .type_name("WORD");
  set.add_option("--format", o->format, "png, jpeg or webp").type_name("WORD");
  set.add_option("--avoid", o->avoid, "What should not be seen").type_name("TEXT");
  set.add_option("--seed", o->seed, "For the same image again, where the model can").type_name("N");
  set.add_option("--task-id", o->task_id,
                 "Begin nothing: wait for this task of the vendor's, which an error named")
      .type_name("ID");
  add_call_options(set, o->common);
  c.run([o](context& ctx) { return image(ctx, *o); });
}

}  // namespace ark::cli
