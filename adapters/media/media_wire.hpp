#pragma once
#include "base/json_reader.hpp"
#include "dialect/media_dialect.hpp"
#include "dialect/quirks.hpp"

#include <span>
#include <string>
#include <string_view>

/// What the families of media have in common. Pure.
namespace ark::adapters::media {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::parameter_gate;
using ark::dialect::quirk_view;
using json::element;

/// Whose allow-list of parameters counts.
enum class parameters_of : std::uint8_t { row, family };
/// A vendor's row as its media see it: of the chat's quirks only constant headers and query, cost
/// and errors; the parameters and quirks of `vendor::media` in place of the others.
class media_row {
 public:
  /// `parameters_of::family`: the row's allow-list is for what is not asked for here.
  explicit media_row(const vendor& v, parameters_of whose = parameters_of::row);
  media_row(const media_row&) = delete;
  media_row& operator=(const media_row&) = delete;
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  static vendor made_of(const vendor& v, parameters_of whose);
  vendor row_;
  quirk_view quirks_;  ///< points into `row_`
};

/// An operation of media, as a row's `capability` calls it and people do; its path is the row's
/// (`own`), or else the family's.
struct operation {
  std::string_view capability, name;
  const std::string& own;
  std::string_view path;
};
/// Where a request goes below the base URL. errc::unsupported where the row's capabilities are
/// without it, or the path is "-".
result<std::string> target_of(const operation& o, std::string_view model, const vendor& v,
                              const quirk_view& quirks);

/// A file of a form. `bytes` must outlive the request's making.
struct form_file {
  std::string field;
  std::string file_name;
  std::string media_type;
  std::string_view bytes;
};

/// Makes `body`, a JSON object, the request's body.
void put_json(encoded& out, std::string body, const quirk_view& quirks);
/// The same object as a form: text and numbers are fields, of a list each item is a field "name[]",
/// objects are JSON text; then the files. errc::invalid_request for a media type that is none.
result<void> put_form(encoded& out, std::string_view body, std::span<const form_file> files,
                      const quirk_view& quirks);

/// "data:image/png;base64,..." of bytes, else the URL.
std::string url_of(const image_part& image);
/// An image needs bytes with a media type, or a URL: errc::invalid_request says what is missing.
result<void> check_image(const image_part& image);
/// "png" of "image/png".
std::string_view subtype_of(std::string_view media_type);
/// The content-type header without its parameters, in lower case; "" if there is none.
std::string media_type_of(const wire::http_head& head);

/// What every reply has: model, the request's id, and the usage object's tokens in buckets, of
/// which images have one of their own. A usage object that counts seconds puts
/// "input_audio_seconds" into the units.
void read_facts(element root, const answer& a, const quirk_view& quirks, reply_facts& out);
/// Made images have no unit in a usage object: those that came are counted ("image_generation"),
/// unless tokens are.
void count_images(std::size_t images, reply_facts& out);

/// An answer that cannot be what was asked for. The vendor may bill it.
error not_ours(const answer& a);

}  // namespace ark::adapters::media
