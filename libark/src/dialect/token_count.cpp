#include "dialect/token_count.hpp"

#include "base/json_reader.hpp"

namespace ark::dialect {

result<token_count_reply> read_token_count(const answer& a, std::string_view where,
                                           std::string request_id) {
  json::reader reader;
  const auto root = reader.parse(a.body);
  json::element found;
  simdjson::dom::array tokens;
  std::int64_t count = -1;
  if (root && json::find_path(*root, where, found))
    count = found.get(tokens) == simdjson::SUCCESS ? static_cast<std::int64_t>(tokens.size())
                                                   : json::as_integer(found, -1);
  if (count < 0)
    return error{.code = errc::protocol,
                 .retry = retry_class::never,
                 .http_status = a.head.status,
                 .message = "the vendor's answer does not say how many tokens there are",
                 .request_id = std::move(request_id)};
  token_count_reply out;
  out.input_tokens = count;
  out.request_id = std::move(request_id);
  return out;
}

}  // namespace ark::dialect
