#include "io/text_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;

TEST(TextLog, ContinuesAnExistingFileAndStartsANewOneIfItWasMoved) {
  const TemporaryFolder folder;
  const auto path = folder.write("log", "before\n");
  TextLog log(path, [](const std::string& warning) { FAIL() << warning; });
  log.write("one\n");
  EXPECT_EQ(read_file(path), "before\none\n");  // at once
  std::filesystem::rename(path, folder / "log.1");
  log.write("two\n");
  log.reopen();
  log.write("three\n");
  EXPECT_EQ(read_file(folder / "log.1"), "before\none\ntwo\n");
  EXPECT_EQ(read_file(path), "three\n");
}

TEST(TextLog, AFullDiskIsSaidOnce) {
  std::vector<std::string> warnings;
  TextLog log("/dev/full", [&](const std::string& warning) { warnings.push_back(warning); });
  for (int i = 0; i < 3; ++i) log.write("line\n");
  ASSERT_THAT(warnings, testing::SizeIs(1));
  EXPECT_THAT(warnings[0], HasSubstr("/dev/full: cannot be written"));
  EXPECT_THAT(warnings[0], HasSubstr("tracking continues"));
}

TEST(TextLog, AMissingFolderIsAnErrorAtOnce) {
  const TemporaryFolder folder;
  EXPECT_THAT(test::message_of([&] { TextLog(folder / "none/log", [](const auto&) {}); }), HasSubstr("does not exist"));
}

}  // namespace
}  // namespace onepass::io
