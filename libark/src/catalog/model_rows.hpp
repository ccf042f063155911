#pragma once
#include "catalog/price.hpp"

#include <ark/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ark::schema {
class ModelFile;
}

namespace ark::catalog {

/// One price list: the models that one vendor sells in one currency.
struct price_list {
  std::string vendor;  ///< what a vendor row's price_vendor names
  std::vector<model> models;
};

/// The built-in lists, found but not decoded. Views into `packed` (ark.schema.ModelFiles).
struct packed_list {
  std::string_view vendor;
  std::span<const unsigned char> bytes;  ///< ark.schema.ModelFile
};
/// errc::internal when the bytes are not what the build packs.
result<std::vector<packed_list>> find_lists(std::span<const unsigned char> packed);
/// The models of a list, found but not decoded: a program that asks for one need not read all.
struct packed_model {
  std::string_view id;
  std::vector<std::string_view> aliases;
  std::string_view currency;             ///< of the list
  std::span<const unsigned char> bytes;  ///< ark.schema.Model
};
result<std::vector<packed_model>> find_models(const packed_list& list);
/// errc::internal when the row is wrong: the build checks only its schema, a test its values.
result<model> unpack_model(const packed_model& packed);

/// A list as a person wrote it (text format of ark.schema.ModelFile). errc::config with
/// "FILE:LINE: field F: what is wrong"; unknown fields are errors. `file` is only for messages.
result<price_list> parse_list(std::string_view text, const std::string& file);
/// errc::config with the field and what is wrong with it.
result<price_list> make_list(const schema::ModelFile& rows);
/// Every *.textproto of a directory, in order of their names. errc::config names the file and line.
result<std::vector<price_list>> read_list_directory(const std::string& directory);

}  // namespace ark::catalog
