#include "catalog/book.hpp"
#include "catalog/service_rows.hpp"
#include "catalog/vendor_rows.hpp"

#include <iterator>

namespace ark::catalog {

result<std::shared_ptr<const book>> load_book(built_in_rows built_in,
                                              const std::vector<std::string>& vendor_directories,
                                              const std::vector<std::string>& model_directories) {
  book_parts parts;
  auto vendors = unpack_vendors(built_in.vendors);
  if (!vendors) return vendors.error();
  parts.vendors = std::move(*vendors);
  for (const std::string& directory : vendor_directories) {
    auto more = read_vendor_directory(directory);
    if (!more) return more.error();
    std::move(more->begin(), more->end(), std::back_inserter(parts.vendors));
    auto services = read_service_directory(directory);
    if (!services) return services.error();
    for (service& each : *services) {
      parts.vendors.push_back(std::move(each.vendor));
      parts.lists.push_back(std::move(each.prices));
    }
  }
  auto packed = find_lists(built_in.models);
  if (!packed) return packed.error();
  parts.packed = std::move(*packed);
  for (const std::string& directory : model_directories) {
    auto more = read_list_directory(directory);
    if (!more) return more.error();
    std::move(more->begin(), more->end(), std::back_inserter(parts.lists));
  }
  return make_book(std::move(parts));
}

}  // namespace ark::catalog
