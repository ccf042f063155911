#pragma once
#include "client/operation.hpp"
#include "client/running_call.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ark {

/// How a call may be answered without paying for it again.
struct reuse_plan {
  reuse_mode cache = reuse_mode::off;  ///< never `unset`
  bool single_flight = false;
  std::optional<std::chrono::seconds> max_age;
  std::string key;         ///< of the answer: 64 hex digits
  std::string flight_key;  ///< of the attempt: also how it is made; "" if it is not shared
  std::vector<std::string> notes;

  bool reads_cache() const noexcept { return cache == reuse_mode::on || cache == reuse_mode::only; }
  bool writes_cache() const noexcept {
    return cache == reuse_mode::on || cache == reuse_mode::refresh;
  }
};

/// Everything that changes the answer, and who may be given it, as one text without secrets: the
/// tenant, the vendor's row, the endpoint, and the request before it gets its key.
std::string canonical_request(const prepared_call& quoted, std::string_view tenant);
/// An answer that the model ended by itself: not one that was cut, refused, filtered, empty, or
/// whose tool calls are not JSON.
bool is_worth_keeping(const reply& r);

/// A chat call, ready to be started: an operation, or what takes its answer from where one is.
result<std::shared_ptr<running_call>> make_chat(const std::shared_ptr<core>& c, call what,
                                                bool streamed);

}  // namespace ark
