#include "client/rate_table.hpp"

#include "sign/digest.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace ark {
namespace {

using policy::rate_bucket;
using std::chrono::nanoseconds;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::size_t probes = 16;
constexpr std::uint64_t magic = 0x31657461726b7261;  // "arkrate1"
/// A vendor's own limits are waited for so long at most: a longer one is for it to say.
constexpr std::int64_t longest_learned_ns = nanoseconds(std::chrono::minutes(10)).count();

/// Which bucket of a slot is which.
enum : std::uint8_t {
  requests_short,
  requests_long,
  tokens_short,
  tokens_long,
  input_short,
  output_short,
  configured_requests,
  configured_tokens
};

std::int64_t ns_of(policy::time_point t) {
  return std::chrono::duration_cast<nanoseconds>(t.time_since_epoch()).count();
}

std::optional<std::uint8_t> bucket_of(const wire::rate_reading& r) {
  const bool is_long = r.window >= std::chrono::hours(1);
  switch (r.kind) {
    case wire::rate_kind::requests:
      return is_long ? requests_long : requests_short;
    case wire::rate_kind::tokens:
      return is_long ? tokens_long : tokens_short;
    case wire::rate_kind::input_tokens:
      return is_long ? std::nullopt : std::optional<std::uint8_t>(input_short);
    case wire::rate_kind::output_tokens:
      return is_long ? std::nullopt : std::optional<std::uint8_t>(output_short);
  }
  return std::nullopt;
}

/// What an attempt takes of each bucket.
std::array<std::int64_t, rate_slot::buckets> shares_of(const rate_need& n) {
  const std::int64_t both = n.input_tokens + n.output_tokens;
  return {1, 1, both, both, n.input_tokens, n.output_tokens, 1, both};
}

}  // namespace

rate_table::rate_table() : own_(std::make_unique<rate_slot[]>(count)), slots_(own_.get()) {}

rate_table::rate_table(os::shared_file file)
    : file_(std::move(file)), slots_(static_cast<rate_slot*>(file_->memory())) {}

result<std::shared_ptr<rate_table>> rate_table::open(const std::string& file) {
  auto shared = os::shared_file::open(file, bytes);
  if (!shared) return shared.error();
  std::shared_ptr<rate_table> made(new rate_table(std::move(*shared)));
  std::uint64_t found = 0;
  const bool is_new = made->slots_[0].id.compare_exchange_strong(found, magic);
  if (is_new || found == magic) return made;
  return error{.code = errc::config,
               .message = file + " is no table of rate limits of this version: remove it"};
}

rate_slot* rate_table::find(std::uint64_t id, policy::time_point now) {
  for (std::size_t i = 0; i < probes; ++i) {
    rate_slot& s = slots_[1 + (id + i) % (count - 1)];
    if (s.id.load(relaxed) != id) continue;
    s.used_at_ns.store(ns_of(now), relaxed);
    return &s;
  }
  return nullptr;
}

rate_slot& rate_table::take(std::uint64_t id, policy::time_point now) {
  if (rate_slot* known = find(id, now)) return *known;
  rate_slot* oldest = nullptr;
  for (std::size_t i = 0; i < probes; ++i) {
    rate_slot& s = slots_[1 + (id + i) % (count - 1)];
    std::uint64_t none = 0;
    if (s.id.compare_exchange_strong(none, id, relaxed)) {
      s.used_at_ns.store(ns_of(now), relaxed);
      return s;
    }
    if (!oldest || s.used_at_ns.load(relaxed) < oldest->used_at_ns.load(relaxed)) oldest = &s;
  }
  for (rate_bucket& b : oldest->limits) b.unit_ns.store(0, relaxed), b.full_at_ns.store(0, relaxed);
  oldest->blocked_until_ns.store(0, relaxed);
  oldest->used_at_ns.store(ns_of(now), relaxed);
  oldest->id.store(id, relaxed);
  return *oldest;
}

std::uint64_t rate_id(std::string_view vendor, std::string_view model, std::string_view key) {
  std::string text;
  for (const std::string_view part : {vendor, model, key}) (text += part) += '\0';
  const std::string digest = sign::sha256(text);
  std::uint64_t id = 0;
  std::memcpy(&id, digest.data(), sizeof id);
  return id | 1;
}

void configure(rate_slot& s, const rate_limit& limit) {
  constexpr std::int64_t minute_ns = nanoseconds(std::chrono::minutes(1)).count();
  policy::set_limit(s.limits[configured_requests], limit.requests_per_minute, minute_ns);
  policy::set_limit(s.limits[configured_tokens], limit.tokens_per_minute, minute_ns);
}

void learn(rate_slot& s, const std::vector<wire::rate_reading>& readings,
           std::optional<std::chrono::milliseconds> wait, policy::time_point now) {
  for (const wire::rate_reading& r : readings) {
    const auto bucket = bucket_of(r);
    if (!bucket) continue;
    const std::int64_t reset_ns = nanoseconds(r.reset).count();
    policy::learn_limit(s.limits[*bucket], r.limit, r.remaining, reset_ns, ns_of(now));
  }
  if (wait && wait->count() > 0)
    s.blocked_until_ns.store(ns_of(now) + nanoseconds(*wait).count(), relaxed);
}

std::optional<policy::duration> book(rate_slot& s, const rate_need& need, policy::time_point now,
                                     policy::duration most) {
  const std::int64_t now_ns = ns_of(now);
  const std::int64_t most_ns = std::chrono::duration_cast<nanoseconds>(most).count();
  std::int64_t wait = s.blocked_until_ns.load(relaxed) - now_ns;
  if (wait > longest_learned_ns) wait = 0;
  if (wait > most_ns) return std::nullopt;
  const auto shares = shares_of(need);
  std::array<bool, rate_slot::buckets> booked{};
  for (int i = 0; i < rate_slot::buckets; ++i) {
    const bool learned = i < configured_requests;
    const auto more =
        policy::book(s.limits[i], shares[i], now_ns, learned ? longest_learned_ns : most_ns);
    booked[i] = more.has_value();
    if (more && *more <= most_ns) {
      wait = std::max(wait, *more);
      continue;
    }
    if (learned && !more) continue;
    for (int j = 0; j <= i; ++j)
      if (booked[j]) policy::give_back(s.limits[j], shares[j]);
    return std::nullopt;
  }
  return std::chrono::duration_cast<policy::duration>(nanoseconds(std::max<std::int64_t>(wait, 0)));
}

void unbook(rate_slot& s, const rate_need& need) {
  const auto booked = shares_of(need);
  for (int i = 0; i < rate_slot::buckets; ++i) policy::give_back(s.limits[i], booked[i]);
}

void correct(rate_slot& s, const rate_need& need, const rate_need& used) {
  const auto booked = shares_of(need);
  const auto real = shares_of(used);
  for (int i = 0; i < rate_slot::buckets; ++i)
    if (booked[i] != real[i]) policy::give_back(s.limits[i], booked[i] - real[i]);
}

}  // namespace ark
