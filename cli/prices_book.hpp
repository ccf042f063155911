#pragma once
#include <ark/result.hpp>

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "cli/context.hpp"

namespace ark::cli {

struct settings;

/// Where `ark prices update` keeps price lists: "~/.local/share/ark/prices"; "" without a home.
std::string prices_directory(os::system& machine);
/// The directories of price lists in the order of reading: the kept ones if there are any, then
/// those of the settings, whose rows win.
std::vector<std::string> model_directories(os::system& machine, const settings& all);
/// The catalogue that commands price with: built-in rows, then the user's.
result<std::shared_ptr<const catalog::book>> load_catalogue(context& ctx);

}  // namespace ark::cli
