// Prints an answer while it is made. Leaving the loop early would end the call and settle it.
#include "example_client.hpp"

int main() {
  const ark::client client = ark::standard_client(example::options());
  auto stream = client.stream(
      {.model = example::model(), .messages = {ark::user("Repeat: one, two, three, four, five")}});
  if (!stream) return example::failed(stream.error());
  for (const ark::event& event : *stream)
    if (event.kind == ark::event_kind::text) std::cout << event.text << std::flush;
  std::cout << "\n";
  if (const auto& failure = stream->failure()) return example::failed(*failure);
  const ark::reply& whole = stream->so_far();
  std::cout << whole.usage.output_total() << " tokens, first after "
            << whole.first_content.count() / 1000 << " ms, all after "
            << whole.latency.count() / 1000 << " ms\n";
}
