// Reads and changes the page as clients do; the file of zones is a real one.
#include "sink/web/site.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using nlohmann::json;
using test::read_file;
using test::TemporaryFolder;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

const std::string viewer = "a-token-of-viewers-only";
const std::string editor = "a-token-of-an-editor";
const std::string original = "# by hand\nzones:\n  - {name: door, line: [[0.5, 0], [0.5, 1]]}\n";

httplib::Headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

StreamInfo stream_named(const std::string& name) {
  StreamInfo stream;
  stream.source.name = name;
  stream.class_names = {"person", "car"};
  return stream;
}

Frame frame_of(std::int64_t index) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(static_cast<double>(index) / 10);
  frame.size = {320, 240};
  frame.image = cv::Mat(frame.size, CV_8UC3, cv::Scalar::all(60));
  return frame;
}

Track track_of(std::int64_t id, float left) {
  Track track;
  track.id = id;
  track.box = {left, 60, 40, 120};
  track.score = 0.9F;
  return track;
}

/// A page whose zones are in a file of this folder, with one camera.
class Desk {
 public:
  Desk() : store_(folder.write("zones.yaml", original), ZoneStore::Missing::error) {
    WebOptions options;
    options.address.port = 0;
    options.token = viewer;
    options.editor_token = editor;
    options.zones = {[this] { return store_.read(); },
                     [this](const auto& zones, const auto& revision) { return store_.write(zones, revision); }};
    options.warn = [this](const std::string& line) { warnings.push_back(line); };
    server_ = std::make_unique<WebServer>(options);
    camera = make_web_sink(*server_, stream_named("gate"));
    camera->write(frame_of(0), {});
  }

  httplib::Client client() const {
    httplib::Client result("127.0.0.1", server_->port());
    result.set_read_timeout(30);
    return result;
  }

  json read(const std::string& token = editor) const {
    return json::parse(client().Get("/api/zones", bearer(token))->body);
  }

  httplib::Result save(const json& desk, const httplib::Headers& headers = bearer(editor)) const {
    return client().Put("/api/zones", headers, desk.dump(), "application/json");
  }

  std::string file() const { return read_file(folder / "zones.yaml"); }
  int port() const { return server_->port(); }

  TemporaryFolder folder;
  std::vector<std::string> warnings;
  std::unique_ptr<TrackSink> camera;

 private:
  ZoneStore store_;
  std::unique_ptr<WebServer> server_;
};

TEST(Editing, SavesWhatAnEditorDraws) {
  const Desk desk;
  auto zones = desk.read();
  EXPECT_TRUE(zones["may_edit"]);
  EXPECT_EQ(zones["cameras"], json::parse(R"([{"name": "gate", "camera": 0, "width": 320, "height": 240}])"));
  EXPECT_EQ(zones["classes"], json::parse(R"(["car", "person"])"));
  EXPECT_EQ(zones["zones"][0]["points"], json::parse("[[0.5, 0.0], [0.5, 1.0]]"));
  zones["zones"].push_back(json::parse(
      R"({"name": "queue", "shape": "polygon", "points": [[10, 10], [200, 10], [200, 200]], "in_pixels": true,
          "classes": ["person"], "cameras": ["gate"], "alone": 30})"));
  zones["zones"][0]["name"] = "gate";
  const auto answer = desk.save(zones);
  EXPECT_EQ(answer->status, 200) << answer->body;
  const auto saved = read_zones(desk.folder / "zones.yaml");
  ASSERT_EQ(saved.size(), 2U);
  EXPECT_EQ(saved[0].name, "gate");
  EXPECT_EQ(saved[1].points[1], cv::Point2d(200, 10));
  EXPECT_EQ(saved[1].alone_s, 30);
  EXPECT_EQ(read_file((desk.folder / "zones.yaml").string() + ".bak"), original);
  EXPECT_EQ(json::parse(answer->body)["revision"], desk.read()["revision"]);
  EXPECT_NE(zones["revision"], desk.read()["revision"]);
}

