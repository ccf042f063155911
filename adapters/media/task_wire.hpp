#pragma once
#include "media/media_wire.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// What the families of tasks have in common: what vendors make in the background. Pure.
namespace ark::adapters::media {

using ark::dialect::task_step;
using next_result = result<std::optional<task_step>>;

/// A question by GET.
task_step ask_by_get(std::string id, std::string target, const quirk_view& quirks);
/// A question by GET at `path`, the id behind it, `below` behind that.
result<task_step> ask_below(std::string_view path, std::string_view id, const quirk_view& quirks,
                            std::string_view below = {});
/// Ask this next.
inline next_result then(result<task_step> step) {
  if (!step) return step.error();
  return std::optional(std::move(*step));
}
/// Ask the same again.
inline next_result same_again() { return std::optional(task_step{}); }
/// The answer is to be decoded.
inline next_result decode_it() { return std::optional<task_step>{}; }

/// Why a task ended without a result. The row's words for `code` count, then what code and message
/// have in them. Inside a 2xx answer nothing is safe to begin again.
error task_failure(const answer& a, std::string_view code, std::string_view message,
                   const quirk_view& quirks);

/// "1024x768" as two numbers.
std::optional<std::pair<std::int64_t, std::int64_t>> numbers_of(std::string_view size);

/// Adds the URLs of a list of {url}. False: there is none.
bool add_urls(element list, video_reply& out);
/// Of videos that are sold by the piece where the vendor counts nothing: those that came are.
void count_videos(video_reply& out);

/// A family of tasks that makes one thing, out of the functions of its wire.
template <class Call, class Reply>
class task_family final : public ark::dialect::media_dialect {
 public:
  struct functions {
    std::string_view name;
    result<encoded> (*encode)(const Call& c, std::string_view model, const vendor& v);
    result<Reply> (*decode)(const answer& a, const vendor& v);
    next_result (*next)(const answer& a, const vendor& v);
    result<task_step> (*ask)(std::string_view id, const vendor& v);
  };
  explicit constexpr task_family(const functions& its) : its_(its) {}

  std::string_view name() const override { return its_.name; }
  result<encoded> encode_image(const image_call& c, std::string_view model,
                               const vendor& v) const override {
    if constexpr (std::is_same_v<Call, image_call>) return its_.encode(c, model, v);
    return media_dialect::encode_image(c, model, v);
  }
  result<image_reply> decode_image(const answer& a, const vendor& v) const override {
    if constexpr (std::is_same_v<Call, image_call>) return its_.decode(a, v);
    return media_dialect::decode_image(a, v);
  }
  result<encoded> encode_video(const video_call& c, std::string_view model,
                               const vendor& v) const override {
    if constexpr (std::is_same_v<Call, video_call>) return its_.encode(c, model, v);
    return media_dialect::encode_video(c, model, v);
  }
  result<video_reply> decode_video(const answer& a, const vendor& v) const override {
    if constexpr (std::is_same_v<Call, video_call>) return its_.decode(a, v);
    return media_dialect::decode_video(a, v);
  }
  next_result next_step(const answer& a, const vendor& v) const override { return its_.next(a, v); }
  result<task_step> ask_task(std::string_view id, const vendor& v) const override {
    return its_.ask(id, v);
  }

 private:
  functions its_;
};
using image_tasks = task_family<image_call, image_reply>;
using video_tasks = task_family<video_call, video_reply>;

/// A call that the vendor cannot be asked for: errc::unsupported.
error beyond_vendor(std::string why);
/// Each image of a video call needs bytes with a media type, or a URL.
result<void> check_frames(const video_call& c);

}  // namespace ark::adapters::media
