// Renders cases, a JSON object on each line of FILE, and prints {"id","output"} or {"id","error"}:
//   jinja-cases FILE
// A case: {"id", "env": {...}, "template", "context", "templates"}.
#include <fstream>
#include <iostream>

#include "jinja/cases.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: jinja-cases FILE\n";
    return 2;
  }
  std::ifstream file(words[1]);
  if (!file) {
    std::cerr << words[1] << ": cannot be read\n";
    return 1;
  }
  std::string line, out;
  while (std::getline(file, line)) {
    if (line.empty()) continue;
    std::cout << jinja::run_case(line) << '\n';
  }
  return 0;
}
