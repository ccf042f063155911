#pragma once
// A second vendor beside the toy one, with models of several prices and sizes.
#include "toy.hpp"

namespace ark::testing {

/// "toy/m1" (1 USD in, 2 out), "toy/m2" as it; and of "other": "cheap" (half as much, twice the
/// window), "dear" (ten times), "yuan" (in CNY), and any other name without a price.
class pair_book final : public toy_book {
 public:
  pair_book() {
    second = row;
    second.name = "other";
    second.base_url = "https://other.example/v1";
    priced.info.context_tokens = 1000;
    twin = make(priced, "toy", "m2", "1", "2", "USD");
    cheap = make(priced, "other", "cheap", "0.5", "1", "USD");
    cheap.info.context_tokens = 2000;
    dear = make(priced, "other", "dear", "10", "20", "USD");
    yuan = make(priced, "other", "yuan", "0.1", "0.1", "CNY");
  }
  const vendor* find_vendor(std::string_view name) const override {
    return name == "other" ? &second : toy_book::find_vendor(name);
  }
  std::vector<const vendor*> vendors() const override { return {&row, &second}; }
  const catalog::model* find_model(std::string_view v, std::string_view model) const override {
    for (const auto* m : {&twin, &cheap, &dear, &yuan})
      if (m->info.vendor == v && m->info.model == model) return m;
    // What the toy dialect answers with is "m1", whoever was asked.
    if (v == "other") return nullptr;
    return toy_book::find_model(v, model);
  }
  result<resolved> resolve(std::string_view name) const override {
    if (!name.starts_with("other/")) return toy_book::resolve(name);
    name.remove_prefix(6);
    return resolved{&second, std::string(name), find_model("other", name)};
  }
  vendor second;
  catalog::model twin, cheap, dear, yuan;

 private:
  static catalog::model make(catalog::model from, const char* v, const char* name, const char* in,
                             const char* out, const char* currency) {
    from.info.id = std::string(v) + "/" + name;
    from.info.vendor = v;
    from.info.model = name;
    from.info.currency = currency;
    from.prices[0].value = *amount::parse(in);
    from.prices[1].value = *amount::parse(out);
    from.hash = catalog::price_hash(from);
    return from;
  }
};

struct pair_client : toy_client {
  pair_client() {
    parts->book = pair;
    parts->options.keys = keys_from_map(
        {{"toy", secret("toy-key-1234567890")}, {"other", secret("other-key-1234567890")}});
  }
  std::shared_ptr<pair_book> pair = std::make_shared<pair_book>();
};

inline bool has_note(const std::vector<std::string>& notes, std::string_view part) {
  for (const auto& n : notes)
    if (n.find(part) != n.npos) return true;
  return false;
}

}  // namespace ark::testing
