#pragma once
#include <ark/result.hpp>

#include <string>
#include <string_view>

namespace ark::wire {

/// A boundary that does not occur in `bytes`: the same for the same bytes, so requests are stable.
std::string boundary_for(std::string_view bytes);

/// Writes multipart/form-data (RFC 7578). The boundary is passed in, since this layer has no
/// randomness: see `boundary_for`. Errors are kept and told by `finish`.
class multipart_form {
 public:
  explicit multipart_form(std::string boundary);

  multipart_form& add_field(std::string_view name, std::string_view value);
  /// `media_type` "" is sent as application/octet-stream.
  multipart_form& add_file(std::string_view name, std::string_view file_name,
                           std::string_view media_type, std::string_view bytes);

  /// For the Content-Type header.
  std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }
  /// The body; the form is empty afterwards. errc::invalid_request for a boundary that is not one
  /// (1 to 70 letters, digits, or -_.+) or that occurs in a part, and for a media type with control
  /// characters.
  result<std::string> finish();

 private:
  void begin_part(std::string_view name);
  void add_content(std::string_view bytes);

  std::string boundary_;
  std::string body_;
  std::string problem_;
};

}  // namespace ark::wire
