// Images, speech, transcription, moderation and videos.
#include "client/prepare_parts.hpp"
#include "dialect/media_dialect.hpp"

#include <algorithm>

namespace ark {
namespace {

using family_pointer = const dialect::media_dialect*;

/// The family that a vendor's row calls `named`, of `what`.
result<family_pointer> media_of(const core& c, const vendor& v, const std::string& named,
                                std::string_view what) {
  const auto* family = named.empty() ? nullptr : c.dialects->find_media(named);
  if (family != nullptr) return family;
  if (named.empty())
    return error{.code = errc::unsupported,
                 .message = v.name + " has no " + std::string(what) + " here"};
  return error{
      .code = errc::config,
      .message = "vendor " + v.name + " speaks " + named + ", which this build does not know"};
}

/// The worst case of what is priced by the piece; where it is priced by tokens nothing changes.
void quote_units(prepared_call& p, const std::string& unit, std::int64_t count) {
  if (p.basis.model == nullptr || p.basis.quote.status != cost_status::unknown) return;
  usage most{.reported = true};
  most.units[unit] = count;
  const cost made = catalog::price_usage(*p.basis.model, most, p.basis.context).cost;
  if (made.status != cost_status::exact) return;
  p.basis.quote = made;
  p.basis.quote.status = cost_status::interval;
  p.basis.quote.value = p.basis.quote.low = {};
}

std::int64_t characters(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

/// `encode` and `decode` are the media family's, which is kept in `found`.
template <class C, class Encode, class Decode>
result<prepared_call> prepare_media(const core& c, const C& what, std::string operation,
                                    Encode encode, Decode decode, family_pointer* found = nullptr) {
  const std::string name = operation;
  return prepare_named(
      c, what, std::move(operation), 0, [&](prepared_call& p) -> result<dialect::encoded> {
        const std::string& named = name == "video" ? p.row->video_dialect : p.row->media_dialect;
        const auto family = media_of(c, *p.row, named, name);
        if (!family) return family.error();
        if (found != nullptr) *found = *family;
        p.read = reader_of([family = *family, row = p.row, decode](const dialect::answer& a) {
          return (family->*decode)(a, *row);
        });
        return encode(**family, p);
      });
}

/// Calls `encode`, a media family's.
template <class C, class Encode>
auto encoder_of(const C& what, Encode encode) {
  return [&what, encode](const dialect::media_dialect& family, const prepared_call& p) {
    return (family.*encode)(what, p.model, *p.row);
  };
}

/// A question about a task, at its place below the endpoint or where the vendor says.
result<task_question> place_question(dialect::task_step step, const vendor& row,
                                     const vendor_endpoint& where) {
  task_question out{.id = std::move(step.id),
                    .origin = where.origin,
                    .request = std::move(step.request),
                    .at_once = step.at_once};
  if (out.request.target.starts_with("/")) {
    out.request.target.insert(0, where.path_prefix);
    return out;
  }
  auto next = address_of(std::move(out.request.target), row, where, row.media.task_hosts);
  if (!next) return next.error();
  out.origin = std::move(next->origin);
  out.request.target = std::move(next->target);
  return out;
}

/// Asks for a task in place of beginning one.
result<dialect::encoded> ask_for(const std::string& id, const dialect::media_dialect& family,
                                 prepared_call& p) {
  auto step = family.ask_task(id, *p.row);
  if (!step) return step.error();
  auto question = place_question(std::move(*step), *p.row, p.endpoint);
  if (!question) return question.error();
  if (question->origin != p.endpoint.origin) p.endpoint.allow_private = false;
  p.endpoint.origin = std::move(question->origin);
  p.endpoint.path_prefix.clear();  // it stands in the target
  p.task_id = id;
  p.free_of_charge = true;
  return dialect::encoded{.request = std::move(question->request), .notes = {}};
}

/// A call whose answer may be a task.
template <class C, class Encode, class Decode>
result<prepared_call> prepare_task(const core& c, const C& what, std::string operation,
                                   Encode encode, Decode decode) {
  family_pointer family = nullptr;
  vendor_endpoint where;
  std::size_t own_headers = 0;
  auto out = prepare_media(
      c, what, std::move(operation),
      [&](const dialect::media_dialect& f, prepared_call& p) -> result<dialect::encoded> {
        where = p.endpoint;
        auto made =
            what.task_id.empty() ? (f.*encode)(what, p.model, *p.row) : ask_for(what.task_id, f, p);
        if (made) own_headers = made->request.headers.size();
        return made;
      },
      decode, &family);
  if (!out) return out;
  // What proves who asks stands behind the family's own headers, or is made for each request.
  const auto& headers = out->request.headers;
  wire::header_list key(headers.begin() + static_cast<std::ptrdiff_t>(own_headers), headers.end());
  out->next = [family, row = out->row, where = std::move(where), key = std::move(key)](
                  const dialect::answer& a) -> result<std::optional<task_question>> {
    auto step = family->next_step(a, *row);
    if (!step) return step.error();
    if (!*step) return std::optional<task_question>{};
    if ((*step)->id.empty()) return std::optional(task_question{});
    auto question = place_question(std::move(**step), *row, where);
    if (!question) return question.error();
    question->request.headers.insert(question->request.headers.end(), key.begin(), key.end());
    return std::optional(std::move(*question));
  };
  return out;
}

/// An extra parameter as prices name it: a text without its quotes.
std::string plain_text(const std::string& json) {
  const bool quoted = json.size() >= 2 && json.front() == '"' && json.back() == '"';
  return quoted ? json.substr(1, json.size() - 2) : json;
}

error nothing_said(std::string_view what) {
  return {.code = errc::invalid_request,
          .message = "say what the " + std::string(what) + " should show"};
}

}  // namespace

result<prepared_call> prepare_image(const core& c, const image_call& what) {
  if (what.prompt.empty() && what.images.empty() && what.task_id.empty())
    return nothing_said("image");
  if (what.n < 1)
    return error{.code = errc::invalid_request, .message = "n must be at least 1 image"};
  auto out = prepare_task(c, what, "image", &dialect::media_dialect::encode_image,
                          &dialect::media_dialect::decode_image);
  if (!out || out->free_of_charge) return out;
  const std::string usual = "default";
  out->basis.context.attributes = {{"size", what.size.empty() ? usual : what.size},
                                   {"quality", what.quality.empty() ? usual : what.quality}};
  quote_units(*out, "image_generation", what.n);
  return out;
}

result<prepared_call> prepare_speech(const core& c, const speech_call& what) {
  if (what.input.empty())
    return error{.code = errc::invalid_request, .message = "the call has no text to speak"};
  auto out =
      prepare_media(c, what, "speech", encoder_of(what, &dialect::media_dialect::encode_speech),
                    &dialect::media_dialect::decode_speech);
  if (!out) return out;
  const std::int64_t length = characters(what.input);
  quote_units(*out, "input_chars", length);
  // Vendors that sell speech by the character do not say how many there were.
  out->read = [read = std::move(out->read), length](const dialect::answer& a) {
    auto made = read(a);
    auto* spoken = made ? std::get_if<speech_reply>(&*made) : nullptr;
    if (spoken == nullptr || spoken->usage.reported) return made;
    spoken->usage.reported = true;
    spoken->usage.units["input_chars"] = length;
    spoken->notes.emplace_back("the vendor reports no usage: the characters were counted here");
    return made;
  };
  return out;
}

result<prepared_call> prepare_transcription(const core& c, const transcription_call& what) {
  if (what.audio.empty())
    return error{.code = errc::invalid_request, .message = "the call has no audio"};
  return prepare_media(c, what, "transcription",
                       encoder_of(what, &dialect::media_dialect::encode_transcription),
                       &dialect::media_dialect::decode_transcription);
}

result<prepared_call> prepare_moderation(const core& c, const moderation_call& what) {
  if (what.input.empty() && what.images.empty())
    return error{.code = errc::invalid_request, .message = "the call has no input"};
  return prepare_media(c, what, "moderation",
                       encoder_of(what, &dialect::media_dialect::encode_moderation),
                       &dialect::media_dialect::decode_moderation);
}

result<prepared_call> prepare_video(const core& c, const video_call& what) {
  if (what.prompt.empty() && !what.first_frame && !what.last_frame && what.references.empty() &&
      what.task_id.empty())
    return nothing_said("video");
  if (what.duration_s && *what.duration_s < 1)
    return error{.code = errc::invalid_request, .message = "a video lasts at least 1 second"};
  auto out = prepare_task(c, what, "video", &dialect::media_dialect::encode_video,
                          &dialect::media_dialect::decode_video);
  if (!out || out->free_of_charge) return out;
  auto& attributes = out->basis.context.attributes;
  for (const auto& [name, value] : what.extra) attributes.emplace_back(name, plain_text(value));
  if (!what.size.empty()) attributes.emplace_back("size", what.size);
  if (!what.resolution.empty()) attributes.emplace_back("resolution", what.resolution);
  quote_units(*out, "video_generation_videos", 1);
  if (!what.duration_s) return out;
  quote_units(*out, "video_generation", *what.duration_s);
  // Vendors that sell videos by the second do not all say how many there were.
  out->read = [read = std::move(out->read), asked = *what.duration_s](const dialect::answer& a) {
    auto made = read(a);
    auto* video = made ? std::get_if<video_reply>(&*made) : nullptr;
    if (video == nullptr || video->usage.reported) return made;
    video->usage.reported = true;
    video->usage.units["video_generation"] = asked;
    video->notes.emplace_back("the vendor reports no usage: the seconds asked for were counted");
    return made;
  };
  return out;
}

}  // namespace ark
