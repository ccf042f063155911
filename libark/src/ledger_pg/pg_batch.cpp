#include "ledger_pg/pg_batch.hpp"

namespace ark::pg {

batch::batch(std::vector<schema::named_column> first, const std::vector<schema::named_column>& rest)
    : named_(std::move(first)) {
  named_.insert(named_.end(), rest.begin(), rest.end());
  columns_.reserve(named_.size());
  for (const auto& c : named_) columns_.emplace_back(c.of);
}

void batch::add(std::span<const detail::cell> first, std::span<const detail::cell> rest) {
  auto to = columns_.begin();
  for (const auto& cell : first) (to++)->add(cell);
  for (const auto& cell : rest) (to++)->add(cell);
}

void batch::clear() noexcept {
  for (column& c : columns_) c.clear();
}

parameters batch::arrays() {
  parameters all;
  for (column& c : columns_) all.array(c);
  return all;
}

std::string batch::source() const {
  std::string sql = "unnest(";
  for (std::size_t i = 0; i < named_.size(); ++i)
    sql += (i == 0 ? "$" : ",$") + std::to_string(i + 1) +
           (named_[i].of == type::int8 ? "::int8[]" : "::text[]");
  return sql + ") WITH ORDINALITY AS g(" + names("") + ",n)";
}

void queue_rows(connection& to, const std::string& sql, batch rows) {
  const auto owner = std::make_shared<batch>(std::move(rows));
  to.queue(sql, owner->arrays(), owner);
}

}  // namespace ark::pg
