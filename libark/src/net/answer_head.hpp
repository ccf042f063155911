#pragma once
#include "wire/http_types.hpp"

#include <ark/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ark::net {

/// A head, and whether the connection may serve again after the body.
struct answer_head {
  wire::http_head head;
  bool keep_alive = false;
};

/// Collects the bytes of a head, whatever pieces they come in; bounded by limits::http_head_bytes.
class head_reader {
 public:
  /// Takes bytes off the front of `bytes`. Nothing: more are needed. Heads of 1xx are
  /// skipped but 101, behind which no HTTP comes.
  /// errc::protocol, errc::too_large.
  result<std::optional<answer_head>> feed(std::string_view& bytes);

 private:
  std::string partial_;
};

}  // namespace ark::net
