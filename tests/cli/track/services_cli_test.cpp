// Runs onepass track with the web page and with MQTT, and reads both as a client.
#include <signal.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "onepass/zones.hpp"
#include "sink/web/http/httplib.hpp"
#include "support/broker.hpp"
#include "support/child_process.hpp"
#include "support/core_dump.hpp"
#include "support/crossing_scene.hpp"
#include "support/json_lines.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace onepass::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr int endless = 400'000;  // frames; far more than the test tracks

TEST(Events, TellOfTheCrossing) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder, 200);
  const auto result = run_onepass(replay(sequence, {"--events", "-", "--event-interval", "1"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::map<int, std::vector<json>> by_id;
  for (const auto& event : parse_lines(result.out)) by_id[event["id"]].push_back(event);
  ASSERT_EQ(by_id.size(), 3U);
  for (const auto& [id, events] : by_id) {
    EXPECT_EQ(events.front()["event"], "new");
    EXPECT_EQ(events.back()["event"], "end");
    // All are visible until frame 100, three seconds (tracker.appearance_age_s) before they end; updates come once per
    // second.
    EXPECT_NEAR(events.back()["last_time"].get<double>(), 99 / 30.0, 0.05);
    EXPECT_NEAR(events.back()["time"].get<double>(), 99 / 30.0 + 3, 0.1);
    EXPECT_EQ(events.size(), 2 + static_cast<std::size_t>(events.back()["duration"].get<double>()));
    for (std::size_t i = 1; i + 1 < events.size(); ++i) EXPECT_EQ(events[i]["event"], "update");
  }
  EXPECT_EQ(by_id[1].front()["first_time"], 0.0);
  EXPECT_FALSE(by_id[1].front().contains("wall"));
}

TEST(Events, GoToFilesLikeOtherOutputs) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  folder.write("events.jsonl", "mine");
  const auto kept = run_onepass(replay(sequence, {"--events", folder / "events.jsonl"}));
  EXPECT_EQ(kept.exit_code, 2);
  EXPECT_THAT(kept.err, HasSubstr("events.jsonl: this file already exists; use --overwrite to replace it"));
}

TEST(Serve, ShowsARunWhileItLasts) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder, endless);
  const auto port = free_port();
  json health;
  const auto result = interrupt_onepass(replay(sequence, {"--serve", std::to_string(port)}), [&] {
    const auto response = httplib::Client("127.0.0.1", port).Get("/api/health");
    if (!response) return false;
    health = json::parse(response->body);
    return health["streams"].size() == 1 && health["streams"][0]["frames_tracked"] > 200;
  });
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("watch at http://127.0.0.1:" + std::to_string(port) + "/"));
  const auto& stream = health["streams"][0];
  EXPECT_EQ(stream["state"], "streaming");
  EXPECT_EQ(stream["camera"], 0);
  EXPECT_EQ(stream["identities"], 3);
  EXPECT_GT(stream["tracked_rate"], 0);
  EXPECT_FALSE(httplib::Client("127.0.0.1", port).Get("/"));  // the server ends with the run
}

TEST(Serve, RefusesWhatItCannotServe) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto error_of = [&](const std::vector<std::string>& options, int exit_code) {
    const auto result = run_onepass(replay(sequence, options));
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  };
  EXPECT_THAT(error_of({"--serve", "0.0.0.0:0"}, 2),
              HasSubstr("serving to other machines requires --serve-token-file"));
  httplib::Server other;
  const auto port = std::to_string(other.bind_to_any_port("127.0.0.1"));
  EXPECT_THAT(error_of({"--serve", port}, 1),
              HasSubstr("127.0.0.1:" + port + ": cannot serve here: the port is taken"));
  EXPECT_THAT(error_of({"--serve-key", "x.key"}, 2), HasSubstr("--serve-key has no effect without --serve"));
  EXPECT_THAT(error_of({"--serve", "0", "--serve-key", "x.key"}, 2), HasSubstr("must be given together"));
  const std::string token = folder.write("token", "a-token-that-is-long-enough\n");
  EXPECT_THAT(error_of({"--serve", "0", "--serve-editor-token-file", token}, 2), HasSubstr("without --zones FILE"));
  EXPECT_THAT(error_of({"--serve", "0", "--serve-token-file", token, "--serve-editor-token-file", token, "--zones",
                        folder / "zones.yaml"},
                       2),
              HasSubstr("must differ from that of --serve-token-file"));
  EXPECT_THAT(error_of({"--serve", "0", "--serve-certificate", token, "--serve-key", token}, 1),
              HasSubstr("token: is not a certificate in PEM format; see --serve-certificate"));
}

