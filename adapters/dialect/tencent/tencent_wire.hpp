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
result<encoded> encode_embed(const embed_call& c, const vendor& v);
result<embed_reply> decode_embed(const answer& a, const vendor& v);

/// Target and headers of an action of the API, and the row's own.
void address(wire::http_request& request, const quirk_view& quirks, std::string_view path,
             std::string_view action, bool stream);

/// `{"Response":{...}}` around a whole answer; a stream's frames have none.
element unwrapped(element root);
/// The failure in `body` (unwrapped), if there is one: `Error` of the API, `ErrorMsg` of the model.
/// `status`: of the HTTP answer, which is 200 for errors too.
std::optional<error> read_error(int status, element body, const quirk_view& quirks);
/// An answer that is not 2xx, or an error inside one that is.
error decode_failure(const answer& a, const vendor& v);
/// A 2xx answer that no reply can be read from.
error not_ours(const answer& a);
/// From the headers, or else what the answer's body says.
std::string request_id(const wire::http_head& head, std::string_view in_body = {});

/// The Usage object in disjoint buckets; nothing if it has no counts.
std::optional<ark::usage> read_usage(element usage, reply_builder& out);

}  // namespace ark::adapters::tencent
