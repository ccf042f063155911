#include <ark/secret.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>

// Every block that is freed while `watching` is searched for the key: what a secret leaves behind
// cannot be looked at after it is freed.
namespace {
constexpr std::string_view mark = "sk-WIPE-ME-";
std::atomic<bool> watching{false};
std::atomic<int> dirty_blocks{0};

bool has_mark(const void* bytes, std::size_t size) {
  return std::string_view(static_cast<const char*>(bytes), size).find(mark) !=
         std::string_view::npos;
}
}  // namespace

void* operator new(std::size_t size) {
  void* p = std::calloc(1, size == 0 ? 1 : size);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
// All forms, so that what one gives another can take: sanitizers replace those that are not here.
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t size) noexcept {
  if (watching && p != nullptr && has_mark(p, size)) ++dirty_blocks;
  std::free(p);
}

namespace ark {
namespace {

const std::string short_key = "sk-WIPE-ME-ok";
const std::string long_key = "sk-WIPE-ME-" + std::string(300, 'k');

/// Storage that can be looked at when the secret in it is dead.
struct cell {
  cell() { std::memset(bytes, 0, sizeof bytes); }
  bool dirty() const { return has_mark(bytes, sizeof bytes); }
  alignas(secret) unsigned char bytes[sizeof(secret)];
};

/// As the heap sees it: the blocks that `action` frees with a key in them.
template <class F>
int dirty_frees(F action) {
  dirty_blocks = 0;
  watching = true;
  action();
  watching = false;
  return dirty_blocks;
}

TEST(secret, the_watch_sees_a_string_that_is_not_wiped) {
  EXPECT_EQ(dirty_frees([] { const std::string copy = long_key; }), 1);
}

TEST(secret, is_wiped_when_it_dies) {
  cell c;
  secret* s = new (c.bytes) secret(short_key);
  EXPECT_TRUE(c.dirty());
  s->~secret();
  EXPECT_FALSE(c.dirty());
  EXPECT_EQ(dirty_frees([] { const secret gone{std::string(long_key)}; }), 0);
}

TEST(secret, is_wiped_when_it_is_moved_from) {
  cell from, to;
  secret* a = new (from.bytes) secret(short_key);
  secret* b = new (to.bytes) secret(std::move(*a));
  EXPECT_FALSE(from.dirty());
  EXPECT_EQ(b->reveal_secret(), short_key);
  EXPECT_TRUE(a->empty());
  *a = std::move(*b);
  EXPECT_FALSE(to.dirty());
  EXPECT_EQ(a->reveal_secret(), short_key);
  a->~secret();
  b->~secret();
  EXPECT_FALSE(from.dirty() || to.dirty());
}

TEST(secret, is_wiped_when_it_is_assigned) {
  const std::string longer_key = long_key + long_key;
  EXPECT_EQ(dirty_frees([&] {
              secret a{std::string(long_key)};
              const secret b{std::string(longer_key)};
              a = b;
              a = secret{};
              secret c(a);
              c = secret(std::string(long_key));
              c = secret(short_key);
            }),
            0);
}

TEST(secret, copies_hold_the_same_text) {
  const secret a(long_key);
  const secret b = a;
  secret c;
  EXPECT_TRUE(c.empty());
  c = b;
  EXPECT_EQ(c.reveal_secret(), long_key);
  const secret& same = c;
  c = same;
  EXPECT_EQ(c.reveal_secret(), long_key);
}

template <class T>
concept printable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept comparable = requires(const T& value) { value == value; };
static_assert(!printable<secret> && !comparable<secret>);
static_assert(!std::is_convertible_v<std::string, secret>);
static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);

}  // namespace
}  // namespace ark
