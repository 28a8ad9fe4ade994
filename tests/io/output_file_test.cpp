#include "io/output_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/temporary_error.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;

/// Replaces standard output by another descriptor during the object's lifetime.
class RedirectedOutput {
 public:
  explicit RedirectedOutput(int descriptor) : original_(::dup(STDOUT_FILENO)) { ::dup2(descriptor, STDOUT_FILENO); }
  ~RedirectedOutput() {
    ::dup2(original_, STDOUT_FILENO);
    ::close(original_);
  }
  RedirectedOutput(const RedirectedOutput&) = delete;
  RedirectedOutput& operator=(const RedirectedOutput&) = delete;

 private:
  int original_;
};

TEST(OutputFile, TakesItsNameOnlyWhenClosed) {
  const TemporaryFolder folder;
  const auto path = folder / "out.txt";
  OutputFile file(path, Overwrite::refuse);
  file.write("one\n");
  file.write("two\n");
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(folder / "out.txt.part"));
  file.flush();
  EXPECT_EQ(read_file(folder / "out.txt.part"), "one\ntwo\n");
  file.close();
  EXPECT_EQ(read_file(path), "one\ntwo\n");
  EXPECT_FALSE(fs::exists(folder / "out.txt.part"));
  file.close();
  EXPECT_EQ(read_file(path), "one\ntwo\n");
}

TEST(OutputFile, CompletesWhatItHasWhenDestroyed) {
  const TemporaryFolder folder;
  { OutputFile(folder / "out.txt", Overwrite::refuse).write("so far\n"); }
  EXPECT_EQ(read_file(folder / "out.txt"), "so far\n");
}

TEST(OutputFile, LargeOutputArrivesWhole) {
  const TemporaryFolder folder;
  OutputFile file(folder / "out.txt", Overwrite::refuse);
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    const auto line = std::to_string(i) + " of many lines\n";
    file.write(line);
    expected += line;
  }
  file.close();
  EXPECT_EQ(read_file(folder / "out.txt"), expected);
}

TEST(OutputFile, RefusesAnExistingFileBeforeAnyWork) {
  const TemporaryFolder folder;
  const auto path = folder.write("out.txt", "precious");
  EXPECT_EQ(message_of([&] { OutputFile(path, Overwrite::refuse); }),
            path.string() + ": already exists (setting: overwrite)");
  EXPECT_EQ(read_file(path), "precious");
  EXPECT_FALSE(fs::exists(folder / "out.txt.part"));
}

TEST(OutputFile, KeepsTheOldFileUntilTheNewOneIsComplete) {
  const TemporaryFolder folder;
  const auto path = folder.write("out.txt", "old");
  OutputFile file(path, Overwrite::replace);
  file.write("new");
  file.flush();
  EXPECT_EQ(read_file(path), "old");
  file.close();
  EXPECT_EQ(read_file(path), "new");
}

TEST(OutputFile, OverwritesThePartFileOfACrash) {
  const TemporaryFolder folder;
  folder.write("out.txt.part", "left behind by a crash, and longer");
  OutputFile file(folder / "out.txt", Overwrite::refuse);
  file.write("new");
  file.close();
  EXPECT_EQ(read_file(folder / "out.txt"), "new");
}

TEST(OutputFile, DoesNotReplaceAFileThatAppearedMeanwhile) {
  const TemporaryFolder folder;
  OutputFile file(folder / "out.txt", Overwrite::refuse);
  file.write("ours");
  folder.write("out.txt", "theirs");
  EXPECT_THAT(message_of([&] { file.close(); }), HasSubstr("the result is in " + (folder / "out.txt.part").string()));
  EXPECT_EQ(read_file(folder / "out.txt"), "theirs");
  EXPECT_EQ(read_file(folder / "out.txt.part"), "ours");
}

TEST(OutputFile, NamesThePathThatCannotBeWritten) {
  const TemporaryFolder folder;
  const auto error_of = [](const fs::path& path) { return message_of([&] { OutputFile(path, Overwrite::replace); }); };
  EXPECT_EQ(error_of(folder / "none/out.txt"),
            (folder / "none/out.txt").string() + ": the folder " + (folder / "none").string() + " does not exist");
  EXPECT_FALSE(fs::exists(folder / "none"));
  EXPECT_THAT(error_of(folder.path()), HasSubstr(": is a folder"));
  EXPECT_THAT(error_of(folder / "none/"), HasSubstr(": is a folder"));
  EXPECT_EQ(error_of(folder.write("file", "") / "out.txt"),
            (folder / "file/out.txt").string() + ": cannot be written: Not a directory");
  const auto long_name = folder / std::string(300, 'x');
  EXPECT_EQ(error_of(long_name), long_name.string() + ": cannot be written: File name too long");
}

