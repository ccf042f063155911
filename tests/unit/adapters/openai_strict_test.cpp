#include "dialect/openai_wire.hpp"

#include <gtest/gtest.h>

namespace ark::adapters::openai {
namespace {

TEST(openai_strict, closed_objects_with_all_properties_required_fit) {
  for (const char* schema : {R"({"type":"object","additionalProperties":false})",
                             R"({"type":"object","properties":{"a":{"type":["string","null"]},
            "b":{"type":"array","items":{"$ref":"#/$defs/c"}},
            "d":{"anyOf":[{"type":"integer"},{"type":"null"}]}},
            "required":["a","b","d"],"additionalProperties":false,
            "$defs":{"c":{"type":"object","properties":{},"additionalProperties":false}}})"})
    EXPECT_TRUE(fits_strict_mode(schema)) << schema;
}

TEST(openai_strict, what_the_vendor_refuses_does_not_fit) {
  for (const char* schema :
       {R"({"type":"object"})", R"({"type":"object","additionalProperties":true})",
        R"({"type":"array","items":{"type":"string"}})", R"({"anyOf":[{"type":"string"}]})",
        R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})",
        R"({"type":"object","properties":{"a":{"type":"string"}},"required":[],
            "additionalProperties":false})",
        R"({"type":"object","properties":{"a":{"type":"object"}},"required":["a"],
            "additionalProperties":false})",
        R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}},
            "required":["a"],"additionalProperties":false})",
        R"({"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false})",
        R"({"type":"object","properties":{"a":true},"required":["a"],
            "additionalProperties":false})",
        R"({"type":"object","additionalProperties":false,"$defs":{"c":{"type":"object"}}})",
        R"({"type":"object","additionalProperties":false,"allOf":[]})", "true", "{"})
    EXPECT_FALSE(fits_strict_mode(schema)) << schema;
}

}  // namespace
}  // namespace ark::adapters::openai
