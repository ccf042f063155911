#include "reuse/cache_file.hpp"

#include "os/os.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>

namespace ark::detail {
namespace {

constexpr std::int64_t roomy = 1 << 30;

struct file_bench {
  testing::temporary_directory folder;
  std::string path = folder.file("cache/replies.sqlite");
  bool damaged = false;
  result<cache_file> open(bool may_make = true) {
    return cache_file::open(path, may_make, damaged);
  }
};

unsigned mode_of(const std::string& path) {
  struct stat s{};
  return ::stat(path.c_str(), &s) == 0 ? s.st_mode & 0777 : 0;
}

TEST(cache_file, keeps_and_finds_and_is_for_its_owner_alone) {
  file_bench b;
  auto f = b.open();
  ASSERT_TRUE(f) << f.error().message;
  ASSERT_TRUE(f->keep("k", std::string_view("a\0b", 3), 100, roomy));
  const auto found = f->find("k", 0);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->value, std::string("a\0b", 3));
  EXPECT_EQ((*found)->kept_s, 100);
  EXPECT_FALSE(*f->find("other", 0));
  EXPECT_FALSE(*f->find("k", 101)) << "too old";
  EXPECT_EQ(mode_of(b.path), 0600U);
  EXPECT_EQ(mode_of(b.folder.file("cache")), 0700U);
}

TEST(cache_file, one_that_others_could_read_is_closed_to_them) {
  file_bench b;
  ASSERT_TRUE(b.open());
  ASSERT_EQ(::chmod(b.path.c_str(), 0644), 0);
  ASSERT_TRUE(b.open());
  EXPECT_EQ(mode_of(b.path), 0600U);
}

TEST(cache_file, the_longest_unused_go_first_and_the_file_stays_within_its_bound) {
  file_bench b;
  auto f = b.open();
  ASSERT_TRUE(f);
  constexpr std::int64_t bound = 400'000;
  const std::string value(20'000, 'x');
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(f->keep("k" + std::to_string(i), value, i, bound));
    ASSERT_TRUE(*f->find("k0", 0)) << "used each time: " << i;
  }
  EXPECT_FALSE(*f->find("k1", 0));
  EXPECT_TRUE(*f->find("k199", 0));
  EXPECT_GT(f->stats()->entries, 5);
  EXPECT_LE(std::filesystem::file_size(b.path), bound + 40'000U);
}

TEST(cache_file, what_is_larger_than_the_bound_stays_alone) {
  file_bench b;
  auto f = b.open();
  ASSERT_TRUE(f->keep("a", "small", 1, roomy));
  ASSERT_TRUE(f->keep("b", std::string(100'000, 'x'), 1, 50'000));
  EXPECT_EQ(f->stats()->entries, 1);
  EXPECT_TRUE(*f->find("b", 0));
}

TEST(cache_file, hits_and_what_they_saved_are_exact_sums) {
  file_bench b;
  auto f = b.open();
  ASSERT_TRUE(f->keep("k", "v", 1, roomy));
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(f->count_hit({*amount::parse("0.000000000000001"), "USD"}));
  ASSERT_TRUE(f->count_hit({*amount::parse("2"), "CNY"}));
  ASSERT_TRUE(f->count_hit({}));
  const auto s = f->stats();
  ASSERT_TRUE(s);
  EXPECT_EQ(s->hits, 5);
  ASSERT_EQ(s->saved.size(), 2U);
  EXPECT_EQ(to_string(s->saved[0]), "2 CNY");
  EXPECT_EQ(to_string(s->saved[1]), "0.000000000000003 USD");
  EXPECT_EQ(*f->clear(), 1);
  EXPECT_EQ(f->stats()->hits, 0);
}

TEST(cache_file, says_what_is_wrong_with_files_that_are_not_its_own) {
  file_bench b;
  EXPECT_EQ(b.open(false).error().code, errc::not_found);
  ASSERT_TRUE(os::make_private_directory(b.folder.file("cache")));
  ASSERT_TRUE(os::write_file(b.path, std::string(9000, 'x'), 0600));
  auto f = b.open();
  ASSERT_FALSE(f);
  EXPECT_TRUE(b.damaged);
  EXPECT_NE(f.error().message.find("ark cache clear"), std::string::npos) << f.error().message;
  ASSERT_TRUE(remove_cache_file(b.path));
  {
    auto other = sqlite::database::open(b.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, {});
    ASSERT_TRUE(other->run("CREATE TABLE t(x)"));
  }
  f = b.open();
  ASSERT_FALSE(f);
  EXPECT_FALSE(b.damaged);
  EXPECT_NE(f.error().message.find("another program"), std::string::npos);
  std::filesystem::remove(b.path);
  std::filesystem::create_symlink("/dev/null", b.path);
  EXPECT_FALSE(b.open());
  std::filesystem::remove(b.path);
  ASSERT_EQ(::chmod(b.folder.file("cache").c_str(), 0777), 0);
  f = b.open();
  ASSERT_FALSE(f);
  EXPECT_NE(f.error().message.find("chmod"), std::string::npos);
}

TEST(cache_file, one_of_a_newer_version_is_left_alone) {
  file_bench b;
  ASSERT_TRUE(b.open());
  {
    auto raw = sqlite::database::open(b.path, SQLITE_OPEN_READWRITE, {});
    ASSERT_TRUE(raw->run("PRAGMA user_version = 9"));
  }
  const auto f = b.open();
  ASSERT_FALSE(f);
  EXPECT_NE(f.error().message.find("another version"), std::string::npos);
}

}  // namespace
}  // namespace ark::detail
