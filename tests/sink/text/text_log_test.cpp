#include "sink/text/text_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
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

TEST(TextLog, WritesItsHeaderOnceToAnEmptyFile) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "counts.csv";
  const auto fail = [](const std::string& warning) { FAIL() << warning; };
  {
    TextLog log(path, fail, "header\n");
    log.write("1\n");
    log.write("2\n");
    EXPECT_EQ(read_file(path), "header\n1\n2\n");
    std::filesystem::rename(path, folder / "old.csv");
    log.reopen();
    log.write("3\n");
    EXPECT_EQ(read_file(path), "header\n3\n");
  }
  TextLog again(path, fail, "header\n");
  again.write("4\n");
  EXPECT_EQ(read_file(path), "header\n3\n4\n");
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
}  // namespace onepass::sink
