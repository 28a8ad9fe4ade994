#include "sink/web/hub.hpp"

#include <future>

#include <gtest/gtest.h>

namespace onepass::sink {
namespace {

TEST(Hub, ASlowReaderLearnsTheNumberOfSkippedLines) {
  Hub hub({});
  const auto begin = hub.next_line();
  for (int i = 0; i < 1000; ++i) hub.add_line(std::to_string(i));
  const auto news = hub.lines_since(begin);
  EXPECT_EQ(news.skipped + static_cast<std::int64_t>(news.lines.size()), 1000);
  EXPECT_LE(news.lines.size(), 256U);
  EXPECT_EQ(*news.lines.back(), "999");
  EXPECT_EQ(*news.lines.front(), std::to_string(news.skipped));
  EXPECT_TRUE(hub.lines_since(news.next).lines.empty());
}

TEST(Hub, NumbersCamerasOfTheSameName) {
  Hub hub({});
  StreamInfo stream;
  stream.source.name = "door";
  EXPECT_EQ(hub.add(stream)->name(), "door");
  EXPECT_EQ(hub.add(stream)->name(), "door-2");
  EXPECT_EQ(hub.add(stream)->name(), "door-3");
  EXPECT_EQ(hub.cameras().size(), 3U);
}

TEST(Hub, WakesThreadsForUpdatesAndForTheStop) {
  constexpr std::chrono::hours forever{1};
  Hub hub({});
  auto update = std::async(std::launch::async, [&] { return hub.wait_for_update(0, forever); });
  hub.notify();
  EXPECT_EQ(update.get(), 1);
  EXPECT_EQ(hub.wait_for_update(0, forever), 1);  // an update that was missed: does not wait
  auto stop = std::async(std::launch::async, [&] {
    hub.wait_for_stop(forever);
    return hub.wait_for_update(1, forever);
  });
  hub.stop();
  EXPECT_EQ(stop.get(), 1);
  EXPECT_TRUE(hub.stopping());
}

TEST(ViewerSlot, IsGrantedUpToTheLimit) {
  std::atomic<int> taken = 0;
  {
    const ViewerSlot first(taken, 1);
    const ViewerSlot second(taken, 1);
    EXPECT_TRUE(first.granted());
    EXPECT_FALSE(second.granted());
  }
  EXPECT_TRUE(ViewerSlot(taken, 1).granted());
}

}  // namespace
}  // namespace onepass::sink
