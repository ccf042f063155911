// bench VOCABULARY TEXT [ROUNDS]: one line of JSON with MB/s of processor time (median of the
// rounds).

#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "bpe/encoder.hpp"

namespace {

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct timing {
  double median;
  double best;
};

template <class Call>
timing times_ms(int rounds, Call call) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const double from = cpu_ms();
    call();
    times.push_back(cpu_ms() - from);
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.front()};
}

std::string random_letters(std::size_t count) {
  std::string out;
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    out.push_back(static_cast<char>('a' + (state >> 16) % 26));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 7;
  const timing load = times_ms(rounds, [&] { (void)bpe::vocabulary::open(argv[1]); });
  const auto vocab = bpe::vocabulary::open(argv[1]);
  if (!vocab) {
    std::cerr << vocab.failure().message << "\n";
    return 1;
  }
  std::ifstream file(argv[2]);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  bpe::encoder with(*vocab);
  std::vector<bpe::token_id> ids;
  std::size_t count = 0;
  const auto encode = [&] {
    ids.clear();
    (void)with.encode(text, ids);
  };
  const timing encoding = times_ms(rounds, encode);
  const timing counting = times_ms(rounds, [&] { count = *with.count(text); });
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  std::cout << "{\"engine\":\"bpe\",\"vocabulary\":\"" << vocab->name() << "\",\"tokens\":" << count
            << ",\"same\":" << (count == ids.size())
            << ",\"encode_mb_s\":" << megabytes * 1e3 / encoding.median
            << ",\"encode_best_mb_s\":" << megabytes * 1e3 / encoding.best
            << ",\"count_mb_s\":" << megabytes * 1e3 / counting.median
            << ",\"count_best_mb_s\":" << megabytes * 1e3 / counting.best
            << ",\"load_ms\":" << load.median;
  const std::string words[] = {std::string(32000, 'a'), std::string(32000, '='),
                               random_letters(32000)};
  const char* names[] = {"word_a_ms", "word_equals_ms", "word_random_ms"};
  for (int i = 0; i < 3; ++i) {
    std::cout << ",\"" << names[i]
              << "\":" << times_ms(rounds, [&] { count = *with.count(words[i]); }).median;
  }
  std::cout << "}\n";
}
