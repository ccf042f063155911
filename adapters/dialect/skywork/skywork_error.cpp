#include "dialect/error_table.hpp"
#include "dialect/skywork/skywork_wire.hpp"

namespace ark::adapters::skywork {

bool is_error(element root) {
  element code;
  if (!json::find(root, "code", code) || code.is_null()) return false;
  if (code.is_string()) {
    const std::string_view word = json::as_text(code);
    return !word.empty() && word != "0" && word != "200";
  }
  const std::int64_t number = json::as_integer(code, -1);
  return number != 0 && number != 200;
}

error read_error(int status, element root, const quirk_view& quirks) {
  error e{.http_status = status};
  element code;
  if (json::find(root, "code", code)) {
    e.vendor_code = json::as_text(code);
    if (code.is_number()) e.vendor_code = simdjson::minify(code);
  }
  for (const std::string_view name : {"code_msg", "message", "msg"})
    if (e.vendor_message.empty()) e.vendor_message = json::text_at(root, name);
  e.request_id = json::text_at(root, "trace_id");
  const auto* row = quirks.error(e.vendor_code);
  const ark::dialect::error_meaning plain =
      ark::dialect::meaning_of_status(status < 400 ? 500 : status);
  ark::dialect::set_meaning(
      e, row != nullptr ? ark::dialect::error_meaning{row->code, row->retry} : plain, status);
  return e;
}

error decode_failure(const answer& a, const vendor& v) {
  const auto read = [&](element root) { return read_error(a.head.status, root, quirk_view(v)); };
  return ark::dialect::failure_of(a.head, a.body, {}, read);
}

}  // namespace ark::adapters::skywork
