#pragma once
#include "policy/deadline.hpp"

#include <chrono>
#include <optional>

namespace ark::policy {

/// How long to wait before a vendor is asked again whether something is made: what it wants, but
/// 0.5 s to 60 s; without that 1 s, half as long again after each question, at most 15 s. Pure.
duration next_question(int asked_before, std::optional<std::chrono::milliseconds> wanted);

}  // namespace ark::policy
