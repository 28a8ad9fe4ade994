// Tests checkpoints with wrong or forbidden contents.
#include "model/read/checkpoint.hpp"

#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/load_network.hpp"
#include "model/read/pickle_parser.hpp"
#include "support/checkpoint_files.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_data.hpp"

namespace onepass::model {
namespace {

using namespace std::string_literals;
using test::data;
using test::message_of;
using test::Records;
using testing::HasSubstr;

std::string long_integer(std::int64_t value) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &value, 8);
  return "\x8a\x08" + bytes;
}

std::string tuple(const std::vector<std::int64_t>& numbers) {
  std::string result = "(";
  for (const auto number : numbers) result += long_integer(number);
  return result + "t";
}

struct TensorClaim {
  std::string storage_class = "HalfStorage";
  std::int64_t storage_count = 6;
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes{2, 3};
  std::vector<std::int64_t> strides{3, 1};
};

/// The pickle of a tensor over record "data/0": torch._utils._rebuild_tensor_v2(storage, offset, sizes, strides).
std::string tensor_pickle(const TensorClaim& claim) {
  return "\x80\x02" + "ctorch._utils\n_rebuild_tensor_v2\n(("s + "U\x07storagectorch\n" + claim.storage_class +
         "\nU\x01"
         "0U\x03"
         "cpu" +
         long_integer(claim.storage_count) + "tQ" + long_integer(claim.offset) + tuple(claim.sizes) +
         tuple(claim.strides) + "tR.";
}

class CheckpointTest : public testing::Test {
 protected:
  Tensor load(const TensorClaim& claim, const std::string& record) const {
    const auto path = folder_ / "tensor.pt";
    test::write_records(path, {{"data.pkl", tensor_pickle(claim)}, {"data/0", record}});
    const Checkpoint checkpoint(path);
    return checkpoint.tensor(checkpoint.root());
  }
  std::string error_of(const TensorClaim& claim) const {
    return message_of([&] { load(claim, std::string(12, '\0')); });
  }

  const test::TemporaryFolder folder_;
};

TEST_F(CheckpointTest, HalfPrecisionBecomesFloat) {
  // 1.0, -2.0, 0.5, 65504, 0, 1/3 rounded, as IEEE 754 binary16
  const auto tensor = load({}, "\x00\x3c\x00\xc0\x00\x38\xff\x7b\x00\x00\x55\x35"s);
  ASSERT_EQ(tensor.sizes(), (std::vector<std::int64_t>{2, 3}));
  const std::vector<float> expected{1.0F, -2.0F, 0.5F, 65504.0F, 0.0F, 0.333251953125F};
  EXPECT_EQ(std::vector<float>(tensor.floats().begin(), tensor.floats().end()), expected);
}

TEST_F(CheckpointTest, StridesAreFollowed) {
  const auto tensor = load({.sizes = {3, 2}, .strides = {1, 3}}, "\x00\x3c\x00\xc0\x00\x38\xff\x7b\x00\x00\x55\x35"s);
  EXPECT_EQ(tensor.floats()[1], 65504.0F);
  EXPECT_EQ(tensor.floats()[2], -2.0F);
}

TEST_F(CheckpointTest, TensorsMustLieInTheirStorage) {
  constexpr auto huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(error_of({.sizes = {2, 4}}), HasSubstr("beyond its storage"));
  EXPECT_THAT(error_of({.offset = 1}), HasSubstr("beyond its storage"));
  EXPECT_THAT(error_of({.strides = {4, 1}}), HasSubstr("beyond its storage"));
  EXPECT_THAT(error_of({.sizes = {1'000'000, 3}, .strides = {0, 0}}), HasSubstr("beyond its storage"));
  EXPECT_THAT(error_of({.sizes = {huge, huge}}), HasSubstr("overflows"));
  EXPECT_THAT(error_of({.strides = {huge, huge}}), HasSubstr("overflows"));
  EXPECT_THAT(error_of({.offset = huge}), HasSubstr("overflows"));
  EXPECT_THAT(error_of({.sizes = {-1, 3}}), HasSubstr("is not a whole number"));
  EXPECT_THAT(error_of({.strides = {-3, 1}}), HasSubstr("is not a whole number"));
  EXPECT_THAT(error_of({.sizes = {2, 3, 1}}), HasSubstr("strides do not fit"));
  EXPECT_THAT(error_of({.sizes = std::vector<std::int64_t>(9, 1)}), HasSubstr("9 dimensions"));
}

