#pragma once
#include "os/shared_file.hpp"
#include "policy/deadline.hpp"
#include "policy/rate_bucket.hpp"
#include "wire/rate_limits.hpp"

#include <ark/traffic.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace ark {

/// One key's limits for a model (or for all of a vendor's), as it lies in the shared file.
struct alignas(64) rate_slot {
  static constexpr int buckets = 8;
  std::atomic<std::uint64_t> id{0};  ///< 0: free
  std::atomic<std::int64_t> used_at_ns{0};
  std::atomic<std::int64_t> blocked_until_ns{0};  ///< a vendor's Retry-After
  policy::rate_bucket limits[buckets];
};
static_assert(sizeof(rate_slot) == 256 && std::atomic<std::uint64_t>::is_always_lock_free);

/// What an attempt is expected to take. Tokens: prompt and answer.
struct rate_need {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
};

/// The limits of many keys and models in a fixed table: memory of this client, or a file that the
/// processes of the machine share. No locks: a process may die at any instruction, and the worst
/// of it is a request's share that is not given back. A full table forgets what was used longest
/// ago. Thread safe. Times are of the steady clock, which processes have in common until a restart.
class rate_table {
 public:
  static constexpr std::size_t bytes = 128u << 10;
  static constexpr std::size_t count = bytes / sizeof(rate_slot);
  /// In this client's memory.
  rate_table();
  /// errc::config if the file cannot be used.
  static result<std::shared_ptr<rate_table>> open(const std::string& file);

  /// The slot of `id`, if it has one. Valid for the life of the table; another key may get it when
  /// the table is full, which does no harm but a wait.
  rate_slot* find(std::uint64_t id, policy::time_point now);
  /// The same, and takes one if there is none yet.
  rate_slot& take(std::uint64_t id, policy::time_point now);

 private:
  explicit rate_table(os::shared_file file);

  std::optional<os::shared_file> file_;
  std::unique_ptr<rate_slot[]> own_;
  rate_slot* slots_ = nullptr;  ///< the first one is the table's head
};

/// Names a slot: 64 bits of a hash, never 0. `model` "": the vendor as a whole.
std::uint64_t rate_id(std::string_view vendor, std::string_view model, std::string_view key);

/// Puts the configured limits into the slot.
void configure(rate_slot& s, const rate_limit& limit);
/// Learns from an answer's headers, and from a wait that the vendor asks for (nothing: none).
void learn(rate_slot& s, const std::vector<wire::rate_reading>& readings,
           std::optional<std::chrono::milliseconds> wait, policy::time_point now);
/// Books what is needed and says how long to wait for it; nothing, and nothing is booked, if that
/// is longer than `most`.
std::optional<policy::duration> book(rate_slot& s, const rate_need& need, policy::time_point now,
                                     policy::duration most);
/// Gives back all of a booking.
void unbook(rate_slot& s, const rate_need& need);
/// After the answer: what was booked for `need` was `used`.
void correct(rate_slot& s, const rate_need& need, const rate_need& used);

}  // namespace ark
