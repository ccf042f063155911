#include "ledger/spool.hpp"

#include <cstring>
#include <fstream>

#include "ledger_fixture.hpp"
#include "os/os.hpp"

namespace ark::testing {
namespace {

using detail::read_spool;
using detail::spool;

class spool_test : public ::testing::Test {
 protected:
  std::string bytes() const {
    const auto found = detail::find_spools(path);
    return found.empty() ? std::string() : os::read_file(found.at(0).path, 1 << 20).value();
  }
  /// Where the frames end; before any rewind.
  std::size_t used() const {
    const std::string all = bytes();
    std::size_t at = 16;
    for (std::uint32_t size = 1; size != 0; at += size == 0 ? 0 : 16 + size)
      std::memcpy(&size, all.data() + at, sizeof size);
    return at;
  }
  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> out;
    for (const auto& each : read_spool(bytes()).value()) out.push_back(each.number);
    return out;
  }
  temporary_directory folder;
  std::string path = folder.file("ledger.db");
};

TEST_F(spool_test, what_is_appended_is_read_in_order) {
  const auto s = spool::create(path, 0x1234).value();
  EXPECT_TRUE(numbers().empty());
  ASSERT_TRUE(s->append({intent(1), outcome(1)}));
  ASSERT_TRUE(s->append({intent(2)}));
  EXPECT_EQ(s->last(), 3u);
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2, 3}));
  const auto records = read_spool(bytes()).value();
  EXPECT_EQ(std::get<attempt_intent>(records[2].record).attempt_id, 2u);
  EXPECT_EQ(std::get<attempt_outcome>(records[1].record).cost, exact("0.25"));
}

TEST_F(spool_test, is_named_after_its_session_and_removed_at_the_end) {
  {
    const auto s = spool::create(path, 0x1234).value();
    const auto found = detail::find_spools(path);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].session, 0x1234);
    EXPECT_EQ(found[0].path, path + "-spool-0000000000001234");
    EXPECT_FALSE(spool::create(path, 0x1234)) << "never a file that is there";
  }
  EXPECT_TRUE(detail::find_spools(path).empty());
}

TEST_F(spool_test, other_files_beside_the_ledger_are_not_spools) {
  for (const char* name : {"-spool-", "-spool-123", "-spool-000000000000123g", "-wal",
                           "-spool-00000000000012345", "2-spool-0000000000001234"})
    std::ofstream(path + name) << "x";
  EXPECT_TRUE(detail::find_spools(path).empty());
}

TEST_F(spool_test, after_a_rewind_only_what_came_since_counts) {
  const auto s = spool::create(path, 1).value();
  ASSERT_TRUE(s->append({intent(1), intent(2), intent(3)}));
  s->rewind();
  ASSERT_TRUE(s->append({intent(4)}));
  EXPECT_EQ(numbers(), std::vector<std::uint64_t>{4})
      << "frames of before the rewind come after it";
}

TEST_F(spool_test, cut_anywhere_it_gives_the_whole_frames) {
  const auto s = spool::create(path, 1).value();
  ASSERT_TRUE(s->append({intent(1)}));
  const std::size_t first = used();
  ASSERT_TRUE(s->append({outcome(1)}));
  const std::string all = bytes().substr(0, used());
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    const std::size_t whole = cut == all.size() ? 2 : cut >= first ? 1 : 0;
    EXPECT_EQ(read_spool(std::string_view(all).substr(0, cut)).value().size(), whole) << cut;
  }
}

TEST_F(spool_test, a_byte_changed_anywhere_is_noticed) {
  const auto s = spool::create(path, 1).value();
  ASSERT_TRUE(s->append({intent(1)}));
  const std::size_t first = used();
  ASSERT_TRUE(s->append({outcome(1)}));
  const std::string all = bytes().substr(0, used());
  for (std::size_t at = 0; at < all.size(); ++at) {
    std::string changed = all;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    const auto read = read_spool(changed);
    EXPECT_EQ(read ? read->size() : 0u, at < first ? 0u : 1u) << at;
  }
}

TEST_F(spool_test, a_whole_frame_of_something_else_is_an_error) {
  // Size 2, the checksum of number 1 and of "xx", the number.
  std::string bytes("ARKSPOOL\0\0\0\0\0\0\0\2", 16);
  bytes += std::string("\x02\0\0\0\x4a\x93\x60\x61\x01\0\0\0\0\0\0\0xx", 18);
  const auto read = read_spool(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, errc::ledger);
}

TEST_F(spool_test, another_form_is_an_error) {
  const auto read = read_spool(std::string("ARKSPOOL\0\0\0\0\0\0\0\1", 16));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("another version"), std::string::npos);
}

TEST_F(spool_test, a_record_that_would_not_be_read_is_not_written) {
  const auto s = spool::create(path, 1).value();
  attempt_outcome huge = outcome(1);
  huge.request_id = std::string(513u << 10, 'x');
  EXPECT_FALSE(s->append({intent(1), huge}));
  EXPECT_EQ(s->last(), 0u);
  ASSERT_TRUE(s->append({intent(2)}));
  EXPECT_EQ(numbers(), std::vector<std::uint64_t>{1});
}

TEST_F(spool_test, a_full_one_takes_nothing_until_it_is_rewound) {
  const auto s = spool::create(path, 1).value();
  attempt_intent big = intent(1);
  big.tags["big"] = std::string(60'000, 'x');
  std::uint64_t taken = 0;
  while (taken < 100 && s->append({big})) ++taken;
  EXPECT_EQ(taken, 5u) << "256 KiB and one record";
  EXPECT_EQ(numbers().size(), taken);
  s->rewind();
  EXPECT_TRUE(s->append({big}));
  EXPECT_EQ(numbers(), std::vector<std::uint64_t>{6});
}

}  // namespace
}  // namespace ark::testing
