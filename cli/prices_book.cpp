#include "cli/prices_book.hpp"

#include <filesystem>

#include "adapters/rows.hpp"
#include "cli/settings.hpp"

namespace ark::cli {

std::string prices_directory(os::system& machine) {
  const std::string data = os::data_directory(machine);
  return data.empty() ? data : data + "/prices";
}

std::vector<std::string> model_directories(os::system& machine, const settings& all) {
  std::vector<std::string> out;
  std::error_code failed;
  const std::string kept = prices_directory(machine);
  if (!kept.empty() && std::filesystem::is_directory(kept, failed)) out.push_back(kept);
  for (const auto& each : all.values.model_directories()) out.push_back(expand_home(machine, each));
  return out;
}

result<std::shared_ptr<const catalog::book>> load_catalogue(context& ctx) {
  const auto loaded = ctx.configuration();
  if (!loaded) return loaded.error();
  std::vector<std::string> vendors;
  for (const auto& each : (*loaded)->values.vendor_directories())
    vendors.push_back(expand_home(ctx.machine, each));
  return catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, vendors,
                            model_directories(ctx.machine, **loaded));
}

}  // namespace ark::cli
