#pragma once
#include <string>
#include <vector>

#include "config.pb.h"

/// Settings as a flat list of paths, by reflection over libark/schema/config.proto.
namespace ark::cli {

struct leaf {
  std::string path;   ///< "ledger.path", "vendors.openai.base_url", "auto_models"
  std::string value;  ///< YAML flow text
};

/// Everything that is set; maps by key, in the order of the schema.
std::vector<leaf> leaves_of(const schema::Config& values);
/// Puts what `top` sets over `base`: messages and maps are merged, lists replaced.
void overlay(schema::Config& base, const schema::Config& top);

}  // namespace ark::cli
