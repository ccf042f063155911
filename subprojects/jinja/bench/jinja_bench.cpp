// Parses and renders each template of a folder again and again; prints microseconds of CPU:
//   jinja-bench FOLDER
// A template NAME.jinja has its context in NAME.json and chat templates end in .chat.jinja. Prints
// "NAME parse_us render_us bytes checksum" a line. compare.py runs it beside python3-jinja2.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "jinja/environment.hpp"

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

double cpu_us() { return static_cast<double>(std::clock()) * 1e6 / CLOCKS_PER_SEC; }

/// The median of batches that take a while each.
template <class Run>
double median_us(Run&& run) {
  std::vector<double> all;
  int many = 1;
  while (true) {
    const double begin = cpu_us();
    for (int i = 0; i < many; ++i) run();
    const double took = cpu_us() - begin;
    if (took < 5'000 && all.empty()) {
      many *= 2;
      continue;
    }
    all.push_back(took / many);
    if (all.size() == 21) break;
  }
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  std::vector<std::filesystem::path> paths;
  for (const auto& each : std::filesystem::directory_iterator(words[1]))
    if (each.path().extension() == ".jinja") paths.push_back(each.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    const bool chat = path.stem().extension() == ".chat";
    jinja::options how;
    how.trim_blocks = how.lstrip_blocks = how.loop_controls = how.generation = chat;
    jinja::environment env(how);
    if (chat) env.use_chat_functions([](const void*) { return std::int64_t{1773480413}; });
    const std::string source = contents(path);
    auto context_path = path;
    jinja::arena memory;
    const std::string text = contents(context_path.replace_extension(".json"));
    const auto context = jinja::read_json(memory, text);
    const auto made = env.compile(source);
    if (!made || !context) {
      std::printf("%s: %s\n", path.c_str(), made ? "no context" : made.error().to_string().c_str());
      return 1;
    }
    const auto once = made->render(*context);
    if (!once) {
      std::printf("%s\n", once.error().to_string().c_str());
      return 1;
    }
    const double parse = median_us([&] { static_cast<void>(env.compile(source)); });
    const double render = median_us([&] { static_cast<void>(made->render(*context)); });
    unsigned sum = 0;
    for (const char c : *once) sum = sum * 31 + static_cast<unsigned char>(c);
    std::printf("%s %.2f %.2f %zu %u\n", path.stem().c_str(), parse, render, once->size(), sum);
  }
  return 0;
}