TEST(Serve, EncryptsAndLetsEditorsDrawZones) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder, endless);
  const auto port = free_port();
  const std::string token = "a-token-of-the-editor";
  const std::string certificate = folder / "page.pem";
  const std::string key = folder / "page.key";
  ASSERT_EQ(ChildProcess({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
                          "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate},
                         folder / "log")
                .wait(),
            0);
  const auto client = [&] {
    auto made = std::make_unique<httplib::SSLClient>("127.0.0.1", port);
    made->set_ca_cert_path(certificate.c_str());
    return made;
  };
  json zones;
  const auto result = interrupt_onepass(
      replay(sequence,
             {"--serve", std::to_string(port), "--serve-certificate", certificate, "--serve-key", key,
              "--serve-editor-token-file", folder.write("token", token + "\n"), "--zones", folder / "zones.yaml"}),
      [&] {
        const httplib::Headers editor = {{"Authorization", "Bearer " + token}};
        const auto desk = client()->Get("/api/zones", editor);
        if (!desk || desk->status != 200) return false;
        zones = json::parse(desk->body);
        if (zones["zones"].empty()) {
          zones["zones"] = json::parse(R"([{"name": "door", "shape": "line", "points": [[0.5, 0], [0.5, 1]]}])");
          client()->Put("/api/zones", editor, zones.dump(), "application/json");
          zones["zones"][0]["classes"] = {"bicycle"};  // the detections of a file have no class names
          EXPECT_EQ(client()->Put("/api/zones", editor, zones.dump(), "application/json")->status, 422);
          return false;
        }
        const auto health = client()->Get("/api/health");
        const auto stream = json::parse(health->body)["streams"][0];
        return !stream["zones"].empty() && stream["zones"][0]["name"] == "door";
      });
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("watch at https://127.0.0.1:" + std::to_string(port) + "/"));
  EXPECT_THAT(result.err, HasSubstr("zones.yaml: saved 1 zones of the page"));
  EXPECT_THAT(result.err,
              HasSubstr("the zones of the page were not saved: zone 'door': the classes have no names here"));
  EXPECT_EQ(read_zones(folder / "zones.yaml").front().name, "door");
}

TEST(Secrets, AreInNoCoreDump) {
  const TemporaryFolder folder;
  const auto token = folder.write("token", "a-token-that-is-long-enough\n");
  const auto leaves_one = [&](const std::vector<std::string>& services) {
    return leaves_core_dump(replay(write_crossing(folder, endless), services),
                            [](const std::string& log) { return log.find("watch at") != std::string::npos; });
  };
  if (!leaves_one({"--serve", "0"})) GTEST_SKIP() << "this system writes no core dumps";
  EXPECT_FALSE(leaves_one({"--serve", "0", "--serve-token-file", token}));
}

TEST(Publish, DeliversEventsAndTheOfflineStateOfAKilledProgram) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder, endless);
  const Broker broker(Broker::Guard::password);
  const Broker open;
  const auto url = "mqtt://camera@127.0.0.1:" + std::to_string(broker.port()) + "/site";
  const auto short_run = run_onepass(
      replay(write_crossing(folder, 60), {"--mqtt", url, "--mqtt-password-file", folder.write("password", "wrong\n")}));
  EXPECT_EQ(short_run.exit_code, 0);
  EXPECT_THAT(short_run.err, HasSubstr("wrong password for user 'camera'; messages are buffered"));
  EXPECT_THAT(short_run.err, HasSubstr("messages could not be delivered"));

  Subscriber subscriber(open.port());
  write_crossing(folder, endless);
  auto command = replay(sequence, {"--mqtt", "mqtt://127.0.0.1:" + std::to_string(open.port()) + "/site"});
  command.insert(command.begin(), ONEPASS_PROGRAM);
  ChildProcess program(command, folder / "log");
  const auto name = sequence.filename().string();
  EXPECT_TRUE(wait_until([&] { return subscriber.messages("site/" + name + "/events").size() >= 6; }));
  EXPECT_EQ(json::parse(subscriber.messages("site/" + name + "/events").front())["event"], "new");
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait(), 128 + SIGKILL);
  EXPECT_TRUE(wait_until([&] { return subscriber.messages("site/status").size() == 2; }));
  EXPECT_EQ(subscriber.messages("site/status"), (std::vector<std::string>{"online", "offline"}));
}

TEST(Publish, RefusesWhatCannotWork) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto error_of = [&](const std::vector<std::string>& options) {
    const auto result = run_onepass(replay(sequence, options));
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  };
  const auto password = error_of({"--mqtt", "mqtt://me:s3cret@broker"});
  EXPECT_THAT(password, HasSubstr("other users could read a password in the address; see --mqtt-password-file"));
  EXPECT_THAT(password, testing::Not(HasSubstr("s3cret")));
  EXPECT_THAT(error_of({"--mqtt-ca-file", "x.pem"}), HasSubstr("no effect without --mqtt"));
  EXPECT_THAT(error_of({"--mqtt-key-file", "x.pem"}), HasSubstr("no effect without --mqtt"));
  EXPECT_THAT(error_of({"--mqtt", "mqtts://broker", "--mqtt-certificate-file", "x.pem"}),
              HasSubstr("must be given together"));
}

}  // namespace
}  // namespace onepass::test
