#pragma once
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/prices_file.hpp"

namespace ark::cli {

struct update_options {
  std::string path;
  price_proof proof;
  std::string compare;  ///< a second source
  bool yes = false;
  std::vector<std::string> accept;  ///< models whose alarms somebody has seen
  bool dry_run = false;
};

/// `ark prices update`: reads, proves, compares, asks, keeps. Nothing is kept unless all is agreed
/// to; exit code `no` if it is not.
exit_code update_prices(context& ctx, const update_options& o);

}  // namespace ark::cli
