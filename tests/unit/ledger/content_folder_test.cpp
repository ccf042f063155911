#include "ledger/content_folder.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "ledger_fixture.hpp"

namespace ark::testing {
namespace {

using detail::content_folder;

class content_folder_test : public ::testing::Test {
 protected:
  content_options options(content_form form) const {
    return {.directory = folder.file("contents"),
            .form = form,
            .key = secret(std::string(32, 'k')),
            .keep_days = 30};
  }
  static kept_content sample(std::int64_t days = 0) {
    return {.call_id = "00ff",
            .at = at(days * 86'400),
            .prompt = "{\"text\":\"my card is 6222020200112230\"}",
            .reply = "{\"text\":\"noted 11010519491231002X\"}"};
  }
  std::string file(const std::string& day = "2026-11-21") const {
    return folder.file("contents/" + day + "/00ff");
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  temporary_directory folder;
};

TEST_F(content_folder_test, redacted_contents_hold_nothing_that_identifies) {
  const auto kept = content_folder::open(options(content_form::redacted)).value();
  ASSERT_TRUE(kept->keep(sample()));
  const auto found = kept->find("00ff").value();
  EXPECT_EQ(found.prompt, "{\"text\":\"my card is [bank_card]\"}");
  EXPECT_EQ(found.reply, "{\"text\":\"noted [cn_identity]\"}");
  EXPECT_EQ(found.at, at());
  EXPECT_EQ(bytes_of(file()).find("6222020200112230"), std::string::npos);
  struct stat s{};
  ASSERT_EQ(::stat(file().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
}

TEST_F(content_folder_test, sealed_contents_are_read_with_their_key_only) {
  const auto kept = content_folder::open(options(content_form::sealed)).value();
  ASSERT_TRUE(kept->keep(sample()));
  EXPECT_EQ(kept->find("00ff").value().prompt, sample().prompt);
  EXPECT_EQ(bytes_of(file()).find("card"), std::string::npos);
  auto other = options(content_form::sealed);
  other.key = secret(std::string(32, 'x'));
  const auto refused = content_folder::open(other).value()->find("00ff");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::config);
  const auto keyless = content_folder::open(options(content_form::redacted)).value();
  EXPECT_TRUE(keyless->find("00ff")) << "the key is what counts, not the form";
}

TEST_F(content_folder_test, the_same_contents_are_sealed_differently_each_time) {
  const auto kept = content_folder::open(options(content_form::sealed)).value();
  ASSERT_TRUE(kept->keep(sample()));
  const std::string first = bytes_of(file());
  ASSERT_TRUE(kept->keep(sample()));
  EXPECT_NE(bytes_of(file()), first) << "a nonce is never used twice";
}

TEST_F(content_folder_test, a_changed_or_exchanged_file_is_an_error) {
  const auto kept = content_folder::open(options(content_form::sealed)).value();
  ASSERT_TRUE(kept->keep(sample()));
  std::filesystem::copy_file(file(), folder.file("contents/2026-11-21/00aa"));
  EXPECT_NE(kept->find("00aa").error().message.find("another call"), std::string::npos);
  std::string changed = bytes_of(file());
  changed[changed.size() - 5] = changed[changed.size() - 5] == 'A' ? 'B' : 'A';
  std::ofstream(file(), std::ios::binary) << changed;
  EXPECT_FALSE(kept->find("00ff"));
}

TEST_F(content_folder_test, old_days_go_and_nothing_else) {
  const auto kept = content_folder::open(options(content_form::redacted)).value();
  ASSERT_TRUE(kept->keep(sample(0)));
  std::ofstream(folder.file("contents/notes.txt")) << "mine";
  ASSERT_TRUE(kept->keep(sample(30)));
  EXPECT_TRUE(std::filesystem::exists(file("2026-11-21"))) << "thirty days are kept";
  ASSERT_TRUE(kept->keep(sample(31)));
  EXPECT_FALSE(std::filesystem::exists(file("2026-11-21")));
  EXPECT_TRUE(std::filesystem::exists(folder.file("contents/notes.txt")));
  EXPECT_EQ(kept->remove_before(at(40 * 86'400)).value(), 2);
  EXPECT_EQ(kept->find("00ff").error().code, errc::not_found);
}

TEST_F(content_folder_test, what_is_too_long_is_cut_and_says_so) {
  auto o = options(content_form::redacted);
  o.most_bytes = 4;
  const auto kept = content_folder::open(o).value();
  auto c = sample();
  c.prompt = "ab\xe4\xb8\xad\xe6\x96\x87";
  ASSERT_TRUE(kept->keep(c));
  EXPECT_EQ(kept->find("00ff").value().prompt, "ab [cut: it has 8 bytes]");
}

TEST_F(content_folder_test, an_id_never_leads_elsewhere) {
  const auto kept = content_folder::open(options(content_form::redacted)).value();
  auto c = sample();
  c.call_id = "../../x";
  EXPECT_FALSE(kept->keep(c));
  EXPECT_EQ(kept->find("../2026-11-21/00ff").error().code, errc::not_found);
}

TEST_F(content_folder_test, bad_settings_are_refused) {
  auto short_key = options(content_form::sealed);
  short_key.key = secret("short");
  EXPECT_EQ(content_folder::open(short_key).error().code, errc::config);
  auto no_days = options(content_form::redacted);
  no_days.keep_days = 0;
  EXPECT_EQ(content_folder::open(no_days).error().code, errc::config);
  std::filesystem::create_directories(folder.file("open"));
  std::filesystem::permissions(folder.file("open"), std::filesystem::perms(0755));
  auto shared = options(content_form::redacted);
  shared.directory = folder.file("open");
  EXPECT_EQ(content_folder::open(shared).error().code, errc::config);
}

}  // namespace
}  // namespace ark::testing
