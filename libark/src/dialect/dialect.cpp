#include "dialect/dialect.hpp"

namespace ark::dialect {

const dialect* dialect_list::find(std::string_view name) const noexcept {
  for (const dialect* item : items_)
    if (item->name() == name) return item;
  return nullptr;
}

}  // namespace ark::dialect