TEST(OutputFile, FailsWithoutPermission) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "locked");
  fs::permissions(folder / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  const auto path = folder / "locked/out.txt";
  const auto user = ::geteuid();
  constexpr uid_t nobody = 65534;
  const auto become = [&](uid_t id) { return user != 0 || ::seteuid(id) == 0; };  // root may write everywhere
  ASSERT_TRUE(become(nobody));
  const auto message = message_of([&] { OutputFile(path, Overwrite::refuse); });
  ASSERT_TRUE(become(user));
  EXPECT_EQ(message, path.string() + ": cannot be written: Permission denied");
}

TEST(OutputFile, WritesToADeviceAsItIs) {
  OutputFile file("/dev/null", Overwrite::refuse);
  file.write("gone");
  file.close();
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_FALSE(fs::exists("/dev/null.part"));
}

TEST(OutputFile, FailsWhenTheDiskIsFull) {
  OutputFile device("/dev/full", Overwrite::refuse);
  device.write("a line");
  EXPECT_EQ(message_of([&] { device.flush(); }), "/dev/full: cannot be written: No space left on device");
  OutputFile again("/dev/full", Overwrite::refuse);
  again.write("a line");
  EXPECT_THROW(again.flush(), TemporaryError) << "another attempt may find space";
  EXPECT_TRUE(is_temporary(ETIMEDOUT) && is_temporary(EDQUOT));
  EXPECT_FALSE(is_temporary(ENOENT) || is_temporary(EACCES) || is_temporary(EISDIR) || is_temporary(0));

  const TemporaryFolder folder;
  fs::create_symlink("/dev/full", folder / "out.txt.part");
  OutputFile file(folder / "out.txt", Overwrite::refuse);
  file.write("a line");
  EXPECT_EQ(message_of([&] { file.close(); }),
            (folder / "out.txt").string() + ": cannot be written: No space left on device (partial output is in " +
                (folder / "out.txt.part").string() + ")");
  EXPECT_EQ(message_of([&] { file.close(); }), "");
  EXPECT_FALSE(fs::exists(folder / "out.txt"));
}

TEST(OutputFile, NoticesThatItWasRemoved) {
  const TemporaryFolder folder;
  for (const auto overwrite : {Overwrite::append, Overwrite::refuse}) {
    const auto path = folder / (overwrite == Overwrite::append ? "log.txt" : "out.txt");
    OutputFile file(path, overwrite);
    file.write("a line\n");
    file.flush();
    fs::remove(overwrite == Overwrite::append ? path : fs::path(path.string() + ".part"));
    file.write("a line that nobody will ever read\n");
    EXPECT_EQ(message_of([&] { file.flush(); }), path.string() + ": cannot be written: it has been removed");
  }
  OutputFile log(folder / "rotated.txt", Overwrite::append);
  fs::rename(folder / "rotated.txt", folder / "rotated.txt.1");
  log.write("a line\n");
  EXPECT_EQ(message_of([&] { log.flush(); }), "") << "a file that was moved still has a reader";
}

TEST(OutputFile, AFileThatFailedDoesNotGetItsName) {
  const TemporaryFolder folder;
  fs::create_symlink("/dev/full", folder / "out.txt.part");
  OutputFile file(folder / "out.txt", Overwrite::refuse);
  EXPECT_NE(message_of([&] { file.write(std::string(100'000, 'x')); }), "");
  EXPECT_EQ(message_of([&] { file.close(); }), "");
  EXPECT_FALSE(fs::exists(folder / "out.txt"));
}

TEST(OutputFile, AClosedPipeIsAnErrorAndNoSignal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  std::string message;
  {
    const RedirectedOutput redirected(ends[1]);
    auto file = OutputFile::standard_output();
    file.write("a line\n");
    message = message_of([&] { file.flush(); });
  }
  ::close(ends[1]);
  EXPECT_EQ(message, "standard output: the reader has closed the output (broken pipe)");
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGPIPE), 0);
}

TEST(OutputFile, StandardOutputStaysOpen) {
  const TemporaryFolder folder;
  const int descriptor = ::open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_GE(descriptor, 0);
  {
    const RedirectedOutput redirected(descriptor);
    for (const auto* const line : {"one\n", "two\n"}) {
      auto file = OutputFile::standard_output();
      file.write(line);
      file.close();
    }
  }
  ::close(descriptor);
  EXPECT_EQ(read_file(folder / "out"), "one\ntwo\n");
}

}  // namespace
}  // namespace onepass::io
