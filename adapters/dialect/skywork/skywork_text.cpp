#include "dialect/skywork/skywork_wire.hpp"

namespace ark::adapters::skywork {

std::string text_joiner::fresh(std::string_view now, reply_builder& out) {
  if (now.empty()) return {};
  if (seen_.empty()) {
    seen_ = now;
    return seen_;
  }
  const bool repeats = now.starts_with(seen_);
  if (are_ == pieces::unknown) {
    if (now == seen_) {
      ++repeats_;
      return {};
    }
    are_ = repeats ? pieces::cumulative : pieces::deltas;
  } else if (are_ == pieces::cumulative && !repeats) {
    are_ = pieces::deltas;
    out.note(
        "not all pieces of the text repeat what came before: what followed was added as it came");
  } else if (are_ == pieces::deltas && now == seen_) {
    out.note("the whole text came once more and was left out");
    return {};
  }
  std::string made;
  if (are_ == pieces::cumulative) {
    made = now.substr(seen_.size());
  } else {
    // What looked like repetitions were pieces of their own.
    for (; repeats_ > 0; --repeats_) made += seen_;
    made += now;
  }
  repeats_ = 0;
  seen_ += made;
  return made;
}

void text_joiner::end(reply_builder& out) const {
  if (repeats_ > 0) out.note("the text came more than once: it was taken for repeated");
}

}  // namespace ark::adapters::skywork
