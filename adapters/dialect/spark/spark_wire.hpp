#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <string_view>

/// The pieces of the spark_ws family. All pure.
namespace ark::adapters::spark {

/// The opening of the socket and the one message that is sent on it: the same whether the reply is
/// streamed or not. errc::unsupported for what the family has no words for; errc::not_found for a
/// model whose path is not known; errc::invalid_request without an `app_id`.
result<dialect::encoded> encode(const call& c, std::string_view model, const vendor& v);

/// Is this frame an error? `header.code` is 0 where it is none.
bool is_error(json::element frame);
/// What it says. `status`: of the HTTP answer that the frame came in or behind.
error read_error(int status, json::element frame, const dialect::quirk_view& quirks);
/// An answer that is no WebSocket: a refused handshake.
error decode_failure(const dialect::answer& a, const vendor& v);

}  // namespace ark::adapters::spark
