#include "io/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <map>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace {

std::mutex mutex;
std::map<ino_t, int> synced;  ///< how often each file was synchronized

void count(int descriptor) {
  struct stat status {};
  ::fstat(descriptor, &status);
  const std::lock_guard lock(mutex);
  ++synced[status.st_ino];
}

int times_synced(const std::filesystem::path& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  const std::lock_guard lock(mutex);
  return synced[status.st_ino];
}

}  // namespace

// These replace the functions of the C library.
extern "C" int fdatasync(int descriptor) {
  count(descriptor);
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

extern "C" int fsync(int descriptor) {
  count(descriptor);
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace onepass::test {
namespace {

class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~OpenFile() { ::close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

 private:
  int descriptor_;
};

TEST(Disk, OpenFilesThatAreWrittenAreSynchronized) {
  const TemporaryFolder folder;
  const auto written = folder.write("written", "a");
  const auto read = folder.write("read", "b");
  const auto closed = folder.write("closed", "c");
  const OpenFile writer(written, O_WRONLY);
  const OpenFile reader(read, O_RDONLY);
  io::sync_open_files();
  EXPECT_EQ(times_synced(written), 1);
  EXPECT_EQ(times_synced(read), 0);
  EXPECT_EQ(times_synced(closed), 0);
}

TEST(Disk, ARenamedFileIsOnTheDiskBeforeItsName) {
  const TemporaryFolder folder;
  const auto part = folder.write("a.part", "new");
  folder.write("a", "old");
  const auto part_before = times_synced(part);  // the system may give the numbers of removed files again
  const auto folder_before = times_synced(folder.path());
  EXPECT_FALSE(io::rename_durably(part, folder / "a"));
  EXPECT_EQ(read_file(folder / "a"), "new");
  EXPECT_EQ(times_synced(folder / "a"), part_before + 1);
  EXPECT_EQ(times_synced(folder.path()), folder_before + 1) << "the name is an entry of the folder";
}

TEST(Disk, AFailedRenamingIsReturned) {
  const TemporaryFolder folder;
  const auto part = folder.write("a.part", "new");
  EXPECT_EQ(io::rename_durably(part, folder / "missing/a"), std::errc::no_such_file_or_directory);
  EXPECT_EQ(read_file(part), "new");
}

TEST(Disk, AThreadSynchronizesUntilItIsDestroyed) {
  const TemporaryFolder folder;
  const auto written = folder.write("written", "a");
  const OpenFile writer(written, O_WRONLY);
  {
    const io::DiskSync sync(std::chrono::milliseconds(1));
    wait_until([&] { return times_synced(written) >= 3; });
  }
  const int times = times_synced(written);
  EXPECT_GE(times, 3);
  io::sync_open_files();
  EXPECT_EQ(times_synced(written), times + 1);
}

}  // namespace
}  // namespace onepass::test
