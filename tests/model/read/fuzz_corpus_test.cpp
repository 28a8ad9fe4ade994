// Replays the corpus of the fuzzer in tests/fuzz, and files truncated at every length.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace onepass::model {
namespace {

namespace fs = std::filesystem;

void replay(const std::string& bytes) {
  EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), 0);
}

TEST(FuzzCorpus, EveryInputIsReadOrRefused) {
  int replayed = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(ONEPASS_SOURCE_DIR) / "tests/fuzz/corpus")) {
    SCOPED_TRACE(entry.path().filename().string());
    replay(test::read_file(entry.path()));  // an exception of another type ends the test
    ++replayed;
  }
  EXPECT_GE(replayed, 16);
}

TEST(FuzzCorpus, FilesOfBothLayoutsMayEndAnywhere) {
  for (const auto* name : {"tiny_v5_legacy.pt", "tiny_v8.pt"}) {
    const auto whole = "f" + test::read_file(fs::path(ONEPASS_TEST_DATA) / name);
    for (std::size_t size = 1; size < whole.size(); size += whole.size() / 150) replay(whole.substr(0, size));
  }
}

}  // namespace
}  // namespace onepass::model
