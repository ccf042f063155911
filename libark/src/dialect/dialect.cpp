#include "dialect/dialect.hpp"

#include "dialect/rerank.hpp"

namespace ark::dialect {

result<encoded> dialect::encode_rerank(const rerank_call&, std::string_view,
                                       const vendor& v) const {
  return no_rerank(v);
}

result<rerank_reply> dialect::decode_rerank(const answer&, const vendor& v, std::size_t) const {
  return no_rerank(v);
}

result<reply> end_whole(reply_builder& out, const answer& a, std::string request_id) {
  out.done();
  if (!out.failure()) {
    out.reply().request_id = std::move(request_id);
    return std::move(out.reply());
  }
  error e = *out.failure();
  e.http_status = a.head.status;
  e.request_id = std::move(request_id);
  return e;
}

const dialect* dialect_list::find(std::string_view name) const noexcept {
  for (const dialect* item : items_)
    if (item->name() == name) return item;
  return nullptr;
}

}  // namespace ark::dialect
