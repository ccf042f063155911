#include "net/inflater.hpp"

#include "gzip.hpp"

#include <gtest/gtest.h>
#include <array>

namespace ark::net {
namespace {

using testing::compress;

result<std::string> inflate_all(inflater& z, std::string_view input, std::size_t piece) {
  std::string text;
  std::array<char, 100> out;
  for (std::size_t at = 0; at < input.size(); at += piece) {
    std::string_view part = input.substr(at, piece);
    for (;;) {
      const auto made = z.step(part, out);
      if (!made) return made.error();
      text.append(out.data(), *made);
      if (part.empty() && *made < out.size()) break;
    }
  }
  return text;
}

TEST(Inflater, UndoesGzipZlibAndBareDeflateInPiecesOfAnySize) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "line " + std::to_string(i * i) + "\n";
  const std::pair<inflater::coding, int> forms[] = {{inflater::coding::gzip, 31},
                                                    {inflater::coding::deflate, 15},
                                                    {inflater::coding::deflate, -15}};
  for (const auto& [coding, bits] : forms) {
    const std::string packed = compress(text, bits);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, packed.size()}) {
      inflater z(coding);
      EXPECT_EQ(inflate_all(z, packed, piece).value(), text) << bits << " " << piece;
      EXPECT_TRUE(z.complete());
    }
  }
}

TEST(Inflater, ReadsSeveralGzipMembers) {
  inflater z(inflater::coding::gzip);
  EXPECT_EQ(inflate_all(z, compress("one ") + compress("two"), 5).value(), "one two");
  EXPECT_TRUE(z.complete());
}

TEST(Inflater, KnowsThatTheEndIsMissing) {
  inflater z(inflater::coding::gzip);
  const std::string packed = compress("hello");
  EXPECT_TRUE(inflate_all(z, packed.substr(0, packed.size() - 3), 100));
  EXPECT_FALSE(z.complete());
}

TEST(Inflater, RefusesDamage) {
  std::string packed = compress("hello hello hello hello");
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
  inflater z(inflater::coding::gzip);
  const auto text = inflate_all(z, packed, 100);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, errc::protocol);
  inflater not_gzip(inflater::coding::gzip);
  EXPECT_FALSE(inflate_all(not_gzip, "plain text, no gzip", 100));
}

// T32
TEST(Inflater, StopsABomb) {
  const std::string bomb = compress(std::string(8u << 20, 'a'));
  inflater z(inflater::coding::gzip);
  const auto text = inflate_all(z, bomb, bomb.size());
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, errc::too_large);
}

}  // namespace
}  // namespace ark::net
