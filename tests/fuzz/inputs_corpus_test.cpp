// Replays the corpus of inputs_fuzz: every input as it is, cut off anywhere, and with damaged bytes.
#include <filesystem>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace onepass::test {
namespace {

namespace fs = std::filesystem;

/// An exception of another type than the readers may throw ends the test.
void replay(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

TEST(InputsCorpus, EveryInputIsReadOrRefused) {
  std::set<char> kinds;
  std::mt19937 random(5);
  for (const auto& entry : fs::directory_iterator(fs::path(ONEPASS_SOURCE_DIR) / "tests/fuzz/inputs")) {
    SCOPED_TRACE(entry.path().filename().string());
    const auto whole = read_file(entry.path());
    ASSERT_FALSE(whole.empty());
    kinds.insert(whole.front());
    replay(whole);
    const auto step = std::max<std::size_t>(1, whole.size() / 60);
    for (std::size_t size = 1; size < whole.size(); size += step) replay(whole.substr(0, size));
    for (int i = 0; i < 60 && whole.size() > 1; ++i) {
      auto damaged = whole;
      for (int byte = 0; byte < 3; ++byte) damaged[1 + random() % (whole.size() - 1)] = static_cast<char>(random());
      replay(damaged);
    }
  }
  EXPECT_EQ(kinds, (std::set<char>{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
                                   'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'y', 'z'}));
}

}  // namespace
}  // namespace onepass::test
