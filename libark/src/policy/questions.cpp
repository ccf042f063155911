#include "policy/questions.hpp"

#include <algorithm>

namespace ark::policy {

using std::chrono::milliseconds;

duration next_question(int asked_before, std::optional<milliseconds> wanted) {
  constexpr milliseconds least{500}, most{60'000}, first{1000}, longest{15'000};
  if (wanted) return std::clamp(*wanted, least, most);
  milliseconds wait = first;
  for (int i = 0; i < asked_before && wait < longest; ++i) wait += wait / 2;
  return std::min(wait, longest);
}

}  // namespace ark::policy
