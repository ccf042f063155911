#include "client/fetch_store.hpp"

#include <gtest/gtest.h>

namespace ark {
namespace {

using std::chrono::minutes;
using std::chrono::system_clock;

/// Exchanges are only compared here.
std::shared_ptr<operation> some_exchange() {
  const auto owner = std::make_shared<int>(0);
  return {owner, reinterpret_cast<operation*>(owner.get())};
}

const operation* waiter(std::uintptr_t number) {
  return reinterpret_cast<const operation*>(number * 64);
}

TEST(fetch_store, one_exchange_serves_all_that_wait) {
  fetch_store store;
  const auto exchange = some_exchange();
  int begun = 0, told = 0;
  const auto begin = [&] {
    ++begun;
    return exchange;
  };
  const system_clock::time_point now{};
  EXPECT_FALSE(store.find("key", now));
  for (std::uintptr_t i = 1; i <= 3; ++i)
    store.wait(
        "key", waiter(i), [&](const std::optional<error>& failure) { told += failure ? 100 : 1; },
        begin);
  EXPECT_EQ(begun, 1);
  store.end("key", some_exchange().get(), fetched{secret("other"), now + minutes(1)}, {});
  EXPECT_EQ(told, 0) << "an exchange that nobody waits for";
  store.end("key", exchange.get(), fetched{secret("k1"), now + minutes(1)}, {});
  EXPECT_EQ(told, 3);
  EXPECT_EQ(store.find("key", now)->reveal_secret(), "k1");
  EXPECT_FALSE(store.find("key", now + minutes(1))) << "it is to be renewed";
}

TEST(fetch_store, a_failure_is_told_and_nothing_is_kept) {
  fetch_store store;
  const auto exchange = some_exchange();
  std::optional<error> told;
  store.wait(
      "key", waiter(1), [&](const auto& failure) { told = failure; }, [&] { return exchange; });
  store.end("key", exchange.get(), std::nullopt, error{.code = errc::auth, .message = "no"});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->code, errc::auth);
  EXPECT_FALSE(store.find("key", {}));
}

TEST(fetch_store, the_last_that_leaves_gets_the_exchange_to_cancel) {
  fetch_store store;
  const auto exchange = some_exchange();
  int told = 0;
  const auto then = [&](const std::optional<error>&) { ++told; };
  store.wait("key", waiter(1), then, [&] { return exchange; });
  store.wait("key", waiter(2), then, [&] { return exchange; });
  EXPECT_EQ(store.leave("key", waiter(1)), nullptr);
  EXPECT_EQ(store.leave("key", waiter(2)), exchange);
  EXPECT_EQ(told, 0);
  EXPECT_EQ(store.leave("another", waiter(2)), nullptr);
}

TEST(fetch_store, drops_only_what_was_used) {
  fetch_store store;
  const auto exchange = some_exchange();
  store.wait("key", waiter(1), [](const auto&) {}, [&] { return exchange; });
  store.end("key", exchange.get(), fetched{secret("k1"), system_clock::time_point(minutes(9))}, {});
  store.drop("key", secret("k0"));
  EXPECT_TRUE(store.find("key", {}));
  store.drop("key", secret("k1"));
  EXPECT_FALSE(store.find("key", {}));
}

}  // namespace
}  // namespace ark
