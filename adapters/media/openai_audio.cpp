#include "dialect/openai_wire.hpp"
#include "media/openai_media_wire.hpp"
#include "wire/base64.hpp"

namespace ark::adapters::openai_media_family {
namespace {

using json::element;
using media::encoded;

constexpr std::string_view speech_parameters[] = {"instructions", "response_format", "speed",
                                                  "voice"};
// Its events are not read here.
constexpr std::string_view speech_reserved[] = {"input", "model", "stream", "stream_format"};

constexpr std::string_view transcription_parameters[] = {
    "chunking_strategy",        "include",     "known_speaker_names",
    "known_speaker_references", "language",    "prompt",
    "response_format",          "temperature", "timestamp_granularities"};
constexpr std::string_view translation_parameters[] = {"prompt", "response_format", "temperature"};
constexpr std::string_view transcription_reserved[] = {"file", "model", "stream"};

/// Segments are an answer of their own form, and at some vendors a wish of their own. Where the row
/// drops the wish, times come unasked.
void ask_for_segments(const transcription_call& c, const media::quirk_view& quirks,
                      media::parameter_gate& gate, json::writer& w) {
  if (quirks.drops("timestamp_granularities")) {
    gate.begin("timestamp_granularities");
    return;
  }
  const bool by_format = gate.would_take("response_format");
  if (by_format && c.extra.count("response_format") == 0)
    gate.text("response_format", "verbose_json");
  if (c.translate || c.extra.count("timestamp_granularities") != 0) return;
  if (by_format && !gate.would_take("timestamp_granularities")) return;
  if (gate.begin("timestamp_granularities")) w.begin_array().string("segment").end_array();
}

double seconds_at(element e, std::string_view name) {
  element found;
  double value = 0;
  if (!json::find(e, name, found) || found.get(value) != simdjson::SUCCESS) return 0;
  return value;
}

void read_segments(element root, transcription_reply& out) {
  element list;
  simdjson::dom::array items;
  const bool segments = json::find(root, "segments", list) &&
                        list.get(items) == simdjson::SUCCESS && items.size() > 0;
  // xAI has words and no segments (recorded).
  if (!segments && (!json::find(root, "words", list) || list.get(items) != simdjson::SUCCESS))
    return;
  for (const element item : items) {
    transcription_segment made;
    made.start_s = seconds_at(item, "start");
    made.end_s = seconds_at(item, "end");
    made.text = json::text_at(item, "text");
    if (made.text.empty()) made.text = json::text_at(item, "word");
    made.speaker = json::text_at(item, "speaker");
    if (made.speaker.empty()) made.speaker = json::text_at(item, "speaker_id");
    out.segments.push_back(std::move(made));
  }
}

void read_duration(element root, transcription_reply& out) {
  element found;
  double value = 0;
  for (const std::string_view path : {"duration", "usage.seconds", "usage.prompt_audio_seconds"})
    if (json::find_path(root, path, found) && found.get(value) == simdjson::SUCCESS) {
      out.duration_s = value;
      return;
    }
}

media::operation transcribe_operation(const vendor& v) {
  return {"transcription", "transcription", v.media.transcription_path, "/audio/transcriptions"};
}
media::operation translate_operation(const vendor& v) {
  return {"translation", "translation of audio", v.media.translation_path, "/audio/translations"};
}

}  // namespace

result<encoded> encode_speech(const speech_call& c, std::string_view model, const vendor& v) {
  const media::media_row row(v);
  auto target = media::target_of({"speech", "speech", v.media.speech_path, "/audio/speech"}, model,
                                 v, row.quirks());
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model).key("input").string(c.input);
  media::parameter_gate gate(row.quirks(), speech_parameters, w, made.notes);
  if (!c.voice.empty()) gate.text("voice", c.voice);
  if (!c.instructions.empty()) gate.text("instructions", c.instructions);
  if (!c.output_format.empty()) gate.text("response_format", c.output_format);
  if (c.speed) gate.number("speed", *c.speed);
  gate.extras(c.extra, speech_reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  media::put_json(made, std::move(body), row.quirks());
  return made;
}

result<speech_reply> decode_speech(const media::answer& a, const vendor& v) {
  speech_reply out;
  const std::string type = media::media_type_of(a.head);
  if (type.find("json") == type.npos) {
    if (a.body.empty()) return media::not_ours(a);
    out.bytes = a.body;
    out.media_type = type;
    out.request_id = openai::request_id(a.head);
    return out;
  }
  // Mistral (recorded) packs the bytes into JSON, and says nothing of their type.
  auto ok = read_object(a, v, out, [&](element root) {
    auto bytes = wire::base64_decode(json::text_at(root, "audio_data"));
    if (!bytes || bytes->empty()) return false;
    out.bytes = std::move(*bytes);
    return true;
  });
  if (!ok) return ok.error();
  return out;
}

result<encoded> encode_transcription(const transcription_call& c, std::string_view model,
                                     const vendor& v) {
  const media::media_row row(v);
  auto target = media::target_of(c.translate ? translate_operation(v) : transcribe_operation(v),
                                 model, v, row.quirks());
  if (!target) return target.error();
  encoded made;
  made.request.target = std::move(*target);
  const std::span<const std::string_view> known =
      c.translate ? std::span<const std::string_view>(translation_parameters)
                  : std::span<const std::string_view>(transcription_parameters);
  std::string body;
  json::writer w(body);
  w.begin_object().key("model").string(model);
  media::parameter_gate gate(row.quirks(), known, w, made.notes);
  if (!c.language.empty()) gate.text("language", c.language);
  if (!c.prompt.empty()) gate.text("prompt", c.prompt);
  if (c.timestamps) ask_for_segments(c, row.quirks(), gate, w);
  if (c.temperature) gate.number("temperature", *c.temperature);
  gate.extras(c.extra, transcription_reserved);
  if (auto ok = gate.outcome(); !ok) return ok.error();
  w.end_object();
  const media::form_file file{"file", c.file_name.empty() ? "audio" : c.file_name, c.media_type,
                              c.audio};
  if (auto ok = media::put_form(made, body, {&file, 1}, row.quirks()); !ok) return ok.error();
  return made;
}

result<transcription_reply> decode_transcription(const media::answer& a, const vendor& v) {
  transcription_reply out;
  const std::string type = media::media_type_of(a.head);
  if (!type.empty() && type.find("json") == type.npos) {
    // response_format text, srt or vtt: the body is the text, with its lines of times.
    out.text = a.body;
    out.request_id = openai::request_id(a.head);
    return out;
  }
  auto ok = read_object(a, v, out, [&](element root) {
    element text;
    if (!json::find(root, "text", text) || !text.is_string()) return false;
    out.text = json::as_text(text);
    out.language = json::text_at(root, "language");
    read_duration(root, out);
    read_segments(root, out);
    return true;
  });
  if (!ok) return ok.error();
  return out;
}

}  // namespace ark::adapters::openai_media_family