TEST_F(CheckpointTest, StoragesMustLieInTheFile) {
  EXPECT_THAT(error_of({.storage_count = 7}), HasSubstr("storage '0' is smaller"));
  EXPECT_THAT(error_of({.storage_count = std::numeric_limits<std::int64_t>::max()}), HasSubstr("is smaller"));
  EXPECT_THAT(error_of({.storage_class = "FloatStorage"}), HasSubstr("is smaller"));
  EXPECT_THAT(error_of({.storage_class = "QInt8Storage"}), HasSubstr("'torch.QInt8Storage' are not supported"));
}

TEST_F(CheckpointTest, NothingInTheFileIsRun) {
  const auto proof = folder_ / "proof";
  const auto path = folder_ / "evil.pt";
  const auto command = "touch " + proof.string();
  test::write_records(path, {{"data.pkl", fmt::format("\x80\x02"
                                                      "cposix\nsystem\nU{}{}\x85R.",
                                                      static_cast<char>(command.size()), command)}});
  EXPECT_EQ(message_of([&] { load_network(path); }),
            path.string() + ": refers to 'posix.system', which no stock model uses; refused, no code was run");
  EXPECT_FALSE(std::filesystem::exists(proof));
}

TEST_F(CheckpointTest, ZipBombsAreRefused) {
  Records records = test::read_records(data("tiny_v8.pt"));
  const auto path = folder_ / "bomb.pt";
  test::write_records(path, records);
  auto bytes = test::read_file(path);
  // The directory entry of data.pkl now claims 3 GiB.
  const auto entry = bytes.find("bomb/data.pkl", bytes.find("PK\x01\x02")) - 46;
  ASSERT_EQ(bytes.substr(entry, 4), "PK\x01\x02");
  bytes.replace(entry + 24, 4, "\x00\x00\x00\xc0"s);
  const auto bomb = folder_.write("bomb/bomb.pt", bytes);
  EXPECT_THAT(message_of([&] { load_network(bomb); }), HasSubstr("claims to unpack to more than"));
}

TEST_F(CheckpointTest, AModuleThatContainsItselfIsRefused) {
  const auto path = folder_ / "cycle.pt";
  // A Sequential whose attribute f is -1 and whose part "model" is itself.
  test::write_records(path, {{"data.pkl",
                              "\x80\x02"
                              "ctorch.nn.modules.container\nSequential\n)\x81q\x00}(U\x08_modules}U\x05modelh\x00sU\x01"
                              "fJ\xff\xff\xff\xffub."s}});
  EXPECT_THAT(message_of([&] { load_network(path); }), HasSubstr("layer 0 (Sequential): modules nested too deeply"));
}

TEST_F(CheckpointTest, AModuleThatContainsItselfManyTimesIsRefused) {
  std::string parts;
  for (int i = 0; i < 30000; ++i) parts += "U\x05" + fmt::format("{:05}", i) + "h\x00"s;
  const auto path = folder_ / "wide.pt";
  test::write_records(path, {{"data.pkl",
                              "\x80\x02"
                              "ctorch.nn.modules.container\nSequential\n)\x81q\x00}(U\x08_modules}(" +
                                  parts + "uuU\x01" + "fJ\xff\xff\xff\xffub."s}});
  EXPECT_NE(message_of([&] { load_network(path); }), "");
}

