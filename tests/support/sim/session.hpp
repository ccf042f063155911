#pragma once
#include "sim/engine.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>

namespace ark::testing {

/// A connection, plain or TLS. One read and one write may be under way at once.
class byte_port {
 public:
  using read_handler = std::function<void(boost::system::error_code, std::size_t)>;
  using write_handler = std::function<void(boost::system::error_code)>;
  virtual ~byte_port() = default;
  virtual void open(write_handler done) = 0;
  virtual void read_some(boost::asio::mutable_buffer into, read_handler done) = 0;
  virtual void write(boost::asio::const_buffer bytes, write_handler done) = 0;
  virtual boost::asio::ip::tcp::socket& socket() = 0;
};

/// Serves one connection: read a request, ask the engine, play its plan with its waits and faults,
/// again. Lives as long as an operation of its own is under way.
class session : public std::enable_shared_from_this<session> {
 public:
  session(std::unique_ptr<byte_port> port, boost::asio::io_context& loop, engine& brain,
          std::size_t max_body_bytes);
  void start();

 private:
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void begin_request();
  void read_more();
  void on_read(boost::system::error_code failed, std::size_t size);
  void parse();
  void refuse(int status, std::string_view why);
  void on_request();
  void after(std::chrono::microseconds wait, void (session::*next)());
  void send_head();
  void send_body();
  void send_frames();
  void write_frames();
  void append_chunk(std::string_view bytes);
  bool spend(std::string_view& bytes);
  void send_huge();
  void write(void (session::*next)());
  void body_done();
  void finish_answer();
  void stall_or_cut();
  void cut();
  void reset();
  void end(std::string_view outcome);
  void close();

  std::unique_ptr<byte_port> port_;
  boost::asio::steady_timer timer_;
  engine& brain_;
  std::size_t max_body_bytes_;
  std::optional<parser> parser_;
  std::string inbox_;
  std::array<char, 16384> read_buffer_;
  std::string outbox_;
  exchange_plan plan_;
  std::size_t next_frame_ = 0;
  std::optional<std::int64_t> allowance_;  ///< body bytes until the fault strikes
  std::int64_t request_bytes_ = 0;         ///< of the request that is being read
  std::int64_t huge_left_ = 0;
  std::int64_t output_ = 0, reasoning_ = 0;
  bool reading_ = false, answering_ = false, keep_alive_ = false, chunked_ = false;
  bool ended_ = false, continued_ = false, struck_ = false, is_reset_ = false;
};

}  // namespace ark::testing
