#pragma once
#include <ark/result.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catalog/model_rows.hpp"
#include "model.pb.h"

namespace ark::cli {

/// One price list as somebody wrote it, and as the catalogue reads it.
struct price_file {
  std::string name;  ///< the file
  schema::ModelFile rows;
  catalog::price_list list;
};

/// What proves that a file is the one that was meant. Empty: nothing is asked for.
struct price_proof {
  std::string sha256;  ///< 64 hexadecimal digits
  std::string signature_file;
  std::string public_key_file;
};

/// errc::auth unless `bytes` have the proofs that are given; errc::config for a proof that cannot
/// be read.
result<void> check_proof(std::string_view bytes, const price_proof& proof);

/// Price lists of the text format (*.textproto) or of JSON (*.json: one ark.schema.ModelFile, or
/// {"file": [...]} with several) in a file, or in all such files of a directory. Unknown fields are
/// errors: a price list has prices, and nothing that could run or name an address. errc::config
/// with file, line and field.
result<std::vector<price_file>> read_price_files(const std::string& path, const price_proof& proof);

/// The text of one list, as `ark prices update` keeps it.
std::string price_file_text(const schema::ModelFile& rows);

}  // namespace ark::cli
