#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <optional>
#include <string>
#include <string_view>

// The parts that the tencent family is made of; nobody else's business. All pure.
namespace ark::adapters::tencent {

using ark::dialect::answer;
using ark::dialect::encoded;
using ark::dialect::quirk_view;
using ark::dialect::reply_builder;
using json::element;

error refused(std::string message, errc code = errc::invalid_request);

result<encoded> encode_chat(const call& c, std::string_view model, const vendor& v, bool stream);
result<encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const answer& a, const vendor& v);

/// Adds the headers of an action of the API.
void add_action(wire::header_list& headers, std::string_view action, bool stream);

/// `{"Response":{...}}` around a whole answer; a stream's frames have none.
element unwrapped(element root);
/// Is there a failure in `body` (unwrapped): `Error` of the API, or `ErrorMsg` of the model?
bool is_error(element body);
/// `Error{Code,Message}` with RequestId, or `ErrorMsg{Code,Msg}`. `status`: of the HTTP answer,
/// which is 200 for errors too: what is refused before anything was done says so by its code.
error read_error(int status, element body, const quirk_view& quirks);
/// An answer that is not 2xx, or an error inside one that is.
error decode_failure(const answer& a, const vendor& v);
/// A 2xx answer that no reply can be read from.
error not_ours(const answer& a);
std::string request_id(const wire::http_head& head);

/// The Usage object in disjoint buckets; nothing if it has no counts.
std::optional<ark::usage> read_usage(element usage, reply_builder& out);

/// Reads a chunk or a whole reply: both have the same shape but for `Delta` and `Message`.
class completion_reader {
 public:
  explicit completion_reader(const vendor& v) : quirks_(v) {}
  /// False: an object of another kind.
  bool read(element body, reply_builder& out);
  void end(reply_builder& out);
  const quirk_view& quirks() const noexcept { return quirks_; }

 private:
  void choice(element e, reply_builder& out);
  void message(element e, reply_builder& out);
  void tool_call(element e, int position, reply_builder& out);

  quirk_view quirks_;
  std::string finish_word_;
};

}  // namespace ark::adapters::tencent
