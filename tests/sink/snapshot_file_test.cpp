#include "sink/snapshot_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::read_file;

TEST(SnapshotFile, IsReplacedAsAWholeWhenItIsDue) {
  const test::TemporaryFolder folder;
  SnapshotFile file(folder / "a", std::chrono::hours(1));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_TRUE(file.is_due());
  file.save("a long first content");
  EXPECT_FALSE(file.is_due());
  file.save("short");
  EXPECT_EQ(read_file(folder / "a"), "short");
  EXPECT_EQ(std::ranges::distance(std::filesystem::directory_iterator(folder.path())), 1) << "nothing else remains";
  file.discard();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  SnapshotFile always(folder / "b", std::chrono::hours(0));
  always.save("");
  EXPECT_TRUE(always.is_due());
}

TEST(SnapshotFile, AFileThatCannotBeReplacedKeepsItsContent) {
  const test::TemporaryFolder folder;
  SnapshotFile file(folder / "a");
  file.save("old");
  std::filesystem::create_directory(folder / "a.new");  // where the next content would be written
  EXPECT_EQ(test::message_of([&] { file.save("new"); }),
            (folder / "a").string() + ": cannot be written: Is a directory");
  EXPECT_EQ(read_file(folder / "a"), "old");
}

}  // namespace
}  // namespace onepass::sink
