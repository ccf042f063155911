// An answer that is JSON of a schema: the vendor enforces it, the program reads it.
#include "example_client.hpp"

int main() {
  const ark::client client = ark::standard_client(example::options());
  const auto reply = client.complete({
      .model = example::model(),
      .messages = {ark::user("Extract the person. name: Ada Lovelace, age: 36")},
      .response_format = {.kind = ark::response_format_kind::json_schema,
                          .name = "person",
                          .schema = R"({"type":"object",
                                        "properties":{"name":{"type":"string"},
                                                      "age":{"type":"integer"}},
                                        "required":["name","age"],
                                        "additionalProperties":false})"},
  });
  if (!reply) return example::failed(reply.error());
  // A model may decline, or be cut off by a token limit: then there is no JSON.
  if (reply->finish != ark::finish_reason::stop) {
    std::cerr << "no whole answer: " << ark::to_string(reply->finish) << "\n";
    return 1;
  }
  std::cout << reply->text() << "\n";
}
