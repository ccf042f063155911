#pragma once
#include "media/bfl_images.hpp"
#include "media/dashscope_media.hpp"
#include "media/gemini_videos.hpp"
#include "media/minimax_media.hpp"
#include "media/modelark_videos.hpp"
#include "media/openai_videos.hpp"
#include "media/replicate_images.hpp"
#include "media/zhipu_videos.hpp"
#include "media_support.hpp"

/// What the tests of the families of tasks share: a family as one row uses it.
namespace ark::test::media {

struct task_maker {
  const dialect::media_dialect& family;
  vendor v;

  result<image_reply> images(const std::string& body) const {
    const wire::http_head head = head_of();
    return family.decode_image({head, body}, v);
  }
  result<video_reply> videos(const std::string& body,
                             const wire::http_head& head = head_of()) const {
    return family.decode_video({head, body}, v);
  }
  result<std::optional<dialect::task_step>> next(const std::string& body,
                                                 const wire::http_head& head = head_of()) const {
    return family.next_step({head, body}, v);
  }
  /// "ID METHOD TARGET" of the next question, with " now" where it does not wait; "again"; "" where
  /// the answer is to be decoded; or the error's code.
  std::string step(const std::string& body, const wire::http_head& head = head_of()) const {
    const auto made = next(body, head);
    if (!made) return std::string(to_string(made.error().code));
    if (!*made) return "";
    const dialect::task_step& s = **made;
    if (s.id.empty()) return "again";
    return s.id + ' ' + s.request.method + ' ' + s.request.target + (s.at_once ? " now" : "");
  }
  std::string ask(const std::string& id) const {
    const auto s = family.ask_task(id, v);
    return s ? s->request.method + ' ' + s->request.target : std::string(to_string(s.error().code));
  }
};

inline const image_part& png() {
  static const image_part image = image_bytes("PNG", "image/png");
  return image;
}
inline image_part at(std::string url) { return image_url(std::move(url)); }

}  // namespace ark::test::media
