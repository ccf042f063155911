#pragma once
#include "client/operation.hpp"

namespace ark {

/// The attempt beside another one: it keeps what comes until it has content. Then its operation
/// goes on with it, and everything is passed on. On the loop, as its operation.
class operation::rival final : public net::exchange_handler {
 public:
  explicit rival(operation& o) : op(o) {}
  void on_sending() override;
  void on_sent() override;
  void on_head(wire::http_head h) override;
  void on_body(std::string_view bytes) override;
  void on_end(std::optional<net::exchange_failure> why) override;

  operation& op;
  std::uint64_t attempt_id = 0;
  int number = 0;  ///< of the call's attempts
  policy::time_point begun;
  policy::attempt_machine stage;
  sent_parts sent;
  std::unique_ptr<net::exchange> exchange;
  wire::http_head head;
  std::string body;
  std::optional<dialect::frame_driver> driver;
  std::optional<net::exchange_failure> failure;
  std::optional<error> unreadable;         ///< what came under a good status is no answer
  std::optional<policy::time_point> left;  ///< when its first byte did
  bool has_ended = false;
  bool goes_on = false;  ///< it is its operation's attempt now
};

}  // namespace ark
