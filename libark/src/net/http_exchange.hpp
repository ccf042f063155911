#pragma once
#include "net/answer_head.hpp"
#include "net/body_reader.hpp"
#include "net/dialer.hpp"
#include "net/network.hpp"
#include "net/transport.hpp"
#include "wire/websocket.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ark::net {

/// One request and its answer on one connection. Used on the loop only; its own callbacks keep it
/// alive, so that it may be aborted inside any of the handler's.
class http_exchange : public pool_waiter, public std::enable_shared_from_this<http_exchange> {
 public:
  http_exchange(std::shared_ptr<network> net, exchange_request request, exchange_handler& handler);
  void start();
  void abort() noexcept;
  void pause() { paused_ = true; }
  void resume();
  bool place_free() override;

 private:
  void begin();
  void acquire();
  void dial();
  void use(std::unique_ptr<connection> ready);
  void send();
  void send_more();
  bool write_failed(const io_result& wrote);
  void await_answer();
  void on_readable();
  /// Takes what was read; false when reading is to stop (over, aborted or paused).
  bool take(std::span<char> bytes);
  bool take_body(std::span<char> bytes);
  bool take_head(std::string_view& bytes);
  bool take_upgrade(wire::http_head head);
  bool take_messages(std::string_view bytes);
  bool take_event(const wire::websocket_event& event);
  void send_frame(wire::websocket_opcode opcode, std::string_view payload);
  void closed_by_peer(const wire::websocket_event& event);
  /// A WebSocket was asked for and the server has not agreed: its message waits.
  bool is_opening() const noexcept { return request_.request.websocket && !messages_; }
  void on_closed(const io_result& got);
  void closed_without_answer();
  void finish(bool clean);
  void end_well();
  void fail(error e);
  void give_back_place() noexcept;
  bool over() const noexcept { return handler_ == nullptr; }
  std::function<bool(std::string_view)> to_handler();

  std::shared_ptr<network> net_;
  exchange_request request_;
  exchange_handler* handler_;  ///< null when aborted or over
  std::string key_;            ///< in the pool
  std::string head_;           ///< of the request
  std::size_t unsent_ = 0;     ///< bytes of head and body still to be written
  std::shared_ptr<dialer> dialer_;
  std::unique_ptr<connection> connection_;
  head_reader heads_;
  std::optional<body_reader> body_;
  std::string message_;  ///< of a WebSocket, to be sent when it is open
  std::string websocket_key_;
  std::optional<wire::websocket_reader> messages_;  ///< of an open WebSocket, instead of a body
  std::string held_;                                ///< what came of them while paused
  bool told_sent_ = false;
  bool counted_ = false;  ///< holds a place of the pool
  bool keep_alive_ = false;
  bool paused_ = false;
  bool waiting_ = false;  ///< for the socket to become readable
  bool request_begun_ = false;
  bool response_begun_ = false;
  bool was_reset_ = false;
  std::unique_ptr<loop_timer> reset_wait_;
};

}  // namespace ark::net