TEST(Editing, NeedsTheEditorsToken) {
  const Desk desk;
  const auto zones = desk.read(viewer);
  EXPECT_FALSE(zones["may_edit"]);
  EXPECT_EQ(desk.save(zones, bearer(viewer))->status, 403);
  EXPECT_EQ(desk.save(zones, {})->status, 403);
  const auto wrong = desk.save(zones, bearer(editor + "x"));
  EXPECT_EQ(wrong->status, 403) << "after a 401, a browser would ask for the viewer's token again";
  EXPECT_FALSE(wrong->has_header("WWW-Authenticate"));
  EXPECT_EQ(desk.save(zones, {httplib::make_basic_authentication_header("me", editor)})->status, 200);
  const auto reads = desk.client().Get("/api/health", bearer(editor));
  EXPECT_EQ(reads->status, 200) << "an editor is a viewer too";
}

TEST(Editing, WrongTokensAreFew) {
  const Desk desk;
  const auto zones = desk.read();
  auto client = desk.client();
  client.set_interface("127.0.0.2");  // 127.0.0.1 could be a proxy
  const auto status = [&](const std::string& token) {
    return client.Put("/api/zones", bearer(token), zones.dump(), "application/json")->status;
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(status("guess-number-" + std::to_string(i) + "-of-many"), 403);
  EXPECT_EQ(status(editor), 429);
  EXPECT_EQ(client.Get("/api/health", bearer(viewer))->status, 429);
  EXPECT_EQ(desk.file(), original);
}

TEST(Editing, IsRefusedToPagesOfOtherSites) {
  const Desk desk;
  const auto zones = desk.read();
  const auto status = [&](const httplib::Headers& more) {
    auto headers = bearer(editor);
    headers.insert(more.begin(), more.end());
    return desk.save(zones, headers)->status;
  };
  const auto host = "127.0.0.1:" + std::to_string(desk.port());
  EXPECT_EQ(status({{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "cors"}}), 403);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}}), 403);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Mode", "cors"}}), 403);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "none"}}), 403);
  EXPECT_EQ(status({{"Origin", "http://evil.example"}}), 403);
  EXPECT_EQ(status({{"Origin", "null"}}), 403);
  EXPECT_EQ(status({{"Origin", "http://" + host + "0"}}), 403);
  EXPECT_EQ(desk.file(), original);
  const auto form = desk.client().Put("/api/zones", bearer(editor), zones.dump(), "text/plain");
  EXPECT_EQ(form->status, 415) << "a form of another site can send this type";
  EXPECT_EQ(status({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://" + host}}), 200);
  EXPECT_EQ(desk.client().Options("/api/zones", bearer(editor))->status, 405) << "no permission for other origins";
}

TEST(Editing, OnlyPutChangesAndOnlyZones) {
  const Desk desk;
  const auto body = desk.read().dump();
  auto client = desk.client();
  EXPECT_EQ(client.Post("/api/zones", bearer(editor), body, "application/json")->status, 405);
  EXPECT_EQ(client.Delete("/api/zones", bearer(editor))->status, 405);
  EXPECT_EQ(client.Put("/api/health", bearer(editor), body, "application/json")->status, 405);
  EXPECT_EQ(desk.file(), original);
}

TEST(Editing, WithoutAnEditorsTokenThereIsNothingToChange) {
  WebOptions options;
  options.address.port = 0;
  options.zones = {[] { return StoredZones(); }, [](const auto&, const auto&) { return StoredZones(); }};
  const WebServer server(options);
  httplib::Client client("127.0.0.1", server.port());
  EXPECT_EQ(client.Get("/api/zones")->status, 404);
  EXPECT_EQ(client.Put("/api/zones", "{}", "application/json")->status, 405);
}

TEST(Editing, RefusesZonesThatCannotBe) {
  const Desk desk;
  const auto refused = [&](const std::function<void(json&)>& change) {
    auto zones = desk.read();
    change(zones);
    const auto answer = desk.save(zones);
    EXPECT_EQ(answer->status, 422) << answer->body;
    EXPECT_THAT(desk.warnings, Contains(HasSubstr(answer->body.substr(0, answer->body.size() - 1))));
    return answer->body;
  };
  const auto first = [&](const char* key, const char* value) {
    return refused([&](json& zones) { zones["zones"][0][key] = json::parse(value); });
  };
  EXPECT_EQ(first("points", "[[0.5, 0.1], [1.2, 0.1]]"),
            "zone 'door': lies outside the picture: point 2 at 1.2, 0.1\n");
  EXPECT_EQ(first("points", "[[0.5, 0.1]]"), "zone 'door': has 1 points, needs at least 2\n");
  EXPECT_EQ(first("points", "[[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.5, 0]]"),
            "zone 'door': crosses itself; give its corners in order\n");
  EXPECT_EQ(first("points", "[[0.1, 0.1], [0.9]]"), "zone 'door': a point must be [x, y]\n");
  EXPECT_EQ(first("points", "[[\"a\", 0.1], [0.9, 1]]"), "zone 'door': 'x' must be a number\n");
  EXPECT_EQ(first("name", "\"\""), "this zone has no name\n");
  EXPECT_EQ(first("name", "7"), "zone '': 'name' must be a text\n");
  EXPECT_EQ(first("directions", "[\"in\", \"in\"]"), "zone 'door': needs two different names of directions\n");
  EXPECT_EQ(first("alone", "5"), "zone 'door': 'alone' belongs to polygons\n");
  EXPECT_EQ(first("colour", "5"), "zone 'door': unknown key 'colour'\n");
  EXPECT_EQ(refused([](json& zones) {
              zones["zones"][0]["in_pixels"] = true;
              zones["zones"][0]["points"] = {{10, 10}, {400, 10}};
            }),
            "zone 'door': lies outside the picture: 400, 10 in 320x240\n");
  EXPECT_EQ(refused([](json& zones) { zones["zones"].push_back(zones["zones"][0]); }),
            "zone 'door': this name is used twice\n");
  EXPECT_EQ(refused([](json& zones) { zones.erase("revision"); }),
            "expected JSON with 'revision' and the list 'zones'\n");
  const auto nonsense = desk.client().Put("/api/zones", bearer(editor), std::string(50'000, '['), "application/json");
  EXPECT_EQ(nonsense->status, 422);
  EXPECT_EQ(desk.file(), original);
}

TEST(Editing, DoesNotReplaceAFileThatChangedOrCannotBeWritten) {
  const Desk desk;
  const auto zones = desk.read();
  desk.folder.write("zones.yaml", original + "# and again\n");
  const auto late = desk.save(zones);
  EXPECT_EQ(late->status, 409);
  EXPECT_THAT(late->body, HasSubstr("zones.yaml: has changed since these zones were read"));
  EXPECT_EQ(desk.file(), original + "# and again\n");
  std::filesystem::create_directory((desk.folder / "zones.yaml").string() + ".part");
  const auto failed = desk.save(desk.read());
  EXPECT_EQ(failed->status, 500);
  EXPECT_THAT(failed->body, HasSubstr("zones.yaml: cannot be written"));
  EXPECT_THAT(desk.warnings,
              AllOf(SizeIs(2), Contains(HasSubstr("not saved")), Contains(HasSubstr("cannot be written"))));
}

TEST(Editing, ReadsNoLargeBody) {
  const Desk desk;
  auto zones = desk.read();
  zones["zones"][0]["name"] = std::string(Site::most_zone_bytes, 'x');
  const auto answer = desk.save(zones);
  EXPECT_TRUE(!answer || answer->status == 413);  // the client may be cut off before it has sent everything
  const auto chunked = desk.client().Put(
      "/api/zones", bearer(editor), [](std::size_t, httplib::DataSink& sink) { return sink.done(), true; },
      "application/json");
  EXPECT_TRUE(!chunked || chunked->status == 411);
  EXPECT_EQ(desk.file(), original);
}

TEST(Editing, ShowsThePictureWithoutZones) {
  WebOptions options;
  options.address.port = 0;
  WebServer server(options);
  auto stream = stream_named("gate");
  Zone door;
  door.name = "door";
  door.points = {{0.5, 0}, {0.5, 1}};
  stream.counting.zones = {door};
  const auto sink = make_web_sink(server, stream);
  httplib::Client client("127.0.0.1", server.port());
  EXPECT_EQ(client.Get("/picture.jpg?camera=0")->status, 404);
  sink->write(frame_of(0), std::vector{track_of(1, 40)});
  const auto answer = client.Get("/picture.jpg?camera=0");
  ASSERT_EQ(answer->status, 200);
  const auto image = cv::imdecode(std::vector<char>(answer->body.begin(), answer->body.end()), cv::IMREAD_COLOR);
  EXPECT_NEAR(image.at<cv::Vec3b>(200, 160)[2], 60, 8);                          // no amber line
  EXPECT_GT(cv::norm(image.at<cv::Vec3b>(120, 40), cv::Vec3b(60, 60, 60)), 40);  // but the box of the person
  EXPECT_EQ(client.Get("/picture.jpg?camera=1")->status, 404);
}

TEST(IdentityPage, TellsOfAllCamerasThatShareIds) {
  WebOptions options;
  options.address.port = 0;
  WebServer server(options);
  WebIdentities shared;
  shared.end_after_s = 1;
  shared.share_ids = true;
  shared.similar = [](std::int64_t id) { return std::vector<SimilarIdentity>{{id + 1, 0.05}, {99, 0.2}}; };
  const auto gate = make_web_sink(server, stream_named("gate"), shared);
  const auto yard = make_web_sink(server, stream_named("yard"), shared);
  const auto other = make_web_sink(server, stream_named("other"));
  for (int i = 0; i < 100; ++i) {
    gate->write(frame_of(i), i < 20 || i > 60 ? std::vector{track_of(7, 10)} : std::vector<Track>());
    yard->write(frame_of(i), std::vector{track_of(8, 200)});
  }
  yard->write(frame_of(120), std::vector{track_of(7, 100)});
  other->write(frame_of(0), std::vector{track_of(7, 100)});
  httplib::Client client("127.0.0.1", server.port());
  const auto identity = json::parse(client.Get("/api/identity?camera=0&id=7")->body);
  EXPECT_EQ(identity["class_name"], "person");
  ASSERT_EQ(identity["visits"].size(), 3U);  // not that of the camera with ids of its own
  EXPECT_EQ(identity["visits"][0]["source"], "yard");
  EXPECT_EQ(identity["visits"][1]["first_time"], 6.1);
  EXPECT_EQ(identity["visits"][2]["last_time"], 1.9);
  EXPECT_TRUE(identity["visits"][2]["ended"]);
  EXPECT_EQ(identity["visits"][2]["path"], json::parse("[[0.0938, 0.75]]"));
  const auto picture = identity["visits"][1]["views"][0]["picture"].get<std::string>();
  const auto jpeg = client.Get("/" + picture);
  EXPECT_EQ(jpeg->status, 200);
  EXPECT_FALSE(cv::imdecode(std::vector<char>(jpeg->body.begin(), jpeg->body.end()), cv::IMREAD_COLOR).empty());
  EXPECT_EQ(client.Get("/view.jpg?camera=0&visit=77&view=0")->status, 404);
  const auto& similar = identity["similar"];
  ASSERT_EQ(similar.size(), 2U);
  EXPECT_EQ(similar[0]["id"], 8);
  EXPECT_EQ(similar[0]["likeness"], 0.9);
  EXPECT_EQ(similar[0]["camera"], 1);
  EXPECT_EQ(client.Get("/" + similar[0]["picture"].get<std::string>())->status, 200);
  EXPECT_FALSE(similar[1].contains("camera"));
  EXPECT_TRUE(json::parse(client.Get("/api/identity?camera=2&id=7")->body)["similar"].is_null());
  for (const char* path : {"/api/identity", "/api/identity?camera=0&id=1", "/api/identity?camera=9&id=7"})
    EXPECT_EQ(client.Get(path)->status, 404) << path;
}

}  // namespace
}  // namespace onepass::sink
