#include <ark/client.hpp>

#include <optional>

#include "cli/made_files.hpp"

namespace ark::cli {
namespace {

struct video_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> words, references;
  std::string first, last, size, resolution, ratio, avoid, output, task_id;
  std::optional<std::int64_t> duration_s, seed;
};

/// An image that may be left out.
result<void> put_image(const std::string& place, std::optional<image_part>& out) {
  if (place.empty()) return {};
  auto image = image_of(place);
  if (!image) return image.error();
  out = std::move(*image);
  return {};
}

result<void> put_content(context& ctx, const video_options& o, video_call& asked) {
  if (auto ok = put_image(o.first, asked.first_frame); !ok) return ok;
  if (auto ok = put_image(o.last, asked.last_frame); !ok) return ok;
  for (const auto& each : o.references) {
    auto image = image_of(each);
    if (!image) return image.error();
    asked.references.push_back(std::move(*image));
  }
  const bool has_images = asked.first_frame || asked.last_frame || !asked.references.empty();
  if (o.words.empty() && has_images) return {};
  auto prompt = text_of(ctx, o.words);
  if (!prompt) return prompt.error();
  asked.prompt = std::move(*prompt);
  return {};
}

result<video_call> call_of(context& ctx, const video_options& o, const settings& all) {
  video_call asked;
  if (auto ok = apply_named(*o.common, all, "openai/sora-2", asked); !ok) return ok.error();
  asked.task_id = o.task_id;
  if (!o.task_id.empty() && !o.words.empty())
    return usage_mistake("--task-id begins nothing: leave the text out");
  if (!o.task_id.empty()) return asked;
  if (auto ok = put_content(ctx, o, asked); !ok) return ok.error();
  asked.duration_s = o.duration_s;
  asked.size = o.size;
  asked.resolution = o.resolution;
  asked.ratio = o.ratio;
  asked.negative_prompt = o.avoid;
  asked.seed = o.seed;
  return asked;
}

std::string video_json(const video_reply& r, const std::vector<std::string>& places) {
  std::string out;
  json::writer w{out};
  w.begin_object().key("videos").begin_array();
  for (std::size_t i = 0; i < r.videos.size(); ++i) {
    const generated_video& video = r.videos[i];
    w.begin_object();
    write_place(w, video, places[i]);
    w.end_object();
  }
  w.end_array();
  if (!r.last_frame_url.empty()) w.key("last_frame_url").string(r.last_frame_url);
  if (r.duration_s) w.key("duration_s").number(*r.duration_s);
  w.key("task_id").string(r.task_id);
  write_facts(w, r);
  w.end_object();
  return out;
}

exit_code video(context& ctx, const video_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  if (o.output.empty() && !ctx.json())
    return ctx.wrong_usage("name a file with -o; - is standard output");
  return make_files(
      ctx, call_of(ctx, o, **all), &client::video_async, o.output,
      [](const video_reply& r) -> auto& { return r.videos; }, video_json);
}

}  // namespace

void define_video(command& c) {
  c.examples({{"ark video -m openai/sora-2 --duration 8 'a lighthouse in a storm' -o storm.mp4",
               "makes the video; where the vendor keeps it, its URL is printed"},
              {"ark video -m volcengine-ark/doubao-seedance-1-0-pro-250528 --image day.png "
               "'night falls' -o dusk.mp4 --timeout 1800",
               "begins with an image, and waits for half an hour"}});
  auto o = c.options<video_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "What it should show; - is standard input").type_name("");
  set.add_option("-o,--output", o->output,
                 "File for the video, or several: NAME-1.mp4, NAME-2.mp4; - is standard output")
      .type_name("FILE");
  set.add_option("--image", o->first, "Its first image: a file or a URL").type_name("FILE");
  set.add_option("--last-image", o->last, "Its last image").type_name("FILE");
  set.add_option("--reference", o->references, "An image of what should be seen in it")
      .type_name("FILE")
      .one_value_each();
  set.add_option("--duration", o->duration_s, "How long it is, in seconds").type_name("S");
  set.add_option("--size", o->size, "Width and height, as 1280x720").type_name("SIZE");
  set.add_option("--resolution", o->resolution, "The vendor's word: 480p, 720p, 1080p, ...")
      .type_name("WORD");
  set.add_option("--ratio", o->ratio, "Width to height, as 16:9").type_name("RATIO");
  set.add_option("--avoid", o->avoid, "What should not be seen").type_name("TEXT");
  set.add_option("--seed", o->seed, "For the same video again, where the model can").type_name("N");
  set.add_option("--task-id", o->task_id,
                 "Begin nothing: wait for this task of the vendor's, which an error named")
      .type_name("ID");
  add_call_options(set, o->common);
  c.run([o](context& ctx) { return video(ctx, *o); });
}

}  // namespace ark::cli
