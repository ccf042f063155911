#pragma once
// A toy client with a response cache in memory.
#include "client/reply_store.hpp"
#include "reuse/reply_bytes.hpp"
#include "tests/unit/client/toy.hpp"

namespace ark::testing {

class fake_store final : public reply_store {
 public:
  result<std::optional<reply>> find(const std::string& key, std::chrono::system_clock::time_point,
                                    std::optional<std::chrono::seconds> max_age) override {
    ++asked;
    last_max_age = max_age;
    if (refusal) return *refusal;
    const auto it = kept.find(key);
    if (it == kept.end()) return std::optional<reply>{};
    return std::optional<reply>(it->second);
  }
  result<void> keep(const std::string& key, const reply& answer,
                    std::chrono::system_clock::time_point) override {
    if (refusal) return *refusal;
    kept[key] = *detail::unpack_reply(detail::pack_reply(answer));  // as a file would have it
    return {};
  }
  std::map<std::string, reply> kept;
  std::optional<error> refusal;
  std::optional<std::chrono::seconds> last_max_age;
  int asked = 0;
};

struct reusing_client : toy_client {
  reusing_client() { parts->replies = store; }
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();
};

inline call hello_again(reuse_mode mode = reuse_mode::on) {
  call c = hello();
  c.reuse.cache = mode;
  return c;
}

inline call shared_hello() {
  call c = hello();
  c.reuse.single_flight = true;
  return c;
}

}  // namespace ark::testing
