#include "dialect/dashscope/dashscope_access.hpp"

#include "dashscope_support.hpp"

namespace ark::test::dashscope {
namespace {

result<std::string> key_of(std::string_view body) {
  const wire::http_head head{.status = 200, .headers = {}};
  return adapters::dashscope_access().decode_certificate({head, body}, plain_row());
}

TEST(dashscope_access, the_public_key_is_asked_for_below_the_base_url) {
  const auto asked = adapters::dashscope_access().encode_certificate("qwen-plus", plain_row());
  EXPECT_EQ(asked.method, "GET");
  EXPECT_EQ(asked.target, "/public-keys/latest");
  EXPECT_EQ(key_of(R"({"data":{"public_key":"AbC=","public_key_id":"12"}})").value(), "12\nAbC=");
  for (const char* body :
       {"", "{}", R"({"data":{"public_key":"AbC="}})", R"({"data":{"public_key_id":"12"}})",
        R"({"data":{"public_key":"A","public_key_id":"1\n2"}})"}) {
    const auto none = key_of(body);
    ASSERT_FALSE(none) << body;
    EXPECT_EQ(none.error().code, errc::protocol);
  }
}

TEST(dashscope_access, the_header_names_key_and_nonce) {
  const auto headers = adapters::dashscope_access().seal_headers(
      {.key_id = "12", .wrapped_key = "d3JhcHBlZA==", .nonce = "bm9uY2U="});
  ASSERT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers[0].name, "x-dashscope-encryptionkey");
  EXPECT_EQ(headers[0].value,
            R"({"public_key_id":"12","encrypt_key":"d3JhcHBlZA==","iv":"bm9uY2U="})");
}

TEST(dashscope_access, the_native_interface_alone_seals_and_no_key_is_exchanged) {
  const auto& access = adapters::dashscope_access();
  EXPECT_EQ(access.seals(plain_row()), ark::dialect::sealing::input);
  vendor compatible = plain_row();
  compatible.dialect = "openai_chat";
  EXPECT_EQ(access.seals(compatible), ark::dialect::sealing::none);
  EXPECT_EQ(access.encode_key({}, plain_row()).error().code, errc::unsupported);
  const wire::http_head head{.status = 403, .headers = {}};
  EXPECT_EQ(access.decode_key({head, "{}"}, plain_row(), {}).error().code, errc::unsupported);
  EXPECT_EQ(access.decode_key_error({head, "{}"}, plain_row()).code, errc::permission);
}

}  // namespace
}  // namespace ark::test::dashscope
