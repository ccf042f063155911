#include "eval/junit.hpp"

#include <gtest/gtest.h>

namespace ark::eval {

TEST(junit, counts_and_escapes) {
  row failed{.prompt_id = "p<1>", .model = "m", .case_id = "c", .status = row_status::fail};
  failed.output = "a & b\x01";
  failed.verdicts = {{.pass = false, .type = "contains", .reason = "no \"x\""}};
  row broken{.prompt_id = "p", .model = "m", .case_id = "d"};
  broken.error_code = "overloaded";
  row fine{.prompt_id = "p", .model = "n", .case_id = "e", .status = row_status::pass};
  const std::string xml = junit_xml("s", {failed, broken, fine});
  EXPECT_NE(xml.find(R"(tests="3" failures="1" errors="1")"), std::string::npos);
  EXPECT_NE(xml.find("p&lt;1&gt; / c"), std::string::npos);
  EXPECT_NE(xml.find("no &quot;x&quot;"), std::string::npos);
  EXPECT_NE(xml.find("a &amp; b\xEF\xBF\xBD"), std::string::npos);
  EXPECT_NE(xml.find(R"(type="overloaded")"), std::string::npos);
}

}  // namespace ark::eval