TEST_F(CheckpointTest, OlderFilesMustHoldTheStoragesTheyName) {
  const auto whole = test::read_file(data("tiny_v5_legacy.pt"));
  std::string_view rest(whole);
  for (int i = 0; i < 5; ++i) pickle::parse_next(rest);  // the count of the first storage follows
  const auto first_count = whole.size() - rest.size();
  const auto error_with = [&](const std::string& count) {
    auto bytes = whole;
    bytes.replace(first_count, 8, count);
    return message_of([&] { load_network(folder_.write("older.pt", bytes)); });
  };
  EXPECT_EQ(error_with(whole.substr(first_count, 8)), "");
  EXPECT_THAT(error_with("\xff\xff\xff\xff\xff\xff\xff\x7f"s), HasSubstr("a storage larger than the file"));
  EXPECT_THAT(error_with("\xff\xff\xff\xff\xff\xff\xff\xff"s), HasSubstr("a storage larger than the file"));
  EXPECT_THAT(error_with("\x00\x00\x00\x00\x00\x00\x00\x00"s), HasSubstr("damaged checkpoint"));
  const auto cut = folder_.write("cut.pt", whole.substr(0, whole.size() - 1));
  EXPECT_THAT(message_of([&] { load_network(cut); }), HasSubstr("damaged checkpoint"));
}

/// A linear congruential sequence (Knuth's MMIX constants), so that every run makes the same changes.
class Sequence {
 public:
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % bound;
  }

 private:
  std::uint64_t state_ = 1;
};

/// Flips, sets, cuts or doubles bytes of the pickle.
std::string damage(std::string pickle, int kind, Sequence& sequence) {
  const auto at = sequence.below(pickle.size());
  switch (kind % 4) {
    case 0:
      pickle[at] = static_cast<char>(pickle[at] ^ (1U << sequence.below(8)));
      break;
    case 1:
      pickle[at] = static_cast<char>(sequence.below(256));
      break;
    case 2:
      pickle.resize(at);
      break;
    default:
      pickle.insert(at, pickle.substr(sequence.below(pickle.size()), sequence.below(64)));
      break;
  }
  return pickle;
}

TEST_F(CheckpointTest, DamagedFilesLoadOrGiveAReason) {
  const auto whole = test::read_records(data("tiny_v8.pt"));
  const auto path = folder_ / "damaged.pt";
  Sequence sequence;
  int loaded = 0;
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    auto records = whole;
    records["data.pkl"] = damage(records["data.pkl"], i, sequence);
    test::write_records(path, records);
    const auto message = message_of([&] {  // any exception but std::runtime_error fails the test
      const auto network = load_network(path);
      network.run(Tensor::filled({1, network.info.stride * 2, network.info.stride * 2, 3}, 0));
      ++loaded;
    });
    if (message.empty()) continue;
    ++refused;
    EXPECT_TRUE(message.starts_with(path.string() + ": ")) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
  EXPECT_GT(loaded, 40);
  EXPECT_GT(refused, 150);
}

TEST_F(CheckpointTest, TruncatedFilesGiveAReason) {
  const auto bytes = test::read_file(data("tiny_v8.pt"));
  for (std::size_t parts = 1; parts < 16; ++parts) {
    const auto path = folder_.write("cut.pt", bytes.substr(0, bytes.size() * parts / 16));
    EXPECT_THAT(message_of([&] { load_network(path); }), HasSubstr("truncated or damaged")) << parts;
  }
}

TEST_F(CheckpointTest, DamagedWeightsAreNoticed) {
  auto bytes = test::read_file(data("tiny_v8.pt"));
  bytes.replace(bytes.size() / 2, 64, std::string(64, '\x5a'));  // the middle contains weights
  const auto path = folder_.write("noise.pt", bytes);
  EXPECT_THAT(message_of([&] { load_network(path); }), HasSubstr("is damaged: the checksum of 'tiny_v8/data/"));
}

}  // namespace
}  // namespace onepass::model
