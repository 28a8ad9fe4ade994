#include "io/zip/zip_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/python/script.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

const std::string content = std::string(500, 'a') + "end";

/// A zip file with one record, written by Python's zipfile.
std::filesystem::path zip_file(const TemporaryFolder& folder, const std::string& compression) {
  const auto path = folder / (compression + ".zip");
  run_python("import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile." + compression +
                 ") as z: z.writestr('top/a', 'a' * 500 + 'end')",
             {path}, "");
  return path;
}

std::string read_first(const std::filesystem::path& path) {
  BoundedFile file(path, "lies outside the file");
  return read_record(file, read_zip_directory(path).at(0));
}

TEST(ZipRecord, IsStoredOrDeflated) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_first(zip_file(folder, "ZIP_STORED")), content);
  EXPECT_EQ(read_first(zip_file(folder, "ZIP_DEFLATED")), content);
  EXPECT_EQ(message_of([&] { read_first(zip_file(folder, "ZIP_BZIP2")); }), "top/a is packed in an unknown way");
}

TEST(ZipRecord, DamageIsNoticed) {
  const TemporaryFolder folder;
  for (const auto* const compression : {"ZIP_STORED", "ZIP_DEFLATED"}) {
    const auto whole = test::read_file(zip_file(folder, compression));
    const auto entries = read_zip_directory(folder / (std::string(compression) + ".zip"));
    std::uint64_t refused = 0;
    for (std::size_t i = 30 + 5; i < 30 + 5 + entries[0].packed; ++i) {  // after the local header and the name
      auto bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ 1);
      const auto message = message_of([&] {  // bits after the end of the deflated bytes do not matter
        EXPECT_EQ(read_first(folder.write("damaged.zip", bytes)), content) << compression << " " << i;
      });
      refused += message.empty() ? 0 : 1;
    }
    EXPECT_GE(refused, entries[0].packed - 1) << compression;
  }
}

TEST(ZipRecord, SizesMustBeThoseOfTheDirectory) {
  const TemporaryFolder folder;
  for (const auto* const compression : {"ZIP_STORED", "ZIP_DEFLATED"}) {
    const auto path = zip_file(folder, compression);
    BoundedFile file(path, "lies outside the file");
    auto entry = read_zip_directory(path).at(0);
    for (const int difference : {-1, 1}) {
      auto other = entry;
      other.size += static_cast<std::uint64_t>(difference);
      EXPECT_THAT(message_of([&] { read_record(file, other); }), HasSubstr("top/a ")) << compression;
    }
    entry.offset = std::filesystem::file_size(path);
    EXPECT_EQ(message_of([&] { read_record(file, entry); }), "top/a lies outside the file");
  }
}

}  // namespace
}  // namespace onepass::io
