#include <ark/client.hpp>

#include <optional>

#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/whole_reply.hpp"

namespace ark::cli {
namespace {

struct speech_options {
  std::shared_ptr<call_options> common = std::make_shared<call_options>();
  std::vector<std::string> words;
  std::string voice, instructions, format, output;
  std::optional<double> speed;
};

exit_code speech(context& ctx, const speech_options& o) {
  const auto all = ctx.configuration();
  if (!all) return ctx.fail(all.error());
  speech_call asked;
  if (auto ok = apply_named(*o.common, **all, "openai/gpt-4o-mini-tts", asked); !ok)
    return ctx.fail(ok.error());
  if (o.output == "-" && ctx.json())
    return ctx.wrong_usage("-o -: with --json standard output is for the reply; name a file");
  auto text = text_of(ctx, o.words);
  if (!text) return ctx.fail(text.error());
  asked.input = std::move(*text);
  asked.voice = o.voice;
  asked.instructions = o.instructions;
  asked.output_format = o.format;
  asked.speed = o.speed;
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(asked), &client::speech_async);
  if (!answer) return fail_call(ctx, answer.error());
  if (auto ok = write_bytes(ctx, o.output, answer->bytes); !ok) return ctx.fail(ok.error());
  if (ctx.json()) {
    std::string line;
    json::writer w{line};
    w.begin_object().key("file").string(o.output).key("media_type").string(answer->media_type);
    w.key("bytes").number(static_cast<std::int64_t>(answer->bytes.size()));
    write_facts(w, *answer);
    w.end_object();
    ctx.out.line(line);
  }
  return tell_rest(ctx, *answer);
}

}  // namespace

void define_speech(command& c) {
  c.examples({{"ark speech -m openai/gpt-4o-mini-tts --voice alloy 'Good morning' -o morning.mp3",
               "reads a text aloud into a file"},
              {"ark speech -m openai/gpt-4o-mini-tts --voice alloy -o - < news.txt | mpv -",
               "a file's text, played at once"}});
  auto o = c.options<speech_options>();
  const auto set = c.parameters();
  set.add_option("TEXT", o->words, "What to read; - is standard input").type_name("");
  set.add_option("-o,--output", o->output, "File for the audio; - is standard output")
      .type_name("FILE")
      .required();
  set.add_option("--voice", o->voice, "Whose voice; the vendor's documents list them")
      .type_name("NAME");
  set.add_option("--instructions", o->instructions, "How to speak").type_name("TEXT");
  set.add_option("--format", o->format, "mp3, wav, opus, ...").type_name("WORD");
  set.add_option("--speed", o->speed, "1 is normal").type_name("FACTOR").positive();
  add_call_options(set, o->common);
  c.run([o](context& ctx) { return speech(ctx, *o); });
}

}  // namespace ark::cli
