#pragma once
#include <ark/contents.hpp>

namespace ark {

/// Where the client puts prompts and replies, when it was asked to keep them: its port to a store.
class content_sink {
 public:
  virtual ~content_sink() = default;
  /// Thread safe. An error loses the content, never the call.
  virtual result<void> keep(const kept_content& content) = 0;
};

}  // namespace ark
