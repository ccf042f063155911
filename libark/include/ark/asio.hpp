#pragma once
// Opt in: the client on an executor of the application's, and its operations with Asio's completion
// tokens (a callback, use_awaitable, use_future, deferred). Header only; the library itself and
// the program must be built with the same Boost.

#include <ark/client.hpp>

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace ark {

/// For `client_options::executor`: the client runs on `executor`, behind a strand of its own, and
/// needs no waiting caller. The executor's context must outlive the client. A blocking call of
/// such a client waits to be woken by that executor: made on its only thread it would wait for
/// ever; there use the `async_` functions.
inline executor_handle on(boost::asio::any_io_executor executor) {
  return {std::make_shared<boost::asio::any_io_executor>(std::move(executor))};
}

namespace detail {

/// One asynchronous operation: keeps the handler and its executor's work until the result comes.
/// The handler runs on its associated executor; without one, where the client runs.
template <class Handler, class Value>
class async_operation : public std::enable_shared_from_this<async_operation<Handler, Value>> {
 public:
  using slot_type = boost::asio::associated_cancellation_slot_t<Handler>;
  using executor_type = boost::asio::associated_executor_t<Handler>;

  explicit async_operation(Handler handler)
      : handler_(std::move(handler)),
        work_(boost::asio::get_associated_executor(handler_)),
        slot_(boost::asio::get_associated_cancellation_slot(handler_)) {}

  /// `cancel(id)` ends what `start(callback) -> id` began.
  template <class Start, class Cancel>
  void begin(Start start, Cancel cancel) {
    auto self = this->shared_from_this();
    if (slot_.is_connected()) {
      slot_.assign([weak = std::weak_ptr(self), cancel](boost::asio::cancellation_type) {
        const auto operation = weak.lock();
        if (operation && operation->state_.exchange(wanted) > wanted) cancel(operation->id_);
      });
    }
    id_ = start([self](result<Value> outcome) { self->complete(std::move(outcome)); });
    // A cancellation that came before the id was known is made up for.
    if (slot_.is_connected() && state_.exchange(started) == wanted) cancel(id_);
  }

 private:
  void complete(result<Value> outcome) {
    auto executor = work_.get_executor();
    boost::asio::dispatch(
        executor, [self = this->shared_from_this(), outcome = std::move(outcome)]() mutable {
          if (self->slot_.is_connected()) self->slot_.clear();
          self->work_.reset();
          Handler handler = std::move(self->handler_);
          self.reset();  // the memory goes before the handler runs
          std::move(handler)(std::move(outcome));
        });
  }

  enum : int { fresh, wanted, started };
  Handler handler_;
  boost::asio::executor_work_guard<executor_type> work_;
  slot_type slot_;
  std::uint64_t id_ = 0;
  std::atomic<int> state_{fresh};
};

template <class Value, class Token, class Start, class Cancel>
auto initiate_async(Token&& token, Start start, Cancel cancel) {
  return boost::asio::async_initiate<Token, void(result<Value>)>(
      [](auto handler, Start begin, Cancel end) {
        using operation = async_operation<decltype(handler), Value>;
        std::make_shared<operation>(std::move(handler))->begin(std::move(begin), std::move(end));
      },
      token, std::move(start), std::move(cancel));
}

/// `begin` is one of the client's `*_async`. The client is copied: it lives until the handler has
/// run.
template <class Value, class Call, class Token>
auto initiate_call(const client& c, Call what, Token&& token,
                   std::uint64_t (client::*begin)(Call, std::function<void(result<Value>)>) const) {
  return initiate_async<Value>(
      std::forward<Token>(token),
      [c, begin, what = std::move(what)](auto done) mutable {
        return (c.*begin)(std::move(what), std::move(done));
      },
      [c](std::uint64_t id) { c.cancel(id); });
}

}  // namespace detail

/// `client::complete` with a completion token; signature void(result<reply>). Its cancellation slot
/// ends the call (errc::cancelled). The client is copied: it lives until the handler has run.
template <class Token>
auto async_complete(const client& c, call what, Token&& token) {
  return detail::initiate_call(c, std::move(what), std::forward<Token>(token),
                               &client::complete_async);
}

/// `client::stream` with a completion token; signature void(result<ark::stream>).
template <class Token>
auto async_stream(const client& c, call what, Token&& token) {
  return detail::initiate_call(c, std::move(what), std::forward<Token>(token),
                               &client::stream_async);
}

/// `client::embed` with a completion token; signature void(result<embed_reply>).
template <class Token>
auto async_embed(const client& c, embed_call what, Token&& token) {
  return detail::initiate_call(c, std::move(what), std::forward<Token>(token),
                               &client::embed_async);
}

/// `client::rerank` with a completion token; signature void(result<rerank_reply>).
template <class Token>
auto async_rerank(const client& c, rerank_call what, Token&& token) {
  return detail::initiate_call(c, std::move(what), std::forward<Token>(token),
                               &client::rerank_async);
}

/// `stream::next` with a completion token; signature void(result<std::optional<event>>). `s` must
/// live until the handler runs. Cancelling it cancels the stream.
template <class Token>
auto async_next(stream& s, Token&& token) {
  return detail::initiate_async<std::optional<event>>(
      std::forward<Token>(token),
      [&s](auto done) -> std::uint64_t {
        s.next_async(std::move(done));
        return 0;
      },
      [&s](std::uint64_t) { s.cancel(); });
}

}  // namespace ark
