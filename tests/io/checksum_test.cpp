#include "io/checksum.hpp"

#include <array>
#include <fstream>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

// The check value of CRC-32/ISO-HDLC in the catalog of parametrized CRC algorithms (reveng).
constexpr std::uint32_t check_value = 0xcbf43926;

TEST(Checksum, MatchesThePublishedCheckValueOfCrc32) {
  EXPECT_EQ(checksum_of(std::string_view("123456789")), check_value);
  EXPECT_EQ(checksum_of(std::string_view()), 0U);
}

TEST(Checksum, OfFloatsIsThatOfTheirLittleEndianBytes) {
  const std::array values = {1.0F, -2.5F};
  EXPECT_EQ(checksum_of(std::span<const float>(values)),
            checksum_of(std::string_view("\x00\x00\x80\x3f\x00\x00\x20\xc0", 8)));
}

TEST(Checksum, OfAFileCoversAllOfIt) {
  const test::TemporaryFolder folder;
  const auto path = folder / "bytes";
  std::ofstream(path) << "123456789";
  EXPECT_EQ(checksum_of_file(path), check_value);

  const std::string long_text(3'000'000, 'x');  // longer than one read
  std::ofstream(path) << long_text;
  EXPECT_EQ(checksum_of_file(path), checksum_of(std::string_view(long_text)));
}

TEST(Checksum, OfAMissingFileIsAnError) { EXPECT_THROW(checksum_of_file("/nonexistent"), std::runtime_error); }

}  // namespace
}  // namespace onepass::io
