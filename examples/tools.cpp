// The tool loop: the model asks for tools, the program runs them, the model goes on.
#include "example_client.hpp"

namespace {

/// A real program would look it up; `arguments` is JSON that fits the tool's schema.
std::string get_weather(const std::string& arguments) {
  return arguments.find("Paris") != std::string::npos ? R"({"celsius":21})" : R"({"celsius":28})";
}

}  // namespace

int main() {
  const ark::client client = ark::standard_client(example::options());
  ark::call call{.model = example::model(),
                 .messages = {ark::user("What is the weather in Paris and in Tokyo?")},
                 .tools = {{.name = "get_weather",
                            .description = "The weather of a city now.",
                            .parameters = R"({"type":"object",
                                              "properties":{"city":{"type":"string"}},
                                              "required":["city"]})"}}};
  constexpr int rounds_max = 5;
  for (int round = 0; round < rounds_max; ++round) {
    const auto reply = client.complete(call);
    if (!reply) return example::failed(reply.error());
    const auto calls = reply->tool_calls();
    if (calls.empty()) {
      std::cout << reply->text() << "\n";
      return 0;
    }
    call.messages.push_back(reply->message);  // as it is: ids and reasoning must come back
    for (const auto& wanted : calls) {
      std::cout << wanted.name << " " << wanted.arguments << "\n";
      call.messages.push_back(ark::tool(wanted.id, get_weather(wanted.arguments)));
    }
  }
  std::cerr << "the model did not stop asking for tools\n";
  return 1;
}
