#pragma once
#include <ark/event.hpp>
#include <ark/reply.hpp>
#include <ark/result.hpp>

#include <functional>
#include <iterator>
#include <memory>
#include <optional>

namespace ark {

namespace detail {
class stream_state;
}

/// A running answer, pulled by the caller. Move-only; destroying it cancels the call, and the
/// ledger is settled either way. One thread at a time, except `cancel()`, which any may call.
class ARK_API stream {
 public:
  explicit stream(std::shared_ptr<detail::stream_state> state) noexcept;
  stream(stream&&) noexcept;
  stream& operator=(stream&&) noexcept;
  ~stream();

  /// Waits for the next event. Empty after `done`. An error is final: it comes again if asked.
  result<std::optional<event>> next();
  /// As `next()`, told to `handler` on the client's executor. One at a time.
  void next_async(std::function<void(result<std::optional<event>>)> handler);
  /// Reads on to the end: the same reply that `client::complete()` gives.
  result<reply> collect();
  /// The reply so far; whole after `done`. Its usage and cost are what is known now.
  const reply& so_far() const;
  /// What the call costs as far as is known now. While it runs an interval: what the ledger would
  /// have if the stream broke here, with the likely cost so far in `value` (an estimate until the
  /// vendor counts). libark/doc/streaming.md.
  cost cost_so_far() const;
  /// Ends the call as soon as possible; `next()` then says errc::cancelled.
  void cancel();

  /// An input iterator over events that ends at `done` (which it yields) or at an error; ask
  /// `failure()` after the loop.
  class iterator {
   public:
    using value_type = event;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;
    iterator() = default;
    explicit iterator(stream* owner) : owner_(owner) { ++*this; }
    const event& operator*() const { return current_; }
    const event* operator->() const { return &current_; }
    ARK_API iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& it, std::default_sentinel_t) { return !it.owner_; }

   private:
    stream* owner_ = nullptr;
    event current_;
  };
  iterator begin() { return iterator{this}; }  ///< pulls; ends at done or failure
  static std::default_sentinel_t end() { return {}; }
  /// The error that ended the stream, if one did.
  const std::optional<error>& failure() const;

 private:
  std::shared_ptr<detail::stream_state> state_;
};

}  // namespace ark
