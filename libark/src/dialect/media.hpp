#pragma once
#include "base/json.hpp"
#include "model/vendor.hpp"

#include <ark/call.hpp>
#include <ark/result.hpp>

#include <map>
#include <string>
#include <string_view>

/// What the families have in common in parts that are no text. Pure.
namespace ark::dialect {

/// Where a part's content is: one of `url`, `data` or `bytes`, and `file_id`. Points into the part.
struct media {
  std::string_view url{};   ///< never a data URL
  std::string_view data{};  ///< base64, as it stood in a data URL
  std::string_view bytes{};
  std::string_view media_type{};
  std::string_view file_id{};
  bool is_inline() const noexcept { return !data.empty() || !bytes.empty(); }
};

/// Is it an image, a sound, a document or a video?
bool is_media(const part& p) noexcept;

/// `what` is told in errors, "an image". errc::invalid_request unless exactly one place is named,
/// for a data URL that is not base64, and for content without a media type.
result<media> media_of(std::string_view what, const image_part& p);
result<media> media_of(std::string_view what, const audio_part& p);
result<media> media_of(std::string_view what, const document_part& p);
result<media> media_of(std::string_view what, const video_part& p);

/// The content in base64 as a JSON string.
void write_base64(json::writer& out, const media& m);
/// `url`, or the content as a data URL, as a JSON string.
void write_url(json::writer& out, const media& m);
/// The content itself. For text, which some families send as such.
result<std::string> text_of(const media& m);
/// "audio/x-wav" -> "wav", "audio/mpeg" -> "mp3", "image/jpg" -> "jpeg", "text/plain" -> "txt":
/// the short name that vendors who take no media type want; "" if none is known.
std::string_view short_format(std::string_view media_type) noexcept;

/// What a family, as a row uses it, can say beyond text and images by URL or bytes.
struct sayable {
  bool audio = false, documents = false, video = false;
  bool file_ids = false;  ///< of files that were uploaded to the vendor
  bool logprobs = false;
};
/// errc::unsupported for the first thing in `c` that cannot be said.
result<void> check_sayable(const call& c, const sayable& can, const vendor& v);

/// `cache_control`, as a member of the open object; nothing for no mark.
void write_cache_mark(cache_mark mark, json::writer& out);

/// The items of `list`, the JSON text of a list that the caller gave, into the open array: tools
/// that a vendor runs itself, behind the call's functions. errc::invalid_request if it is none.
result<void> write_items(json::writer& out, std::string_view list);

/// Does the row's own list of parameters name this one? "*" names none.
bool lists_parameter(const vendor& v, std::string_view name) noexcept;

/// The members of the JSON object `extra[kind]` into the open object: what the vendor takes in
/// every part of the kind ("video_url": {"fps": 2}). Nothing where the row takes none.
/// errc::invalid_request if it is no object, or names what the part says itself (a URL, `detail`,
/// ...).
result<void> write_part_options(json::writer& out, const std::map<std::string, std::string>& extra,
                                std::string_view kind, const vendor& v);

/// What a family calls its parts.
struct part_kinds {
  std::string_view image, video;
};
/// Takes out of `rest` what `write_part_options` writes; notes what is of no part of the call.
void take_part_options(const call& c, const vendor& v, part_kinds kinds,
                       std::map<std::string, std::string>& rest, std::vector<std::string>& notes);

}  // namespace ark::dialect
