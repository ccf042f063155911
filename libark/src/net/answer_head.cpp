#include "net/answer_head.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>
#include <boost/beast/http/basic_parser.hpp>

namespace ark::net {
namespace {

namespace http = boost::beast::http;
using beast_view = boost::beast::string_view;

/// Beast's parser, given whole heads only, filling our types without a container of its own.
class beast_head : public http::basic_parser<false> {
 public:
  beast_head() {
    header_limit(static_cast<std::uint32_t>(limits::http_head_bytes));
    body_limit(boost::none);
  }
  wire::http_head out;

 private:
  using error_code = boost::beast::error_code;
  void on_request_impl(http::verb, beast_view, beast_view, int, error_code&) override {}
  void on_response_impl(int code, beast_view, int, error_code&) override { out.status = code; }
  void on_field_impl(http::field, beast_view name, beast_view value, error_code&) override {
    out.headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}, false});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast_view body, error_code&) override {
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
};

error bad_head(errc code, std::string message) {
  error e;
  e.code = code;
  e.retry = retry_class::maybe_billed;
  e.message = std::move(message);
  return e;
}

result<answer_head> parse(std::string_view bytes) {
  beast_head parser;
  parser.out.headers.reserve(16);
  boost::beast::error_code failure;
  parser.put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
  if (failure && failure != http::error::need_more) {
    return bad_head(errc::protocol,
                    fmt::format("The server's answer is not HTTP/1.1 ({}); check the base URL and "
                                "the port.",
                                failure.message()));
  }
  return answer_head{std::move(parser.out), parser.keep_alive()};
}

}  // namespace

result<std::optional<answer_head>> head_reader::feed(std::string_view& bytes) {
  constexpr std::string_view blank_line = "\r\n\r\n";
  while (!bytes.empty()) {
    // Usually the whole head is in one piece, and then it is not copied.
    std::string_view view = bytes;
    const std::size_t had = partial_.size();
    if (had != 0) view = partial_.append(bytes);
    const std::size_t from = had < 3 ? 0 : had - 3;
    const std::size_t end = view.find(blank_line, from);
    const std::size_t length =
        end == std::string_view::npos ? view.size() : end + blank_line.size();
    if (length > limits::http_head_bytes) {
      return bad_head(errc::too_large, "The head of the server's answer is longer than 64 KiB.");
    }
    if (end == std::string_view::npos) {
      if (had == 0) partial_ = bytes;
      bytes = {};
      break;
    }
    auto found = parse(view.substr(0, length));
    bytes.remove_prefix(length - had);
    partial_.clear();
    if (!found) return found.error();
    const int status = found->head.status;
    if (status / 100 != 1 || status == 101) return std::optional(std::move(*found));
  }
  return std::optional<answer_head>();
}

}  // namespace ark::net
