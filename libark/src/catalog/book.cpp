#include "catalog/book.hpp"

#include "catalog/history.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace ark::catalog {
namespace {

/// One model: still packed, or made.
struct slot {
  packed_model packed;  ///< no bytes: `made` is there from the start
  std::once_flag once;
  model made;
};

/// The models of one vendor row, in order of id.
struct shelf {
  vendor row;
  std::once_flag once;
  std::map<std::string, slot, std::less<>> models;
  std::unordered_map<std::string_view, slot*> by_name;

  const std::string& list_name() const {
    return row.price_vendor.empty() ? row.name : row.price_vendor;
  }
  void own(model& m) const {
    m.info.vendor = row.name;
    m.info.id = row.name + "/" + m.info.model;
  }
  /// Later models replace earlier ones of the same id, whole.
  slot& place(std::string_view id) {
    if (const auto old = models.find(id); old != models.end()) models.erase(old);
    return models[std::string(id)];
  }
};

class shelves final : public book {
 public:
  explicit shelves(book_parts parts)
      : packed_(std::move(parts.packed)), lists_(std::move(parts.lists)) {
    for (vendor& v : parts.vendors) {
      auto& place = by_vendor_[v.name];
      place = std::make_unique<shelf>();
      place->row = std::move(v);
    }
  }

  const vendor* find_vendor(std::string_view name) const override {
    const auto at = by_vendor_.find(name);
    return at == by_vendor_.end() ? nullptr : &at->second->row;
  }

  std::vector<const vendor*> vendors() const override {
    std::vector<const vendor*> all;
    all.reserve(by_vendor_.size());
    for (const auto& [name, s] : by_vendor_) all.push_back(&s->row);
    return all;
  }

  const std::vector<const model*>& models() const override {
    std::call_once(all_once_, [&] {
      for (const auto& [name, s] : by_vendor_)
        for (auto& [id, place] : filled(*s).models) all_.push_back(opened(*s, place));
      std::sort(all_.begin(), all_.end(),
                [](const model* a, const model* b) { return a->info.id < b->info.id; });
    });
    return all_;
  }

  std::vector<const model*> models_of(std::string_view vendor) const override {
    std::vector<const model*> all;
    const auto at = by_vendor_.find(vendor);
    if (at == by_vendor_.end()) return all;
    shelf& s = filled(*at->second);
    all.reserve(s.models.size());
    for (auto& [id, place] : s.models) all.push_back(opened(s, place));
    return all;
  }

  const model* find_model(std::string_view vendor, std::string_view name) const override {
    const auto at = by_vendor_.find(vendor);
    if (at == by_vendor_.end()) return nullptr;
    shelf& s = filled(*at->second);
    const auto found = s.by_name.find(name);
    return found == s.by_name.end() ? nullptr : opened(s, *found->second);
  }

  result<resolved> resolve(std::string_view name) const override;

 private:
  shelf& filled(shelf& s) const {
    std::call_once(s.once, [&] { fill(s); });
    return s;
  }

  // The build checked the schema of the packed rows and a test their values, so decoding fails
  // only in a damaged program. Then the model has no prices: unknown, which is true.
  static const model* opened(const shelf& s, slot& place) {
    std::call_once(place.once, [&] {
      if (place.packed.bytes.empty()) return;
      if (auto m = unpack_model(place.packed)) place.made = std::move(*m);
      place.made.info.model = place.packed.id;
      s.own(place.made);
    });
    return &place.made;
  }

  /// A row that says from when it holds continues the model's history; any other replaces the
  /// model.
  static void add_model(shelf& s, model m) {
    const auto known = s.models.find(m.info.model);
    if (m.from_day >= 0 && known != s.models.end()) m = with_row(*opened(s, known->second), m);
    s.own(m);
    for (model& before : m.earlier) s.own(before);
    s.place(m.info.model).made = std::move(m);
  }

  void fill(shelf& s) const {
    for (const packed_list& p : packed_) {
      if (p.vendor != s.list_name()) continue;
      if (auto found = find_models(p))
        for (packed_model& m : *found) s.place(m.id).packed = std::move(m);
    }
    for (const price_list& list : lists_) {
      if (list.vendor != s.list_name()) continue;
      for (const model& m : list.models) add_model(s, m);
    }
    for (auto& [id, place] : s.models) s.by_name.emplace(id, &place);
    // An id is never hidden by another model's alias.
    for (auto& [id, place] : s.models) {
      for (const std::string_view alias : place.packed.aliases) s.by_name.emplace(alias, &place);
      for (const std::string& alias : place.made.info.aliases) s.by_name.emplace(alias, &place);
    }
  }

  /// Shelves fill themselves behind a const book; `once` orders that between threads.
  std::map<std::string, std::unique_ptr<shelf>, std::less<>> by_vendor_;
  std::vector<packed_list> packed_;
  std::vector<price_list> lists_;
  mutable std::once_flag all_once_;
  mutable std::vector<const model*> all_;
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// At most three of `names` that look like `wanted`, the nearest first.
std::vector<std::string> nearest(std::string_view wanted, const std::vector<std::string>& names) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : names) {
    std::size_t distance = edit_distance(wanted, name);
    if (const auto slash = name.find('/'); slash != std::string::npos)
      distance =
          std::min(distance, edit_distance(wanted, std::string_view(name).substr(slash + 1)));
    if (distance <= std::max<std::size_t>(2, wanted.size() / 3)) near.emplace_back(distance, name);
  }
  std::sort(near.begin(), near.end());
  if (near.size() > 3) near.resize(3);
  std::vector<std::string> best;
  best.reserve(near.size());
  for (auto& [distance, name] : near) best.push_back(std::move(name));
  return best;
}

