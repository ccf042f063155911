#include <ark/client.hpp>

#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/whole_reply.hpp"

namespace ark::cli {
namespace {

struct transcribe_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::string file, language, prompt;
  bool translate = false;
  bool timestamps = false;
};

std::string transcription_json(const transcription_reply& r) {
  std::string line;
  json::writer w{line};
  w.begin_object().key("text").string(r.text).key("language").string(r.language);
  w.key("duration_s");
  if (r.duration_s)
    w.number(*r.duration_s);
  else
    w.null();
  w.key("segments").begin_array();
  for (const auto& each : r.segments) {
    w.begin_object().key("start_s").number(each.start_s).key("end_s").number(each.end_s);
    w.key("text").string(each.text).key("speaker").string(each.speaker).end_object();
  }
  w.end_array();
  write_facts(w, r);
  w.end_object();
  return line;
}

void print_transcription(output& out, const transcription_reply& r, bool timestamps) {
  if (!timestamps || r.segments.empty()) {
    out.line(printable(r.text));
    return;
  }
  for (const auto& each : r.segments) {
    const std::string who = each.speaker.empty() ? "" : each.speaker + ": ";
    out.line(
        fmt::format("{:.2f}\t{:.2f}\t{}", each.start_s, each.end_s, printable(who + each.text)));
  }
}

exit_code transcribe(context& ctx, const transcribe_options& o) {
  constexpr std::size_t largest = 1u << 30;
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  transcription_call asked;
  if (auto ok = apply_named(*o.common, **all, "openai/whisper-1", asked); !ok)
    return ctx.fail(ok.error());
  auto audio = o.file == "-" ? ctx.in.read_all(largest) : os::read_file(o.file, largest);
  if (!audio) return ctx.fail(audio.error());
  asked.audio = std::move(*audio);
  asked.file_name = o.file == "-" ? "audio.wav" : std::filesystem::path(o.file).filename().string();
  asked.language = o.language;
  asked.prompt = o.prompt;
  asked.translate = o.translate;
  asked.timestamps = o.timestamps;
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(asked), &client::transcribe_async);
  if (!answer) return fail_call(ctx, answer.error());
  if (ctx.json())
    ctx.out.line(transcription_json(*answer));
  else
    print_transcription(ctx.out, *answer, o.timestamps);
  return tell_rest(ctx, *answer);
}

}  // namespace

void define_transcribe(command& c) {
  c.examples({{"ark transcribe -m openai/whisper-1 talk.mp3", "writes down what is said"},
              {"ark transcribe -m groq/whisper-large-v3 --timestamps --language de talk.mp3",
               "a line for each segment: begin and end in seconds, and the text"}});
  auto o = c.options<transcribe_options>();
  const auto set = c.parameters();
  set.add_option("FILE", o->file, "The audio; - is standard input, as WAV")
      .type_name("")
      .required();
  set.add_option("--language", o->language, "What is spoken: en, zh, de, ...").type_name("WORD");
  set.add_option("--prompt", o->prompt, "Words and names that may occur").type_name("TEXT");
  set.add_flag("--translate", o->translate, "Into English");
  set.add_flag("--timestamps", o->timestamps, "When each segment is said");
  add_call_options(set, o->common);
  c.run([o](context& ctx) { return transcribe(ctx, *o); });
}

}  // namespace ark::cli
