// Writes the crossing scene with its ground truth, for tests that are not written in C++: write_crossing FOLDER
#include <filesystem>
#include <iostream>

#include "support/crossing_scene.hpp"

int main(int count, char** words) try {
  if (count != 2) throw std::runtime_error("give a folder");
  const onepass::test::TemporaryFolder scratch;
  const auto benchmark = onepass::test::write_crossing_benchmark(scratch, {"crossing"});
  std::filesystem::remove_all(words[1]);
  std::filesystem::copy(benchmark / "crossing", words[1], std::filesystem::copy_options::recursive);
} catch (const std::exception& error) {
  std::cerr << words[0] << ": " << error.what() << "\n";
  return 1;
}
