#include "wire/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace ark::wire {
namespace {

std::string inflated(std::string_view packed, std::size_t size) {
  z_stream s{};
  if (inflateInit2(&s, 15 + 16) != Z_OK) return "";
  std::string out(size + 1, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  s.avail_in = static_cast<uInt>(packed.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&s, Z_FINISH), Z_STREAM_END);
  out.resize(s.total_out);
  inflateEnd(&s);
  return out;
}

TEST(gzip, what_was_packed_comes_out_again) {
  std::string noise;
  for (unsigned i = 0; i < 100'000; ++i) noise += static_cast<char>((i * 2654435761U) >> 24);
  for (const std::string& text : {std::string(), std::string("a"), std::string(50'000, 'x'), noise})
    EXPECT_EQ(inflated(gzip(text), text.size()), text);
}

TEST(gzip, the_same_bytes_every_time) {
  EXPECT_EQ(gzip("{}"), gzip("{}"));
  EXPECT_LT(gzip(std::string(10'000, ' ')).size(), 100U);
}

}  // namespace
}  // namespace ark::wire
