#pragma once
#include "catalog/model_rows.hpp"
#include "model/vendor.hpp"

#include <ark/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ark::catalog {

/// A service that takes and gives JSON, as one more vendor: its row (dialect "http_json") and the
/// price list of its models. Values.
struct service {
  ark::vendor vendor;
  price_list prices;
};

/// Reads the YAML of ark.schema.Service. errc::config with "FILE:LINE: field: what is wrong"; what
/// the schema itself refuses has a column too.
result<service> parse_service(std::string_view text, const std::string& file);
/// Every *.yaml of a directory, in order of their names. errc::not_found if it cannot be read.
result<std::vector<service>> read_service_directory(const std::string& directory);

}  // namespace ark::catalog
