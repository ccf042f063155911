#pragma once
#include "catalog/catalog.hpp"
#include "catalog/model_rows.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ark::catalog {

/// What a book is made of: vendors, built-in price lists that are still packed, and the user's.
struct book_parts {
  std::vector<vendor> vendors;  ///< later ones replace earlier ones of the same name
  std::vector<packed_list> packed;
  std::vector<price_list> lists;  ///< later models replace earlier ones of the same id
};
/// Cheap: no list is decoded before a model of it is asked for.
std::shared_ptr<const book> make_book(book_parts parts);

}  // namespace ark::catalog
