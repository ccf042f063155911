#pragma once
#include "model/vendor.hpp"

#include <ark/call.hpp>

#include <boost/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

/// Readers of recorded requests: what a call would have to say for this request to be sent. They
/// share no code with the encoders, which they judge, but for base64. Where a call has a convention
/// for what the wire says otherwise (a signature goes before its part, opaque items) they follow
/// it.
namespace ark::test::requests {

namespace json = boost::json;

/// A recorded request as a call.
struct read_request {
  call asked;
  std::string model;
  bool streamed = false;
  /// The body in the vendor's own spelling, where the vendor takes several; else null.
  json::value spelled;
  std::set<std::string> beyond;  ///< members that no call can say, "tools[].type=web_search"
};

/// Shared by the readers: a member is either read or `beyond`.
class request_reader {
 public:
  read_request take() { return std::move(read_); }

 protected:
  void beyond(std::string what) { read_.beyond.insert(std::move(what)); }
  /// "path.name" or "path.name=value" for a short text.
  void beyond(std::string_view path, std::string_view name, const json::value& value);
  void extra(std::string_view name, const json::value& value);
  std::string text(std::string_view path, const json::value& value);
  std::optional<std::int64_t> integer(std::string_view path, const json::value& value);
  std::optional<double> number(std::string_view path, const json::value& value);
  std::optional<bool> boolean(std::string_view path, const json::value& value);
  /// Null (and `beyond`) unless `value` is one.
  const json::object* object(std::string_view path, const json::value& value);
  const json::array* array(std::string_view path, const json::value& value);
  std::vector<std::string> texts(std::string_view path, const json::value& value);
  /// An image by its URL; what a data URL holds becomes bytes.
  image_part image(std::string_view path, std::string url);
  image_part image_of_base64(std::string_view path, std::string media_type,
                             std::string_view base64);
  /// The same for parts of other kinds.
  template <class Part>
  Part media(std::string_view path, std::string url) {
    return as<Part>(image(path, std::move(url)));
  }
  template <class Part>
  Part media_of_base64(std::string_view path, std::string media_type, std::string_view base64) {
    return as<Part>(image_of_base64(path, std::move(media_type), base64));
  }
  /// The mark that {"type": "ephemeral", "ttl": ...} is.
  cache_mark cache(std::string_view path, const json::value& value);

  read_request read_;

 private:
  template <class Part>
  static Part as(image_part from) {
    Part made;
    made.url = std::move(from.url);
    made.bytes = std::move(from.bytes);
    made.media_type = std::move(from.media_type);
    return made;
  }
};

/// The word's effort, if it is one.
std::optional<reasoning_effort> effort_of(std::string_view word);

}  // namespace ark::test::requests
