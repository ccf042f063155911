// Asks one question and prints the answer, who gave it, and what it cost.
#include "example_client.hpp"

int main() {
  const ark::client client = ark::standard_client(example::options());
  const auto reply = client.complete(
      {.model = example::model(), .messages = {ark::user("What is the capital of France?")}});
  if (!reply) return example::failed(reply.error());
  std::cout << reply->text() << "\n"
            << "from " << reply->route.vendor << "/" << reply->route.model << ", "
            << reply->usage.input_total() << " + " << reply->usage.output_total() << " tokens, "
            << reply->cost.value.to_string() << " " << reply->cost.currency << "\n";
}
