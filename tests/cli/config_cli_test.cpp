#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/run_program.hpp"

namespace onepass::test {
namespace {

using testing::HasSubstr;

TEST(ConfigCommand, PrintsTheShippedReferencePage) {
  const auto result = run_onepass({"config", "--reference"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, read_file(std::filesystem::path(ONEPASS_SOURCE_DIR) / "docs/parameters.md"));
}

TEST(ConfigCommand, TheReferencePageIsNeitherADumpNorOfAFile) {
  EXPECT_EQ(run_onepass({"config", "--reference", "--dump"}).exit_code, 2);
  EXPECT_EQ(run_onepass({"config", "--reference", "--config", "x.yaml"}).exit_code, 2);
}

TEST(ConfigCommand, HelpOfOtherCommandsNamesTheReferencePage) {
  EXPECT_THAT(run_onepass({"track", "--help"}).out, HasSubstr("onepass config --reference"));
}

}  // namespace
}  // namespace onepass::test
