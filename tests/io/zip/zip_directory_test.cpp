#include "io/zip/zip_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/checksum.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

/// The lowest `width` bytes of a number, little-endian.
std::string bytes_of(std::uint64_t number, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

/// An entry of the directory (APPNOTE.TXT 4.3.12).
std::string entry(const std::string& name, const std::string& content, std::uint64_t size, const std::string& extra) {
  return bytes_of(0x02014b50, 4) + std::string(12, '\0') + bytes_of(checksum_of(content), 4) +
         bytes_of(content.size(), 4) + bytes_of(size, 4) + bytes_of(name.size(), 2) + bytes_of(extra.size(), 2) +
         std::string(14, '\0') + name + extra;
}

/// A zip file that holds `content` once, followed by this directory with this number of entries (4.3.16).
std::string zip(const std::string& content, const std::string& directory, int entries,
                const std::string& comment = "") {
  return content + directory + bytes_of(0x06054b50, 4) + std::string(4, '\0') + bytes_of(entries, 2) +
         bytes_of(entries, 2) + bytes_of(directory.size(), 4) + bytes_of(content.size(), 4) +
         bytes_of(comment.size(), 2) + comment;
}

TEST(ZipDirectory, ListsNamesSizesAndChecksums) {
  const TemporaryFolder folder;
  const auto directory = entry("top/data.pkl", "hello", 5, "") + entry("top/version", "3", 1, "");
  const auto entries = read_zip_directory(folder.write("a.zip", zip("hello3", directory, 2, "a comment")));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "top/data.pkl");
  EXPECT_EQ(entries[0].size, 5U);
  EXPECT_EQ(entries[0].packed, 5U);
  EXPECT_EQ(entries[0].crc, 0x3610a686U);  // of "hello"
  EXPECT_EQ(find_record(entries, "version"), &entries[1]);
  EXPECT_EQ(find_record(entries, "top/version"), nullptr);
  require_intact(entries[0], "hello");
  EXPECT_THAT(message_of([&] { require_intact(entries[0], "hallo"); }), HasSubstr("checksum of 'top/data.pkl'"));
}

TEST(ZipDirectory, SizesBeyond32BitsAreInTheZip64Field) {
  const TemporaryFolder folder;
  const auto extra = bytes_of(1, 2) + bytes_of(8, 2) + bytes_of(7, 8);
  const auto entries =
      read_zip_directory(folder.write("a.zip", zip("hello", entry("a/b", "hello", 0xffffffff, extra), 1)));
  EXPECT_EQ(entries.at(0).size, 7U);
  EXPECT_EQ(entries.at(0).packed, 5U);
}

TEST(ZipDirectory, RefusesZipBombsBeforeUnpacking) {
  const TemporaryFolder folder;
  const auto bomb = folder.write("a.zip", zip("hello", entry("a/b", "hello", 1U << 30U, ""), 1));
  EXPECT_THAT(message_of([&] { read_zip_directory(bomb); }), HasSubstr("claims to unpack to more than"));
}

TEST(ZipDirectory, EveryTruncationIsAnError) {
  const TemporaryFolder folder;
  const auto whole = zip("hello", entry("a/b", "hello", 5, ""), 1);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto cut = folder.write("cut.zip", whole.substr(0, length));
    EXPECT_THAT(message_of([&] { read_zip_directory(cut); }), HasSubstr("without a readable directory")) << length;
  }
}

}  // namespace
}  // namespace onepass::io
