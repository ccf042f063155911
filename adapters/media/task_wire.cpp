#include "media/task_wire.hpp"

#include "base/text.hpp"
#include "dialect/error_table.hpp"
#include "dialect/openai_wire.hpp"
#include "wire/url.hpp"

#include <array>
#include <charconv>

namespace ark::adapters::media {
namespace {

/// Of vendors' filters, in lower case.
constexpr std::array<std::string_view, 7> filter_words{
    "sensitive", "moderat", "inspection", "safety", "policy", "riskdetection", "nsfw"};

ark::dialect::error_meaning meaning_of(std::string_view code, std::string_view message,
                                       const quirk_view& quirks) {
  if (const auto* row = quirks.error(code)) return {row->code, row->retry};
  const std::string said = text::lower(std::string(code) + ' ' + std::string(message));
  for (const std::string_view word : filter_words)
    if (said.find(word) != std::string::npos) return {errc::content_filter, retry_class::never};
  return openai::meaning_of_word(code).value_or(
      ark::dialect::error_meaning{errc::server, retry_class::maybe_billed});
}

}  // namespace

task_step ask_by_get(std::string id, std::string target, const quirk_view& quirks) {
  task_step step{.id = std::move(id), .request = {}};
  step.request.method = "GET";
  step.request.target = std::move(target);
  quirks.add_headers(step.request.headers);
  return step;
}

result<task_step> ask_below(std::string_view path, std::string_view id, const quirk_view& quirks,
                            std::string_view below) {
  const auto segment = wire::encode_segment(id);
  if (!segment) return segment.error();
  std::string target(path);
  target.append(*segment).append(below);
  return ask_by_get(std::string(id), quirks.target(target), quirks);
}

error task_failure(const answer& a, std::string_view code, std::string_view message,
                   const quirk_view& quirks) {
  error e{.http_status = a.head.status,
          .vendor_message = std::string(message),
          .vendor_code = std::string(code),
          .request_id = openai::request_id(a.head)};
  ark::dialect::set_meaning(e, meaning_of(code, message, quirks));
  if (e.code == errc::server) e.message = "the vendor did not finish the task: see its message";
  return e;
}

std::optional<std::pair<std::int64_t, std::int64_t>> numbers_of(std::string_view size) {
  std::int64_t width = 0, height = 0;
  const char* const end = size.data() + size.size();
  const auto first = std::from_chars(size.data(), end, width);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != 'x') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, height);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  return std::pair(width, height);
}

bool add_urls(element list, video_reply& out) {
  simdjson::dom::array items;
  if (list.get(items) != simdjson::SUCCESS) return false;
  for (const element item : items)
    if (const auto url = json::text_at(item, "url"); !url.empty())
      out.videos.push_back({.bytes = {}, .url = std::string(url), .media_type = "video/mp4"});
  return !out.videos.empty();
}

void count_videos(video_reply& out) {
  out.usage.units["video_generation_videos"] = static_cast<std::int64_t>(out.videos.size());
  out.usage.reported = true;
  out.notes.emplace_back("the vendor sent no usage: the videos were counted");
}

error beyond_vendor(std::string why) {
  return {.code = errc::unsupported, .message = std::move(why)};
}

result<void> check_frames(const video_call& c) {
  for (const auto* frame : {&c.first_frame, &c.last_frame})
    if (*frame)
      if (auto ok = check_image(**frame); !ok) return ok;
  for (const image_part& image : c.references)
    if (auto ok = check_image(image); !ok) return ok;
  return {};
}

}  // namespace ark::adapters::media
