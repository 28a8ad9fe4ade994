#include "model/run/blob_cache.hpp"

#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace onepass::model {
namespace {

namespace fs = std::filesystem;

fs::path only_file(const fs::path& folder) {
  const auto entry = fs::directory_iterator(folder);
  EXPECT_EQ(std::distance(entry, fs::directory_iterator()), 1);
  return fs::directory_iterator(folder)->path();
}

class BlobCacheTest : public testing::Test {
 protected:
  const test::TemporaryFolder above_;
  const fs::path folder_ = above_ / "onepass";
  const BlobCache cache_{folder_, 10'000};
  const std::string blob_ = std::string("compiled\0network\n", 17);
};

TEST_F(BlobCacheTest, GivesBackWhatWasStored) {
  EXPECT_EQ(cache_.load("model, f32"), std::nullopt);
  cache_.store("model, f32", blob_);
  EXPECT_EQ(cache_.load("model, f32"), blob_);
  EXPECT_EQ(cache_.load("model, f33"), std::nullopt);
  cache_.store("model, f32", "newer");
  EXPECT_EQ(cache_.load("model, f32"), "newer");
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
}

TEST_F(BlobCacheTest, ADamagedFileCountsAsMissing) {
  cache_.store("key", blob_);
  const auto path = only_file(folder_);
  std::string bytes(fs::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] ^= 4;
    std::ofstream(path, std::ios::binary) << damaged;
    EXPECT_EQ(cache_.load("key"), std::nullopt) << "byte " << i;
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    std::ofstream(path, std::ios::binary) << bytes.substr(0, length);
    EXPECT_EQ(cache_.load("key"), std::nullopt) << "length " << length;
  }
  std::ofstream(path, std::ios::binary) << bytes + "x";
  EXPECT_EQ(cache_.load("key"), std::nullopt);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(cache_.load("key"), blob_);
}

TEST_F(BlobCacheTest, TrustsNothingThatOthersCanWrite) {
  cache_.store("key", blob_);
  const auto path = only_file(folder_);
  for (const auto& place : {path, folder_, above_.path()}) {
    const auto before = fs::status(place).permissions();
    for (const auto writer : {fs::perms::group_write, fs::perms::others_write}) {
      fs::permissions(place, before | writer);
      EXPECT_EQ(cache_.load("key"), std::nullopt) << place;
    }
    fs::permissions(place, before);
    EXPECT_EQ(cache_.load("key"), blob_) << place;
  }
  fs::permissions(folder_, fs::perms::others_write, fs::perm_options::add);
  cache_.store("other key", blob_);
  fs::permissions(folder_, fs::perms::others_write, fs::perm_options::remove);
  EXPECT_EQ(cache_.load("other key"), std::nullopt) << "nothing was written there";
}

TEST_F(BlobCacheTest, FollowsNoSymbolicLinks) {
  cache_.store("key", blob_);
  const auto path = only_file(folder_);
  fs::rename(path, above_ / "elsewhere");
  fs::create_symlink(above_ / "elsewhere", path);
  EXPECT_EQ(cache_.load("key"), std::nullopt);
  fs::remove(path);
  fs::rename(above_ / "elsewhere", path);
  fs::rename(folder_, above_ / "moved");
  fs::create_directory_symlink(above_ / "moved", folder_);
  EXPECT_EQ(cache_.load("key"), std::nullopt);
}

TEST_F(BlobCacheTest, ANamedPipeDoesNotBlock) {
  cache_.store("key", blob_);
  const auto path = only_file(folder_);
  fs::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(cache_.load("key"), std::nullopt);
}

TEST_F(BlobCacheTest, RemovesWhatWasNotUsedForTheLongestTime) {
  const std::string large(3000, 'x');
  const auto age = [&](const std::string& key, int hours) {  // all files of this test hold `large`, so find it by key
    for (const auto& entry : fs::directory_iterator(folder_)) {
      std::string bytes(fs::file_size(entry.path()), '\0');
      std::ifstream(entry.path()).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      if (bytes.find(key) != std::string::npos)
        fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - std::chrono::hours(hours));
    }
  };
  for (const std::string key : {"first", "second", "third"}) cache_.store(key, large);
  age("first", 3);
  age("second", 2);
  age("third", 1);
  EXPECT_EQ(cache_.load("first"), large);  // used now
  cache_.store("fourth", large);
  EXPECT_EQ(cache_.load("second"), std::nullopt);
  for (const std::string key : {"first", "third", "fourth"}) EXPECT_EQ(cache_.load(key), large) << key;
  cache_.store("huge", std::string(6000, 'x'));
  EXPECT_EQ(cache_.load("huge"), std::nullopt);
}

TEST(UserCacheFolder, FollowsTheEnvironment) {
  const auto with = [](const char* cache, const char* home) {
    ::setenv("XDG_CACHE_HOME", cache, 1);
    ::setenv("HOME", home, 1);
    return user_cache_folder();
  };
  EXPECT_EQ(with("/var/c", "/home/a"), "/var/c/onepass");
  EXPECT_EQ(with("", "/home/a"), "/home/a/.cache/onepass");
  EXPECT_EQ(with("relative", "/home/a"), "/home/a/.cache/onepass") << "the specification ignores relative paths";
  EXPECT_EQ(with("", ""), std::nullopt);
}

}  // namespace
}  // namespace onepass::model
