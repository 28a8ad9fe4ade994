#include "io/pending_file.hpp"

#include <gtest/gtest.h>

#include "onepass/setting_error.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;

TEST(PendingFile, HasItsNameAfterTheCommit) {
  const TemporaryFolder folder;
  const PendingFile file(folder / "a.txt", folder / "a.part", Overwrite::refuse, SpecialFiles::refuse);
  EXPECT_TRUE(std::filesystem::exists(file.part()));
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  folder.write("a.part", "text");
  file.commit();
  EXPECT_EQ(read_file(folder / "a.txt"), "text");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.part"));
}

TEST(PendingFile, LeavesNothingAfterDiscard) {
  const TemporaryFolder folder;
  PendingFile(folder / "a.txt", folder / "a.part", Overwrite::refuse, SpecialFiles::refuse).discard();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PendingFile, NamesTheSettingThatWouldReplaceTheFile) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.txt", "precious");
  try {
    PendingFile(path, folder / "a.part", Overwrite::refuse, SpecialFiles::refuse);
    ADD_FAILURE() << "the existing file is accepted";
  } catch (const SettingError& error) {
    EXPECT_EQ(error.setting(), "overwrite");
    EXPECT_EQ(error.message(), path.string() + ": already exists");
  }
  const PendingFile replacing(path, folder / "a.part", Overwrite::replace, SpecialFiles::refuse);
  EXPECT_EQ(read_file(path), "precious");  // until the commit
}

TEST(PendingFile, AppendsToTheFileItself) {
  const TemporaryFolder folder;
  const auto path = folder.write("log", "line\n");
  const PendingFile file(path, folder / "log.part", Overwrite::append, SpecialFiles::refuse);
  EXPECT_EQ(file.part(), path);
  file.discard();  // must not remove the log
  EXPECT_EQ(read_file(path), "line\n");
}

TEST(PendingFile, RefusesADeviceIfAskedTo) {
  EXPECT_EQ(message_of([] { PendingFile("/dev/null", "/dev/null.part", Overwrite::replace, SpecialFiles::refuse); }),
            "/dev/null: is not a regular file");
  EXPECT_EQ(PendingFile("/dev/null", "/dev/null.part", Overwrite::refuse, SpecialFiles::allow).part(), "/dev/null");
}

}  // namespace
}  // namespace onepass::io
