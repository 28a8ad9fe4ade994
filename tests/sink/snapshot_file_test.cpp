#include "sink/snapshot_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using std::chrono::milliseconds;
using test::read_file;

std::function<std::string()> text(std::string content) {
  return [content = std::move(content)] { return content; };
}

/// A clock that the test moves.
struct Clock {
  std::chrono::steady_clock::time_point now{};
  SnapshotTiming timing() {
    return {.interval = milliseconds(2000), .now = [this] { return now; }};
  }
};

TEST(SnapshotFile, IsReplacedAsAWholeWhenItIsDue) {
  const test::TemporaryFolder folder;
  Clock clock;
  SnapshotFile file(folder / "a", clock.timing());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_TRUE(file.is_due());
  EXPECT_TRUE(file.save(text("a long first content")));
  clock.now += milliseconds(1999);
  EXPECT_FALSE(file.is_due());
  clock.now += milliseconds(1);
  EXPECT_TRUE(file.is_due());
  EXPECT_TRUE(file.save(text("short")));
  EXPECT_EQ(read_file(folder / "a"), "short");
  EXPECT_EQ(std::ranges::distance(std::filesystem::directory_iterator(folder.path())), 1) << "nothing else remains";
  file.finish("final");
  EXPECT_EQ(read_file(folder / "a"), "final");
  file.discard();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SnapshotFile, WaitsFiftyTimesWhatASnapshotTook) {
  const test::TemporaryFolder folder;
  Clock clock;
  SnapshotFile file(folder / "a", clock.timing());
  file.save([&] {
    clock.now += milliseconds(140);
    return "slow";
  });
  clock.now += milliseconds(6999);
  EXPECT_FALSE(file.is_due());
  clock.now += milliseconds(1);
  EXPECT_TRUE(file.is_due());
}

TEST(SnapshotFile, AFileThatCannotBeReplacedKeepsItsContent) {
  const test::TemporaryFolder folder;
  const auto message = (folder / "a").string() + ": cannot be written: Is a directory";
  SnapshotFile file(folder / "a");
  file.save(text("old"));
  std::filesystem::create_directory(folder / "a.new");  // where the next content would be written
  EXPECT_FALSE(file.save(text("new")));
  EXPECT_EQ(read_file(folder / "a"), "old");
  EXPECT_EQ(test::message_of([&] { file.finish("new"); }), message);
  EXPECT_FALSE(file.save(text("new")));
  EXPECT_EQ(test::message_of([&] { file.discard(); }), message) << "the last one failed";
  std::filesystem::remove(folder / "a.new");
  EXPECT_TRUE(file.save(text("newer"))) << "it goes on trying";
  file.discard();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SnapshotFile, LeavesNoUnfinishedContent) {
  const test::TemporaryFolder folder;
  folder.write("a.new", "of a run that was killed");
  SnapshotFile file(folder / "a");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  std::filesystem::create_directories(folder / "a/full");  // cannot be replaced by a file
  EXPECT_FALSE(file.save(text("new")));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.new"));
}

}  // namespace
}  // namespace onepass::sink
