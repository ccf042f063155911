#include "cli/prices_plan.hpp"

#include <algorithm>
#include <chrono>

#include "catalog/history.hpp"
#include "model/vendor.hpp"

namespace ark::cli {
namespace {

/// The vendor row that sells by this price list: its own first.
const vendor* seller_of(const catalog::book& book, const std::string& list) {
  if (const vendor* own = book.find_vendor(list)) return own;
  for (const vendor* v : book.vendors())
    if (v->price_vendor == list) return v;
  return nullptr;
}

const catalog::model* row_of(const std::vector<price_file>& files, const std::string& list,
                             const std::string& id) {
  for (const price_file& file : files)
    if (file.list.vendor == list)
      for (const catalog::model& m : file.list.models)
        if (m.info.model == id) return &m;
  return nullptr;
}

const catalog::model* known_before(const catalog::book& book, const vendor* seller,
                                   const catalog::model& row, std::int64_t day) {
  const catalog::model* known =
      seller != nullptr ? book.find_model(seller->name, row.info.model) : nullptr;
  if (known == nullptr) return nullptr;
  const auto at = std::chrono::sys_days{std::chrono::days{day}};
  const catalog::model* then = catalog::in_force(*known, at);
  return then != nullptr ? then : known;
}

std::int64_t day_of(const std::string& date) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(date.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return 0;
  const std::chrono::year_month_day parsed{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
  return std::chrono::sys_days{parsed}.time_since_epoch().count();
}

}  // namespace

std::vector<planned_price> plan_prices(const catalog::book& book,
                                       const std::vector<price_file>& files,
                                       const std::vector<price_file>& second,
                                       const std::string& today) {
  std::vector<planned_price> out;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const catalog::price_list& list = files[f].list;
    const vendor* seller = seller_of(book, list.vendor);
    for (std::size_t i = 0; i < list.models.size(); ++i) {
      const catalog::model& row = list.models[i];
      planned_price p{.id = list.vendor + "/" + row.info.model,
                      .row = files[f].rows.model(static_cast<int>(i)),
                      .file = f};
      if (p.row.from_date().empty()) p.row.set_from_date(today);
      p.from_date = p.row.from_date();
      p.change = catalog::compare_prices(known_before(book, seller, row, day_of(p.from_date)), row);
      if (p.row.conflict()) p.change.alarms.emplace_back("its file says that sources disagree");
      if (const catalog::model* other = row_of(second, list.vendor, row.info.model))
        for (std::string& text : catalog::disagreements(row, *other))
          p.change.alarms.push_back(std::move(text));
      out.push_back(std::move(p));
    }
  }
  return out;
}

schema::ModelFile rows_to_keep(const std::vector<price_file>& files,
                               const std::vector<planned_price>& plan, std::size_t file) {
  schema::ModelFile out = files[file].rows;
  out.clear_model();
  for (const planned_price& p : plan)
    if (p.file == file && !(p.change.changes.empty() && p.change.alarms.empty()))
      *out.add_model() = p.row;
  return out;
}

}  // namespace ark::cli
