#include "io/bounded_file.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

TEST(BoundedFile, ReadsRangesInsideTheFileOnly) {
  const test::TemporaryFolder folder;
  BoundedFile file(folder.write("digits", "0123456789"), "is cut short");
  EXPECT_EQ(file.size(), 10U);
  EXPECT_EQ(file.read(3, 4), "3456");
  EXPECT_EQ(file.read(10, 0), "");
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [offset, count] : {std::pair<std::uint64_t, std::uint64_t>{7, 4}, {11, 0}, {1, most}, {most, 1}})
    EXPECT_EQ(test::message_of([&, at = offset, n = count] { file.read(at, n); }), "is cut short");
}

}  // namespace
}  // namespace onepass::io
