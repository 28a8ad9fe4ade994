// The files in tests/data are numpy's own (numpy.lib.format.write_array).
#include "io/npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_data.hpp"

namespace onepass::io {
namespace {

using test::data;
using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Npy, ReadsWhatNumpyWrote) {
  const auto matrix = read_npy(data("matrix_f4.npy"));
  EXPECT_THAT(matrix.shape, ElementsAre(2, 3));
  EXPECT_THAT(matrix.values, ElementsAre(-0.625F, -0.375F, -0.125F, 0.125F, 0.375F, 0.625F));
  const auto vector = read_npy(data("vector_f8.npy"));
  EXPECT_THAT(vector.shape, ElementsAre(3));
  EXPECT_THAT(vector.values, ElementsAre(0.1F, -2.0F, 3e5F));
  EXPECT_THAT(read_npy(data("cube_v2.npy")).values, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(read_npy(data("empty_f4.npy")).shape, ElementsAre(0, 4));
}

TEST(Npy, RefusesOtherArraysInOneLine) {
  EXPECT_THAT(message_of([] { read_npy(data("fortran_f4.npy")); }), HasSubstr("column by column"));
  EXPECT_THAT(message_of([] { read_npy(data("int_i4.npy")); }), HasSubstr("not little-endian float32 or float64"));
  EXPECT_THAT(message_of([] { read_npy(data("none.npy")); }), HasSubstr("no such file"));
}

TEST(Npy, WritesTheFormatsFirstVersion) {
  const TemporaryFolder folder;
  const std::int64_t shape[] = {2, 3};
  const std::vector<float> values = {-0.625F, -0.375F, -0.125F, 0.125F, 0.375F, 0.625F};
  write_npy(folder / "a.npy", shape, values);
  const auto ours = read_file(folder / "a.npy");
  const auto numpys = read_file(data("matrix_f4.npy"));
  // Except for the padding, the header and the values have the same bytes as numpy's.
  const auto dictionary = numpys.substr(10, numpys.find('}') - 9);
  EXPECT_EQ(ours.substr(0, 8), numpys.substr(0, 8));
  EXPECT_EQ(ours.substr(10, dictionary.size()), dictionary);
  EXPECT_EQ(ours.substr(npy_header_size), numpys.substr(numpys.size() - 24));
  EXPECT_EQ(static_cast<unsigned char>(ours[8]) + 256 * static_cast<unsigned char>(ours[9]) + 10, npy_header_size);
  EXPECT_EQ(npy_header_size % 64, 0U);  // the format asks for alignment
  EXPECT_EQ(ours[npy_header_size - 1], '\n');
  EXPECT_EQ(read_npy(folder / "a.npy").values, values);
}

TEST(Npy, OneAndNoDimensions) {
  const TemporaryFolder folder;
  const std::int64_t one[] = {3};
  write_npy(folder / "one.npy", one, std::vector<float>{1, 2, 3});
  EXPECT_THAT(read_npy(folder / "one.npy").shape, ElementsAre(3));
  EXPECT_THAT(read_file(folder / "one.npy"), HasSubstr("'shape': (3,), }"));
  write_npy(folder / "none.npy", {}, std::vector<float>{7});
  EXPECT_THAT(read_npy(folder / "none.npy").values, ElementsAre(7));
}

TEST(Npy, SurvivesHostileHeaders) {
  const TemporaryFolder folder;
  const auto good = read_file(data("matrix_f4.npy"));
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {changed("(2, 3)", "(9223372036854775807, 9223372036854775807)"), "too large"},
      {changed("(2, 3)", "(2, 4)"), "should have 32 bytes of values but has 24"},
      {changed("(2, 3)", "(-2, 3)"), "not a valid array shape"},
      {changed("(2, 3)", "(2, 99999999999999999999)"), "not a valid array shape"},
      {changed("(2, 3), }", "(2, 3   "), "not a valid array shape"},
      {changed("(2, 3)", "(1,1,1,1,1,1,1,1,6)"), "not a valid array shape"},
      {changed("'shape'", "'shope'"), "no 'shape'"},
      {changed("\x93NUMPY", "\x93NUMPX"), "is not a .npy file"},
      {good.substr(0, 20), "ends within its header"},
      {good.substr(0, good.size() - 1), "should have 24 bytes of values but has 23"},
      {good + "x", "should have 24 bytes of values but has 25"},
      {"", "ends within its header"}};
  for (const auto& [bytes, message] : cases) {
    const auto file = folder.write("bad.npy", bytes);
    EXPECT_THAT(message_of([&] { read_npy(file); }), HasSubstr(message)) << message;
  }
  // Every single byte flipped: an error or an array, never a crash.
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x15);
    const auto file = folder.write("flipped.npy", flipped);
    const auto message = message_of([&] { EXPECT_LE(read_npy(file).values.size(), 6U); });
    EXPECT_TRUE(message.empty() || message.find("flipped.npy: ") != std::string::npos) << message;
  }
}

}  // namespace
}  // namespace onepass::io