std::string joined(const std::vector<std::string>& names, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? std::string(last) : ", ";
    text += names[i];
  }
  return text;
}

error not_found(const book& b, std::string_view name) {
  std::vector<std::string> names;
  for (const vendor* v : b.vendors()) {
    names.push_back(v->name + "/");
    // Other doors, and vendors that have to be set up first, have the same names again.
    if (v->base_url.empty() || !v->price_vendor.empty()) continue;
    for (const model* m : b.models_of(v->name)) names.push_back(m->info.id);
  }
  // The name comes from the caller, who may have pasted anything.
  const std::string_view shown = name.substr(0, 80);
  std::string message = "no model is called \"" + std::string(shown) + "\"";
  const auto near = nearest(shown, names);
  message += near.empty() ? "; write vendor/model, as `ark models list` shows"
                          : "; did you mean " + joined(near, " or ") + "?";
  return {.code = errc::not_found, .message = std::move(message)};
}

result<book::resolved> shelves::resolve(std::string_view name) const {
  const auto slash = name.find('/');
  if (slash != std::string_view::npos) {
    if (const vendor* v = find_vendor(name.substr(0, slash))) {
      const std::string_view id = name.substr(slash + 1);
      if (id.empty())
        return error{.code = errc::invalid_request,
                     .message = "\"" + std::string(name) + "\" names no model: write " + v->name +
                                "/MODEL, as `ark models list` shows"};
      const model* known = find_model(v->name, id);
      return resolved{
          .v = v, .model = known != nullptr ? known->info.model : std::string(id), .known = known};
    }
  }
  std::vector<const model*> found;
  for (const auto& [vendor_name, s] : by_vendor_) {
    // A second door to another vendor's models: they are that vendor's.
    const bool is_door = s->list_name() != vendor_name && find_vendor(s->list_name()) != nullptr;
    if (is_door) continue;
    if (const model* m = find_model(vendor_name, name)) found.push_back(m);
  }
  // A vendor that has to be set up first is meant if nobody else has the id.
  const auto is_ready = [&](const model* m) {
    return !find_vendor(m->info.vendor)->base_url.empty();
  };
  if (std::any_of(found.begin(), found.end(), is_ready))
    std::erase_if(found, [&](auto* m) { return !is_ready(m); });
  // An id is a better match than somebody's other name for something.
  if (std::any_of(found.begin(), found.end(), [&](auto* m) { return m->info.model == name; }))
    std::erase_if(found, [&](auto* m) { return m->info.model != name; });
  if (found.empty()) return not_found(*this, name);
  if (found.size() == 1)
    return resolved{find_vendor(found[0]->info.vendor), found[0]->info.model, found[0]};
  std::vector<std::string> ids;
  ids.reserve(found.size());
  for (const model* m : found) ids.push_back(m->info.id);
  return error{.code = errc::not_found,
               .message = "several vendors have \"" + std::string(name) + "\": write " +
                          joined(ids, " or ")};
}

/// "-20250929", "-2025-09-29" and "-250929" behind a name.
bool is_date_suffix(std::string_view text) {
  if (text.size() < 7 || text.front() != '-') return false;
  text.remove_prefix(1);
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    if (c < '0' || c > '9') return false;
    ++digits;
  }
  return digits == 6 || digits == 8;
}

/// "eu.maker.m-20250929-v1:0" is how a reseller calls its maker's m-20250929.
bool is_name_within(std::string_view id, std::string_view name) {
  const auto at = id.find(name);
  if (at == id.npos || at == 0 || (id[at - 1] != '.' && id[at - 1] != '/')) return false;
  std::string_view rest = id.substr(at + name.size());
  if (rest.empty()) return true;
  return rest.starts_with("-v") && rest.find_first_not_of("0123456789:", 2) == rest.npos;
}

}  // namespace

std::vector<const model*> book::models_of(std::string_view vendor) const {
  std::vector<const model*> found;
  for (const model* m : models())
    if (m->info.vendor == vendor) found.push_back(m);
  return found;
}

const model* billed_model(const book& b, std::string_view vendor, std::string_view asked,
                          std::string_view replied) {
  if (!replied.empty())
    if (const model* m = b.find_model(vendor, replied)) return m;
  const model* m = b.find_model(vendor, asked);
  if (m == nullptr || (m->info.model.ends_with("latest") && replied != asked)) return nullptr;
  if (replied.empty() || replied == asked || is_name_within(asked, replied)) return m;
  for (const std::string_view name : {asked, std::string_view(m->info.model)})
    if (replied.starts_with(name) && is_date_suffix(replied.substr(name.size()))) return m;
  return nullptr;
}

std::shared_ptr<const book> make_book(book_parts parts) {
  return std::make_shared<shelves>(std::move(parts));
}

}  // namespace ark::catalog
