// NumPy is the independent reader and writer.
#include "io/npz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/python/script.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::io {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::filesystem::path numpy_file(const TemporaryFolder& folder, const std::string& statement) {
  const auto path = folder / "numpy.npz";
  run_python("import numpy as n, sys; f = sys.argv[1]; " + statement, {path}, "");
  return path;
}

TEST(Npz, NumpyReadsWhatIsWritten) {
  const TemporaryFolder folder;
  const std::vector<float> boxes{1.5F, -2, 0.125F, 4, 5, 6};
  const std::vector<float> none;
  const NpzEntry entries[] = {{"boxes", {2, 3}, boxes}, {"nothing", {0, 4}, none}};
  write_npz(folder / "a.npz", Overwrite::refuse, entries);
  EXPECT_EQ(run_python("import numpy, sys\nwith numpy.load(sys.argv[1]) as f:\n"
                       "  print(sorted(f), f['boxes'].tolist(), f['boxes'].dtype, f['nothing'].shape)",
                       {folder / "a.npz"}, ""),
            "['boxes', 'nothing'] [[1.5, -2.0, 0.125], [4.0, 5.0, 6.0]] float32 (0, 4)\n");
  const auto first = read_file(folder / "a.npz");
  write_npz(folder / "a.npz", Overwrite::replace, entries);
  EXPECT_EQ(read_file(folder / "a.npz"), first);
}

TEST(Npz, ReadsWhatNumpyWrote) {
  const TemporaryFolder folder;
  const auto arrays = read_npz(numpy_file(folder, "n.savez(f, a=n.arange(6.).reshape(2, 3), b=n.float32([0.25, 7]))"));
  ASSERT_EQ(arrays.size(), 2U);
  EXPECT_THAT(arrays.at("a").shape, ElementsAre(2, 3));
  EXPECT_THAT(arrays.at("a").values, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(arrays.at("b").values, ElementsAre(0.25F, 7));
}

TEST(Npz, ReadsCompressedArrays) {
  const TemporaryFolder folder;
  const auto arrays = read_npz(numpy_file(folder, "n.savez_compressed(f, a=n.full(1000, 2.5))"));
  EXPECT_THAT(arrays.at("a").values, Each(2.5F));
  EXPECT_EQ(arrays.at("a").values.size(), 1000U);
}

TEST(Npz, ReadsArraysThatCompressWell) {
  const TemporaryFolder folder;
  const auto path = numpy_file(folder, "n.savez_compressed(f, mask=n.zeros((4000, 4000), n.float32))");
  EXPECT_LT(std::filesystem::file_size(path), 100'000U);
  EXPECT_EQ(read_npz(path).at("mask").values, std::vector<float>(16'000'000, 0.0F));
}

TEST(Npz, RefusesBombs) {
  const TemporaryFolder folder;
  const auto bomb =
      numpy_file(folder,
                 "a = n.lib.stride_tricks.as_strided(n.zeros(1, n.float32), (17, 4096, 4096), (0, 0, 0)); "
                 "n.savez_compressed(f, a=a)");
  EXPECT_LT(std::filesystem::file_size(bomb), 2'000'000U);
  EXPECT_THAT(message_of([&] { read_npz(bomb); }), HasSubstr("numpy.npz: claims to unpack to more than 1073741824"));
}

TEST(Npz, RefusesOtherFilesInOneLine) {
  const TemporaryFolder folder;
  EXPECT_THAT(message_of([&] { read_npz(folder / "none.npz"); }), HasSubstr("none.npz: no such file"));
  EXPECT_THAT(message_of([&] { read_npz(numpy_file(folder, "n.savez(f, a=n.arange(3))")); }),
              HasSubstr("a.npy its values are not little-endian float32 or float64"));
  EXPECT_THAT(message_of([&] { read_npz(folder.write("text.npz", "hello")); }), HasSubstr("text.npz: "));
}

TEST(Npz, NoDamagedFileIsRead) {
  const TemporaryFolder folder;
  const auto whole = read_file(numpy_file(folder, "n.savez(f, a=n.arange(50.))"));
  const auto pristine = read_npz(folder.write("whole.npz", whole)).at("a").values;
  for (std::size_t size = 0; size < whole.size(); size += 37)
    EXPECT_NE(message_of([&] { read_npz(folder.write("cut.npz", whole.substr(0, size))); }), "") << size;
  for (std::size_t place = 0; place < whole.size(); place += 7) {
    auto damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x55);
    const auto path = folder.write("damaged.npz", damaged);
    try {  // bytes that carry no information may differ, such as the date
      const auto arrays = read_npz(path);
      if (arrays.contains("a")) {
        EXPECT_EQ(arrays.at("a").values, pristine) << place;
      }
    } catch (const std::runtime_error&) {
    }
  }
}

}  // namespace
}  // namespace onepass::io
